"""The weakest paths over *calls*: those that pass the fewest controls, then the shortest, then by ids."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from heapq import heappop, heappush
from typing import NamedTuple, TypeAlias

from threatmodel.graph.paths import Calls, Hop, Path

_Hops: TypeAlias = tuple[Hop, ...]


class Costs(NamedTuple):
    """How many controls each flow and each element puts in a path's way."""

    elements: Sequence[int]
    flows: Sequence[int]


class Weak(NamedTuple):
    """A path with the number of controls that it passes."""

    controls: int
    path: Path


class _Root(NamedTuple):
    """The beginning of a path: its cost and its hops, the first of which only names the source."""

    cost: int
    hops: _Hops


def weakest_to_each(calls: Calls, costs: Costs, sources: Collection[int]) -> dict[int, Weak]:
    """The weakest path to every element that paths from these sources reach; none passes a second source."""
    best = _walk(calls, costs, sources, _Root(0, ()), frozenset(), frozenset(), None)
    return {element: _weak(root) for element, root in best.items() if element not in sources}


def weakest_paths(
    calls: Calls, costs: Costs, sources: Collection[int], target: int, most: int
) -> tuple[Weak, ...]:
    """At most so many simple paths to one element, the weakest first (Yen); none passes a second source."""
    first = _walk(calls, costs, sources, _Root(0, ()), frozenset(), frozenset(), target).get(target)
    if first is None or target in sources:
        return ()
    found, waiting = [first], list[tuple[int, int, _Hops]]()
    known = {first.hops}
    while len(found) < most:
        last = found[-1].hops
        cost = 0
        for at in range(len(last)):
            root = last[:at]
            taken = frozenset(f.hops[at] for f in found if f.hops[:at] == root and len(f.hops) > at)
            passed = frozenset(hop.element for hop in root[:-1])
            spur = _walk(calls, costs, sources, _Root(cost, root), passed, taken, target).get(target)
            if spur and spur.hops not in known:
                known.add(spur.hops)
                heappush(waiting, (spur.cost, len(spur.hops), spur.hops))
            cost += _cost(costs, last[at]) if at else 0
        if not waiting:
            break
        cost, _, hops = heappop(waiting)
        found.append(_Root(cost, hops))
    return tuple(_weak(root) for root in found)


def _walk(
    calls: Calls,
    costs: Costs,
    sources: Collection[int],
    root: _Root,
    passed: frozenset[int],
    taken: frozenset[Hop],
    target: int | None,
) -> dict[int, _Root]:
    """The best way on from a root to every element, or until one is reached; `taken` are no first steps."""
    best: dict[int, _Root] = {}
    if root.hops:
        heap = [(root.cost, len(root.hops), root.hops)]
    else:
        starts = (Hop(0, source) for source in sorted(sources))
        heap = [(0, 1, (start,)) for start in starts if start not in taken]
    while heap:
        cost, length, hops = heappop(heap)
        element = hops[-1].element
        if element in best:
            continue
        best[element] = _Root(cost, hops)
        if element == target:
            break
        for at, flow in calls.arcs[element]:
            hop = Hop(flow, at)
            first_step = length == len(root.hops) and hop in taken
            if at not in best and at not in passed and at not in sources and not first_step:
                heappush(heap, (cost + _cost(costs, hop), length + 1, (*hops, hop)))
    return best


def _cost(costs: Costs, hop: Hop) -> int:
    return costs.elements[hop.element] + (costs.flows[hop.flow] if hop.flow >= 0 else 0)


def _weak(root: _Root) -> Weak:
    return Weak(root.cost, Path(root.hops[0].element, root.hops[1:]))
