"""Sentences about a subject as values: a text of the catalog with its arguments."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from threatmodel.logic import Domain, Value
from threatmodel.results.place import Place


class Name(NamedTuple):
    """The id of a subject."""

    id: str


class DataNames(NamedTuple):
    """The data assets of a flow or store; `listed` is False where the model does not say which."""

    ids: tuple[str, ...]
    listed: bool


class Crossing(NamedTuple):
    """Where a flow goes: declared boundaries, or ("outside", ""), ("system", ""), ("party", its id)."""

    source: Place
    target: Place


class FactValue(NamedTuple):
    """The value of a fact."""

    value: Value
    domain: Domain


Argument: TypeAlias = Name | DataNames | Crossing | FactValue


class Filled(NamedTuple):
    """A text of the catalog, with what stands for each of its placeholders."""

    template: str
    arguments: tuple[tuple[str, Argument], ...]


class MayBypass(NamedTuple):
    """A path to a subject that may go round some controls."""

    place: Place
    controls: tuple[str, ...]


class ThreatOpen(NamedTuple):
    """A threat that people found: an answer to it is a gap, or nothing answers it."""

    title: str
    answered: bool


class AnswerThreat(NamedTuple):
    """What to do about a threat that people found."""

    threat: str


Message: TypeAlias = Filled | MayBypass | ThreatOpen | AnswerThreat
