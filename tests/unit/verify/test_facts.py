"""No fact is believed: value and places are those of the model, or the proof is rejected."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control
from tests.unit.verify.build import changed, checked, proved, rejected, reviewed

OTHERS: tuple[Any, ...] = (
    *(None, "x", {"one_of": [True]}, {"one_of": [False]}, {"one_of": ["other"]}, {"one_of": [None]}),
    *({"one_of": []}, {"certain": ["other"], "possible": ["other"]}, {"certain": [], "possible": None}),
)


@pytest.mark.parametrize(
    ("when", "kind", "model", "value"),
    [
        ({"tenancy": "shared"}, "store", "stores: {d: {tenancy: shared}}", {"one_of": ["shared"]}),
        ({"tenancy": "shared"}, "store", "stores: {d: }", None),
        ({"hosted": True}, "store", "hosts: {h: }\nstores: {d: {host: h}}", {"one_of": [True]}),
        ({"entry_points": {"at_least": 1}}, "model", "services: {s: }", {"one_of": [0]}),
        (
            {"data.integrity": {"at_least": "high"}},
            "data",
            "data: {x: {integrity: medium}}",
            {"one_of": ["moderate"]},
        ),
        (
            {"data.categories": {"contains": "health"}},
            "data",
            "data: {x: {categories: [health]}}",
            {"certain": ["health", "personal"], "possible": ["health", "personal"]},
        ),
        (
            {"data.categories": {"contains": "health"}},
            "data",
            "data: {x: }",
            {"certain": [], "possible": None},
        ),
    ],
)
def test_the_value_of_the_model_is_accepted_and_no_other(
    when: dict[str, Any], kind: str, model: str, value: Any
) -> None:
    review = reviewed(model, control("ask", kind, when=when))
    proof = proved(review)
    assert checked(proof, review).differences == ()
    assert [f["value"] for f in proof["facts"]] == [value]
    for other in OTHERS:
        if other != value:
            assert rejected(changed(proof, "facts", 0, "value", to=other), review), other


def test_the_places_beside_a_fact_are_all_that_make_it() -> None:
    asked = control("ask", "store", when={"tenancy": "shared"})
    review = reviewed("stores: {d: {tenancy: shared}}", asked)
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
    assert rejected(changed(proof, "facts", 0, "from", to=[]), review)
    assert rejected(changed(proof, "facts", 0, "from", to=[quoted, quoted]), review)
