"""Comparisons in three values: true or false where it is so for all that a value may be."""

from __future__ import annotations

from typing import Any

import pytest

from threatmodel.verify.values import holds


@pytest.mark.parametrize(
    ("asked", "value", "truth"),
    [
        (True, None, None),
        (True, {"one_of": [True]}, True),
        (True, {"one_of": [False]}, False),
        (True, {"one_of": [True, False]}, None),
        (1, {"one_of": [True]}, False),
        (1, {"one_of": [1]}, True),
        ("a", {"one_of": ["a", "b"]}, None),
        ("a", {"one_of": [None]}, False),
        ({"one_of": ["a", "b"]}, {"one_of": ["a", "b"]}, True),
        ({"none_of": ["a", "b"]}, {"one_of": ["c"]}, True),
        ({"none_of": ["a", "b"]}, {"one_of": ["a"]}, False),
        ({"none_of": ["a"]}, {"one_of": ["a", "c"]}, None),
        ({"at_least": 2}, {"one_of": [2]}, True),
        ({"at_least": 2}, {"one_of": [1]}, False),
        ({"at_most": 2}, {"one_of": [1]}, True),
        ({"at_most": 2}, {"one_of": [None]}, False),
        ({"at_least": "internal"}, {"one_of": ["internal", "restricted"]}, True),
        ({"at_least": "internal"}, {"one_of": ["public", "internal"]}, None),
        ({"at_most": "moderate"}, {"one_of": ["high"]}, False),
        ({"at_least": "third-party"}, {"one_of": ["trusted"]}, True),
        ({"at_least": "internal"}, {"one_of": ["nonsense"]}, None),
        ({"at_least": "nonsense"}, {"one_of": ["internal"]}, None),
        ({"contains": "a"}, {"certain": ["a"], "possible": ["a"]}, True),
        ({"contains": "a"}, {"certain": [], "possible": ["a"]}, None),
        ({"contains": "a"}, {"certain": [], "possible": None}, None),
        ({"contains": "a"}, {"certain": ["b"], "possible": ["b"]}, False),
        ({"contains_any": ["a", "b"]}, {"certain": ["b"], "possible": ["b"]}, True),
        ({"contains_any": ["a", "b"]}, {"certain": [], "possible": []}, False),
    ],
)
def test_a_comparison_holds_for_all_that_the_value_may_be(asked: Any, value: Any, truth: bool | None) -> None:
    assert holds(asked, value) is truth
