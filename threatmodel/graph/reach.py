"""Reachability over *calls*: from the opener of a flow to its target, and through relays to who takes out."""

from __future__ import annotations

from functools import lru_cache

from threatmodel.graph.build import SystemGraph


@lru_cache(maxsize=2)
def hops(graph: SystemGraph) -> list[int]:
    """For each element the fewest calls that lead to it from untrusted ground; 0 where none do."""
    calls = call_targets(graph)
    found = [0] * len(graph.elements)
    frontier = [e for e in range(len(graph.elements)) if graph.trust(e) == "untrusted"]
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
