"""The checker derives what reaches a sister company and what is agreed with it; other values it rejects."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.facts.test_affiliates import AGREED, WAYS, WORLD, agreeing
from tests.unit.verify.build import changed, checked, proved, rejected, reviewed, text_of
from tests.unit.verify.test_facts import OTHERS, asking
from threatmodel.verify.derive import derive


def holds(model: str, fact: str, value: dict[str, Any]) -> None:
    """Asserts that checker and engine say this of the company, and that no other value passes."""
    text = text_of(model)
    assert derive(text, fact, text.entities["party", "us"]) == (value,)
    review = reviewed(model, asking(fact, "party"))
    proof = proved(review)
    found = checked(proof, review)
    assert (found.differences, dict(found.quoted)) == ((), {})
    [at] = [i for i, f in enumerate(proof["facts"]) if (f["fact"], f["id"]) == (fact, "us")]
    assert proof["facts"][at]["value"] == value
    for other in OTHERS:
        assert other == value or rejected(changed(proof, "facts", at, "value", to=other), review)


@pytest.mark.parametrize(("more", "sure", "perhaps"), WAYS)
def test_the_roles_of_those_whose_data_reach_it(more: str, sure: bool, perhaps: bool) -> None:
    controller = ["controller"]
    value = {"certain": controller * sure, "possible": controller * (sure or perhaps)}
    holds(WORLD.replace(" AGREED", "") + more, "sister.gdpr", value)


@pytest.mark.parametrize(("ours", "theirs", "certain", "possible"), AGREED)
def test_what_is_agreed_with_them(
    ours: str, theirs: str, certain: set[str], possible: set[str] | None
) -> None:
    listed = None if possible is None else sorted(possible)
    holds(agreeing(ours, theirs), "sister.agreements", {"certain": sorted(certain), "possible": listed})
