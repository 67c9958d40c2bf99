"""The form of a fact: a documented function over the graph, its domain, and what absence means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from threatmodel.graph.build import SystemGraph
from threatmodel.graph.subject import Subject
from threatmodel.logic.values import UNKNOWN, Column, Domain, Known, Unknown, Value, column, intern, known
from threatmodel.model import SECTIONS, Path, words

Place: TypeAlias = tuple[Path, str | None]
Reading: TypeAlias = Callable[[SystemGraph, Subject], Value]
Placing: TypeAlias = Callable[[SystemGraph, Subject], tuple[Place, ...]]
Absence: TypeAlias = Literal["unknown", "false", "closed"]


class Groups(NamedTuple):
    """Subjects of a kind in groups: one subject of each group, and for every subject its group."""

    first: Sequence[int]
    members: Sequence[int]


Grouping: TypeAlias = Callable[[SystemGraph, str], Groups]

BOOLEAN = Domain("boolean")
NUMBER = Domain("number")
TRUST = Domain("ordered", words.TRUST)
CONFIDENTIALITY = Domain("ordered", words.CONFIDENTIALITY)
LEVEL = Domain("ordered", words.LEVELS)
WORDS = Domain("enum")
SET = Domain("set")

SERVICE_OR_STORE: Final = ("service", "store")
ELEMENTS: Final = (*SERVICE_OR_STORE, "actor")


class Fact(NamedTuple):
    """A typed truth about subjects of some kinds.

    `absent` says what it is when nothing is declared: `unknown`, `false`, or `closed` (structure, as drawn);
    `places` where one value comes from; `groups` puts subjects together that must have the same value, which
    is then computed once. Which keys of the model it reads is nowhere said: it is recorded, and printed in
    the reference.
    """

    name: str
    subjects: tuple[str, ...]
    domain: Domain
    absent: Absence
    meaning: str
    value: Reading
    places: Placing
    groups: Grouping | None = None

    def column(self, graph: SystemGraph, kind: str) -> Column:
        """The values for every subject of a kind."""
        value, subjects = self.value, graph.every(kind)
        if self.groups is None:
            return intern([value(graph, subject) for subject in subjects])
        first, members = self.groups(graph, kind)
        table, codes = intern([value(graph, subjects[i]) for i in first])
        return column(table, map(codes.__getitem__, members))


def fact(
    subjects: tuple[str, ...],
    domain: Domain,
    *,
    absent: Absence,
    places: Placing,
    groups: Grouping | None = None,
    name: str | None = None,
    meaning: str | None = None,
) -> Callable[[Reading], Fact]:
    """Declares the decorated function as a fact.

    Its name is the function's, unless it needs a dot. Its meaning is the first paragraph of the docstring;
    what follows there is for those who read the code.
    """

    def declared(value: Reading) -> Fact:
        text = meaning or (value.__doc__ or "").partition("\n\n")[0]
        return Fact(
            name=name or value.__name__,
            subjects=subjects,
            domain=domain,
            absent=absent,
            meaning=" ".join(text.split()),
            value=value,
            places=places,
            groups=groups,
        )

    return declared


def boolean(value: bool) -> Known:
    """A known boolean."""
    return TRUE if value else FALSE


def perhaps(value: bool | None) -> Known | Unknown:
    """A boolean that may not be known."""
    return UNKNOWN if value is None else boolean(value)


def word(text: str | None) -> Known | Unknown:
    """A word that may not be declared."""
    return UNKNOWN if text is None else known(text)


TRUE, FALSE = Known(True), Known(False)


def subject_at(graph: SystemGraph, subject: Subject) -> Path:
    """The path of a subject in the model's files."""
    if subject.kind == "flow":
        return graph.flows[subject.position].at
    if subject.kind == "model":
        return (0,)
    path: Path = getattr(graph.model, SECTIONS[subject.kind])[graph.id_of(subject)].at
    return path


def itself(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    """Places: the subject, whichever key says it."""
    return ((subject_at(graph, subject), None),)


def nowhere(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    """Places: none, since no line of the model says it."""
    return ()


def keys(*names: str) -> Placing:
    """Places: these keys of the subject itself."""

    def places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
        path = subject_at(graph, subject)
        return tuple((path, name) for name in names)

    return places
