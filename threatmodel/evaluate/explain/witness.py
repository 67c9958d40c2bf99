"""Paths as premises: the witness of an obligation hop by hop, or what stands in every path's way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from threatmodel.catalog import Control, Route
from threatmodel.errors import Span
from threatmodel.evaluate.verdicts.obligations import required_routes
from threatmodel.graph import SystemGraph
from threatmodel.graph.paths import Calls, Hop, Path, calls_of, chokes
from threatmodel.logic import bits
from threatmodel.results import (
    EveryPath,
    Evidence,
    Guard,
    Lacking,
    NoPath,
    NoSource,
    OpenPath,
    PathHop,
    PeopleUnknown,
    Place,
    Premise,
)

if TYPE_CHECKING:
    from threatmodel.evaluate.verdicts.verdicts import Engine


def path_premises(engine: Engine, route: Route, kind: str, i: int) -> tuple[Premise, ...]:
    """Why every path passes these controls, or the shortest one that does not, or may not, hop by hop."""
    yes, no = engine.obligations.truth(route, kind)
    if not (engine.obligations.has_source or no >> i & 1):
        return (Premise(NoSource(route.origin), None),)
    if yes >> i & 1:
        return tuple(_guarded(engine, route, kind, i))
    if not engine.obligations.reached(route, kind) >> i & 1:
        return (no_path(engine, kind, i, route.origin),)
    certain = bool(no >> i & 1)
    path = engine.obligations.witness(route, kind, i, certain=certain)
    if path is None:
        return (Premise(PeopleUnknown(may_be_people(engine)), None),)
    return tuple(_witness(engine, route, path, certain, kind))


def round_what(engine: Engine, control: Control, kind: str, i: int) -> tuple[str, ...]:
    """The controls of the first obligation that a path does not pass, or is not known to."""
    route = _open_route(engine, control, kind, i)
    return route.controls if route else ()


def obligation_path(engine: Engine, control: Control, kind: str, i: int) -> tuple[str, ...]:
    """The elements on the shortest path that goes, or may go, round an obligation."""
    route = _open_route(engine, control, kind, i)
    if not route:
        return ()
    certain = bool(engine.obligations.truth(route, kind)[1] >> i & 1)
    known = engine.obligations.has_source or certain
    path = engine.obligations.witness(route, kind, i, certain=certain) if known else None
    return tuple(engine.graph.elements[e] for e in elements_on(path)) if path else ()


def _open_route(engine: Engine, control: Control, kind: str, i: int) -> Route | None:
    routes = required_routes(control)
    return next((route for route in routes if not engine.obligations.truth(route, kind)[0] >> i & 1), None)


def elements_on(path: Path) -> tuple[int, ...]:
    """The elements of a path, its source first."""
    return path.source, *(hop.element for hop in path.hops)


def may_be_people(engine: Engine) -> tuple[str, ...]:
    """The actors at whom paths of people begin if they are people, which nobody said."""
    g = engine.graph
    known = calls_of(g, "people", perhaps=False).sources
    return tuple(g.elements[e] for e in calls_of(g, "people").sources if e not in known)


def no_path(engine: Engine, kind: str, i: int, origin: str) -> Premise:
    """That no path leads to a subject."""
    return Premise(NoPath(origin, Place(kind, engine.graph.subjects[kind][i])), None)


def things_of(calls: Calls, g: SystemGraph, hop: Hop, at_end: bool) -> Iterator[tuple[str, str, int]]:
    """The flow and the element of a hop that can show something to a path: id, kind and position."""
    if hop.flow >= 0 and calls.flow_counts[hop.flow]:
        yield g.flows[hop.flow].id, "flow", hop.flow
    if calls.element_counts[hop.element] and not at_end:
        kind, name = g.subject_kind[hop.element], g.elements[hop.element]
        yield name, kind, g.order[kind][name]


def shows(engine: Engine, control: str, kind: str, i: int) -> bool | None:
    """Whether an element or flow shows a control by itself, None where nobody said."""
    return bits.truth_at(engine.evidence.of(control, kind), i)


def _witness(engine: Engine, route: Route, path: Path, certain: bool, kind: str) -> Iterator[Premise]:
    controls, steps = route.controls, list[Premise]()
    names = engine.graph.elements
    position, before = 0, path.source
    calls = calls_of(engine.graph, route.origin, perhaps=not certain)
    for number, hop in enumerate(path.hops):
        at_end = kind == "flow" and number == len(path.hops) - 1
        passed: list[Evidence] = []
        for name, what, i in things_of(calls, engine.graph, hop, at_end):
            while position < len(controls) and shows(engine, controls[position], what, i) is True:
                passed.append(Evidence(name, controls[position]))
                position += 1
        things = things_of(calls, engine.graph, hop, at_end)
        found = tuple(passed) or _lacking(engine, controls[position], things)
        basis = PathHop(names[before], names[hop.element], hop.flow < 0, found)
        steps.append(Premise(basis, _span(engine, hop)))
        before = hop.element
    open_ = OpenPath(
        controls[position:], controls[:position], tuple(names[e] for e in elements_on(path)), certain
    )
    yield Premise(open_, _span(engine, path.hops[0]))
    yield from steps


def _lacking(engine: Engine, control: str, things: Iterable[tuple[str, str, int]]) -> Lacking:
    """What a hop leaves open or does not have of a control; a statement against it is named."""
    silent, against = [], []
    for name, what, i in things:
        if shows(engine, control, what, i) is None:
            silent.append(name)
        elif said := engine.evidence.nearest(control, what).get(i):
            against.append((said.place, said.weight))
    return Lacking(control, tuple(dict.fromkeys(against)), tuple(silent))


def _span(engine: Engine, hop: Hop) -> Span:
    flow = hop.flow if hop.flow >= 0 else ~hop.flow
    return engine.graph.model.span(engine.graph.flows[flow].at)


def _guarded(engine: Engine, route: Route, kind: str, i: int) -> Iterator[Premise]:
    g, controls = engine.graph, route.controls
    reached = tuple(g.elements[e] for e in engine.obligations.reached_without(route))
    yield Premise(EveryPath(route.origin, tuple(route.kinds), controls, reached), None)
    last = g.flow_source[i] if kind == "flow" else g.positions[kind][i]
    for element in chokes(g, last, route.origin):
        of, name = g.subject_kind[element], g.elements[element]
        held = tuple(c for c in controls if shows(engine, c, of, g.order[of][name]))
        if held:
            yield Premise(Guard(name, held), g.model.span(g.values[element].at))
