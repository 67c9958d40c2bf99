"""Comparisons in three values: true or false where it is so for all that a value may be."""

from __future__ import annotations

from typing import Any

import pytest

from threatmodel.catalog import Leaf
from threatmodel.logic import UNKNOWN, Choice, Domain, Known, Members, Range, Value
from threatmodel.verify.values import holds, written

LEVELS = Domain("ordered", ("low", "moderate", "high", "critical"))
WORDS, NUMBER, SET, BOOLEAN = Domain("enum"), Domain("number"), Domain("set"), Domain("boolean")
EITHER = frozenset(("a", "b"))


@pytest.mark.parametrize(
    ("value", "domain", "form"),
    [
        (UNKNOWN, WORDS, None),
        (Known("a"), WORDS, {"one_of": ["a"]}),
        (Known(None), WORDS, {"one_of": [None]}),
        (Known(True), BOOLEAN, {"one_of": [True]}),
        (Known(EITHER), SET, {"certain": ["a", "b"], "possible": ["a", "b"]}),
        (Choice(EITHER), WORDS, {"one_of": ["a", "b"]}),
        (Range(-1, 1), LEVELS, {"one_of": [None, "low", "moderate"]}),
        (Range(2, 2), LEVELS, {"one_of": ["high"]}),
        (Members(frozenset(("a",)), EITHER), SET, {"certain": ["a"], "possible": ["a", "b"]}),
        (Members(frozenset(), None), SET, {"certain": [], "possible": None}),
    ],
)
def test_a_value_is_written_with_all_that_it_may_be(value: Value, domain: Domain, form: Any) -> None:
    assert written(value, domain) == form


@pytest.mark.parametrize(
    ("operator", "operand", "value", "domain", "truth"),
    [
        ("is", True, None, BOOLEAN, None),
        ("is", True, {"one_of": [True]}, BOOLEAN, True),
        ("is", True, {"one_of": [False]}, BOOLEAN, False),
        ("is", 1, {"one_of": [True]}, NUMBER, False),
        ("is", 1, {"one_of": [1]}, NUMBER, True),
        ("is", "a", {"one_of": ["a", "b"]}, WORDS, None),
        ("is", "a", {"one_of": [None]}, WORDS, False),
        ("one_of", EITHER, {"one_of": ["a", "b"]}, WORDS, True),
        ("none_of", EITHER, {"one_of": ["c"]}, WORDS, True),
        ("none_of", EITHER, {"one_of": [None]}, WORDS, True),
        ("none_of", EITHER, {"one_of": ["a"]}, WORDS, False),
        ("none_of", frozenset(("a",)), {"one_of": ["a", "c"]}, WORDS, None),
        ("at_least", 2, {"one_of": [2]}, NUMBER, True),
        ("at_least", 2, {"one_of": [1]}, NUMBER, False),
        ("at_most", 2, {"one_of": [1]}, NUMBER, True),
        ("at_most", 2, {"one_of": [10]}, NUMBER, False),
        ("at_most", "high", {"one_of": [None]}, LEVELS, False),
        ("at_least", "moderate", {"one_of": ["moderate", "high"]}, LEVELS, True),
        ("at_least", "moderate", {"one_of": ["low", "high"]}, LEVELS, None),
        ("at_most", "moderate", {"one_of": ["high"]}, LEVELS, False),
        ("contains", "a", {"certain": ["a"], "possible": ["a"]}, SET, True),
        ("contains", "a", {"certain": [], "possible": ["a"]}, SET, None),
        ("contains", "a", {"certain": [], "possible": None}, SET, None),
        ("contains", "a", {"certain": ["b"], "possible": ["b"]}, SET, False),
        ("contains_any", EITHER, {"certain": ["b"], "possible": ["b"]}, SET, True),
        ("contains_any", EITHER, {"certain": [], "possible": []}, SET, False),
    ],
)
def test_a_comparison_holds_for_all_that_the_value_may_be(
    operator: str, operand: Any, value: Any, domain: Domain, truth: bool | None
) -> None:
    assert holds(Leaf("f", operator, operand, ()), value, domain) is truth
