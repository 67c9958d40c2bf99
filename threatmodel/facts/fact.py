"""The form of a fact: a small documented function over the graph, with its domain and the keys it reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from threatmodel.graph.build import SystemGraph
from threatmodel.logic.values import UNKNOWN, Column, Domain, Known, Unknown, Value, column, intern
from threatmodel.model import SECTIONS, Path, words

Place: TypeAlias = tuple[Path, str | None]
Reading: TypeAlias = Callable[[SystemGraph, str, int], Value]
Placing: TypeAlias = Callable[[SystemGraph, str, int], tuple[Place, ...]]


class Groups(NamedTuple):
    """Subjects of a kind in groups: one subject of each group, and for every subject its group."""

    first: Sequence[int]
    members: Sequence[int]


Grouping: TypeAlias = Callable[[SystemGraph, str], Groups]

KINDS: Final = ("services.*.kind", "services.*.technology", "stores.*.kind", "stores.*.technology")
"""The keys that say of what kind an element is."""

BOOLEAN = Domain("boolean")
NUMBER = Domain("number")
TRUST = Domain("ordered", words.TRUST)
CONFIDENTIALITY = Domain("ordered", words.CONFIDENTIALITY)
LEVEL = Domain("ordered", words.LEVELS)
WORDS = Domain("enum")
SET = Domain("set")


class Fact(NamedTuple):
    """A typed truth about subjects of some kinds.

    `absent` says what it is when nothing is declared: `unknown`, `false`, or `closed` (structure, as drawn);
    `reads` are the keys of the model language it depends on; `places` where one value comes from;
    `groups` puts subjects together that must have the same value, which is then computed once.
    """

    name: str
    subjects: tuple[str, ...]
    domain: Domain
    absent: Literal["unknown", "false", "closed"]
    reads: tuple[str, ...]
    meaning: str
    value: Reading
    places: Placing
    groups: Grouping | None = None

    def column(self, graph: SystemGraph, subject: str) -> Column:
        """The values for every subject of a kind."""
        value, size = self.value, len(graph.subjects[subject])
        if self.groups is None:
            return intern([value(graph, subject, i) for i in range(size)])
        first, members = self.groups(graph, subject)
        table, codes = intern([value(graph, subject, i) for i in first])
        return column(table, map(codes.__getitem__, members))


def boolean(value: bool) -> Known:
    """A known boolean."""
    return TRUE if value else FALSE


def perhaps(value: bool | None) -> Known | Unknown:
    """A boolean that may not be known."""
    return UNKNOWN if value is None else boolean(value)


TRUE, FALSE = Known(True), Known(False)


def subject_at(graph: SystemGraph, kind: str, i: int) -> Path:
    """The path of a subject in the model's files."""
    if kind == "flow":
        return graph.flows[i].at
    if kind == "model":
        return (0,)
    path: Path = getattr(graph.model, SECTIONS[kind])[graph.subjects[kind][i]].at
    return path


def itself(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    """Places: the subject, whichever key says it."""
    return ((subject_at(graph, kind, i), None),)


def keys(*names: str) -> Placing:
    """Places: these keys of the subject itself."""

    def places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
        path = subject_at(graph, kind, i)
        return tuple((path, name) for name in names)

    return places
