"""Reachability over *calls*: from the opener of a flow to its target, and through relays to who takes out."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from threatmodel.graph.build import SystemGraph
from threatmodel.graph.paths import UNTRUSTED, on_ground


class Reach(NamedTuple):
    """For each element the fewest calls that lead to it from outside, 0 where none do.

    `certain` are chains of calls that certainly are; `possible` ones also lead through what may be a relay,
    and `doubt` is the last flow on such a chain of which nobody said whether something is taken out, or -1.
    """

    certain: list[int]
    possible: list[int]
    doubt: list[int]


@lru_cache(maxsize=4)
def reach(graph: SystemGraph, origin: str = UNTRUSTED) -> Reach:
    """How far every element is from the ground of an origin, as far as that is known."""
    sure: list[list[tuple[int, int]]] = [[] for _ in graph.elements]
    perhaps: list[list[tuple[int, int]]] = [[] for _ in graph.elements]
    for flow, (source, target) in enumerate(zip(graph.flow_source, graph.flow_target, strict=True)):
        sure[source].append((target, -1))
        relays, returns = graph.relays[target], graph.flows[flow].returns
        if relays and returns:
            sure[target].append((source, -1))
        elif returns != () and (relays or _kind_open(graph, target)):
            perhaps[target].append((source, flow))
    both = [[*a, *b] for a, b in zip(sure, perhaps, strict=True)]
    begin = on_ground(graph, origin)
    return Reach(_spread(begin, sure)[0], *_spread(begin, both))


def _kind_open(graph: SystemGraph, element: int) -> bool:
    return graph.subject_kind[element] != "actor" and graph.kind_of(element) is None


def _spread(begin: list[int], calls: list[list[tuple[int, int]]]) -> tuple[list[int], list[int]]:
    found, doubt = [0] * len(calls), [-1] * len(calls)
    frontier = begin
    seen = set(frontier)
    distance = 0
    while frontier:
        distance += 1
        reached: dict[int, int] = {}
        for element in frontier:
            for target, flow in calls[element]:
                if not found[target]:
                    reached.setdefault(target, flow if flow >= 0 else doubt[element])
        for target, flow in reached.items():
            found[target], doubt[target] = distance, flow
        frontier = sorted(set(reached) - seen)
        seen.update(reached)
    return found, doubt


@lru_cache(maxsize=2)
def hops(graph: SystemGraph) -> list[int]:
    """For each element the fewest calls that lead to it from untrusted ground as drawn; 0 where none do."""
    calls = call_targets(graph)
    found = [0] * len(graph.elements)
    frontier = on_ground(graph, UNTRUSTED)
    distance = 0
    seen = set(frontier)
    while frontier:
        distance += 1
        reached = sorted({t for e in frontier for t in calls[e] if not found[t]})
        for target in reached:
            found[target] = distance
        frontier = [t for t in reached if t not in seen]
        seen.update(reached)
    return found


def call_targets(graph: SystemGraph) -> list[list[int]]:
    """For each element whom it calls; a relay also calls whoever takes data out of it."""
    calls: list[list[int]] = [[] for _ in graph.elements]
    for flow, (source, target) in enumerate(zip(graph.flow_source, graph.flow_target, strict=True)):
        calls[source].append(target)
        if graph.relays[target] and graph.flows[flow].returns != ():
            calls[target].append(source)
    return calls
