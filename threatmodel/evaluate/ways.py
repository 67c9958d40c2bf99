"""What paths from untrusted ground pass: decides path obligations and coverage from upstream for the engine.

Every list of controls that the catalog asks for is two lanes of one pass over the graph: one in which only
what certainly shows a control stops a path, and one in which everything stops it that may.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from threatmodel.catalog import Control, EveryPath, Route, leaves
from threatmodel.evaluate import bits
from threatmodel.evaluate.evidence import Evidence
from threatmodel.graph import Known, SystemGraph
from threatmodel.graph.paths import Arrivals, Path, Search, Shown, arrivals, calls_of, counted, moved

if TYPE_CHECKING:
    from threatmodel.evaluate.engine import Engine, Truth

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


class Ways:
    """The paths from untrusted ground over one graph, for all lists of controls at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._graph: SystemGraph = engine.graph
        self._searches: dict[tuple[Route, bool], Search] = {}
        self._bits: dict[tuple[str, int], int] = {}
        self.evidence = Evidence(engine)

    @cached_property
    def exist(self) -> bool:
        """Whether any element stands on untrusted ground; without one nothing is known of paths."""
        return bool(calls_of(self._graph).sources)

    def reached(self, route: Route, kind: str) -> int:
        """The subjects to which a path leads, over flows of the route's kinds."""
        lane = self._lanes[route]
        return self._where(kind, lane.short(lane.certain) | lane.whole(lane.certain))

    def truth(self, route: Route, kind: str) -> Truth:
        """Where every path passes these controls in order, and where a path certainly does not."""
        lane = self._lanes[route]
        reached = self.reached(route, kind)
        yes = reached & ~self._where(kind, lane.short(lane.certain))
        return yes, self._where(kind, lane.short(lane.possible))

    def bypassed(self, route: Route, kind: str) -> int:
        """Where a path may go round these controls, and another one certainly passes them."""
        lane = self._lanes[route]
        yes, no = self.truth(route, kind)
        return self._where(kind, lane.whole(lane.certain)) & ~(yes | no)

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
            self._searches[key] = Search(calls_of(self._graph), self._shown, lowest, lane.length)
        search, g = self._searches[key], self._graph
        if kind == "flow":
            return search.to_flow(i, g.flow_source[i], g.flow_target[i])
        return search.to_element(g.positions[kind][i])

    def without(self, route: Route) -> list[int]:
        """The closed set: elements off untrusted ground that paths reach without passing these controls."""
        lane = self._lanes[route]
        short = lane.short(lane.certain)
        counts = calls_of(self._graph).element_counts
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
        for route in dict.fromkeys(r for c in self._engine.controls.values() for r in asked_of_paths(c)):
            length = len(route.controls)
            found[route] = _Lane(lowest, lowest + length + 1, length)
            lowest += 2 * (length + 1)
        return found

    @cached_property
    def _start(self) -> int:
        return sum(1 << lane.certain | 1 << lane.possible for lane in self._lanes.values())

    @cached_property
    def _arrived(self) -> Arrivals:
        return arrivals(calls_of(self._graph), self._shown, self._start)

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
        column = self._engine.column("flow", "flow.kind")
        words = [value.value if isinstance(value, Known) else None for value in column.table]
        kinds = [str(words[code]) for code in column.codes]
        for kind in dict.fromkeys(kinds):
            for route, lane in self._lanes.items():
                if route.kinds and kind not in route.kinds:
                    stopped = ((1 << 2 * (lane.length + 1)) - 1) << lane.certain
                    closed[kind] = closed.get(kind, 0) | stopped
        stops = [closed.get(kind, 0) for kind in kinds] if closed else []
        shown = Shown(self._stacked(_ON_PATHS), self._stacked(("flow",)), stops)
        return counted(calls_of(self._graph), shown)

    def _stacked(self, kinds: tuple[str, ...]) -> list[int]:
        columns: dict[int, bytes] = {}
        for route, lane in self._lanes.items():
            for position, control in enumerate(route.controls):
                certain, possible = [], []
                for kind in kinds:
                    size = self._engine.size(kind)
                    yes, no = self.evidence.of(control, kind)
                    certain.append(bits.to_flags(yes, size))
                    possible.append(bits.to_flags(((1 << size) - 1) & ~no, size))
                columns[lane.certain + position] = b"".join(certain)
                columns[lane.possible + position] = b"".join(possible)
        size = sum(self._engine.size(kind) for kind in kinds)
        masks = bits.stack(columns, size)
        return masks if kinds == ("flow",) else [masks[at] for at in self._places]

    @cached_property
    def _places(self) -> list[int]:
        """For each element its position among the services, stores and actors."""
        found = [0] * len(self._graph.elements)
        for place, element in enumerate(e for kind in _ON_PATHS for e in self._graph.positions[kind]):
            found[element] = place
        return found


def obligations(control: Control) -> tuple[Route, ...]:
    """The routes that every path to a subject must take by what a control expects."""
    return tuple(leaf.route for leaf in leaves(control.expect) if isinstance(leaf, EveryPath))


def asked_of_paths(control: Control) -> tuple[Route, ...]:
    """The routes that are searched for: its obligations, and itself where upstream counts."""
    return (*obligations(control), *((Route((control.id,)),) if control.covered_by.upstream else ()))
