"""Truths of conditions over fact columns: each is a pair of bitsets (true, false); unknown is neither."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import TypeAlias

from threatmodel.catalog import All, Any, Condition, Leaf, Not
from threatmodel.errors import InternalError
from threatmodel.evaluate.verdicts.scope import is_ours, left_out
from threatmodel.facts import FACTS, Fact
from threatmodel.graph import Subject, SystemGraph
from threatmodel.logic import Column, bits, truth

Truth: TypeAlias = tuple[int, int]


def combined(condition: All | Any | Not, truth_of: Callable[[Condition], Truth], everything: int) -> Truth:
    """The truth of a condition from those of its parts; `everything` has the bit of every subject."""
    match condition:
        case All(parts):
            pairs = [truth_of(part) for part in parts]
            return reduce(and_, (t for t, _ in pairs), everything), reduce(or_, (f for _, f in pairs), 0)
        case Any(parts):
            pairs = [truth_of(part) for part in parts]
            return reduce(or_, (t for t, _ in pairs), 0), reduce(and_, (f for _, f in pairs), everything)
        case Not(part):
            yes, no = truth_of(part)
            return no, yes


class Truths:
    """What is known of the subjects of one graph, whatever is stated; each thing is computed once.

    `everything` is for each kind the bitset of all its subjects.
    """

    def __init__(self, graph: SystemGraph) -> None:
        self._graph = graph
        self.everything = {kind: (1 << len(ids)) - 1 for kind, ids in graph.subjects.items()}
        self._columns: dict[tuple[str, str], Column] = {}
        self._leaves: dict[tuple[str, str, str, object], Truth] = {}
        self._out_of_scope: dict[str, int] = {}
        self._operated: dict[str, bytes] = {}

    def size(self, kind: str) -> int:
        """How many subjects of this kind there are."""
        return len(self._graph.subjects[kind])

    def fact(self, kind: str, name: str) -> Fact:
        """A registered fact; the catalog was checked against the registry when it was loaded."""
        found = FACTS.get((kind, name))
        if found is None:
            raise InternalError(f"fact `{name}` of {kind} was asked but is not registered")
        return found

    def column(self, kind: str, name: str) -> Column:
        """The values of a fact for every subject of a kind."""
        if (kind, name) not in self._columns:
            self._columns[kind, name] = self.fact(kind, name).column(self._graph, kind)
        return self._columns[kind, name]

    def leaf(self, leaf: Leaf, kind: str) -> Truth:
        """The subjects for which a comparison of a fact is true and is false."""
        key = kind, leaf.fact, leaf.operator, leaf.operand
        if key not in self._leaves:
            column, domain = self.column(kind, leaf.fact), self.fact(kind, leaf.fact).domain
            truths = [truth(domain, leaf.operator, leaf.operand, value) for value in column.table]
            self._leaves[key] = bits.from_codes(column.codes, truths)
        return self._leaves[key]

    def out_of_scope(self, kind: str) -> int:
        """The subjects of which nothing is asked: flows with both ends out of scope, too."""
        if kind not in self._out_of_scope:
            self._out_of_scope[kind] = bits.from_indexes(left_out(self._graph, kind), self.size(kind))
        return self._out_of_scope[kind]

    def operated(self, kind: str) -> bytes:
        """Per subject 1 where the baseline can cover it, because own parties operate it, else 0."""
        if kind not in self._operated:
            ours = (is_ours(self._graph, Subject(kind, i)) for i in range(self.size(kind)))
            self._operated[kind] = bytes(ours)
        return self._operated[kind]
