"""What reaches an affiliate, and what is agreed with it, by the facts layer and by the oracle alike."""

from __future__ import annotations

from typing import Any

import pytest

from tests.oracle.compare import both, fragment
from tests.unit.facts.test_affiliates import AGREED, WAYS, WORLD, agreeing


def holds(model: str, fact: str, value: dict[str, Any]) -> None:
    """Asserts that facts and oracle say this of the company."""
    assert both(fragment(model), fact, "party", "us") == (value, (value,))


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
