"""The weakest paths are those of enumeration: fewest controls, then fewest hops, each path once."""

from __future__ import annotations

import random

from threatmodel.graph.paths import Calls, Hop, Path
from threatmodel.graph.weakest_paths import Costs, Weak, weakest_paths, weakest_to_each


def _world(seed: int) -> tuple[Calls, Costs]:
    chance = random.Random(seed)
    count = chance.randint(2, 7)
    ends = [(chance.randrange(count), chance.randrange(count)) for _ in range(chance.randint(1, 13))]
    arcs: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for flow, (source, target) in enumerate(ends):
        if source != target:
            arcs[source].append((target, flow))
            if chance.random() < 0.1:
                arcs[target].append((source, ~flow))
    sources = tuple(sorted(chance.sample(range(count), chance.randint(1, min(2, count)))))
    counts = bytes(e not in sources for e in range(count))
    calls = Calls(sources, tuple(tuple(sorted(a)) for a in arcs), counts, bytes(1 for _ in ends))
    elements = [chance.randint(0, 3) * counts[e] for e in range(count)]
    return calls, Costs(elements, [chance.randint(0, 2) for _ in ends])


def _all(calls: Calls, costs: Costs, target: int) -> list[Weak]:
    found: list[Weak] = []

    def walk(source: int, element: int, hops: tuple[Hop, ...], seen: set[int], cost: int) -> None:
        for at, flow in calls.arcs[element]:
            if at in seen or at in calls.sources:
                continue
            here = cost + costs.elements[at] + (costs.flows[flow] if flow >= 0 else 0)
            path = (*hops, Hop(flow, at))
            if at == target:
                found.append(Weak(here, Path(source, path)))
            else:
                walk(source, at, path, seen | {at}, here)

    for source in calls.sources:
        walk(source, source, (), {source}, 0)
    return found


def _rank(weak: Weak) -> tuple[int, int]:
    return weak.controls, len(weak.path.hops)


def test_the_weakest_paths_to_an_element_are_those_of_enumeration() -> None:
    several = 0
    for seed in range(400):
        calls, costs = _world(seed)
        each = weakest_to_each(calls, costs, frozenset(calls.sources))
        for target in range(len(calls.arcs)):
            if target in calls.sources:
                assert weakest_paths(calls, costs, calls.sources, target, 3) == ()
                continue
            expected = sorted(_all(calls, costs, target), key=_rank)
            found = weakest_paths(calls, costs, calls.sources, target, 4)
            assert len(set(found)) == len(found) == min(4, len(expected)), (seed, target)
            assert [_rank(w) for w in found] == [_rank(w) for w in expected[:4]], (seed, target)
            assert set(found) <= set(expected), (seed, target)
            assert each.get(target) == (found[0] if found else None)
            several += len(found) > 2
    assert several > 100
