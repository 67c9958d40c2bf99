"""Questions as values: what to ask, where the answer would be written, and what it settles."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from threatmodel.errors import Span
from threatmodel.results.message import Filled
from threatmodel.results.place import Place
from threatmodel.results.reason import Answer


class StateControl(NamedTuple):
    """An answer: the statement of a control at a place."""

    control: str
    place: Place


class Common(NamedTuple):
    """What many things of a section have in common: a type, a place or an end, and its id."""

    section: str
    link: Literal["type", "in", "outside", "to", "from"]
    id: str


class DeclareKey(NamedTuple):
    """An answer: a key of some things; `common` where they are many and have something in common."""

    key: str
    ids: tuple[str, ...]
    common: Common | None = None


class DeclarePeople(NamedTuple):
    """An answer: which of these actors are people."""

    actors: tuple[str, ...]


class DeclareOutside(NamedTuple):
    """An answer: who stands on the ground where paths of this origin begin."""

    origin: str


class NameAnswers(NamedTuple):
    """An answer: the results that answer a threat."""

    threat: str


Declaration: TypeAlias = StateControl | DeclareKey | DeclarePeople | DeclareOutside | NameAnswers
"""Where the answer to a question is written: what a question is known by."""


class ClaimAt(NamedTuple):
    """Whether what a control claims by its title is true at a place."""

    title: str
    place: Place


class KeyOf(NamedTuple):
    """What a key is of some things, which a noun names."""

    noun: str


class OpenThreat(NamedTuple):
    """What (else) answers a threat, since its answers so far are not satisfied."""

    title: str
    unmet: tuple[Answer, ...]


Ask: TypeAlias = ClaimAt | Filled | KeyOf | OpenThreat | None
"""What is asked; None where the answer says it all."""


class Question(NamedTuple):
    """What to ask a person, where the answer would be written, and the keys it settles."""

    asks: Ask
    answer: Declaration
    place: str
    severity: str
    span: Span | None
    settles: tuple[str, ...]
