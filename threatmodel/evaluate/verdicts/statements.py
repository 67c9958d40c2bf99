"""What a model's statements count for, and where the statements of one control stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from threatmodel.catalog import Control, is_weak, mechanism_words, names_one
from threatmodel.graph import SystemGraph
from threatmodel.logic import bits
from threatmodel.model import Statement, stated
from threatmodel.results import BASELINE, Note, Place

Weight = Literal[
    "implemented", "alternative", "bare", "partial", "planned", "weak", "absent", "not-applicable"
]
_WORST_FIRST: tuple[Weight, ...] = (
    "absent",
    "weak",
    "planned",
    "partial",
    "bare",
    "alternative",
    "implemented",
    "not-applicable",
)
SATISFYING: frozenset[Weight] = frozenset({"implemented", "alternative", "bare"})
LACKING: frozenset[Weight] = frozenset({"absent", "weak", "planned", "partial"})
OUT: frozenset[Weight] = frozenset({"not-applicable"})


class AppliedStatement(NamedTuple):
    """A statement where it stands, with what it counts for: its status, or `weak`, or `bare`."""

    weight: Weight
    statement: Statement
    place: Place

    @property
    def rank(self) -> tuple[int, Place]:
        """Sorts the worse first, ties by place."""
        return _WORST_FIRST.index(self.weight), self.place


class Statements(NamedTuple):
    """What a model says of one control: by kind of place, then by id."""

    by_kind: Mapping[str, Mapping[str, AppliedStatement]]

    def of(self, kind: str) -> Mapping[str, AppliedStatement]:
        """What places of one kind say, by id."""
        return self.by_kind.get(kind, _NOTHING)

    def at(self, place: Place) -> AppliedStatement | None:
        """What one place says."""
        return self.of(place.kind).get(place.id)

    def without(self, weight: Weight) -> Statements:
        """The same, less the statements of this weight; itself where there are none."""
        if not any(s.weight == weight for found in self.by_kind.values() for s in found.values()):
            return self
        return Statements(
            {
                kind: {name: s for name, s in found.items() if s.weight != weight}
                for kind, found in self.by_kind.items()
            }
        )


def weighing(stated: Mapping[int, AppliedStatement], weights: frozenset[Weight], size: int) -> int:
    """The bitset of the subjects for which something of these weights is stated."""
    return bits.from_indexes([i for i, s in stated.items() if s.weight in weights], size)


class StatementIndex:
    """Every statement of a model by control, weighed for a catalog and a date."""

    def __init__(self, graph: SystemGraph, controls: Mapping[str, Control]) -> None:
        self._warnings: dict[Note, None] = {}
        self._model = graph.model
        self._as_of = graph.as_of
        self._found: dict[str, dict[str, dict[str, AppliedStatement]]] = {}
        for kind, name, statements in stated(graph.model):
            place = BASELINE if kind == BASELINE.kind else Place(kind, name)
            for statement in statements.values():
                control = controls.get(statement.control)
                if control and (weight := self._weigh(control, statement)):
                    found = self._found.setdefault(control.id, {}).setdefault(kind, {})
                    found[place.id] = AppliedStatement(weight, statement, place)

    @property
    def warnings(self) -> tuple[Note, ...]:
        """What the statements deserve to be told, each once."""
        return tuple(self._warnings)

    def of(self, control: str) -> Statements:
        """What is said of a control, at whichever place."""
        return Statements(self._found.get(control, _NOTHING))

    def _weigh(self, control: Control, statement: Statement) -> Weight | None:
        """None when none of its evidence is in force, neither run out nor yet to be made: nothing is said."""
        if statement.status not in ("implemented", "alternative"):
            return statement.status
        words = mechanism_words(statement.mechanism or "")
        weak, strong = is_weak(control, words), names_one(words, control.strong)
        if weak and not strong:
            return "weak"
        if statement.evidence and not any(e.in_force(self._as_of) for e in statement.evidence):
            ended = all(e.until and e.until < self._as_of for e in statement.evidence)
            self._warn("expired-evidence", statement, control.id, "" if ended else self._as_of)
            return None
        if statement.status == "alternative":
            if weak:
                self._mixed(statement)
            return "alternative"
        if weak:
            self._mixed(statement)
            return "implemented" if statement.by or statement.evidence else "bare"
        return "bare" if statement.bare else "implemented"

    def _mixed(self, statement: Statement) -> None:
        self._warn("mixed-mechanism", statement, statement.mechanism or "")

    def _warn(self, code: str, statement: Statement, *arguments: str) -> None:
        span = self._model.span(statement.at)
        excerpt = self._model.documents[int(statement.at[0])].excerpt(span.line)
        self._warnings[Note(code, arguments, span, excerpt)] = None


_NOTHING: Final[Mapping[str, Any]] = {}
