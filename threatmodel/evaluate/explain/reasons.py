"""Why a verdict is what it is, read from the very bitsets that decided: the step, then its premises."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, assert_never

from threatmodel.catalog import All, Any, Claimed, Condition, Control, EveryPath, Leaf, Not, Route, Satisfied
from threatmodel.errors import Span
from threatmodel.evaluate.explain.witness import no_path, path_premises
from threatmodel.evaluate.verdicts.engine import Engine
from threatmodel.evaluate.verdicts.inheritance import speaking
from threatmodel.evaluate.verdicts.obligations import obligations
from threatmodel.evaluate.verdicts.statements import LACKING, OUT, SATISFYING, Said
from threatmodel.facts import fact
from threatmodel.graph import SystemGraph
from threatmodel.graph.grounds import OUTSIDE, SYSTEM
from threatmodel.graph.subject import Subject
from threatmodel.logic import Choice, Domain, Known, Members, Range, Value
from threatmodel.model import SECTIONS, Path, Statement
from threatmodel.results import Premise, Verdict

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
    own = d.stated(i)
    if verdict is Verdict.NOT_APPLICABLE:
        return _not_applicable(engine, control, own, when, kind, i)
    because, said = _step(engine, control, kind, i)
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


def _step(engine: Engine, control: Control, kind: str, i: int) -> tuple[str, Said | None]:
    """Which step after `when` decides subject `i`, and the statement that it reads, if it reads one."""
    d = engine.decide(control, kind)
    own, inherited, expected = d.stated(i), d.provider(i), d.expected[i]
    if own:
        return f"stated {'by its type' if ' type ' in own.where else 'here'}: {own.weight}", own
    if inherited and inherited.weight in SATISFYING:
        return f"inherited from {inherited.where}", inherited
    if d.upstream >> i & 1 and expected != 1:
        return UPSTREAM, None
    if expected == 1:
        return "the model shows it", None
    if expected:
        around = any(engine.ways.truth(route, kind)[1] >> i & 1 for route in obligations(control))
        return (AROUND if around else "the model shows the contrary"), None
    if inherited:
        return f"inherited from {inherited.where}: {inherited.weight}", inherited
    if d.baseline and d.based[i]:
        return f"the baseline says: {d.baseline.weight}", d.baseline
    return (OPEN_PATH if obligations(control) else NOBODY), None


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
    engine: Engine, control: Control, own: Said | None, when: tuple[Premise, ...], kind: str, i: int
) -> Reason:
    if own and own.weight in OUT:
        because = "stated here: not-applicable"
        return Reason(Verdict.NOT_APPLICABLE, because, (_said(engine, own),), (), own.statement)
    if engine.out_of_scope(kind) >> i & 1:
        return Reason(Verdict.NOT_APPLICABLE, "out of scope", _out_of_scope(engine, kind, i), (), None)
    if engine.outcome(control.when, kind, i) is not False:
        shown = (no_path(engine, kind, i, obligations(control)[0].origin),)
        return Reason(Verdict.NOT_APPLICABLE, "no path leads there", shown, (), None)
    return Reason(Verdict.NOT_APPLICABLE, "not needed here", when, (), None)


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
    engine: Engine, control: Control, kind: str, i: int, said: Said | None, expected: tuple[Premise, ...]
) -> tuple[Premise, ...]:
    """All that speaks against the verdict of subject `i`: the nearest first, the model's own facts last."""
    d = engine.decide(control, kind)
    against = LACKING if d.verdict(i) is Verdict.SATISFIED else SATISFYING
    places = engine.statements.of(control.id)
    heard = speaking(engine.graph, control, kind, i, places)
    if d.baseline and d.based[i]:
        heard.append(d.baseline)
    told = tuple(_said(engine, s) for s in heard if s.weight in against and s != said)
    contrary = d.expected[i] == (2 if d.verdict(i) is Verdict.SATISFIED else 1)
    return told + (expected if contrary else ())


def _said(engine: Engine, said: Said) -> Premise:
    s = said.statement
    parts = [f"{said.where} says `{s.control}`: {said.weight}"]
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
    because, said = _step(engine, control, kind, i)
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
