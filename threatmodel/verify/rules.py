"""Decides a control for one subject by the steps of the semantics, from the texts of model and control.

One subject at a time, plainly: the checker's own reading of docs/explanation/semantics.md. All that a verdict
rests on is remembered, so that it can be compared with what a proof says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias

from threatmodel.verify.derive import derive
from threatmodel.verify.said import BASELINE, GOOD, TYPE, Said, Sayings, covered
from threatmodel.verify.text import ELEMENTS, Entity, Path, Text, many
from threatmodel.verify.values import Truth, Value, holds
from threatmodel.verify.ways import Route, Way, Ways, route_of, routes

Asked: TypeAlias = tuple[str, str, str]
"""The control, kind or fact that was asked for, and the kind and id of the subject."""


class Step(NamedTuple):
    """How a control is decided for a subject once it is needed: verdict, rule, `expect`, all that is said."""

    verdict: str
    rule: str
    expect: Truth
    said: tuple[Said, ...]


class Shown(NamedTuple):
    """Whether something on a path shows a control, and all that is said of the control there."""

    shows: Truth
    said: tuple[Said, ...]


class Decided(NamedTuple):
    """A verdict, the rule that decided, and what `when` is."""

    verdict: str
    rule: str
    when: Truth


class Trace(NamedTuple):
    """All that verdicts rest on, by what was asked; of a fact also whether the checker derived it."""

    verdicts: Mapping[Asked, Decided]
    steps: Mapping[Asked, Step]
    shown: Mapping[Asked, Shown]
    ways: Mapping[tuple[Route, str, str], Way]
    facts: Mapping[Asked, tuple[Value, bool]]


class Premises(Protocol):
    """What a proof brings: values of facts that the checker does not derive, and a claim about each way."""

    def fact(self, name: str, of: Entity) -> Value:
        """The value of a fact: taken on trust, and told so."""

    def way(self, route: Route, to: Entity) -> Way:
        """The claim: checked, never believed."""


class Rules:
    """Decides over one text, and remembers what was asked and found."""

    def __init__(self, text: Text, control: Callable[[str], Mapping[str, Any]], given: Premises) -> None:
        self.text = text
        self.control = control
        self._given = given
        self._verdicts: dict[Asked, Decided] = {}
        self._steps: dict[Asked, Step] = {}
        self._shown: dict[Asked, Shown] = {}
        self._ways: dict[tuple[Route, str, str], Way] = {}
        self._facts: dict[Asked, tuple[Value, bool]] = {}
        self._sayings = Sayings(text, control)
        self._search = Ways(text, lambda name, of: self.evidence(name, of).shows, self._flow_kind)

    @property
    def trace(self) -> Trace:
        """What was asked so far, and what came out."""
        return Trace(self._verdicts, self._steps, self._shown, self._ways, self._facts)

    def verdict(self, name: str, of: Entity) -> Decided:
        """The verdict of a control for a subject."""
        found = self._verdicts[name, of.kind, of.id] = self._verdict(name, of)
        return found

    def _verdict(self, name: str, of: Entity) -> Decided:
        control = self.control(name)
        when = self._truth(control["when"], of) if "when" in control else True
        if when is False:
            return Decided("not-applicable", "1 not needed", when)
        if out_of_scope(self.text, of):
            return Decided("not-applicable", "1 out of scope", when)
        step = self.step(name, of)
        if step.verdict == "not-applicable":
            return Decided(step.verdict, step.rule, when)
        asked = [self.way(route, of) for route in routes(control.get("expect"))]
        if asked and self.text.untrusted and not any(way.reached for way in asked):
            return Decided("not-applicable", "1 no path", when)
        if when is None:
            return Decided("unknown", "1 need unknown", when)
        return Decided(step.verdict, step.rule, when)

    def step(self, name: str, of: Entity) -> Step:
        """What a control comes to for a subject once it is needed."""
        key = name, of.kind, of.id
        if key not in self._steps:
            control = self.control(name)
            expect = self._truth(control["expect"], of) if "expect" in control else None
            said = self._sayings.of(name, of)
            self._steps[key] = Step(*self._decide(name, of, expect, said), expect, said)
        return self._steps[key]

    def fact(self, name: str, of: Entity) -> Value:
        """The value of a fact, derived from the text where the checker can, else as the proof has it."""
        key = name, of.kind, of.id
        if key not in self._facts:
            found = derive(self.text, name, of)
            self._facts[key] = (found[0], True) if found else (self._given.fact(name, of), False)
        return self._facts[key][0]

    def evidence(self, name: str, of: Entity) -> Shown:
        """Whether something that a path passes shows a control by itself."""
        key = name, of.kind, of.id
        if key not in self._shown:
            said = self._sayings.of(name, of) if self.text.counts(of) else ()
            self._shown[key] = Shown(self.text.counts(of) and self._evidence(name, of, said), said)
        return self._shown[key]

    def way(self, route: Route, to: Entity) -> Way:
        """Whether every path passes a route, with the witness that the proof claims where it is one."""
        key = route, to.kind, to.id
        if key not in self._ways:
            self._ways[key] = self._search.decided(route, to, self._given.way(route, to))
        return self._ways[key]

    def _decide(self, name: str, of: Entity, expect: Truth, said: tuple[Said, ...]) -> tuple[str, str]:
        heard = [s for s in said if not (s.weight == "bare" and expect is False)]
        if heard and heard[0].distance <= TYPE:
            if heard[0].weight == "not-applicable":
                return "not-applicable", "1 stated"
            return _verdict(heard[0]), "2 stated"
        nearest = heard[0] if heard and heard[0].distance < BASELINE else None
        if nearest and nearest.weight in GOOD:
            return "satisfied", "3 inherited"
        upstream = not nearest and covered(self.control(name))["upstream"]
        if upstream and self.way(Route((name,)), of).outcome:
            return "satisfied", "3 upstream"
        if expect is not None:
            return ("satisfied" if expect else "gap"), "4 expected"
        if nearest:
            return "gap", "5 inherited"
        return (_verdict(heard[0]), "6 baseline") if heard else ("unknown", "7 nobody said")

    def _evidence(self, name: str, of: Entity, said: tuple[Said, ...]) -> Truth:
        control = self.control(name)
        asked = of.kind in (many(control["subject"]) or ())
        expect = self._truth(control["expect"], of, True) if asked and "expect" in control else None
        for own in (s for s in said if s.distance <= TYPE):
            if not (own.weight == "bare" and expect is False):
                return own.weight in GOOD
        if expect is not None or not (asked or (of.kind in ELEMENTS and covered(control)["ends"])):
            return expect is True
        beyond = next((s for s in said if s.distance > TYPE), None)
        return False if asked and beyond and beyond.weight not in GOOD else None

    def _truth(self, condition: Mapping[str, Any], of: Entity, direct: bool = False) -> Truth:
        """A condition in three values; `direct` where other controls count by direct evidence only."""
        return _all([self._entry(key, value, of, direct) for key, value in condition.items()])

    def _entry(self, key: str, value: Any, of: Entity, direct: bool) -> Truth:
        match key:
            case "all":
                return _all([self._truth(part, of, direct) for part in value])
            case "any":
                return _not(_all([_not(self._truth(part, of, direct)) for part in value]))
            case "not":
                return _not(self._truth(value, of, direct))
            case "claimed" | "satisfied":
                outcome = {"satisfied": True, "gap": False}
                found = (
                    self.evidence(value, of).shows if direct else outcome.get(self.step(value, of).verdict)
                )
                return found is True if key == "claimed" else found
            case "every_path_passes":
                return False if direct else self.way(route_of(value), of).outcome
            case _:
                return holds(value, self.fact(key, of))

    def _flow_kind(self, flow: Entity) -> str:
        return str(self.fact("flow.kind", flow)["one_of"][0])


def out_of_scope(text: Text, of: Entity) -> tuple[Path, ...]:
    """Where it is written that nothing is asked of a subject: of a flow at both ends."""
    bearers = [text.elements[e] for e in (of.source, of.target)] if of.kind == "flow" else [of]
    out = tuple((*e.at, "out_of_scope") for e in bearers if "out_of_scope" in e.said)
    return out if len(out) == len(bearers) else ()


def _verdict(said: Said) -> str:
    return "satisfied" if said.weight in GOOD else "gap"


def _all(parts: list[Truth]) -> Truth:
    return False if False in parts else None if None in parts else True


def _not(part: Truth) -> Truth:
    return None if part is None else not part
