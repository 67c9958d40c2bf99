"""Warnings and notes on a model as values: a code with its arguments and its place."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from threatmodel.errors import Span
from threatmodel.results.message import Filled, Name
from threatmodel.results.place import Place
from threatmodel.results.reason import Basis, Premise


class Safeguard(NamedTuple):
    """What a place states of a control, by its mechanism ("" where it names none)."""

    mechanism: str
    place: Place


class ClaimedControl(NamedTuple):
    """A control that holds though nothing asks for it."""

    control: str


class Facts(NamedTuple):
    """What the model itself shows."""

    bases: tuple[Basis, ...]


Protector: TypeAlias = Safeguard | ClaimedControl | Facts
"""What makes a control hold: a statement, another control, or facts."""


class ResultKey(NamedTuple):
    """The key of a result, or a pattern of keys."""

    key: str


class DaysLeft(NamedTuple):
    """How many days are left until something ends, 0 for today."""

    days: int


NoteArgument: TypeAlias = (
    ResultKey | DaysLeft | str | Name | Place | Filled | tuple[Basis, ...] | tuple[Protector, ...]
)


class Note(NamedTuple):
    """A warning about a result, or a note on the model itself: `code` is a word of `errors.CODES`.

    `related` are premises with places of their own, `meant` is what was likely meant instead: like the place
    they make no other note.
    """

    code: str
    arguments: tuple[NoteArgument, ...]
    span: Span
    excerpt: str
    level: Literal["warning", "note"] = "warning"
    related: tuple[Premise, ...] = ()
    meant: tuple[str, ...] = ()
