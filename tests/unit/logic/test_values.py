"""A comparison is true for all that is possible, false for none of it, and else unknown."""

from __future__ import annotations

import pytest

from threatmodel.logic import UNKNOWN, Choice, Domain, Known, Members, Range, Value, truth
from threatmodel.logic.values import intern

LEVEL = Domain("ordered", ("low", "moderate", "high", "critical"))
WORDS, NUMBER, SET = Domain("enum"), Domain("number"), Domain("set")
SOME = frozenset({"a", "b"})


@pytest.mark.parametrize(
    ("domain", "operator", "operand", "value", "expected"),
    [
        (WORDS, "is", "a", UNKNOWN, None),
        (WORDS, "is", "a", Known("a"), True),
        (WORDS, "is", "a", Known("b"), False),
        (WORDS, "is", "a", Known(None), False),
        (WORDS, "none_of", SOME, Known(None), True),
        (WORDS, "one_of", SOME, Known("a"), True),
        (WORDS, "one_of", SOME, Known("c"), False),
        (WORDS, "none_of", SOME, Known("c"), True),
        (WORDS, "none_of", SOME, Known("a"), False),
        (WORDS, "one_of", SOME, Choice(frozenset({"a", "b"})), True),
        (WORDS, "one_of", SOME, Choice(frozenset({"a", "c"})), None),
        (WORDS, "one_of", SOME, Choice(frozenset({"c", "d"})), False),
        (LEVEL, "at_least", "high", Range(2, 3), True),
        (LEVEL, "at_least", "high", Range(1, 3), None),
        (LEVEL, "at_least", "high", Range(0, 1), False),
        (LEVEL, "at_least", "low", Range(-1, 3), None),
        (LEVEL, "at_most", "low", Range(-1, -1), False),
        (LEVEL, "is", "low", Range(0, 0), True),
        (LEVEL, "none_of", frozenset({"low"}), Range(-1, -1), True),
        (LEVEL, "at_most", "high", Known("moderate"), True),
        (NUMBER, "at_least", 2, Known(2), True),
        (NUMBER, "at_most", 2, Known(3), False),
        (NUMBER, "at_most", 2, Known(None), False),
        (SET, "contains", "a", Members(frozenset({"a"}), None), True),
        (SET, "contains", "a", Members(frozenset(), None), None),
        (SET, "contains", "a", Members(frozenset(), frozenset({"a"})), None),
        (SET, "contains", "a", Members(frozenset(), frozenset()), False),
        (SET, "contains_any", SOME, Members(frozenset({"b"}), frozenset({"b"})), True),
        (SET, "contains_any", SOME, Members(frozenset({"c"}), frozenset({"c"})), False),
        (SET, "contains", "a", Known(SOME), True),
        (SET, "contains", "c", Known(SOME), False),
    ],
)
def test_a_comparison_in_three_values(
    domain: Domain, operator: str, operand: object, value: Value, expected: bool | None
) -> None:
    assert truth(domain, operator, operand, value) is expected


def test_true_and_one_are_two_values() -> None:
    table, codes = intern([Known(True), Known(1), Known(True), UNKNOWN])
    assert [table[code] for code in codes] == [Known(True), Known(1), Known(True), UNKNOWN]
    assert len(table) == 3
