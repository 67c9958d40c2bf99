"""Obligations that are not known to hold: bypasses, told as findings, and what to ask about the rest.

Where one path certainly passes the controls and another may not, somebody built a way round: that is told
with its path. Where no path is known to pass them, nobody said anything yet: one question asks where one
answer settles most, at a place that every path passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from threatmodel.catalog import SEVERITIES, Control, CoveredBy, shown_on_paths
from threatmodel.evaluate.explain.witness import listed, may_be_people
from threatmodel.evaluate.questions.wording import whether
from threatmodel.evaluate.severity import Risk
from threatmodel.evaluate.verdicts.engine import Engine
from threatmodel.evaluate.verdicts.obligations import obligations
from threatmodel.graph.paths import calls_of, chokes
from threatmodel.logic import bits
from threatmodel.results import Question, result_key

_FAR = 32  # choke points on the way to one subject that are considered; more make no better question


class _Open(NamedTuple):
    """An obligation that is not known to hold for a subject, the control that it lacks first, and where its
    paths begin."""

    control: Control
    kind: str
    i: int
    lacks: str
    origin: str


Place: TypeAlias = tuple[str, str]
"""Kind and id of what could state a control."""


def open_obligations(engine: Engine, control: Control, kind: str) -> int:
    """The subjects for which it is not known whether every path passes what the control asks for."""
    d = engine.decide(control, kind)
    return d.unknown & d.needed if obligations(control) else 0


def bypassed(engine: Engine, control: Control, kind: str) -> int:
    """Those of them that another path reaches past all that is asked for."""
    found = 0
    open_ = open_obligations(engine, control, kind)
    if open_ and engine.ways.exist:
        for route in obligations(control):
            found |= engine.ways.bypassed(route, kind)
    return found & open_


def told_elsewhere(engine: Engine, control: Control, kind: str) -> int:
    """The unknown results that are told as bypasses or asked about on paths.

    A control that a place can cover is asked about there: one answer for all that stands in it.
    """
    if control.covered_by != CoveredBy() and engine.ways.exist:
        return bypassed(engine, control, kind)
    return open_obligations(engine, control, kind)


def path_questions(engine: Engine) -> Iterator[Question]:
    """Questions for the obligations that no path is known to meet."""
    asked = [o for control in engine.asked.values() for o in _unmet(engine, control)]
    if not engine.ways.exist:
        if asked:
            yield _who_calls(engine, asked)
        return
    if unsure := [open_ for open_ in asked if not open_.lacks]:
        yield _who_is_a_person(engine, unsure)
    by_control: dict[str, list[_Open]] = {}
    for open_ in asked:
        if open_.lacks:
            by_control.setdefault(open_.lacks, []).append(open_)
    for name, found in by_control.items():
        yield from _of_control(engine, engine.controls[name], found)


def _unmet(engine: Engine, control: Control) -> Iterator[_Open]:
    for kind in control.subjects if obligations(control) else ():
        size = engine.size(kind)
        open_ = told_elsewhere(engine, control, kind)
        for i in bits.indexes(open_ & ~bypassed(engine, control, kind), size):
            yield _Open(control, kind, i, *_lacks(engine, control, kind, i))


def _lacks(engine: Engine, control: Control, kind: str, i: int) -> tuple[str, str]:
    """The first control of an open obligation that paths to a subject lack, and where these begin.

    They lack none ("") where all known ones pass, and others begin at whoever may be a person.
    """
    if engine.ways.exist:
        for route in obligations(control):
            yes, no = engine.ways.truth(route, kind)
            if not (yes | no) >> i & 1:
                passed = engine.ways.passed(route, kind, i)
                return "".join(route.controls[passed : passed + 1]), route.origin
    first = obligations(control)[0]
    return first.controls[0], first.origin


def _who_is_a_person(engine: Engine, asked: list[_Open]) -> Question:
    actors = listed(may_be_people(engine))
    return _of_model(engine, f"who is a person: {actors}?", f"`human` of {actors}", asked)


def _who_calls(engine: Engine, asked: list[_Open]) -> Question:
    text = "who calls from outside? no element of the model stands on untrusted ground"
    return _of_model(engine, text, "`actors`, or `trust` of a boundary", asked)


def _of_model(engine: Engine, text: str, answer: str, asked: list[_Open]) -> Question:
    severity, settles = _severity(engine, asked), _keys(engine, asked)
    return Question(text, "", text, answer, "model", severity, None, settles)


def _of_control(engine: Engine, control: Control, found: list[_Open]) -> Iterator[Question]:
    """Questions about one control, each at a place that every path to its subjects passes."""
    places: dict[Place, list[_Open]] = {}
    nowhere: list[_Open] = []
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
            yield _question(engine, control, *place, settled)
    for open_ in nowhere:
        subject = engine.graph.subjects[open_.kind][open_.i]
        yield _question(engine, open_.control, open_.kind, subject, [open_])


def _places(engine: Engine, control: Control, open_: _Open) -> Iterator[Place]:
    """What every path to a subject passes and may show a control: choke points and their types."""
    g = engine.graph
    kinds = shown_on_paths(control)
    if open_.kind == "flow":
        if "flow" in kinds and _silent(engine, control, "flow", open_.i):
            yield "flow", g.subjects["flow"][open_.i]
        last = g.flow_source[open_.i]
    else:
        last = g.positions[open_.kind][open_.i]
    if not calls_of(g, open_.origin).element_counts[last]:
        return
    for element in dict.fromkeys((*chokes(g, last, open_.origin)[:_FAR], last)):
        kind, name = g.subject_kind[element], g.elements[element]
        if kind in kinds and _silent(engine, control, kind, g.order[kind][name]):
            yield kind, name
            if template := getattr(g.values[element], "type", None):
                yield f"{kind} type", template


def _silent(engine: Engine, control: Control, kind: str, i: int) -> bool:
    yes, no = engine.evidence.of(control.id, kind)
    return not (yes | no) >> i & 1


def _question(engine: Engine, control: Control, kind: str, name: str, settled: list[_Open]) -> Question:
    whom = f"{kind} `{name}`"
    answer = f"`{control.id}` under `controls` of {whom}"
    return whether(control, whom, answer, name, _severity(engine, settled), _keys(engine, settled))


def _keys(engine: Engine, asked: list[_Open]) -> tuple[str, ...]:
    ids = engine.graph.subjects
    return tuple(sorted({result_key(o.control.id, o.kind, ids[o.kind][o.i]) for o in asked}))


def _severity(engine: Engine, asked: list[_Open]) -> str:
    by_risk: dict[tuple[str, str], list[int]] = {}
    for open_ in asked:
        by_risk.setdefault((open_.control.id, open_.kind), []).append(open_.i)
    grave = (Risk(engine, engine.controls[c], kind).highest(found) for (c, kind), found in by_risk.items())
    return max(grave, key=SEVERITIES.index)
