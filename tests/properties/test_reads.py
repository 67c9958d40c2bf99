"""What a fact is recorded to read is all that it reads: without another key nothing of it changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import given

from tests.properties.effort import examples
from tests.properties.models import AS_OF, Plain, plain_models, yaml
from tests.properties.world import SHIPPED
from threatmodel.errors import ThreatModelError
from threatmodel.facts import ALL_FACTS, FACTS, Fact
from threatmodel.graph import build_graph
from threatmodel.logic.values import Value
from threatmodel.model import Model, parse_model
from threatmodel.source import parse
from tools.reads import EVERY_KEY, Reads, reads_of_facts, recorded

SECTIONS = ("parties", "purposes", "data", "boundaries", "hosts", "actors", "services", "stores", "scenarios")
Values = Mapping[tuple[str, str, str], Value]


def model_of(root: Plain) -> Model:
    return parse_model(parse(yaml(root), "m.yaml"), SHIPPED.kinds, fragment=True)


def values_of(model: Model, facts: tuple[Fact, ...] = ALL_FACTS) -> Values:
    """Each fact of each subject, by kind, fact and id."""
    graph = build_graph(model, SHIPPED.kinds, AS_OF)
    found: dict[tuple[str, str, str], Value] = {}
    for fact in facts:
        for kind in fact.subjects:
            table, codes = fact.column(graph, kind)
            found |= {
                (kind, fact.name, id): table[code]
                for id, code in zip(graph.subjects[kind], codes, strict=True)
            }
    return found


def without_one_key(root: Plain) -> Iterator[tuple[str, Plain]]:
    """The model without one key of one entity or flow, for each of them, and what the key is."""
    for section in SECTIONS:
        for id, entity in (root.get(section) or {}).items():
            for key in entity or {}:
                yield f"{section}.*.{key}", _without(root, section, id, key)
    for i, flow in enumerate(root.get("flows") or ()):
        for key in set(flow) - {"from", "to", "name"}:
            yield f"flows[].{key}", _without(root, "flows", i, key)


def _without(root: Plain, section: str, at: Any, key: str) -> Plain:
    less = deepcopy(root)
    del less[section][at][key]
    return less


def unrecorded(root: Plain, reads: Reads) -> Mapping[str, set[str]]:
    """The facts that change without a key that is not among those that they read, with such keys."""
    base, wrong = values_of(model_of(root)), defaultdict[str, set[str]](set)
    for key, less in without_one_key(root):
        try:
            now = values_of(model_of(less))
        except ThreatModelError:  # something else needs the key
            continue
        for (kind, name, id), value in base.items():
            if now.get((kind, name, id), value) != value and key not in reads[kind, name]:
                wrong[f"{name} of {kind}"].add(key)
    return wrong


@examples(20)
@given(plain_models(SHIPPED.catalog.controls))
def test_a_fact_changes_only_with_what_it_is_recorded_to_read(root: Plain) -> None:
    assert unrecorded(root, recorded()) == {}


@examples(40)
@given(plain_models(SHIPPED.catalog.controls))
def test_no_model_makes_a_fact_read_what_is_not_recorded(root: Plain) -> None:
    found = reads_of_facts(model_of(root), SHIPPED.kinds, AS_OF)
    more = {fact: keys - recorded()[fact] for fact, keys in found.items() if keys - recorded()[fact]}
    assert more == {}


def test_in_a_model_that_uses_every_key_a_fact_changes_only_with_what_it_is_recorded_to_read() -> None:
    root: Any = parse(EVERY_KEY.read_text(encoding="utf-8"), EVERY_KEY.name).root
    assert unrecorded(root, recorded()) == {}


def test_a_key_that_is_kept_from_the_record_is_noticed() -> None:
    root = {"parties": {"us": {"own": True}}, "boundaries": {"z": {"kind": "internet"}}}
    less = {fact: keys - {"boundaries.*.kind"} for fact, keys in recorded().items()}
    assert unrecorded(root, less)["trust of boundary"] == {"boundaries.*.kind"}


def test_the_record_leaves_out_what_a_fact_does_not_read() -> None:
    assert recorded()["boundary", "environment"] == {"boundaries.*.environment", "boundaries.*.parent"}
    assert recorded()["flow", "transport.encrypted"] == {"flows[].protocol"}


def test_every_fact_is_recorded() -> None:
    assert set(recorded()) == set(FACTS)
