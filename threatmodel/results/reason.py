"""Why a verdict is what it is, as values: the step that decided, and what it rests on."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple, TypeAlias

from threatmodel.errors import Span
from threatmodel.logic import Domain, Value
from threatmodel.results.place import Place
from threatmodel.results.step import Step
from threatmodel.results.verdict import Verdict


class AnswerStep(IntEnum):
    """What decided that a threat is open which people found; numbered apart from the steps of results."""

    ANSWER_IS_GAP = 100
    NO_ANSWER = 101


class Cause(NamedTuple):
    """The step that decided, and the place and weight of the statement that it read.

    `place` is set for what is inherited, `weight` where a statement does more than satisfy. `need_known` is
    False where nobody knows whether the control is needed, and the step says what holds if it is.
    """

    step: Step | AnswerStep
    place: Place | None = None
    weight: str = ""
    need_known: bool = True


class FactIs(NamedTuple):
    """A fact with its value; `meaning` is what it asks, as the reference has it."""

    fact: str
    value: Value
    domain: Domain
    meaning: str


class Stated(NamedTuple):
    """What a place says of a control, and what it counts for; what is not said is empty."""

    place: Place
    control: str
    weight: str
    mechanism: str
    by: tuple[str, ...]
    evidence: tuple[str, ...]
    reason: str


class OutOfScope(NamedTuple):
    """An element that is out of scope, with the reason."""

    id: str
    reason: str


class NoPath(NamedTuple):
    """No path of this origin leads to a subject."""

    origin: str
    place: Place


class NoSource(NamedTuple):
    """No element stands where paths of this origin begin."""

    origin: str


class PeopleUnknown(NamedTuple):
    """Nobody said whether these actors are people, at whom paths would begin."""

    actors: tuple[str, ...]


class OpenPath(NamedTuple):
    """A path that does not pass some controls, or, where not `certain`, is not known to."""

    missing: tuple[str, ...]
    passed: tuple[str, ...]
    path: tuple[str, ...]
    certain: bool


class Evidence(NamedTuple):
    """What an element or flow shows of the controls that a path is to pass."""

    id: str
    control: str


class Lacking(NamedTuple):
    """What a hop does not show: statements against it, else the elements and flows that say nothing."""

    control: str
    against: tuple[tuple[Place, str], ...]
    silent: tuple[str, ...]


class PathHop(NamedTuple):
    """A hop of an open path; a relay hands data out, everything else calls."""

    source: str
    target: str
    relay: bool
    shows: tuple[Evidence, ...] | Lacking


class EveryPath(NamedTuple):
    """Every path of an origin over flows of some kinds passes the controls; `open` can be reached else."""

    origin: str
    kinds: tuple[str, ...]
    controls: tuple[str, ...]
    open: tuple[str, ...]


class Guard(NamedTuple):
    """An element that every path passes, with the controls that it shows."""

    id: str
    controls: tuple[str, ...]


class NotStated(NamedTuple):
    """Nobody states another control here."""

    control: str


class OtherControl(NamedTuple):
    """Whether another control holds here (None: not known), and by what."""

    control: str
    holds: bool | None
    by: Stated | Cause


class Answer(NamedTuple):
    """The verdict of a result that answers a threat; None where its control is disabled."""

    key: str
    verdict: Verdict | None


Basis: TypeAlias = (
    FactIs
    | Stated
    | OutOfScope
    | NoPath
    | NoSource
    | PeopleUnknown
    | OpenPath
    | PathHop
    | EveryPath
    | Guard
    | NotStated
    | OtherControl
    | Answer
)


class Premise(NamedTuple):
    """One thing that a verdict rests on, and where it is written (None when it follows from absence)."""

    basis: Basis
    span: Span | None
