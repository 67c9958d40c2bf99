"""Path searches agree with the enumeration of simple paths and of all that is unknown, cycles included."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

import pytest

from threatmodel.graph.paths import Calls, Hop, Path, Search, Shown, arrivals, counted, dominators

Arc = tuple[int, int]
"""Target and flow, `~flow` for a flow walked backwards."""


class World(NamedTuple):
    """A random graph with, for each element and flow, the controls of a list that it shows or may show."""

    calls: Calls
    ends: list[tuple[int, int]]
    length: int
    sure: Shown
    perhaps: Shown

    def starts(self, bits: int) -> dict[int, int]:
        return dict.fromkeys(self.calls.sources, bits)


def _world(seed: int) -> World:
    chance = random.Random(seed)
    count = chance.randint(2, 9)
    untrusted = [chance.random() < 0.25 for _ in range(count)]
    ends = [(chance.randrange(count), chance.randrange(count)) for _ in range(chance.randint(1, 14))]
    ends = sorted((source, target) for source, target in ends if source != target)
    arcs: list[list[Arc]] = [[] for _ in range(count)]
    for flow, (source, target) in enumerate(ends):
        arcs[source].append((target, flow))
        if chance.random() < 0.15:
            arcs[target].append((source, ~flow))
    calls = Calls(
        tuple(e for e in range(count) if untrusted[e]),
        tuple(tuple(sorted(a)) for a in arcs),
        bytes(not u for u in untrusted),
        bytes(not (untrusted[s] and untrusted[t]) for s, t in ends),
    )
    length = chance.choice((1, 1, 2, 3))
    often = chance.choice((0.15, 0.4))
    spots = [(n, chance.random()) for n in range((count + len(ends)) * length)]
    sure = [draw < often for _, draw in spots]
    unknown = [n for n, draw in spots if often <= draw < often + 0.12][:6]
    perhaps = [shown or n in unknown for n, shown in enumerate(sure)]
    return World(calls, ends, length, _shown(sure, count, length), _shown(perhaps, count, length))


def _shown(flags: Sequence[bool], count: int, length: int) -> Shown:
    masks = [
        sum(1 << position for position in range(length) if flags[at * length + position])
        for at in range(len(flags) // length)
    ]
    return Shown(masks[:count], masks[count:])


def _simple_paths(calls: Calls, target: int) -> Iterator[tuple[int, tuple[Arc, ...]]]:
    """Every simple path to an element as its source and its hops; one may end where it began."""

    def walk(source: int, element: int, hops: tuple[Arc, ...], seen: set[int]) -> Iterator[tuple[Arc, ...]]:
        for arc in calls.arcs[element]:
            if arc[0] == target:
                yield (*hops, arc)
            elif arc[0] not in seen:
                yield from walk(source, arc[0], (*hops, arc), seen | {arc[0]})

    for source in calls.sources:
        for hops in walk(source, source, (), {source}):
            yield source, hops


def _passed(hops: Sequence[Arc], shown: Shown, calls: Calls) -> list[int]:
    """What is shown along a path, in order; nothing on untrusted ground counts."""
    found = []
    for target, flow in hops:
        if flow >= 0:
            found.append(shown.flows[flow] if calls.flow_counts[flow] else 0)
        found.append(shown.elements[target] if calls.element_counts[target] else 0)
    return found


def _in_order(passed: Sequence[int], length: int) -> bool:
    """Whether one thing after another, or the same, shows each control of the list."""
    return any(
        list(places) == sorted(places) and all(passed[at] >> n & 1 for n, at in enumerate(places))
        for places in product(range(len(passed)), repeat=length)
    )


def _valuations(world: World) -> Iterator[Shown]:
    """What may be shown: every choice among the unknowns."""
    sure = [*world.sure.elements, *world.sure.flows]
    open_ = [
        (at, 1 << n)
        for at, bits in enumerate([*world.perhaps.elements, *world.perhaps.flows])
        for n in range(world.length)
        if bits >> n & 1 and not sure[at] >> n & 1
    ]
    for chosen in product((False, True), repeat=len(open_)):
        masks = list(sure)
        for (at, bit), holds in zip(open_, chosen, strict=True):
            masks[at] |= bit if holds else 0
        count = len(world.sure.elements)
        yield Shown(masks[:count], masks[count:])


def _decided(world: World, element: int) -> bool | None:
    """By two searches: nothing gets through, something does whatever is unknown, or it is not known."""
    short = (1 << world.length) - 1
    sure = arrivals(world.calls, counted(world.calls, world.sure), world.starts(1)).at[element]
    perhaps = arrivals(world.calls, counted(world.calls, world.perhaps), world.starts(1)).at[element]
    return True if not sure & short else False if perhaps & short else None


def _key(path: Path) -> tuple[int, int, list[tuple[int, int]]]:
    return len(path.hops), path.source, [(hop.element, hop.flow) for hop in path.hops]


@pytest.mark.parametrize("block", range(20))
def test_verdicts_and_witnesses_are_those_of_enumeration(block: int) -> None:
    kinds = {True: 0, False: 0, None: 0}
    for seed in range(block * 100, block * 100 + 100):
        world = _world(seed)
        search = Search(world.calls, counted(world.calls, world.sure), 0, world.length)
        for element in range(len(world.calls.arcs)):
            found = list(_simple_paths(world.calls, element))
            through = {
                all(_in_order(_passed(hops, shown, world.calls), world.length) for _, hops in found)
                for shown in _valuations(world)
            }
            expected = through.pop() if len(through) == 1 else None
            assert _decided(world, element) is expected, (seed, element)
            kinds[expected] += bool(found)
            open_ = [
                _key(Path(source, tuple(Hop(flow, target) for target, flow in hops)))
                for source, hops in found
                if not _in_order(_passed(hops, world.sure, world.calls), world.length)
            ]
            shortest = min(open_, default=None)
            witness = search.to_element(element)
            assert (_key(witness) if witness else None) == shortest, (seed, element)
    assert min(kinds.values()) > 5, kinds


@pytest.mark.parametrize("block", range(5))
def test_flows_are_reached_as_their_openers_are_and_then_show_what_they_show(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        world = _world(seed)
        shown = counted(world.calls, world.sure)
        search = Search(world.calls, shown, 0, world.length)
        for flow, (source, target) in enumerate(world.ends):
            ways = list(_simple_paths(world.calls, source))
            ways += [(source, ())] if source in world.calls.sources else []
            open_ = [
                len(hops) + 1
                for _, hops in ways
                if not _in_order([*_passed(hops, world.sure, world.calls), shown.flows[flow]], world.length)
            ]
            witness = search.to_flow(flow, source, target)
            assert (len(witness.hops) if witness else None) == min(open_, default=None), (seed, flow)


@pytest.mark.parametrize("block", range(5))
def test_the_highest_bit_tells_that_some_path_passes_all(block: int) -> None:
    for seed in range(block * 100, block * 100 + 100):
        world = _world(seed)
        found = arrivals(world.calls, counted(world.calls, world.sure), world.starts(1)).at
        for element in range(len(world.calls.arcs)):
            whole = any(
                _in_order(_passed(hops, world.sure, world.calls), world.length)
                for _, hops in _simple_paths(world.calls, element)
            )
            # a loop may pass more than a simple path does, never less
            assert not whole or found[element] >> world.length & 1, (seed, element)


def test_several_lanes_in_one_pass_find_what_each_finds_alone() -> None:
    for seed in range(300):
        world = _world(seed)
        alone = [counted(world.calls, shown) for shown in (world.sure, world.perhaps)]
        shift = world.length + 1
        both = Shown(
            [a | b << shift for a, b in zip(alone[0].elements, alone[1].elements, strict=True)],
            [a | b << shift for a, b in zip(alone[0].flows, alone[1].flows, strict=True)],
        )
        together = arrivals(world.calls, both, world.starts(1 | 1 << shift)).at
        apart = [arrivals(world.calls, shown, world.starts(1)).at for shown in alone]
        assert together == [a | b << shift for a, b in zip(*apart, strict=True)]


def test_dominators_are_what_every_path_passes() -> None:
    for seed in range(400):
        calls = _world(seed).calls
        before = dominators(calls)
        for element in range(len(calls.arcs)):
            if not calls.element_counts[element]:
                continue
            passed = [{target for target, _ in hops} for _, hops in _simple_paths(calls, element)]
            expected = set.intersection(*passed) if passed else set()
            expected = {e for e in expected if calls.element_counts[e]}
            chain, at = set(), before[element]
            if at is not None:
                chain.add(element)
            while at is not None and at >= 0:
                chain.add(at)
                at = before[at]
            assert chain == expected, (seed, element)
