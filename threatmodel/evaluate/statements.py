"""What a model's statements count for, and where the statements of one control stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from threatmodel.catalog import Control, mechanism_words, names_one
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
SATISFYING = frozenset({"implemented", "alternative", "bare"})
LACKING = frozenset({"absent", "weak", "planned", "partial"})


class Said(NamedTuple):
    """A statement with what it counts for: its status, or `weak`, or `bare` when it names nothing."""

    weight: Weight
    statement: Statement
    where: str

    @property
    def rank(self) -> tuple[int, str]:
        """Sorts the worse first, ties by place."""
        return _WORST_FIRST.index(self.weight), self.where


class Places(NamedTuple):
    """The statements of one control by kind of place, then by id; types as ("service type", id)."""

    own: Mapping[tuple[str, str], Said]
    types: Mapping[tuple[str, str], Said]
    baseline: Said | None


class StatementIndex:
    """Every statement of a model by control, weighed for a catalog and a date."""

    def __init__(self, graph: SystemGraph, controls: Mapping[str, Control]) -> None:
        self.warnings: list[Diagnostic] = []
        self._model = graph.model
        self._as_of = graph.as_of
        self._places: dict[str, Places] = {}
        for subject, name, statements in stated(graph.model):
            for statement in statements.values():
                control = controls.get(statement.control)
                if control is None:
                    continue
                self._add(control, subject, name, statement)

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
        """None when all its evidence has run out: then nothing is said."""
        if statement.status not in ("implemented", "alternative"):
            return statement.status
        if statement.evidence and all(e.until and e.until < self._as_of for e in statement.evidence):
            self._warn(
                "expired-evidence",
                f"the evidence for `{control.id}` has run out; it counts for nothing",
                statement,
            )
            return None
        words = mechanism_words(statement.mechanism or "")
        weak, strong = names_one(words, control.weak), names_one(words, control.strong)
        if weak and strong:
            self._warn(
                "mixed-mechanism",
                f"`{statement.mechanism}` names both a weak and a strong mechanism; it counts as naming none",
                statement,
            )
            return "implemented" if statement.by or statement.evidence else "bare"
        if weak:
            return "weak"
        if statement.status == "implemented" and statement.bare:
            return "bare"
        return statement.status

    def _warn(self, code: str, message: str, statement: Statement) -> None:
        span = self._model.span(statement.at)
        excerpt = self._model.documents[int(statement.at[0])].excerpt(span.line)
        self.warnings.append(Diagnostic(code, message, span, excerpt=excerpt, level="warning"))


_NOWHERE = Places({}, {}, None)
