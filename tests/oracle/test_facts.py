"""A differential test: in samples and generated models each fact is what the oracle derives from the text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given

from tests.oracle.compare import SHIPPED, differences
from tests.oracle.derivation import FACTS as DERIVED
from tests.properties.effort import examples
from tests.properties.models import Plain, plain_models, yaml
from threatmodel.errors import InputError
from threatmodel.facts import FACTS
from threatmodel.model import load_model, parse_model
from threatmodel.resources import resource_dir
from threatmodel.source import parse

SAMPLES: Final = sorted(resource_dir("samples").glob("*/threatmodel.yaml"))
UNDERIVED: Final = frozenset(
    "automated_decision criticality data.phi entered_from_untrusted exposure_hops hipaa.associate hipaa_use"
    " jurisdiction large_scale leaves_system managed minimum_necessary on_provider partners.gdpr"
    " purposes.declared receives_data rights stored technology tls_passthrough workforce".split()
)
"""Facts that the oracle does not derive: their own unit tests hold them alone."""
_NEEDED: Final = ("from", "to", "transform", "with", "reason", "mechanism", "type", "own")
_TRIES, _VALID = 60, 8


def test_every_fact_is_derived_a_second_time_or_named_here() -> None:
    registered = {name for _, name in FACTS}
    assert set(DERIVED) <= registered
    assert registered - set(DERIVED) == UNDERIVED


@pytest.mark.parametrize("path", SAMPLES, ids=[path.parent.name for path in SAMPLES])
def test_the_facts_of_a_sample_are_those_of_the_oracle(path: Path) -> None:
    assert differences(load_model(path, SHIPPED.kinds)) == []


@pytest.mark.parametrize("name", ["clinic", "online-boutique", "tiny"])
def test_the_facts_of_a_sample_with_less_said_are_those_of_the_oracle(name: str) -> None:
    [path] = [path for path in SAMPLES if path.parent.name == name]
    chance, valid = Random(name), 0
    for _ in range(_TRIES):
        less: Any = parse(path.read_text(encoding="utf-8"), "model.yaml").root
        for holder, key in chance.sample(list(_said(less)), 4):
            holder.pop(key, None)
        try:
            model = parse_model(parse(yaml(less), "model.yaml"), SHIPPED.kinds)
        except InputError:
            continue
        valid += 1
        assert differences(model) == [], yaml(less)
        if valid == _VALID:
            break
    assert valid == _VALID


@examples(60)
@given(plain_models({}, crowded=True))
def test_the_facts_of_a_generated_model_are_those_of_the_oracle(model: Plain) -> None:
    text = yaml(model)
    assert differences(parse_model(parse(text, "model.yaml"), SHIPPED.kinds)) == [], text


def _said(root: Any) -> Iterator[tuple[dict[str, Any], str]]:
    """What a model says of its entities: every key that it may leave out, with the mapping that has it."""
    entities = [e for section in root.values() if isinstance(section, dict) for e in section.values()]
    for entity in (*entities, *root["flows"]):
        yield from ((entity, key) for key in entity or () if key not in _NEEDED)
