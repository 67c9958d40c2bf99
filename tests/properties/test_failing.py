"""Laws 5 and 9: nothing fails open into "no finding", and no input makes anything but our errors come out."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.effort import examples
from tests.properties.models import AS_OF, Plain, plain_models, yaml
from tests.properties.world import SHIPPED, review
from threatmodel.api import Library, parse
from threatmodel.catalog import Control, Leaf
from threatmodel.errors import InputError, InternalError
from threatmodel.evaluate import Engine, assess
from threatmodel.source import parse as parse_yaml

_CONTROLS = SHIPPED.catalog.controls
_MODEL: Plain = {
    "threatmodel": 1,
    "name": "Shop",
    "data": {"order": {"confidentiality": "restricted"}},
    "services": {"web": {}},
    "stores": {"db": {"holds": "order"}},
    "flows": [{"from": "web", "to": "db", "protocol": "http", "data": "order"}],
}


@pytest.mark.parametrize(
    "broken", ["element_ground", "ground_trust", "element_party", "flow_target", "element_host", "values"]
)
def test_an_exception_in_a_fact_stops_the_run(broken: str) -> None:
    graph = review(_MODEL).graph
    sound = assess(Engine(graph, _CONTROLS))
    assert sound.columns
    cut = review(_MODEL).graph
    vars(cut)[broken] = getattr(graph, broken)[:0]  # in place of the column made when first read
    with pytest.raises((IndexError, KeyError, ValueError)):
        assess(Engine(cut, _CONTROLS))


def test_a_control_that_asks_an_unregistered_fact_stops_the_run() -> None:
    control = _CONTROLS["encrypt-at-rest"]._replace(when=Leaf("no.such.fact", "is", True, ("when",)))
    with pytest.raises(InternalError):
        assess(Engine(review(_MODEL).graph, {control.id: control}))


def _faults(control: Control) -> dict[str, str]:
    """The file of a control with one thing wrong in it, by what that is."""
    text = control.document.text
    return {
        "cut off": text[: text.index("examples:")],
        "unknown key": f"{text}\nwen: {{external: false}}\n",
        "unknown fact": text.replace("when:\n", "when:\n  no.such.fact: true\n", 1),
        "unknown severity": text.replace(f"severity: {control.severity}", "severity: grave", 1),
        "no YAML": f"{text}\n\t- [",
        "empty": "",
    }


@pytest.mark.parametrize("fault", _faults(_CONTROLS["encrypt-at-rest"]))
def test_a_broken_catalog_stops_the_run(fault: str, tmp_path: Path) -> None:
    folder = tmp_path / "catalogs"
    shutil.copytree(SHIPPED.folder, folder)
    path = folder / "controls" / "data-at-rest" / "encrypt-at-rest.yaml"
    assert len(Library(folder).catalog.controls) == len(_CONTROLS)
    path.write_text(_faults(_CONTROLS["encrypt-at-rest"])[fault], encoding="utf-8")
    with pytest.raises(InputError):
        _ = Library(folder).catalog


_JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**70,
    1e308,
    "",
    " ",
    "x",
    "no",
    "->",
    "a" * 5000,
    "\u202e",
    "\ud7ff",
    "{subject}",
    "2026-02-30",
    "P9999999999Y",
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"controls": {"encrypt-at-rest": {"status": "planned", "due": "tomorrow"}}},
    ["web", "web"],
)


@examples(150)
@given(plain_models(_CONTROLS), st.randoms(use_true_random=False))
def test_a_model_with_junk_in_it_is_refused_or_assessed(model: Plain, chance: Random) -> None:
    junked = _junked(chance, model)
    assert _assessed_or_told(yaml(junked))


@examples(150)
@given(plain_models(_CONTROLS), st.randoms(use_true_random=False))
def test_a_garbled_text_is_refused_or_assessed(model: Plain, chance: Random) -> None:
    text = yaml(model)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(text)), chance.randrange(12)
        text = text[:at] + chance.choice(_GARBLE) + text[at + length :]
    assert _assessed_or_told(text)


_GARBLE = (
    "",
    ":",
    "- ",
    "\n",
    "  ",
    "{",
    "]",
    '"',
    "'",
    "#",
    "&a ",
    "*a",
    "!!int ",
    "%",
    "\t",
    "\x00",
    "é",
    "|\n",
)


@examples(150)
@given(st.text())
def test_any_text_is_refused_or_assessed(text: str) -> None:
    assert _assessed_or_told(text)


def _assessed_or_told(text: str) -> bool:
    """Whether a text is assessed, or refused with at least one problem; any other exception comes out."""
    try:
        return bool(parse(parse_yaml(text, "model.yaml"), SHIPPED, AS_OF).assess().columns)
    except InputError as refused:
        return bool(refused.diagnostics)


def _junked(chance: Random, value: Any, depth: int = 0) -> Any:
    """The same data with a few values, keys or list entries replaced by junk."""
    if depth and chance.random() < 0.03:
        return chance.choice(_JUNK)
    match value:
        case dict():
            return {
                (
                    chance.choice(("x", "", "kind", "controls", k[:-1] or k)) if chance.random() < 0.02 else k
                ): (_junked(chance, v, depth + 1))
                for k, v in value.items()
            }
        case list():
            return [_junked(chance, v, depth + 1) for v in value]
        case _:
            return value
