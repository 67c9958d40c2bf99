"""Why a verdict is what it is, read from the very bitsets that decided: the step, then its premises."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, assert_never

from threatmodel.catalog import All, Any, Claimed, Condition, Control, EveryPath, Leaf, Not, Route, Satisfied
from threatmodel.errors import Span
from threatmodel.evaluate.explain.witness import no_path, path_premises
from threatmodel.evaluate.verdicts.engine import Decision, Engine
from threatmodel.evaluate.verdicts.obligations import obligations
from threatmodel.evaluate.verdicts.statements import LACKING, SATISFYING, AppliedStatement
from threatmodel.facts import fact
from threatmodel.graph import SystemGraph
from threatmodel.graph.grounds import OUTSIDE, SYSTEM
from threatmodel.graph.subject import Subject
from threatmodel.logic import Choice, Domain, Known, Members, Range, Value
from threatmodel.model import SECTIONS, Path, Statement
from threatmodel.results import BASELINE, Place, Premise, Step, Verdict

_PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")


class Reason(NamedTuple):
    """The step that decided, what it rests on, what it overrode, and the statement behind it, if any.

    `needed` is why the control is asked of the subject at all; empty where that itself is what decided.
    """

    verdict: Verdict
    because: str
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
    step = engine.step(control, Subject(kind, i))
    if verdict is Verdict.NOT_APPLICABLE:
        return _not_applicable(engine, control, step, when, kind, i)
    because, said = _because(d, i), d.statement(i)
    expected = premises(engine, control.expect, kind, i)
    rests_on = (_said(engine, said),) if said else expected
    if because == UPSTREAM:
        rests_on = path_premises(engine, Route((control.id,)), kind, i)
    if engine.outcome(control.when, kind, i) is None:
        if because == NOBODY:
            return Reason(verdict, "whether it is needed is not known", when, (), None)
        because = f"whether it is needed is not known; if it is, {because}"
        return Reason(verdict, because, (*when, *rests_on), (), None)
    overrode = () if verdict is Verdict.UNKNOWN else _contrary(engine, control, kind, i, said, expected)
    return Reason(verdict, because, rests_on, overrode, said.statement if said else None, when)


NOBODY = "nobody said"
OPEN_PATH = "a path may go round it"
AROUND = "a path goes round it"
UPSTREAM = "every path from untrusted ground passes it (perimeter only)"


def _because(d: Decision, i: int) -> str:
    """The step after `when` that decides subject `i`, in words."""
    said = d.statement(i)
    place, weight = (place_in_words(said.place), said.weight) if said else ("", "")
    match d.steps[i]:
        case Step.STATED:
            return f"stated here: {weight}"
        case Step.STATED_BY_TYPE:
            return f"stated by its type: {weight}"
        case Step.INHERITED:
            return f"inherited from {place}"
        case Step.UPSTREAM:
            return UPSTREAM if d.expected(i) is not True else "the model shows it"
        case Step.SHOWN:
            return "the model shows it"
        case Step.AROUND:
            return AROUND
        case Step.CONTRARY:
            return "the model shows the contrary"
        case Step.INHERITED_LACK:
            return f"inherited from {place}: {weight}"
        case Step.BASELINE:
            return f"the baseline says: {weight}"
        case Step.OPEN_PATH:
            return OPEN_PATH
        case _:
            return NOBODY


def place_in_words(place: Place) -> str:
    """A place as messages name it."""
    return "the baseline" if place == BASELINE else f"{place.kind} `{place.id}`"


def fill(engine: Engine, template: str, kind: str, i: int) -> str:
    """A control's text with its placeholders filled for one subject; user text stands in backticks."""
    return _PLACEHOLDER.sub(lambda m: _placeholder(engine, m[1], kind, i), template)


@lru_cache(maxsize=4096)
def describe(value: Value, domain: Domain) -> str:
    """A fact's value in words: what is known of it; remembered, because many subjects share a value."""
    match value:
        case Known(None):
            return "none"
        case Known(known):
            if isinstance(known, frozenset):
                return ", ".join(sorted(known)) or "none"
            return str(known).lower() if isinstance(known, bool) else str(known)
        case Range(low, high):
            return _range(low, high, domain)
        case Choice(options):
            return "one of " + ", ".join(sorted(options))
        case Members(certain, possible):
            known = ", ".join(sorted(certain))
            if possible == certain:
                return known or "none"
            if possible is None:
                return f"{known}, perhaps others" if known else "unknown"
            more = f"perhaps {', '.join(sorted(possible - certain))}"
            return f"{known}, {more}" if known else more
        case _:
            return "unknown"


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
    verdict = Verdict.NOT_APPLICABLE
    match step:
        case Step.OUT_OF_SCOPE:
            return Reason(verdict, "out of scope", _out_of_scope(engine, kind, i), (), None)
        case Step.NO_PATH:
            shown = (no_path(engine, kind, i, obligations(control)[0].origin),)
            return Reason(verdict, "no path leads there", shown, (), None)
        case Step.NOT_NEEDED:
            return Reason(verdict, "not needed here", when, (), None)
        case _:
            said = engine.decide(control, kind).own[i]
            return Reason(verdict, "stated here: not-applicable", (_said(engine, said),), (), said.statement)


def _out_of_scope(engine: Engine, kind: str, i: int) -> tuple[Premise, ...]:
    g = engine.graph
    elements = (g.flow_source[i], g.flow_target[i]) if kind == "flow" else (g.positions[kind][i],)
    return tuple(
        Premise(
            f"`{value.id}` is out of scope: `{value.out_of_scope}`", g.model.span(value.at, "out_of_scope")
        )
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
    told = tuple(_said(engine, s) for s in heard if s.weight in against and s != said)
    contrary = d.expected(i) is (d.verdict(i) is not Verdict.SATISFIED)
    return told + (expected if contrary else ())


def _said(engine: Engine, said: AppliedStatement) -> Premise:
    s = said.statement
    parts = [f"{place_in_words(said.place)} says `{s.control}`: {said.weight}"]
    if s.mechanism:
        parts.append(f"by `{s.mechanism}`")
    if s.by:
        parts.append("resting on " + ", ".join(f"`{b}`" for b in s.by))
    if s.evidence:
        parts.append("shown by " + ", ".join(f"`{e.link}`" for e in s.evidence))
    if s.reason:
        parts.append(f"because `{s.reason}`")
    return Premise(", ".join(parts), engine.graph.model.span(s.at))


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
    because, said = _because(d, i), d.statement(i)
    if because == NOBODY:
        return Premise(f"nobody states `{control.id}` here", None)
    word = {True: "holds", False: "does not hold", None: "is not known"}[outcome]
    told = _said(engine, said) if said else Premise(because, None)
    return Premise(f"`{control.id}` {word} here: {told.text}", told.span)


def _leaf(engine: Engine, leaf: Leaf, kind: str, i: int) -> Premise:
    found = engine.fact(kind, leaf.fact)
    column = engine.column(kind, leaf.fact)
    text = f"{leaf.fact} is {describe(column.table[column.codes[i]], found.domain)}"
    place = next(iter(found.places(engine.graph, Subject(kind, i))), None)
    meaning = found.meaning[:1].lower() + found.meaning[1:].rstrip(".")
    return Premise(text, engine.graph.model.span(*place) if place else None, meaning)


def _range(low: int, high: int, domain: Domain) -> str:
    words = ("nothing", *domain.words)
    if low == high:
        return words[low + 1]
    if low < 0:
        return "unknown" if high == len(domain.words) - 1 else f"at most {words[high + 1]}"
    return (
        f"at least {words[low + 1]}"
        if high == len(domain.words) - 1
        else f"{words[low + 1]} to {words[high + 1]}"
    )


def _placeholder(engine: Engine, name: str, kind: str, i: int) -> str:
    subject = engine.graph.subjects[kind][i]
    if name in ("subject", kind):
        return f"`{subject}`"
    if kind == "flow":
        flow = engine.graph.flows[i]
        match name:
            case "source" | "target":
                return f"`{getattr(flow, name)}`"
            case "data":
                return _data((*(flow.sends or ()), *(flow.returns or ())), flow.sends is None)
            case "boundaries":
                return _boundaries(engine, i)
    elif name == "data":
        value = getattr(engine.graph.model, SECTIONS[kind])[subject] if kind in SECTIONS else None
        holds = getattr(value, "holds", None)
        return _data(holds or (), holds is None)
    if fact(kind, name):
        column = engine.column(kind, name)
        return describe(column.table[column.codes[i]], engine.fact(kind, name).domain)
    return f"`{subject}`"


def _data(ids: tuple[str, ...], unknown: bool) -> str:
    if not ids:
        return "data that nobody listed" if unknown else "none of the declared data"
    return ", ".join(f"`{d}`" for d in sorted(set(ids)))


def _boundaries(engine: Engine, flow: int) -> str:
    g = engine.graph
    ends = g.element_ground[g.flow_source[flow]], g.element_ground[g.flow_target[flow]]
    source, target = (_ground(g, ground) for ground in ends)
    return f"within {source}" if source == target else f"from {source} to {target}"


def _ground(graph: SystemGraph, ground: int) -> str:
    """A declared boundary by its id, implied ground in words."""
    name = graph.grounds[ground]
    if ground < len(graph.subjects["boundary"]):
        return f"`{name}`"
    return {OUTSIDE: "outside", SYSTEM: "this system"}.get(
        name, f"the ground of `{graph.ground_party[ground]}`"
    )
