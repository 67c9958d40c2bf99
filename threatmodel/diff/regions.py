"""Compares where data stand: the regions of the elements that have them."""

from __future__ import annotations

from threatmodel.diff.changes import RegionChange
from threatmodel.diff.reach import LEVEL_WORDS, Sensitivity, later_ids, personal, sensitivity
from threatmodel.diff.rename import Names
from threatmodel.graph import SystemGraph
from threatmodel.graph.data_map import data_map


def region_changes(old: SystemGraph, new: SystemGraph, names: Names) -> tuple[RegionChange, ...]:
    """Data that elements on both sides have, and that stand in another region: one change for each pair."""
    moved: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for i, name in enumerate(old.elements):
        j = new.index.get(names.of("element", name))
        if j is None or new.subject_kind[j] == "actor":
            continue
        before, after = (
            graph.ground_region[graph.element_ground[e]] or "" for graph, e in ((old, i), (new, j))
        )
        if before != after:
            moved.setdefault((before, after), []).append((i, j))
    found = (_change(old, new, names, *pair, members) for pair, members in sorted(moved.items()))
    return tuple(change for change in found if change.data)


def _change(
    old: SystemGraph, new: SystemGraph, names: Names, before: str, after: str, members: list[tuple[int, int]]
) -> RegionChange:
    was = (later_ids(names, data_map(old).element(i).ids) for i, _ in members)
    now = (data_map(new).element(j).ids for _, j in members)
    data = frozenset().union(*was) & frozenset().union(*now)
    elements = tuple(sorted(new.elements[j] for _, j in members))
    ranked = tuple(sorted(data, key=lambda name: (-_rank(sensitivity(new, [name])), name)))
    return RegionChange(before, after, elements, ranked, *sensitivity(new, data), personal(new, data))


def _rank(of: Sensitivity) -> int:
    """Personal data before others of their level, higher levels before lower ones."""
    return 2 * (LEVEL_WORDS.index(of.level) if of.level else -1) + of.personal
