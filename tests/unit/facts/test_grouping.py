"""Facts that are computed once for a group of subjects have the same value for each of its members."""

from __future__ import annotations

import pytest

from threatmodel.api import Library, load
from threatmodel.facts import ALL_FACTS, Fact
from threatmodel.resources import resource_dir

LIBRARY = Library()
GRAPHS = [
    load(p, LIBRARY, "2026-11-01").graph for p in sorted(resource_dir("samples").glob("*/threatmodel.yaml"))
]
GROUPED = [fact for fact in ALL_FACTS if fact.groups]


@pytest.mark.parametrize("fact", GROUPED, ids=lambda f: f.name)
def test_a_group_shares_its_value(fact: Fact) -> None:
    compared = 0
    for graph in GRAPHS:
        for kind in fact.subjects:
            table, codes = fact.column(graph, kind)
            for i in range(len(graph.subjects[kind])):
                assert table[codes[i]] == fact.value(graph, graph.every(kind)[i])
                compared += 1
    assert compared


def test_grouping_is_used_where_subjects_are_many() -> None:
    names = {fact.name for fact in GROUPED}
    assert {"source.trust", "transport.encrypted", "data.confidentiality", "crosses_trust"} <= names
