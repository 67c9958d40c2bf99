"""The checker derives facts from the text by itself: a true value is accepted, an altered one is rejected."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control
from tests.unit.verify.build import changed, checked, proved, rejected, reviewed, rows, text_of
from threatmodel.catalog import Control
from threatmodel.facts import fact
from threatmodel.logic import Domain
from threatmodel.verify.derive import derive

OTHERS: tuple[Any, ...] = (
    *(None, {"one_of": [True]}, {"one_of": [False]}, {"one_of": ["other"]}, {"one_of": [None]}),
    *({"certain": ["other"], "possible": ["other"]}, {"certain": [], "possible": None}),
)
ROWS = rows("facts.yaml")


def asking(name: str, kind: str) -> Control:
    """A control that reads one fact of one kind of subject."""
    found = fact(kind, name)
    assert found is not None
    return control("ask", kind, when={name: _operand(found.domain)})


def _operand(domain: Domain) -> object:
    match domain.kind:
        case "boolean":
            return True
        case "number":
            return {"at_least": 1}
        case "ordered":
            return {"at_least": domain.words[1]}
        case "set":
            return {"contains": (*domain.words, "x")[0]}
        case _:
            return (*domain.words, "x")[0]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['fact']} of {row['of']}" for row in ROWS])
def test_a_fact_that_is_derived_from_the_text_is_accepted_and_an_altered_one_is_not(
    row: dict[str, Any],
) -> None:
    name, value, (kind, subject) = row["fact"], row["value"], row["of"].split()
    text = text_of(row["model"])
    assert derive(text, name, text.entities[kind, subject]) == (value,)
    review = reviewed(row["model"], asking(name, kind))
    proof = proved(review)
    found = checked(proof, review)
    assert (found.differences, dict(found.quoted)) == ((), {})
    [at] = [i for i, f in enumerate(proof["facts"]) if (f["fact"], f["id"]) == (name, subject)]
    assert proof["facts"][at]["value"] == value, "what the engine says"
    for other in OTHERS:
        if other != value:
            assert rejected(changed(proof, "facts", at, "value", to=other), review), other


@pytest.mark.parametrize(
    ("name", "kind", "subject", "model"),
    [
        ("data.integrity", "data", "x", "data: {x: {integrity: medium}}"),
        ("data.categories", "data", "x", "data: {x: {categories: pii}}"),
        ("transform", "data", "y", "data: {x: , y: {derived_from: x, transform: pseudonymization}}"),
        ("criticality", "store", "d", "stores: {d: {criticality: high}}"),
    ],
)
def test_a_fact_that_is_not_derived_here_is_told_to_be_taken_from_the_proof(
    name: str, kind: str, subject: str, model: str
) -> None:
    text = text_of(model)
    assert derive(text, name, text.entities[kind, subject]) is None
    review = reviewed(model, asking(name, kind))
    found = checked(proved(review), review)
    assert found.differences == ()
    assert found.quoted[name] >= 1


def test_a_place_beside_a_fact_has_to_say_what_the_proof_says_it_does() -> None:
    review = reviewed("stores: {d: {tenancy: shared}}", asking("tenancy", "store"))
    proof = proved(review)
    [quoted] = proof["facts"][0]["from"]
    assert (quoted["keys"], quoted["value"]) == (["stores", "d", "tenancy"], "shared")
    for key, other in (
        ("value", "single"),
        ("line", 9),
        ("column", 9),
        ("file", "n.yaml"),
        ("keys", ["stores"]),
    ):
        assert rejected(changed(proof, "facts", 0, "from", 0, key, to=other), review), key
