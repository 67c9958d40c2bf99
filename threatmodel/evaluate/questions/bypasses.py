"""Obligations that are not known to hold: bypasses, told as findings, and what to ask about the rest.

Where one path certainly passes the controls and another may not, somebody built a way round: that is told
with its path. Where no path is known to pass them, nobody said anything yet: one question asks where one
answer settles most, at a place that every path passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from threatmodel.catalog import Control, CoveredBy, shown_on_paths
from threatmodel.errors import Span
from threatmodel.evaluate.explain.witness import may_be_people
from threatmodel.evaluate.questions.keys import Open, gravest_of, keys_of
from threatmodel.evaluate.severity import Risks
from threatmodel.evaluate.verdicts.obligations import required_routes
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.graph.paths import UNTRUSTED, calls_of, chokes
from threatmodel.logic import bits
from threatmodel.results import (
    ClaimAt,
    Declaration,
    DeclareOutside,
    DeclarePeople,
    Place,
    Question,
    StateControl,
)

_FAR = 32  # choke points on the way to one subject that are considered; more make no better question


class _Unmet(NamedTuple):
    """An obligation that is not known to hold for a subject, the control that it lacks first, and where its
    paths begin."""

    result: Open
    lacks: str
    origin: str


def open_obligations(engine: Engine, control: Control, kind: str) -> int:
    """The subjects for which it is not known whether every path passes what the control asks for."""
    d = engine.decide(control, kind)
    return d.unknown & d.needed if required_routes(control) else 0


def bypassed(engine: Engine, control: Control, kind: str) -> int:
    """Those of them that another path reaches past all that is asked for."""
    found = 0
    open_ = open_obligations(engine, control, kind)
    if open_ and engine.obligations.has_source:
        for route in required_routes(control):
            found |= engine.obligations.bypassed(route, kind)
    return found & open_


def settled_on_paths(engine: Engine, control: Control, kind: str) -> int:
    """The unknown results that are told as bypasses or asked about on paths.

    A control that a place can cover is asked about there: one answer for all that stands in it.
    """
    if control.covered_by != CoveredBy() and engine.obligations.has_source:
        return bypassed(engine, control, kind)
    return open_obligations(engine, control, kind)


def path_questions(engine: Engine, risks: Risks) -> Iterator[Question]:
    """Questions for the obligations that no path is known to meet."""
    asked = [o for control in engine.asked.values() for o in _unmet(engine, control)]
    if not engine.obligations.has_source:
        if asked:
            yield _of_model(engine, DeclareOutside(UNTRUSTED), asked, risks)
        return
    if unsure := [open_ for open_ in asked if not open_.lacks]:
        yield _of_model(engine, DeclarePeople(may_be_people(engine)), unsure, risks)
    by_control: dict[str, list[_Unmet]] = {}
    for open_ in asked:
        if open_.lacks:
            by_control.setdefault(open_.lacks, []).append(open_)
    for name, found in by_control.items():
        yield from _of_control(engine, engine.controls[name], found, risks)


def _unmet(engine: Engine, control: Control) -> Iterator[_Unmet]:
    for kind in control.subjects if required_routes(control) else ():
        size = engine.size(kind)
        open_ = settled_on_paths(engine, control, kind)
        for i in bits.indexes(open_ & ~bypassed(engine, control, kind), size):
            yield _Unmet(Open(control, kind, i), *_lacks(engine, control, kind, i))


def _lacks(engine: Engine, control: Control, kind: str, i: int) -> tuple[str, str]:
    """The first control of an open obligation that paths to a subject lack, and where these begin.

    They lack none ("") where all known ones pass, and others begin at whoever may be a person.
    """
    if engine.obligations.has_source:
        for route in required_routes(control):
            yes, no = engine.obligations.truth(route, kind)
            if not (yes | no) >> i & 1:
                passed = engine.obligations.passed(route, kind, i)
                return "".join(route.controls[passed : passed + 1]), route.origin
    first = required_routes(control)[0]
    return first.controls[0], first.origin


def _of_model(engine: Engine, answer: Declaration, asked: list[_Unmet], risks: Risks) -> Question:
    return Question(None, answer, "model", *_settled(engine, asked, risks))


def _of_control(engine: Engine, control: Control, found: list[_Unmet], risks: Risks) -> Iterator[Question]:
    """Questions about one control, each at a place that every path to its subjects passes."""
    places: dict[Place, list[_Unmet]] = {}
    nowhere: list[_Unmet] = []
    for open_ in found:
        here = dict.fromkeys(_places(engine, control, open_))
        for place in here:
            places.setdefault(place, []).append(open_)
        if not here:
            nowhere.append(open_)
    remaining = dict.fromkeys(found)
    for place in sorted(places, key=lambda p: (-len(places[p]), p)):
        settled = [open_ for open_ in places[place] if open_ in remaining]
        for open_ in settled:
            del remaining[open_]
        if settled:
            yield _question(engine, control, place, settled, risks)
    for open_ in nowhere:
        asked, kind, i = open_.result
        yield _question(engine, asked, Place(kind, engine.graph.subjects[kind][i]), [open_], risks)


def _places(engine: Engine, control: Control, open_: _Unmet) -> Iterator[Place]:
    """What every path to a subject passes and may show a control: choke points and their types."""
    g = engine.graph
    kinds = shown_on_paths(control)
    _, subject_kind, i = open_.result
    if subject_kind == "flow":
        if "flow" in kinds and _silent(engine, control, "flow", i):
            yield Place("flow", g.subjects["flow"][i])
        last = g.flow_source[i]
    else:
        last = g.positions[subject_kind][i]
    if not calls_of(g, open_.origin).element_counts[last]:
        return
    for element in dict.fromkeys((*chokes(g, last, open_.origin)[:_FAR], last)):
        kind, name = g.subject_kind[element], g.elements[element]
        if kind in kinds and _silent(engine, control, kind, g.order[kind][name]):
            yield Place(kind, name)
            if template := getattr(g.values[element], "type", None):
                yield Place(f"{kind} type", template)


def _silent(engine: Engine, control: Control, kind: str, i: int) -> bool:
    yes, no = engine.evidence.of(control.id, kind)
    return not (yes | no) >> i & 1


def _question(
    engine: Engine, control: Control, place: Place, settled: list[_Unmet], risks: Risks
) -> Question:
    asks, answer = ClaimAt(control.title, place), StateControl(control.id, place)
    return Question(asks, answer, place.id, *_settled(engine, settled, risks))


def _settled(engine: Engine, asked: list[_Unmet], risks: Risks) -> tuple[str, Span | None, tuple[str, ...]]:
    """What a question without a place of its own settles: the worst severity, no place, and the keys."""
    results = [unmet.result for unmet in asked]
    return gravest_of(risks, results), None, tuple(sorted(set(keys_of(engine, results))))
