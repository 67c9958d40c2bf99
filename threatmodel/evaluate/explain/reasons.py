"""Why a verdict is what it is, read from the very bitsets that decided: the step, then its premises."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, assert_never

from threatmodel.catalog import All, Any, Claimed, Condition, Control, EveryPath, Leaf, Not, Route, Satisfied
from threatmodel.errors import Span
from threatmodel.evaluate.explain.witness import no_path, path_premises
from threatmodel.evaluate.verdicts.obligations import required_routes
from threatmodel.evaluate.verdicts.statements import LACKING, SATISFYING, AppliedStatement
from threatmodel.evaluate.verdicts.verdicts import Decision, Engine
from threatmodel.facts import fact
from threatmodel.graph import SystemGraph
from threatmodel.graph.grounds import OUTSIDE, SYSTEM
from threatmodel.graph.subject import Subject
from threatmodel.model import SECTIONS, Path, Statement
from threatmodel.results import (
    Argument,
    Cause,
    Crossing,
    DataNames,
    FactIs,
    FactValue,
    Filled,
    Name,
    NotStated,
    OtherControl,
    OutOfScope,
    Place,
    Premise,
    Stated,
    Step,
    Verdict,
)

_PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")


class Reason(NamedTuple):
    """The step that decided, what it rests on, what it overrode, and the statement behind it, if any.

    `needed` is why the control is asked of the subject at all; empty where that itself is what decided.
    """

    verdict: Verdict
    because: Cause
    rests_on: tuple[Premise, ...]
    overrode: tuple[Premise, ...]
    statement: Statement | None
    needed: tuple[Premise, ...] = ()

    @property
    def premises(self) -> tuple[Premise, ...]:
        """All that the verdict rests on: what decided first, then what made it a question."""
        return tuple(dict.fromkeys((*self.rests_on, *self.needed)))


def reason(engine: Engine, control: Control, kind: str, i: int) -> Reason:
    """The reason for the verdict of one control on subject `i` of its kind."""
    d = engine.decide(control, kind)
    verdict = d.verdict(i)
    when = premises(engine, control.when, kind, i)
    if verdict is Verdict.NOT_APPLICABLE:
        return _not_applicable(engine, control, engine.step(control, Subject(kind, i)), when, kind, i)
    because, said = _cause(d, i), d.statement(i)
    expected = premises(engine, control.expect, kind, i)
    rests_on = (_statement(engine, said),) if said else expected
    if because.step is Step.UPSTREAM:
        rests_on = path_premises(engine, Route((control.id,)), kind, i)
    if engine.outcome(control.when, kind, i) is None:
        rests_on = () if because.step is Step.NOBODY else rests_on
        return Reason(verdict, because._replace(need_known=False), (*when, *rests_on), (), None)
    overrode = () if verdict is Verdict.UNKNOWN else _contrary(engine, control, kind, i, said, expected)
    return Reason(verdict, because, rests_on, overrode, said.statement if said else None, when)


def _cause(d: Decision, i: int) -> Cause:
    """The step after `when` that decides subject `i`, with what it read."""
    step, said = Step(d.steps[i]), d.statement(i)
    match step:
        case Step.UPSTREAM if d.expected(i) is True:
            return Cause(Step.SHOWN)
        case Step.STATED | Step.STATED_BY_TYPE | Step.BASELINE if said:
            return Cause(step, weight=said.weight)
        case Step.INHERITED if said:
            return Cause(step, said.place)
        case Step.INHERITED_LACK if said:
            return Cause(step, said.place, said.weight)
        case _:
            return Cause(step)


def fill(engine: Engine, template: str, kind: str, i: int) -> Filled:
    """A control's text with what stands for its placeholders for one subject."""
    names = _placeholders(template)
    return Filled(template, tuple((name, _argument(engine, name, kind, i)) for name in names))


@lru_cache(maxsize=4096)
def _placeholders(template: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(template)))


def subject_path(engine: Engine, kind: str, i: int) -> Path | None:
    """Where subject `i` stands in the model; None for what no file declares."""
    model = engine.graph.model
    if kind == "flow":
        return engine.graph.flows[i].at
    if kind == "model":
        return (0,)
    value = getattr(model, SECTIONS[kind])[engine.graph.subjects[kind][i]]
    path: Path = value.at
    return path or None


def subject_span(engine: Engine, kind: str, i: int) -> Span | None:
    """The place of subject `i` in the files."""
    path = subject_path(engine, kind, i)
    return engine.graph.model.span(path) if path else None


def _not_applicable(
    engine: Engine, control: Control, step: Step, when: tuple[Premise, ...], kind: str, i: int
) -> Reason:
    said, rests_on, cause = None, when, Cause(step)
    match step:
        case Step.OUT_OF_SCOPE:
            rests_on = _out_of_scope(engine, kind, i)
        case Step.NO_PATH:
            rests_on = (no_path(engine, kind, i, required_routes(control)[0].origin),)
        case Step.NOT_NEEDED:
            pass
        case _:
            applied = engine.decide(control, kind).own[i]
            said, rests_on = applied.statement, (_statement(engine, applied),)
            cause = Cause(Step.STATED, weight=applied.weight)
    return Reason(Verdict.NOT_APPLICABLE, cause, rests_on, (), said)


def _out_of_scope(engine: Engine, kind: str, i: int) -> tuple[Premise, ...]:
    g = engine.graph
    elements = (g.flow_source[i], g.flow_target[i]) if kind == "flow" else (g.positions[kind][i],)
    return tuple(
        Premise(OutOfScope(value.id, value.out_of_scope or ""), g.model.span(value.at, "out_of_scope"))
        for value in (g.values[e] for e in elements)
    )


def _contrary(
    engine: Engine,
    control: Control,
    kind: str,
    i: int,
    said: AppliedStatement | None,
    expected: tuple[Premise, ...],
) -> tuple[Premise, ...]:
    """All that speaks against the verdict of subject `i`: the nearest first, the model's own facts last."""
    d = engine.decide(control, kind)
    against = LACKING if d.verdict(i) is Verdict.SATISFIED else SATISFYING
    heard = engine.coverage(control).statements(Subject(kind, i), engine.statements.of(control.id))
    stated = tuple(_statement(engine, s) for s in heard if s.weight in against and s != said)
    contrary = d.expected(i) is (d.verdict(i) is not Verdict.SATISFIED)
    return stated + (expected if contrary else ())


def _statement(engine: Engine, said: AppliedStatement) -> Premise:
    return Premise(_stated(said), engine.graph.model.span(said.statement.at))


def _stated(said: AppliedStatement) -> Stated:
    s = said.statement
    evidence = tuple(e.link for e in s.evidence or ())
    return Stated(
        said.place, s.control, said.weight, s.mechanism or "", tuple(s.by or ()), evidence, s.reason or ""
    )


def premises(engine: Engine, condition: Condition | None, kind: str, i: int) -> tuple[Premise, ...]:
    """The leaves that decided a condition for subject `i`, or, where it is unknown, that left it open."""
    if condition is None:
        return ()
    outcome = engine.outcome(condition, kind, i)
    match condition:
        case All(parts) | Any(parts):
            found = [p for p in parts if engine.outcome(p, kind, i) is outcome]
            return tuple(dict.fromkeys(x for p in found for x in premises(engine, p, kind, i)))
        case Not(part):
            return premises(engine, part, kind, i)
        case Leaf():
            return (_leaf(engine, condition, kind, i),)
        case EveryPath(route):
            return path_premises(engine, route, kind, i)
        case Claimed(control) | Satisfied(control):
            return (_other(engine, engine.controls[control], outcome, kind, i),)
        case _:
            assert_never(condition)


def _other(engine: Engine, control: Control, outcome: bool | None, kind: str, i: int) -> Premise:
    """Whether another control holds for a subject, whatever its need, and by what."""
    d = engine.decide(control, kind)
    cause, said = _cause(d, i), d.statement(i)
    if cause.step is Step.NOBODY:
        return Premise(NotStated(control.id), None)
    if said:
        return Premise(
            OtherControl(control.id, outcome, _stated(said)), engine.graph.model.span(said.statement.at)
        )
    return Premise(OtherControl(control.id, outcome, cause), None)


def _leaf(engine: Engine, leaf: Leaf, kind: str, i: int) -> Premise:
    asked = engine.fact(kind, leaf.fact)
    column = engine.column(kind, leaf.fact)
    place = next(iter(asked.places(engine.graph, Subject(kind, i))), None)
    basis = FactIs(leaf.fact, column.table[column.codes[i]], asked.domain, asked.meaning)
    return Premise(basis, engine.graph.model.span(*place) if place else None)


def _argument(engine: Engine, name: str, kind: str, i: int) -> Argument:
    """What stands for a placeholder of a control's text."""
    subject = engine.graph.subjects[kind][i]
    if name in ("subject", kind):
        return Name(subject)
    if kind == "flow":
        flow = engine.graph.flows[i]
        match name:
            case "source" | "target":
                return Name(getattr(flow, name))
            case "data":
                ids = {*(flow.sends or ()), *(flow.returns or ())}
                return DataNames(tuple(sorted(ids)), flow.sends is not None)
            case "boundaries":
                return _crossing(engine.graph, i)
    elif name == "data":
        value = getattr(engine.graph.model, SECTIONS[kind])[subject] if kind in SECTIONS else None
        holds = getattr(value, "holds", None)
        return DataNames(tuple(sorted(set(holds or ()))), holds is not None)
    if fact(kind, name):
        column = engine.column(kind, name)
        return FactValue(column.table[column.codes[i]], engine.fact(kind, name).domain)
    return Name(subject)


def _crossing(graph: SystemGraph, flow: int) -> Crossing:
    ends = graph.flow_source[flow], graph.flow_target[flow]
    return Crossing(*(_ground(graph, graph.element_ground[e]) for e in ends))


def _ground(graph: SystemGraph, ground: int) -> Place:
    """A declared boundary by its id, implied ground by what it is."""
    name = graph.grounds[ground]
    if ground < len(graph.subjects["boundary"]):
        return Place("boundary", name)
    implied = {OUTSIDE: "outside", SYSTEM: "system"}.get(name)
    return Place(implied, "") if implied else Place("party", graph.ground_party[ground])
