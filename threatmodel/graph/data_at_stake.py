"""What is at stake at an element: the data that are there, and those within reach once it is compromised."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from threatmodel.graph.blast_radius import Links
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map


class Stake(NamedTuple):
    """An element with the assets that it certainly has, and those that are within its reach only."""

    element: int
    there: tuple[str, ...]
    within_reach: tuple[str, ...]


def stakes(graph: SystemGraph, assets: Iterable[str]) -> tuple[Stake, ...]:
    """Every service and store at which some of these assets are at stake, those with most of them first."""
    names = sorted(assets)
    order = {name: n for n, name in enumerate(names)}
    there = [
        sum(1 << order[name] for name in data_map(graph).element(e).ids if name in order)
        for e in range(len(graph.elements))
    ]
    reached = _spread(graph, there)
    found = [
        Stake(e, _named(names, there[e]), _named(names, reached[e] & ~there[e]))
        for e, kind in enumerate(graph.subject_kind)
        if kind != "actor" and reached[e]
    ]
    return tuple(sorted(found, key=lambda s: (-len(s.there) - len(s.within_reach), -len(s.there), s.element)))


def _spread(graph: SystemGraph, there: list[int]) -> list[int]:
    """What is within reach of each element, itself included; a shared host or identity is one node more."""
    links, size = Links(graph), len(graph.elements)
    shared = links.shared()
    before: list[list[int]] = [[] for _ in range(size + len(shared))]
    for element in range(size):
        for other, _ in links.apart(element):
            before[other].append(element)
    for node, members in enumerate(shared, start=size):
        before[node] += members
        for member in members:
            before[member].append(node)
    found = [*there, *(0 for _ in shared)]
    pending = [node for node, held in enumerate(found) if held]
    while pending:
        node = pending.pop()
        for earlier in before[node]:
            if found[node] & ~found[earlier]:
                found[earlier] |= found[node]
                pending.append(earlier)
    return found[:size]


def _named(names: list[str], held: int) -> tuple[str, ...]:
    return tuple(name for n, name in enumerate(names) if held >> n & 1)
