"""What paths pass: decides path obligations and coverage from upstream for the engine.

Every list of controls that the catalog asks for is two lanes of one pass over the graph: one in which only
what certainly shows a control stops a path and paths begin wherever they may, and one in which everything
stops a path that may and paths begin where they certainly do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from threatmodel.catalog import Control, EveryPath, Route, leaves
from threatmodel.evaluate.verdicts.evidence import Evidence
from threatmodel.evaluate.verdicts.truths import Truth
from threatmodel.graph import SystemGraph
from threatmodel.graph.paths import Arrivals, Calls, Path, Search, Shown, arrivals, calls_of, moved
from threatmodel.logic import Known, bits

_ON_PATHS = ("service", "store", "actor")


class _Lane(NamedTuple):
    """The lowest bits of a list of controls, with only certain evidence and with all possible evidence."""

    certain: int
    possible: int
    length: int

    def short(self, lowest: int) -> int:
        """The bits of paths that do not pass the whole list."""
        return ((1 << self.length) - 1) << lowest

    def whole(self, lowest: int) -> int:
        """The bit of paths that pass the whole list."""
        return 1 << (lowest + self.length)


class Obligations:
    """The paths over one graph, for all lists of controls at once."""

    def __init__(self, graph: SystemGraph, controls: Mapping[str, Control], evidence: Evidence) -> None:
        self._graph = graph
        self._controls = controls
        self._evidence = evidence
        self._searches: dict[tuple[Route, bool], Search] = {}
        self._bits: dict[tuple[str, int], int] = {}

    @cached_property
    def has_source(self) -> bool:
        """Whether any element stands on untrusted ground; without one no path is known to be the last."""
        return bool(calls_of(self._graph).sources)

    def reached(self, route: Route, kind: str) -> int:
        """The subjects to which a path leads, or may lead, over flows of the route's kinds."""
        lane = self._lanes[route]
        return self._where(kind, lane.short(lane.certain) | lane.whole(lane.certain))

    def truth(self, route: Route, kind: str) -> Truth:
        """Where every path passes these controls in order, and where a path certainly does not."""
        lane = self._lanes[route]
        reached = self._where(kind, lane.short(lane.possible) | lane.whole(lane.possible))
        yes = reached & ~self._where(kind, lane.short(lane.certain)) if self.has_source else 0
        return yes, self._where(kind, lane.short(lane.possible))

    def bypassed(self, route: Route, kind: str) -> int:
        """Where a path may go round these controls, and another one certainly passes them."""
        lane = self._lanes[route]
        yes, no = self.truth(route, kind)
        short, whole = (self._where(kind, of(lane.certain)) for of in (lane.short, lane.whole))
        return short & whole & ~(yes | no)

    def passed(self, route: Route, kind: str, i: int) -> int:
        """How many of these controls, in order, every path to a subject certainly passes."""
        lane = self._lanes[route]
        at = self._at_flows[i] if kind == "flow" else self._arrived.at[self._graph.positions[kind][i]]
        found = at >> lane.certain & (1 << lane.length + 1) - 1
        return (found & -found).bit_length() - 1

    def witness(self, route: Route, kind: str, i: int, *, certain: bool) -> Path | None:
        """The shortest path to a subject that does not pass these controls: certainly, or perhaps not."""
        key = route, certain
        if key not in self._searches:
            lane = self._lanes[route]
            lowest = lane.possible if certain else lane.certain
            calls = calls_of(self._graph, route.origin, perhaps=not certain)
            self._searches[key] = Search(calls, self._shown, lowest, lane.length)
        search, g = self._searches[key], self._graph
        if kind == "flow":
            return search.to_flow(i, g.flow_source[i], g.flow_target[i])
        return search.to_element(g.positions[kind][i])

    def reached_without(self, route: Route) -> list[int]:
        """The closed set: what paths reach without passing these controls, less where they begin."""
        lane = self._lanes[route]
        short = lane.short(lane.certain)
        counts = calls_of(self._graph, route.origin).element_counts
        return [e for e, found in enumerate(self._arrived.at) if found & short and counts[e]]

    def _where(self, kind: str, mask: int) -> int:
        """The subjects at which a path arrives with any of these bits."""
        key = kind, mask
        if key not in self._bits:
            if kind == "flow":
                found: Sequence[int] = self._at_flows
            else:
                at = self._arrived.at
                found = [at[e] for e in self._graph.positions[kind]]
            self._bits[key] = bits.from_flags(bytes(bool(here & mask) for here in found))
        return self._bits[key]

    @cached_property
    def _lanes(self) -> dict[Route, _Lane]:
        found: dict[Route, _Lane] = {}
        lowest = 0
        for route in dict.fromkeys(r for c in self._controls.values() for r in searched_routes(c)):
            length = len(route.controls)
            found[route] = _Lane(lowest, lowest + length + 1, length)
            lowest += 2 * (length + 1)
        return found

    @cached_property
    def _starts(self) -> dict[int, int]:
        """The bits with which paths leave each element at which they begin or may begin."""
        found: dict[int, int] = {}
        for calls, lowest in self._by_origin:
            start = sum(1 << at for at, _ in lowest)
            for element in calls.sources:
                found[element] = found.get(element, 0) | start
        return found

    @cached_property
    def _by_origin(self) -> list[tuple[Calls, list[tuple[int, int]]]]:
        """For each origin, as far as is known and certainly, the lanes from there: lowest bit and length."""
        found: dict[tuple[str, bool], list[tuple[int, int]]] = {}
        for route, lane in self._lanes.items():
            found.setdefault((route.origin, True), []).append((lane.certain, lane.length))
            found.setdefault((route.origin, False), []).append((lane.possible, lane.length))
        return [(calls_of(self._graph, of, perhaps=perhaps), lanes) for (of, perhaps), lanes in found.items()]

    @cached_property
    def _arrived(self) -> Arrivals:
        return arrivals(calls_of(self._graph), self._shown, self._starts)

    @cached_property
    def _at_flows(self) -> list[int]:
        beyond, shown = self._arrived.beyond, self._shown
        closed = shown.closed or [0] * len(shown.flows)
        ends = zip(self._graph.flow_source, shown.flows, closed, strict=True)
        return [moved(beyond[source] & ~stopped, bits_) for source, bits_, stopped in ends]

    @cached_property
    def _shown(self) -> Shown:
        """Which bits every element and flow moves, and which ones a flow stops."""
        closed: dict[str, int] = {}
        column = self._evidence.truths.column("flow", "flow.kind")
        words = [value.value if isinstance(value, Known) else None for value in column.table]
        kinds = [str(words[code]) for code in column.codes]
        for kind in dict.fromkeys(kinds):
            for route, lane in self._lanes.items():
                if route.kinds and kind not in route.kinds:
                    stopped = ((1 << 2 * (lane.length + 1)) - 1) << lane.certain
                    closed[kind] = closed.get(kind, 0) | stopped
        stops = [closed.get(kind, 0) for kind in kinds] if closed else []
        elements, flows = self._stacked(_ON_PATHS), self._stacked(("flow",))
        for calls, lanes in self._by_origin:
            kept = ~sum(((1 << length + 1) - 1) << lowest for lowest, length in lanes)
            elements = _kept(elements, calls.element_counts, kept)
            flows = _kept(flows, calls.flow_counts, kept)
        return Shown(elements, flows, stops)

    def _stacked(self, kinds: tuple[str, ...]) -> list[int]:
        columns: dict[int, bytes] = {}
        for route, lane in self._lanes.items():
            for position, control in enumerate(route.controls):
                certain, possible = [], []
                for kind in kinds:
                    size = self._evidence.truths.size(kind)
                    yes, no = self._evidence.of(control, kind)
                    certain.append(bits.to_flags(yes, size))
                    possible.append(bits.to_flags(((1 << size) - 1) & ~no, size))
                columns[lane.certain + position] = b"".join(certain)
                columns[lane.possible + position] = b"".join(possible)
        size = sum(self._evidence.truths.size(kind) for kind in kinds)
        masks = bits.stack(columns, size)
        return masks if kinds == ("flow",) else [masks[at] for at in self._places]

    @cached_property
    def _places(self) -> list[int]:
        """For each element its position among the services, stores and actors."""
        found = [0] * len(self._graph.elements)
        for place, element in enumerate(e for kind in _ON_PATHS for e in self._graph.positions[kind]):
            found[element] = place
        return found


def _kept(masks: list[int], counts: bytes, kept: int) -> list[int]:
    """The masks, without the other bits where nothing counts."""
    return [mask if counted else mask & kept for mask, counted in zip(masks, counts, strict=True)]


def required_routes(control: Control) -> tuple[Route, ...]:
    """The routes that every path to a subject must take by what a control expects."""
    return tuple(leaf.route for leaf in leaves(control.expect) if isinstance(leaf, EveryPath))


def searched_routes(control: Control) -> tuple[Route, ...]:
    """The routes that are searched for: its obligations, and itself where upstream counts."""
    return (*required_routes(control), *((Route((control.id,)),) if control.covered_by.upstream else ()))
