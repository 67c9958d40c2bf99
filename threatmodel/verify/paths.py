"""Whether every path to a subject passes some controls in order, searched anew for each list of controls.

The checker's own reading of docs/explanation/paths.md: one search over the calls of the graph at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple, TypeAlias

from threatmodel.catalog import Route
from threatmodel.graph import Subject, SystemGraph
from threatmodel.graph.paths import Calls, calls_of
from threatmodel.verify.tables import PathClaim
from threatmodel.verify.values import Truth

_Shows: TypeAlias = Callable[[str, Subject], Truth]


class _State(NamedTuple):
    """Where a path has come to, how many controls it passed, and over which flow from which state before."""

    element: int
    passed: int
    flow: int = 0
    before: _State | None = None


class Paths:
    """The paths of one graph, by what shows a control there; `ask` is told of each fact that they rest on."""

    def __init__(self, graph: SystemGraph, shows: _Shows, ask: Callable[[str, Subject], object]) -> None:
        self._graph = graph
        self._shows = shows
        self._ask = ask
        self._short = cache(self._search)
        self._ask_all = cache(self._ask_each)

    @property
    def any_begin(self) -> bool:
        """Whether anything stands on untrusted ground; without it no path is known to be the last."""
        return bool(calls_of(self._graph).sources)

    def claim(self, route: Route, to: Subject) -> PathClaim:
        """Whether every path to a subject passes a route, with the first of the shortest that does not."""
        self._ask_all(route)
        every = route._replace(controls=())
        if to not in self._short(every, True):
            return PathClaim(None, False)
        perhaps, certain = self._short(route, True).get(to), self._short(route, False).get(to)
        if not perhaps and to in self._short(every, False) and self.any_begin:
            return PathClaim(True, True, closed=self._closed(route))
        found = certain or perhaps
        return PathClaim(False if certain else None, True, *(self._hops(found) if found else ()))

    def _ask_each(self, route: Route) -> None:
        """Asks all that decides a route: what is shown wherever its paths lead, what the flows are for."""
        certain = calls_of(self._graph, route.origin, perhaps=False)
        for thing in self._short(route._replace(controls=()), True):
            for control in route.controls if self._counts(certain, thing) else ():
                self._shows(control, thing)
        for flow in range(len(self._graph.flows)) if route.kinds else ():
            self._ask("flow.kind", Subject("flow", flow))

    def _search(self, route: Route, certain: bool) -> dict[Subject, _State]:
        """Where a path arrives that is short of a route, with the first of the shortest such paths.

        With `certain` only what certainly shows a control counts and paths begin wherever they may, else all
        that may show it and where they certainly do; of a route without controls every path is short.
        """
        calls, whole = calls_of(self._graph, route.origin, perhaps=certain), len(route.controls) or 1
        states = [_State(element, 0) for element in calls.sources]
        seen = {(state.element, 0) for state in states}
        found: dict[Subject, _State] = {}
        for state in states:
            for target, flow in calls.arcs[state.element]:
                over, passed = Subject("flow", max(flow, ~flow)), state.passed
                if route.kinds and self._graph.flow_kind(over.position) not in route.kinds:
                    continue
                if flow >= 0:  # one that is walked backwards shows nothing
                    passed = self._passed(route, passed, over, calls, certain)
                    if passed < whole:
                        found.setdefault(over, _State(target, passed, flow, state))
                thing = self._thing(target)
                after = _State(target, self._passed(route, passed, thing, calls, certain), flow, state)
                if after.passed < whole:
                    found.setdefault(thing, after)
                    if (target, after.passed) not in seen:
                        seen.add((target, after.passed))
                        states.append(after)
        return found

    def _passed(self, route: Route, passed: int, thing: Subject, calls: Calls, certain: bool) -> int:
        """How many controls of a route are passed after a thing; where paths begin nothing counts."""
        while passed < len(route.controls) and self._counts(calls, thing):
            shows = self._shows(route.controls[passed], thing)
            if shows is False or (certain and shows is None):
                break
            passed += 1
        return passed

    def _counts(self, calls: Calls, thing: Subject) -> bool:
        if thing.kind == "flow":
            return bool(calls.flow_counts[thing.position])
        return bool(calls.element_counts[self._element(thing)])

    def _closed(self, route: Route) -> tuple[str, ...]:
        """The elements that paths reach without passing a route, less where they begin."""
        counts = calls_of(self._graph, route.origin).element_counts
        found = (self._element(thing) for thing in self._short(route, True) if thing.kind != "flow")
        return tuple(self._graph.elements[e] for e in sorted(found) if counts[e])

    def _hops(self, state: _State) -> tuple[str, tuple[tuple[str, bool], ...]]:
        """Where the path to a state begins, and its hops."""
        hops = list[tuple[str, bool]]()
        while state.before:
            hops.append((self._graph.flows[max(state.flow, ~state.flow)].id, state.flow < 0))
            state = state.before
        return self._graph.elements[state.element], tuple(reversed(hops))

    def _thing(self, element: int) -> Subject:
        return self._graph.subject(self._graph.subject_kind[element], self._graph.elements[element])

    def _element(self, thing: Subject) -> int:
        return self._graph.positions[thing.kind][thing.position]
