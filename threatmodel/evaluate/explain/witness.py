"""Paths as premises: the witness of an obligation hop by hop, or what stands in every path's way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from threatmodel.catalog import Control, Route
from threatmodel.errors import Span
from threatmodel.evaluate.verdicts.obligations import obligations
from threatmodel.graph import SystemGraph
from threatmodel.graph.paths import ORIGINS, Calls, Hop, Path, calls_of, chokes
from threatmodel.logic import bits
from threatmodel.model.words import FLOW_KINDS
from threatmodel.results import Premise

if TYPE_CHECKING:
    from threatmodel.evaluate.verdicts.engine import Engine

_LISTED = 8
NO_SOURCE = "no element of the model stands on untrusted ground"


def path_premises(engine: Engine, route: Route, kind: str, i: int) -> tuple[Premise, ...]:
    """Why every path passes these controls, or the shortest one that does not, or may not, hop by hop."""
    yes, no = engine.ways.truth(route, kind)
    if not (engine.ways.exist or no >> i & 1):
        return (Premise(NO_SOURCE, None),)
    if yes >> i & 1:
        return tuple(_guarded(engine, route, kind, i))
    if not engine.ways.reached(route, kind) >> i & 1:
        return (no_path(engine, kind, i, route.origin),)
    certain = bool(no >> i & 1)
    path = engine.ways.witness(route, kind, i, certain=certain)
    return (_who_begins(engine),) if path is None else tuple(_witness(engine, route, path, certain, kind))


def round_what(engine: Engine, control: Control, kind: str, i: int) -> tuple[str, ...]:
    """The controls of the first obligation that a path does not pass, or is not known to."""
    route = _open_route(engine, control, kind, i)
    return route.controls if route else ()


def obligation_path(engine: Engine, control: Control, kind: str, i: int) -> tuple[str, ...]:
    """The elements on the shortest path that goes, or may go, round an obligation."""
    route = _open_route(engine, control, kind, i)
    if not route:
        return ()
    certain = bool(engine.ways.truth(route, kind)[1] >> i & 1)
    known = engine.ways.exist or certain
    path = engine.ways.witness(route, kind, i, certain=certain) if known else None
    return tuple(engine.graph.elements[e] for e in elements_on(path)) if path else ()


def _open_route(engine: Engine, control: Control, kind: str, i: int) -> Route | None:
    routes = obligations(control)
    return next((route for route in routes if not engine.ways.truth(route, kind)[0] >> i & 1), None)


def elements_on(path: Path) -> tuple[int, ...]:
    """The elements of a path, its source first."""
    return path.source, *(hop.element for hop in path.hops)


def may_be_people(engine: Engine) -> tuple[str, ...]:
    """The actors at whom paths of people begin if they are people, which nobody said."""
    g = engine.graph
    known = calls_of(g, "people", perhaps=False).sources
    return tuple(g.elements[e] for e in calls_of(g, "people").sources if e not in known)


def _who_begins(engine: Engine) -> Premise:
    actors = listed(may_be_people(engine))
    return Premise(
        f"every known path passes; nobody said whether {actors} is a person, with paths of their own", None
    )


def no_path(engine: Engine, kind: str, i: int, origin: str) -> Premise:
    """That no path leads to a subject."""
    begin, name = ORIGINS[origin], engine.graph.subjects[kind][i]
    return Premise(f"no path leads from {begin} to {kind} `{name}`", None)


def path_text(engine: Engine, path: Path) -> str:
    """A path as the elements on it, from first to last."""
    return " -> ".join(f"`{engine.graph.elements[e]}`" for e in elements_on(path))


def listed(names: Iterable[str], most: int = _LISTED) -> str:
    """Names in backticks, the first of many."""
    quoted = [f"`{name}`" for name in names]
    more = f" and {len(quoted) - most} more" if len(quoted) > most else ""
    return ", ".join(quoted[:most]) + more


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
    position, before = 0, path.source
    calls = calls_of(engine.graph, route.origin, perhaps=not certain)
    for number, hop in enumerate(path.hops):
        at_end = kind == "flow" and number == len(path.hops) - 1
        passed: list[str] = []
        for name, what, i in things_of(calls, engine.graph, hop, at_end):
            while position < len(controls) and shows(engine, controls[position], what, i) is True:
                passed.append(f"`{name}` shows `{controls[position]}`")
                position += 1
        found = passed or [_lacking(engine, controls[position], things_of(calls, engine.graph, hop, at_end))]
        steps.append(Premise(f"{_step(engine, before, hop)}: {', '.join(found)}", _span(engine, hop)))
        before = hop.element
    asked = ", then ".join(f"`{c}`" for c in controls[position:])
    after = f" after {', '.join(f'`{c}`' for c in controls[:position])}" if position else ""
    head = f"nothing shows {asked}" if certain else f"nobody said what shows {asked}"
    text = f"{head}{after} on the path {path_text(engine, path)}"
    yield Premise(text, _span(engine, path.hops[0]))
    yield from steps


def _lacking(engine: Engine, control: str, things: Iterable[tuple[str, str, int]]) -> str:
    """What a hop leaves open or does not have of a control; a statement against it is named."""
    silent, against = [], []
    for name, what, i in things:
        if shows(engine, control, what, i) is None:
            silent.append(name)
        elif said := engine.evidence.nearest(control, what).get(i):
            against.append(f"{said.place.kind} `{said.place.id}` says `{control}`: {said.weight}")
    if against:
        return " and ".join(dict.fromkeys(against))
    return (
        f"nobody said whether {' or '.join(f'`{n}`' for n in silent)} shows `{control}`"
        if silent
        else (f"without `{control}`")
    )


def _step(engine: Engine, before: int, hop: Hop) -> str:
    names = engine.graph.elements
    verb = "calls" if hop.flow >= 0 else "hands data out to"
    return f"`{names[before]}` {verb} `{names[hop.element]}`"


def _span(engine: Engine, hop: Hop) -> Span:
    flow = hop.flow if hop.flow >= 0 else ~hop.flow
    return engine.graph.model.span(engine.graph.flows[flow].at)


def _over(kinds: Collection[str]) -> str:
    """The flows that a path follows, in words: of many those that it does not; nothing for all of them."""
    left = [kind for kind in FLOW_KINDS if kind not in kinds]
    if not kinds or not left:
        return ""
    if len(left) < len(kinds):
        return f" over all but {' and '.join(left)} flows"
    return f" over {' and '.join(kinds)} flows"


def _guarded(engine: Engine, route: Route, kind: str, i: int) -> Iterator[Premise]:
    g, controls = engine.graph, route.controls
    asked = ", then ".join(f"`{c}`" for c in controls)
    open_ = engine.ways.without(route)
    names = listed(g.elements[e] for e in open_)
    closed = f"without it only {names} can be reached" if open_ else "without it nothing is reached"
    yield Premise(
        f"every path from {ORIGINS[route.origin]}{_over(route.kinds)} passes {asked}; {closed}", None
    )
    last = g.flow_source[i] if kind == "flow" else g.positions[kind][i]
    for element in chokes(g, last, route.origin):
        of, name = g.subject_kind[element], g.elements[element]
        shown = [c for c in controls if shows(engine, c, of, g.order[of][name])]
        if shown:
            span = g.model.span(g.values[element].at)
            yield Premise(f"every path passes `{name}`, which shows {listed(shown)}", span)
