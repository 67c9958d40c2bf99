"""Which statements of a control count for one subject: every place that covers it, the nearest first.

The checker's own reading of "Nearest wins" in docs/explanation/semantics.md, for one subject at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from threatmodel.catalog import Control
from threatmodel.graph import Subject, SystemGraph
from threatmodel.model import Statement, stated
from threatmodel.verify.tables import AppliedStatement, elements_of

ELEMENTS: Final = ("actor", "service", "store")
GOOD: Final = ("implemented", "alternative", "bare")
_WORST_FIRST: Final = "absent weak planned partial bare alternative implemented not-applicable".split()
_FILLERS: Final = frozenset(("a", "an", "the", "and", "or", "with", "by", "plus", "only", "just", "alone"))
OWN, TYPE, ENDS, END_TYPES, HOSTS, CROSSED, AROUND, BASELINE = range(8)
"""How far a place is from a subject: what it says itself, then its type, and so on outwards."""

Applied: TypeAlias = list[tuple[int, AppliedStatement]]
"""What counts for a subject, each with its distance."""
_At: TypeAlias = tuple[int, int, str, str]
"""A place: its distance from a subject, of those at one distance the steps from it, its kind and id."""


class Coverage:
    """The statements of one graph's model, weighed by what the controls recognise on its day."""

    def __init__(self, graph: SystemGraph) -> None:
        self._graph = graph
        self._stated = {(kind, name): statements for kind, name, statements in stated(graph.model)}

    def of(self, control: Control, to: Subject) -> Applied:
        """What counts for a subject with its distance, the nearest first, of two the worse first."""
        found = {at: applied for at in self._places(control, to) if (applied := self._applied(control, at))}
        return [(at[0], applied) for at, applied in sorted(found.items(), key=_order)]

    def _places(self, control: Control, to: Subject) -> Iterator[_At]:
        g, covered = self._graph, control.covered_by
        yield OWN, 0, to.kind, g.id_of(to)
        if to.kind == "flow":
            source, target = g.flow_source[to.position], g.flow_target[to.position]
            ends = [source] * ("source" in covered.ends) + [target] * ("target" in covered.ends)
            for end in ends:
                yield ENDS, 0, g.subject_kind[end], g.elements[end]
                yield from self._type(END_TYPES, end)
            hosts = {g.element_host[end] for end in ends or (source, target)}
            hosts = hosts if ends or len(hosts) == 1 else set()
            out, into = self._around(g.element_ground[source]), self._around(g.element_ground[target])
            entered = [b for b in into if b not in out] if "entering" in covered.boundary else []
            left = [b for b in out if b not in into] if "leaving" in covered.boundary else []
            for step, boundary in (*enumerate(entered), *enumerate(left)):
                yield CROSSED, step, "boundary", boundary
            inside = [b for b in out if b in into]
        elif to.kind in ELEMENTS:
            element = g.positions[to.kind][to.position]
            yield from self._type(TYPE, element)
            hosts, inside = {g.element_host[element]}, self._around(g.element_ground[element])
        elif to.kind == "host":
            hosts, inside = set(), self._around(g.host_ground[to.position])
        else:
            hosts, inside = set(), self._around(to.position)[1:] if to.kind == "boundary" else []
        for host in hosts - {-1} if covered.host else ():
            yield HOSTS, 0, "host", g.hosts[host]
        for step, boundary in enumerate(inside if "inside" in covered.boundary else ()):
            yield AROUND, step, "boundary", boundary
        if covered.baseline and self._ours(to):
            yield BASELINE, 0, "baseline", ""

    def _type(self, distance: int, element: int) -> Iterator[_At]:
        kind, name = self._graph.subject_kind[element], getattr(self._graph.values[element], "type", None)
        if name:
            yield distance, 0, f"{kind} type", name

    def _around(self, ground: int) -> list[str]:
        """A ground and those around it, from inside out."""
        found = []
        while ground >= 0:
            found.append(self._graph.grounds[ground])
            ground = self._graph.ground_parent[ground]
        return found

    def _ours(self, to: Subject) -> bool:
        """Whether own parties operate a subject, so that the baseline can cover it."""
        g, i = self._graph, to.position
        operators: list[str | None]
        match to.kind:
            case "flow" | "service" | "store" | "actor":
                operators = [g.element_party[e] for e in elements_of(g, to) if g.subject_kind[e] != "actor"]
            case "boundary" | "host":
                operators = [g.ground_party[i] if to.kind == "boundary" else g.host_party[i]]
            case _:
                return to.kind != "party"
        return bool(operators) and g.own.issuperset(operators)

    def _applied(self, control: Control, at: _At) -> AppliedStatement | None:
        """What a place says; `not-applicable` speaks of that place alone."""
        distance, _, kind, name = at
        statement = self._stated.get((kind, name), {}).get(control.id)
        weight = self._weight(control, statement) if statement else None
        if statement is None or weight is None or (weight == "not-applicable" and distance > TYPE):
            return None
        return AppliedStatement(kind, name, weight, statement.at)

    def _weight(self, control: Control, statement: Statement) -> str | None:
        """What a statement counts for; None where it names evidence, and none that is in force."""
        if statement.status not in ("implemented", "alternative"):
            return statement.status
        words = _words(statement.mechanism or "")
        named = set(words) - _FILLERS
        weak = _names(words, control.weak) or bool(named and named <= control.alone)
        if weak and not _names(words, control.strong):
            return "weak"
        day = self._graph.as_of
        if statement.evidence and not any(
            (e.date or "") <= day <= (e.until or day) for e in statement.evidence
        ):
            return None
        backed = statement.evidence or statement.by or (words and not weak)
        return statement.status if statement.status == "alternative" or backed else "bare"


def _order(found: tuple[_At, AppliedStatement]) -> tuple[int, int, int, str]:
    (distance, step, kind, name), applied = found
    return distance, step, _WORST_FIRST.index(applied.counts), f"{kind} `{name}`"


def _words(text: str) -> tuple[str, ...]:
    return tuple("".join(c if c.isalnum() or c == "." else " " for c in text.lower()).split())


def _names(words: tuple[str, ...], listed: tuple[tuple[str, ...], ...]) -> bool:
    """Whether one of the listed mechanisms stands among the words, as whole words in order."""
    return any(f" {' '.join(wanted)} " in f" {' '.join(words)} " for wanted in listed)
