"""What is no proof is refused with the place that is wrong, before anything is believed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.evaluate.build import control
from tests.unit.verify.build import changed, proved, reviewed
from threatmodel.errors import InputError
from threatmodel.verify import read_proof
from threatmodel.verify.proof import about

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
        ("[]", "it has no `threatmodel-proof`"),
        ('{"threatmodel-proof": 2}', "format version `2` is not supported"),
        ('{"threatmodel-proof": true}', "format version `True` is not supported"),
        ('{"threatmodel-proof": 1, "as_of": 3}', "as_of: a text is needed here"),
        ('{"threatmodel-proof": 1, "as_of": "2026-06-01"}', "`model` is missing"),
    ],
)
def test_a_file_that_is_no_proof_is_refused(text: str, told: str) -> None:
    assert told in refused(text)


@pytest.mark.parametrize(
    ("at", "to", "told"),
    [
        (("as_of",), 3, "as_of: a text is needed here"),
        (("facts",), {}, "facts: a list is needed here"),
        (("facts", 0), "x", "facts[0]: an object is needed here"),
        (("facts", 0, "more"), 1, "facts[0]: `more` is no key of a proof"),
        (("facts", 0, "id"), None, "facts[0].id: a text is needed here"),
        (("facts", 0, "value"), {"one_of": []}, "facts[0].value: this is no value of a fact"),
        (("facts", 0, "value"), {"one_of": [1.5]}, "facts[0].value: this is no value of a fact"),
        (("facts", 0, "value"), {"one_of": [1], "x": 1}, "facts[0].value: this is no value of a fact"),
        (
            ("facts", 0, "value"),
            {"certain": [1], "possible": None},
            "facts[0].value: this is no value of a fact",
        ),
        (("facts", 0, "value"), {"certain": [], "possible": [], "x": 1}, "facts[0].value: this is no value"),
        (("facts", 0, "value"), "x", "facts[0].value: this is no value of a fact"),
        (("facts", 0, "from", 0, "line"), True, "from[0].line: a number is needed here"),
        (("facts", 0, "from", 0, "keys", 0), 1.5, "a number or a text is needed here"),
        (("verdicts", 0, "when"), 1, "verdicts[0].when: true or false or null is needed here"),
        (("paths", 0, "hops", 0, "back"), 1, "true or false is needed here"),
    ],
)
def test_every_entry_has_the_form_of_a_proof(
    proof: dict[str, Any], at: tuple[str | int, ...], to: Any, told: str
) -> None:
    assert told in refused(json.dumps(changed(proof, *at, to=to)))


@pytest.mark.parametrize("table", ["model", "catalog", "verdicts", "steps", "facts", "evidence", "paths"])
def test_no_entry_stands_twice_and_none_lacks_a_key(proof: dict[str, Any], table: str) -> None:
    first = proof[table][0]
    assert "this stands twice" in refused(json.dumps({**proof, table: [first, first]}))
    for key in first:
        less = {name: value for name, value in first.items() if name != key}
        assert f"`{key}` is missing" in refused(json.dumps({**proof, table: [less]}))


def test_a_proof_of_a_copy_is_about_the_copy(proof: dict[str, Any]) -> None:
    read = read_proof(json.dumps(proof), "p.json")
    assert about(about(read, "copy.yaml"), "m.yaml") == read
    assert "m.yaml" in str(read)
    assert "m.yaml" not in str(about(read, "copy.yaml"))


def test_a_proof_that_calls_one_file_by_two_names_stays_as_it_is(proof: dict[str, Any]) -> None:
    read = read_proof(json.dumps(changed(proof, "model", 0, "file", to="other.yaml")), "p.json")
    assert about(read, "m.yaml") is read
    empty = read._replace(tables={**read.tables, "model": {}})
    assert about(empty, "copy.yaml") is empty
