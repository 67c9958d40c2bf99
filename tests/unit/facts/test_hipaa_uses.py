"""Data are used for what their element works for and they allow, else for a purpose of theirs."""

from __future__ import annotations

import pytest

from threatmodel.api import Library, parse
from threatmodel.facts.hipaa_uses import uses_at
from threatmodel.logic import Members
from threatmodel.source import parse as parse_text

LIBRARY = Library()
WORLD = """
threatmodel: 1
name: t
purposes: {{care: {{hipaa_use: treatment}}, work: {{hipaa_use: operations}}, unsaid: }}
data: {{x: {{categories: health{}}}}}
services: {{s: {{holds: x{}}}}}
"""


def members(certain: str, possible: str | None) -> Members:
    return Members(frozenset(certain.split()), None if possible is None else frozenset(possible.split()))


@pytest.mark.parametrize(
    ("allowed", "works", "expected"),
    [
        ("purposes: care", "", members("treatment", "treatment")),
        ("purposes: [care, work]", "", members("", "treatment operations")),  # for which of them?
        ("purposes: [care, work]", "purposes: work", members("operations", "operations")),
        ("purposes: care", "purposes: work", members("operations", "operations")),  # though it may not
        ("", "purposes: [care, work]", members("", "treatment operations")),
        ("", "", members("", None)),
        ("purposes: unsaid", "", members("", None)),
        ("purposes: [care, work]", "purposes: [care, unsaid]", members("treatment", "treatment")),
    ],
)
def test_for_which_uses_data_are_somewhere(allowed: str, works: str, expected: Members) -> None:
    graph = parse(
        parse_text(WORLD.format(*(said and f", {said}" for said in (allowed, works))), "m.yaml"),
        LIBRARY,
        "2026-06-01",
    ).graph
    assert uses_at(graph, graph.index["s"], ["x"]) == expected
