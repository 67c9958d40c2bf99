"""What every importer holds to: any text becomes a model with a report, or is refused at its place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.importers.diagrams import LIBRARY
from tests.unit.render.written import HOSTILE
from threatmodel import api
from threatmodel.errors import InputError, ThreatModelError, UsageError
from threatmodel.importers import Imported
from threatmodel.importers.foreign import Foreign
from threatmodel.importers.registry import ALL_IMPORTERS, Importer
from threatmodel.source import parse as parse_text

NAMES = [importer.name for importer in ALL_IMPORTERS]
HOSTILE_DIAGRAM = {
    "services": [{"name": name, "stereotypes": [name], "tagged_values": {name: name}} for name in HOSTILE],
    "external_entities": [{"name": f"{name} x"} for name in HOSTILE],
    "information_flows": [{"sender": name, "receiver": f"{name} x"} for name in HOSTILE],
}
EXAMPLES = {"code2dfd": json.dumps(HOSTILE_DIAGRAM)}
"""For each importer a text in its format in which every name is hostile."""

GARBAGE = (
    *("", " ", "\x00", "{", "[]", "[[[[", "null", "1e999", '"text"', "<xml/>", "a: [b", "{}", "\ufeff{}"),
    *("[" * 20_000, "9" * 10_000, '{"services": [1, 2.5, null, true]}', "\ud800", "\u2028"),
)
FOREIGN_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("services", "external_entities", "information_flows", "name", "sender", "x")),
            inner,
            max_size=4,
        )
    ),
)


def read(importer: Importer, text: str) -> Imported | ThreatModelError:
    """What an importer makes of a text, or why it refuses it; every other exception fails the test."""
    try:
        return importer.read(Foreign(text, LIBRARY.kinds, "f.json"))
    except ThreatModelError as error:
        return error


def assert_refused(found: Imported | ThreatModelError) -> None:
    """A refusal says where in the file, or how to ask instead."""
    match found:
        case InputError(diagnostics=diagnostics):
            assert all(d.span and d.span.file == "f.json" for d in diagnostics)
        case UsageError(help=help):
            assert help
        case _:
            pytest.fail(f"not refused: {found}")


def test_every_importer_has_an_example() -> None:
    assert list(EXAMPLES) == NAMES
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("importer", ALL_IMPORTERS, ids=NAMES)
def test_hostile_names_become_a_model_and_a_report(importer: Importer) -> None:
    found = read(importer, EXAMPLES[importer.name])
    assert isinstance(found, Imported)
    review = api.parse(parse_text(found.text, "m.yaml"), LIBRARY, "2026-11-01")
    assert review.assess().columns
    assert {note.outcome for note in found.report} <= {"kept", "approximated", "dropped"}
    assert any(note.outcome == "kept" for note in found.report)
    assert read(importer, EXAMPLES[importer.name]) == found
    assert found.text.endswith("\n")
    assert "\x1b" not in found.text


@pytest.mark.parametrize("importer", ALL_IMPORTERS, ids=NAMES)
@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_refused_at_its_place(importer: Importer, text: str) -> None:
    assert_refused(read(importer, text))


@pytest.mark.parametrize("importer", ALL_IMPORTERS, ids=NAMES)
@given(value=FOREIGN_JSON, cut=st.integers(0, 400))
def test_any_text_becomes_a_model_that_loads_or_is_refused(
    importer: Importer, value: object, cut: int
) -> None:
    for text in (json.dumps(value), EXAMPLES[importer.name][:cut]):
        found = read(importer, text)
        if isinstance(found, Imported):
            api.parse(parse_text(found.text, "m.yaml"), LIBRARY, "2026-11-01")
        else:
            assert_refused(found)


def test_what_a_reader_did_not_expect_is_an_error_in_the_text() -> None:
    importer = Importer("x", "a list of numbers", "json:loads")
    with pytest.raises(InputError, match=r"f\.json:1:1: this cannot be read as a list of numbers"):
        importer.read(Foreign("{}", LIBRARY.kinds, "f.json"))
