"""Reasons in words: the step that decided a verdict, and the premises on which it rests."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, assert_never

from threatmodel.graph.paths import ORIGINS
from threatmodel.logic.description import describe
from threatmodel.model.words import FLOW_KINDS
from threatmodel.render.text.wording import names
from threatmodel.results import (
    BASELINE,
    Answer,
    AnswerStep,
    Basis,
    Cause,
    EveryPath,
    Evidence,
    FactIs,
    Guard,
    Lacking,
    NoPath,
    NoSource,
    NotStated,
    OpenPath,
    OtherControl,
    OutOfScope,
    PathHop,
    PeopleUnknown,
    Place,
    Premise,
    Stated,
    Step,
)

_UNKNOWN_NEED: Final = "whether it is needed is not known"
_STEPS: Final[dict[Step | AnswerStep, str]] = {
    Step.OUT_OF_SCOPE: "out of scope",
    Step.NO_PATH: "no path leads there",
    Step.NOT_NEEDED: "not needed here",
    Step.UPSTREAM: "every path from untrusted ground passes it (perimeter only)",
    Step.SHOWN: "the model shows it",
    Step.AROUND: "a path goes round it",
    Step.CONTRARY: "the model shows the contrary",
    Step.OPEN_PATH: "a path may go round it",
    Step.NOBODY: "nobody said",
    AnswerStep.ANSWER_IS_GAP: "an answer is a gap",
    AnswerStep.NO_ANSWER: "`answered_by` is empty",
}
_HOLDS: Final = {True: "holds", False: "does not hold", None: "is not known"}


def reason_text(cause: Cause) -> str:
    """The step that decided a verdict, in words."""
    if cause.need_known:
        return _step(cause)
    return _UNKNOWN_NEED if cause.step is Step.NOBODY else f"{_UNKNOWN_NEED}; if it is, {_step(cause)}"


def premise_text(premise: Premise) -> str:
    """What a verdict rests on, in words."""
    return basis_text(premise.basis)


def basis_text(basis: Basis) -> str:
    """A premise without its place, in words."""
    match basis:
        case FactIs(fact, value, domain):
            return f"{fact} is {describe(value, domain)}"
        case Stated():
            return _stated(basis)
        case OutOfScope(id, reason):
            return f"`{id}` is out of scope: `{reason}`"
        case NoPath(origin, place):
            return f"no path leads from {ORIGINS[origin]} to {place_text(place)}"
        case NoSource():
            return "no element of the model stands on untrusted ground"
        case PeopleUnknown(actors):
            known = "every known path passes; nobody said whether"
            return f"{known} {names(actors)} is a person, with paths of their own"
        case OpenPath():
            return _open_path(basis)
        case PathHop(source, target, relay, shows):
            verb = "hands data out to" if relay else "calls"
            found = _lacking(shows) if isinstance(shows, Lacking) else ", ".join(map(_evidence, shows))
            return f"`{source}` {verb} `{target}`: {found}"
        case EveryPath(origin, kinds, controls, reached):
            end = f"only {names(reached)} can be reached" if reached else "nothing is reached"
            passed = f"{ORIGINS[origin]}{_over(kinds)} passes {_in_turn(controls)}"
            return f"every path from {passed}; without it {end}"
        case Guard(id, controls):
            return f"every path passes `{id}`, which shows {names(controls)}"
        case NotStated(control):
            return f"nobody states `{control}` here"
        case OtherControl(control, holds, by):
            why = reason_text(by) if isinstance(by, Cause) else _stated(by)
            return f"`{control}` {_HOLDS[holds]} here: {why}"
        case Answer():
            return answer_text(basis)
        case _:
            assert_never(basis)


def meaning_of(premise: Premise) -> str:
    """What the fact of a premise asks, as the reference has it; empty for what is no fact."""
    if not isinstance(premise.basis, FactIs):
        return ""
    meaning = premise.basis.meaning
    return meaning[:1].lower() + meaning[1:].rstrip(".")


def answer_text(answer: Answer) -> str:
    """The verdict of a result that answers a threat."""
    return f"`{answer.key}` is {'disabled' if answer.verdict is None else answer.verdict.word}"


def place_text(place: Place) -> str:
    """What can state a control, by its kind and id."""
    return "the baseline" if place == BASELINE else f"{place.kind} `{place.id}`"


def _step(cause: Cause) -> str:
    match cause.step:
        case Step.STATED:
            return f"stated here: {cause.weight}"
        case Step.STATED_BY_TYPE:
            return f"stated by its type: {cause.weight}"
        case Step.INHERITED | Step.INHERITED_LACK:
            assert cause.place is not None
            place = f"inherited from {place_text(cause.place)}"
            return f"{place}: {cause.weight}" if cause.weight else place
        case Step.BASELINE:
            return f"the baseline says: {cause.weight}"
        case _:
            return _STEPS[cause.step]


def _stated(s: Stated) -> str:
    parts = [f"{place_text(s.place)} says `{s.control}`: {s.weight}"]
    if s.mechanism:
        parts.append(f"by `{s.mechanism}`")
    if s.by:
        parts.append("resting on " + ", ".join(f"`{b}`" for b in s.by))
    if s.evidence:
        parts.append("shown by " + ", ".join(f"`{e}`" for e in s.evidence))
    if s.reason:
        parts.append(f"because `{s.reason}`")
    return ", ".join(parts)


def _open_path(basis: OpenPath) -> str:
    missing = _in_turn(basis.missing)
    head = f"nothing shows {missing}" if basis.certain else f"nobody said what shows {missing}"
    after = f" after {', '.join(f'`{c}`' for c in basis.passed)}" if basis.passed else ""
    return f"{head}{after} on the path {' -> '.join(f'`{name}`' for name in basis.path)}"


def _evidence(evidence: Evidence) -> str:
    return f"`{evidence.id}` shows `{evidence.control}`"


def _lacking(lacking: Lacking) -> str:
    control = lacking.control
    if lacking.against:
        return " and ".join(f"{place_text(p)} says `{control}`: {weight}" for p, weight in lacking.against)
    if not lacking.silent:
        return f"without `{control}`"
    return f"nobody said whether {' or '.join(f'`{n}`' for n in lacking.silent)} shows `{control}`"


def _in_turn(controls: Collection[str]) -> str:
    return ", then ".join(f"`{c}`" for c in controls)


def _over(kinds: Collection[str]) -> str:
    """The flows that a path follows, in words: of many those that it does not; nothing for all of them."""
    left = [kind for kind in FLOW_KINDS if kind not in kinds]
    if not kinds or not left:
        return ""
    if len(left) < len(kinds):
        return f" over all but {' and '.join(left)} flows"
    return f" over {' and '.join(kinds)} flows"
