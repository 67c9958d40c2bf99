"""What is no proof is refused with the place that is wrong, before anything is believed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.evaluate.build import control
from tests.unit.verify.build import changed, proved, rejected, reviewed
from threatmodel.errors import InputError
from threatmodel.verify import read_proof

GUARD = control("g", "service")
TEXT = """
actors: {u: }
services: {s: {controls: {g: oidc}}}
stores: {d: {kind: cache}}
flows: [{from: u, to: s}, {from: s, to: d}, {from: u, to: d}]
"""
ASKED = control("o", "store", when={"kind": "cache"}, expect={"every_path_passes": "g"})


@pytest.fixture
def proof() -> dict[str, Any]:
    return proved(reviewed(TEXT, ASKED, GUARD))


def refused(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read_proof(text, "p.json")
    [found] = caught.value.diagnostics
    return found.message if found.span is None else f"{found.span} {found.message}"


def test_a_proof_reads_back_as_it_was_written(proof: dict[str, Any]) -> None:
    found = read_proof(json.dumps(proof), "p.json")
    assert {name: list(table.values()) for name, table in found.tables.items()} == {
        name: table for name, table in proof.items() if isinstance(table, list)
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "p.json:1:2 this is not JSON"),
        ("[" * 100_000, "`p.json` is no proof"),
        ('{"threatmodel-proof": NaN}', "`p.json` is no proof"),
        ('{"threatmodel-proof": 2, "as_of": "2026-06-01", "as_of": "2026-06-02"}', "`p.json` is no proof"),
        ("[]", "it has no `threatmodel-proof`"),
        ('{"threatmodel-proof": 1}', "format version `1` is not supported, only 2: prove the model again"),
        ('{"threatmodel-proof": true}', "format version `True` is not supported"),
        ('{"threatmodel-proof": 2, "as_of": "2026-06-01"}', "`model` is missing"),
    ],
)
def test_a_file_that_is_no_proof_is_refused(text: str, told: str) -> None:
    assert told in refused(text)


@pytest.mark.parametrize(
    ("at", "to", "told"),
    [
        (("as_of",), 3, "as_of: a day is needed here"),
        (("as_of",), "today", "as_of: a day is needed here"),
        (("more",), [], "`more` is no key of a proof"),
        (("facts",), {}, "facts: a list is needed here"),
        (("facts", 0), "x", "facts[0]: `fact` is needed here"),
        (("facts", 0, "id"), None, "facts[0]: `id` is needed here"),
        (("verdicts", 0, "control"), ["o"], "verdicts[0]: `control` is needed here"),
        (("paths", 0, "controls", 0), 1, "paths[0]: `controls` is needed here"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(
    proof: dict[str, Any], at: tuple[str | int, ...], to: Any, told: str
) -> None:
    assert told in refused(json.dumps(changed(proof, *at, to=to)))


@pytest.mark.parametrize("table", ["model", "catalog", "verdicts", "steps", "facts", "evidence", "paths"])
def test_no_entry_stands_twice_and_none_lacks_or_adds_a_key(proof: dict[str, Any], table: str) -> None:
    review = reviewed(TEXT, ASKED, GUARD)
    first, *others = proof[table]
    assert "this stands twice" in refused(json.dumps({**proof, table: [first, first]}))
    for key in first:
        less = {name: value for name, value in first.items() if name != key}
        assert rejected({**proof, table: [less, *others]}, review), key
    assert rejected({**proof, table: [{**first, "more": 1}, *others]}, review)


def test_a_proof_of_a_copy_is_about_the_copy(proof: dict[str, Any]) -> None:
    copy = json.loads(json.dumps(proof).replace('"m.yaml"', '"copy.yaml"'))
    assert copy != proof
    assert not rejected(copy, reviewed(TEXT, ASKED, GUARD))


def test_a_proof_that_calls_one_file_by_two_names_is_rejected(proof: dict[str, Any]) -> None:
    other = changed(proof, "model", 0, "file", to="other.yaml")
    assert rejected(other, reviewed(TEXT, ASKED, GUARD))
    assert rejected({**proof, "model": []}, reviewed(TEXT, ASKED, GUARD))
