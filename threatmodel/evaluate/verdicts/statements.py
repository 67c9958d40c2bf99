"""What a model's statements count for, and where the statements of one control stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from threatmodel.catalog import Control, is_weak, mechanism_words, names_one
from threatmodel.errors import Diagnostic
from threatmodel.graph import SystemGraph
from threatmodel.model import Statement, stated

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


class Said(NamedTuple):
    """A statement with what it counts for: its status, or `weak`, or `bare` when it names nothing."""

    weight: Weight
    statement: Statement
    where: str

    @property
    def rank(self) -> tuple[int, str]:
        """Sorts the worse first, ties by place."""
        return _WORST_FIRST.index(self.weight), self.where


Place: TypeAlias = tuple[str, str]
"""Kind ("service type" for a template) and id of what can state a control."""


class Places(NamedTuple):
    """The statements of one control by kind of place, then by id; types as ("service type", id)."""

    own: Mapping[tuple[str, str], Said]
    types: Mapping[tuple[str, str], Said]
    baseline: Said | None

    def at(self, place: Place) -> Said | None:
        """What one place says; the baseline apart."""
        return self.own.get(place) or self.types.get(place)

    def without(self, *weights: Weight) -> Places:
        """The same places, less the statements of these weights; itself where there are none."""
        said = (*self.own.values(), *self.types.values(), *((self.baseline,) if self.baseline else ()))
        if not any(s.weight in weights for s in said):
            return self
        return Places(
            {k: s for k, s in self.own.items() if s.weight not in weights},
            {k: s for k, s in self.types.items() if s.weight not in weights},
            None if self.baseline and self.baseline.weight in weights else self.baseline,
        )


class StatementIndex:
    """Every statement of a model by control, weighed for a catalog and a date."""

    def __init__(self, graph: SystemGraph, controls: Mapping[str, Control]) -> None:
        self._warnings: dict[Diagnostic, None] = {}
        self._model = graph.model
        self._as_of = graph.as_of
        self._places: dict[str, Places] = {}
        for subject, name, statements in stated(graph.model):
            for statement in statements.values():
                control = controls.get(statement.control)
                if control is None:
                    continue
                self._add(control, subject, name, statement)

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What the statements deserve to be told, each once."""
        return tuple(self._warnings)

    def of(self, control: str) -> Places:
        """The places that state this control."""
        return self._places.get(control, _NOWHERE)

    def _add(self, control: Control, subject: str, name: str, statement: Statement) -> None:
        weight = self._weigh(control, statement)
        if weight is None:
            return
        places = self._places.setdefault(control.id, Places({}, {}, None))
        where = "the baseline" if subject == "baseline" else f"{subject} `{name}`"
        said = Said(weight, statement, where)
        if subject == "baseline":
            self._places[control.id] = places._replace(baseline=said)
        else:
            table = places.types if subject.endswith(" type") else places.own
            assert isinstance(table, dict)
            table[subject, name] = said

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
            why = "has run out" if ended else f"is not in force on {self._as_of}"
            message = f"the evidence for `{control.id}` {why}; it counts for nothing"
            self._warn("expired-evidence", message, statement)
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
        named = f"`{statement.mechanism}` names both a weak and a strong mechanism"
        self._warn("mixed-mechanism", f"{named}; it counts as naming none", statement)

    def _warn(self, code: str, message: str, statement: Statement) -> None:
        span = self._model.span(statement.at)
        excerpt = self._model.documents[int(statement.at[0])].excerpt(span.line)
        self._warnings[Diagnostic(code, message, span, excerpt=excerpt, level="warning")] = None


_NOWHERE = Places({}, {}, None)
