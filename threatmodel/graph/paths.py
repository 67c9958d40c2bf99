"""Paths over *calls*: what they reach once whatever shows a control is taken away, and how.

A *lane* asks for controls in an order and takes `length + 1` neighbouring bits: the lowest is set where
nothing of it was passed yet, the highest where all of it was. One pass over the graph serves every lane,
since bits only ever move upwards. A path that comes back to where it was passes no less than without the
loop, so following every call decides for all simple paths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from threatmodel.graph.build import SystemGraph
from threatmodel.model import Actor

UNTRUSTED: Final = "untrusted"
ORIGINS: Final = {
    UNTRUSTED: "untrusted ground",
    "third-party": "untrusted or third-party ground",
    "people": "people and from untrusted or third-party ground",
}
"""Where paths begin, as words of the condition language, each with what a premise calls it; the later ones
include the earlier."""


class Calls(NamedTuple):
    """Who calls whom: where paths begin, and for each element its calls as (target, flow).

    Calls are in the order of ids. A relay also calls whoever takes data out of it, by a flow that is walked
    backwards: its number is `~flow`, and it shows nothing. Neither does what paths begin at, nor a flow from
    one such element to another (`element_counts`, `flow_counts`).
    """

    sources: tuple[int, ...]
    arcs: tuple[tuple[tuple[int, int], ...], ...]
    element_counts: bytes
    flow_counts: bytes


class Shown(NamedTuple):
    """For each element and each flow the bits that it moves: one for each control that it shows.

    `closed` are for each flow the bits that cannot take it; empty where every path may take every flow.
    """

    elements: Sequence[int]
    flows: Sequence[int]
    closed: Sequence[int] = ()


class Arrivals(NamedTuple):
    """For each element the bits with which paths arrive there, and those with which they go on."""

    at: list[int]
    beyond: list[int]


class Hop(NamedTuple):
    """A step of a path: over which flow (`~flow` when a relay hands data out), and to which element."""

    flow: int
    element: int


class Path(NamedTuple):
    """A path from where paths begin, over at least one hop."""

    source: int
    hops: tuple[Hop, ...]


@lru_cache(maxsize=4 * len(ORIGINS))
def calls_of(graph: SystemGraph, origin: str = UNTRUSTED, *, perhaps: bool = True) -> Calls:
    """The calls of a graph, and where paths of this origin begin, with `perhaps` for all that is known."""
    sources = _beginnings(graph, origin, perhaps)
    counts = bytearray(b"\1" * len(graph.elements))
    for element in sources:
        counts[element] = 0
    ends = zip(graph.flow_source, graph.flow_target, strict=True)
    return Calls(
        sources=sources,
        arcs=_arcs(graph),
        element_counts=bytes(counts),
        flow_counts=bytes(counts[source] or counts[target] for source, target in ends),
    )


def on_ground(graph: SystemGraph, origin: str) -> list[int]:
    """The elements on the ground of an origin: untrusted, or third-party with it."""
    ours = ("trusted", "third-party") if origin == UNTRUSTED else ("trusted",)
    grounds = bytes(trust not in ours for trust in graph.ground_trust)
    return [element for element, ground in enumerate(graph.element_ground) if grounds[ground]]


def _beginnings(graph: SystemGraph, origin: str, perhaps: bool) -> tuple[int, ...]:
    """What stands on untrusted ground, with it on third-party ground, and with these people anywhere."""
    found = set(on_ground(graph, origin))
    if origin == "people":
        actors = ((e, v.human) for e, v in enumerate(graph.values) if isinstance(v, Actor))
        found |= {e for e, human in actors if human or (perhaps and human is None)}
    return tuple(sorted(found))


@lru_cache(maxsize=2)
def _arcs(graph: SystemGraph) -> tuple[tuple[tuple[int, int], ...], ...]:
    found: list[list[tuple[int, int]]] = [[] for _ in graph.elements]
    for flow, (source, target) in enumerate(zip(graph.flow_source, graph.flow_target, strict=True)):
        found[source].append((target, flow))
        if graph.relays[target] and graph.flows[flow].returns != ():
            found[target].append((source, ~flow))
    return tuple(tuple(sorted(arcs)) for arcs in found)


def counted(calls: Calls, shown: Shown) -> Shown:
    """What is shown elsewhere than where paths begin; nothing there counts."""
    return Shown(
        [bits if counts else 0 for bits, counts in zip(shown.elements, calls.element_counts, strict=True)],
        [bits if counts else 0 for bits, counts in zip(shown.flows, calls.flow_counts, strict=True)],
        shown.closed,
    )


def moved(bits: int, shown: int) -> int:
    """The bits of a path after something that shows controls; one thing may move a bit several times."""
    while moving := bits & shown:
        bits = bits & ~moving | moving << 1
    return bits


def arrivals(calls: Calls, shown: Shown, starts: Mapping[int, int]) -> Arrivals:
    """The bits with which paths reach every element, from the bits at the elements where they begin."""
    elements, arcs = shown.elements, calls.arcs
    flows = (*shown.flows, *(0 for _ in shown.flows))  # `~flow` reads the second half from its end
    closed = (*shown.closed, *reversed(shown.closed)) or flows[len(shown.flows) :] * 2
    found = [0] * len(arcs)
    spread = [0] * len(arcs)
    waiting = [0] * len(arcs)
    pending = list(starts)
    for source, bits in starts.items():
        waiting[source] = bits
    for element in pending:
        bits, waiting[element] = waiting[element], 0
        spread[element] |= bits
        for target, flow in arcs[element]:
            after = bits & ~closed[flow]
            if after & flows[flow]:
                after = moved(after, flows[flow])
            if after & elements[target]:
                after = moved(after, elements[target])
            found[target] |= after
            if fresh := after & ~(spread[target] | waiting[target]):
                if not waiting[target]:
                    pending.append(target)
                waiting[target] |= fresh
    return Arrivals(found, spread)


class Search:
    """The shortest paths that do not pass one lane whole; among equally short ones the first by ids."""

    def __init__(self, calls: Calls, shown: Shown, lowest: int, length: int) -> None:
        self._calls = calls
        self._shown = shown
        self._length = length
        self._before: dict[tuple[int, int], tuple[tuple[int, int], int]] = {}
        self._first: dict[int, tuple[tuple[int, int], int]] = {}
        self._leaving: dict[int, list[tuple[int, int]]] = {}
        self._shift = lowest
        self._run()

    def to_element(self, element: int) -> Path | None:
        """The shortest path to an element, None where every path passes the lane."""
        found = self._first.get(element)
        return self._path(found[0], Hop(found[1], element)) if found else None

    def to_flow(self, flow: int, source: int, target: int) -> Path | None:
        """The shortest path that ends with a flow; what its target shows is not asked."""
        for state in () if self._closed(flow) else self._leaving.get(source, ()):
            if self._after(state[1], flow) < self._length:
                return self._path(state, Hop(flow, target))
        return None

    def _run(self) -> None:
        pending = [(source, 0) for source in self._calls.sources]
        seen = set(pending)
        for state in pending:
            element, position = state
            self._leaving.setdefault(element, []).append(state)
            for target, flow in self._calls.arcs[element]:
                if self._closed(flow):
                    continue
                after = self._after(position, flow)
                after = self._advanced(after, self._shown.elements[target])
                if after == self._length:
                    continue
                self._first.setdefault(target, (state, flow))
                reached = target, after
                if reached not in seen:
                    seen.add(reached)
                    self._before[reached] = state, flow
                    pending.append(reached)

    def _closed(self, flow: int) -> bool:
        closed = self._shown.closed
        return bool(closed) and bool(closed[flow if flow >= 0 else ~flow] >> self._shift & 1)

    def _after(self, position: int, flow: int) -> int:
        return position if flow < 0 else self._advanced(position, self._shown.flows[flow])

    def _advanced(self, position: int, shown: int) -> int:
        while position < self._length and shown >> (self._shift + position) & 1:
            position += 1
        return position

    def _path(self, state: tuple[int, int], last: Hop) -> Path:
        hops = [last]
        while state in self._before:
            before, flow = self._before[state]
            hops.append(Hop(flow, state[0]))
            state = before
        return Path(state[0], tuple(reversed(hops)))


def chokes(graph: SystemGraph, element: int, origin: str = UNTRUSTED) -> tuple[int, ...]:
    """The elements that every path of an origin to an element passes on the way, itself last.

    Empty where no path leads. Only names choke points: two gateways that both guard an element share none.
    """
    before = _before(graph, origin)
    found: list[int] = []
    at: int | None = element
    while at is not None and at >= 0 and before[at] is not None:
        found.append(at)
        at = before[at]
    return tuple(reversed(found))


@lru_cache(maxsize=2 * len(ORIGINS))
def _before(graph: SystemGraph, origin: str) -> list[int | None]:
    return dominators(calls_of(graph, origin))


def dominators(calls: Calls) -> list[int | None]:
    """The nearest element before each that every path passes: -1 for none, None where no path leads.

    The iteration of Cooper, Harvey and Kennedy ("A simple, fast dominance algorithm"); all elements
    at which paths begin are one root.
    """
    root = -1
    order = _postorder(calls)
    number = {element: n for n, element in enumerate(order)}
    number[root] = len(order)
    callers: dict[int, list[int]] = {element: [] for element in order}
    for element in (*calls.sources, *order):
        for target, _ in calls.arcs[element]:
            if calls.element_counts[target]:
                callers[target].append(element if calls.element_counts[element] else root)
    nearest: dict[int, int] = {root: root}
    changed = True
    while changed:
        changed = False
        for element in reversed(order):
            known = [caller for caller in callers[element] if caller in nearest]
            common = known[0]
            for caller in known[1:]:
                while common != caller:
                    if number[common] < number[caller]:
                        common = nearest[common]
                    else:
                        caller = nearest[caller]
            if nearest.get(element) != common:
                nearest[element] = common
                changed = True
    return [nearest.get(element) for element in range(len(calls.arcs))]


def _postorder(calls: Calls) -> list[int]:
    """The reached elements at which no path begins, each after what it leads to first."""
    seen = bytearray(len(calls.arcs))
    order: list[int] = []
    for source in calls.sources:
        stack = [(source, iter(calls.arcs[source]))]
        while stack:
            element, arcs = stack[-1]
            target = next((t for t, _ in arcs if calls.element_counts[t] and not seen[t]), -1)
            if target >= 0:
                seen[target] = 1
                stack.append((target, iter(calls.arcs[target])))
            else:
                stack.pop()
                if calls.element_counts[element]:
                    order.append(element)
    return order
