"""Decides a control for one subject by the steps of the semantics, and keeps all that a verdict rests on.

One subject at a time, plainly: the checker's own reading of docs/explanation/semantics.md. Facts come from
the facts layer, statements from the model; nothing that a proof says is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import assert_never

from threatmodel.catalog import Control, Route, leaves
from threatmodel.catalog.conditions import All, Any, Claimed, Condition, EveryPath, Leaf, Not, Satisfied
from threatmodel.facts import FACTS, Fact
from threatmodel.graph import Subject, SystemGraph
from threatmodel.logic import Column
from threatmodel.logic.kleene import all_of, any_of
from threatmodel.verify.coverage import BASELINE, ELEMENTS, GOOD, TYPE, Applied, Coverage
from threatmodel.verify.paths import Paths
from threatmodel.verify.tables import PathClaim, Step, Tables, elements_of
from threatmodel.verify.values import Truth, Written, holds, written


class Evaluator:
    """Decides over one graph and the controls of a catalog; all that a verdict rests on goes to `tables`."""

    def __init__(self, graph: SystemGraph, controls: Mapping[str, Control], tables: Tables) -> None:
        self._graph = graph
        self._controls = controls
        self._tables = tables
        self._column = cache(self._find_column)
        self._coverage = Coverage(graph)
        self._step, self._evidence = cache(self._find_step), cache(self._find_evidence)
        self._path, self._fact = cache(self._find_path), cache(self._find_fact)
        self._paths = Paths(graph, self._evidence, self._fact)

    def verdict(self, name: str, of: Subject) -> None:
        """Decides a control for a subject."""
        control = self._controls[name]
        when = self._truth(control.when, of) if control.when else True
        self._tables.verdict(name, of, *self._verdict(control, of, when), when)

    def _verdict(self, control: Control, of: Subject, when: Truth) -> tuple[str, str]:
        """The verdict and the first rule that gives it."""
        if when is False:
            return "not-applicable", "1 not needed"
        if self._out_of_scope(of):
            return "not-applicable", "1 out of scope"
        verdict, rule, _ = self._step(control.id, of)
        if verdict == "not-applicable":
            return verdict, rule
        routes = [leaf.route for leaf in leaves(control.expect) if isinstance(leaf, EveryPath)]
        if routes and self._paths.any_begin and not any(self._path(r, of).reached for r in routes):
            return "not-applicable", "1 no path"
        return ("unknown", "1 need unknown") if when is None else (verdict, rule)

    def _out_of_scope(self, of: Subject) -> bool:
        """Whether nothing is asked of a subject: an element that says so, a flow both of whose ends do."""
        elements = elements_of(self._graph, of)
        return bool(elements) and all(self._graph.values[e].out_of_scope is not None for e in elements)

    def _find_step(self, name: str, of: Subject) -> Step:
        """What a control comes to for a subject once it is needed."""
        control, applied = self._controls[name], self._coverage.of(self._controls[name], of)
        expect = self._truth(control.expect, of) if control.expect else None
        step = Step(*self._decide(control, of, expect, applied), expect)
        self._tables.step(name, of, step, (s for _, s in applied))
        return step

    def _decide(self, control: Control, of: Subject, expect: Truth, applied: Applied) -> tuple[str, str]:
        counting = [(d, s.counts) for d, s in applied if not (s.counts == "bare" and expect is False)]
        distance, counts = counting[0] if counting else (BASELINE + 1, "")
        decided = "satisfied" if counts in GOOD else "gap"
        if distance <= TYPE:
            return (counts, "1 stated") if counts == "not-applicable" else (decided, "2 stated")
        if distance < BASELINE and counts in GOOD:
            return "satisfied", "3 inherited"
        upstream = distance >= BASELINE and control.covered_by.upstream
        if upstream and self._path(Route((control.id,)), of).outcome:
            return "satisfied", "3 upstream"
        if expect is not None:
            return ("satisfied" if expect else "gap"), "4 expected"
        if distance < BASELINE:
            return "gap", "5 inherited"
        return (decided, "6 baseline") if counting else ("unknown", "7 nobody said")

    def _find_evidence(self, name: str, of: Subject) -> Truth:
        """Whether something that a path passes shows a control by itself."""
        applied = self._coverage.of(self._controls[name], of)
        shows = self._shows(self._controls[name], of, applied)
        self._tables.evidence(name, of, shows, (s for _, s in applied))
        return shows

    def _shows(self, control: Control, of: Subject, applied: Applied) -> Truth:
        asked = of.kind in control.subjects
        expect = self._truth(control.expect, of, True) if asked and control.expect else None
        for own in (s.counts for distance, s in applied if distance <= TYPE):
            if not (own == "bare" and expect is False):
                return own in GOOD
        if expect is not None or not (asked or (of.kind in ELEMENTS and control.covered_by.ends)):
            return expect is True
        beyond = next((s.counts for distance, s in applied if distance > TYPE), None)
        return False if asked and beyond and beyond not in GOOD else None

    def _truth(self, condition: Condition, of: Subject, direct: bool = False) -> Truth:
        """A condition in three values; `direct` where other controls count by direct evidence only."""
        match condition:
            case Leaf():
                domain = self._column(condition.fact, of.kind)[0].domain
                return holds(condition, self._fact(condition.fact, of), domain)
            case All(parts):
                return all_of([self._truth(part, of, direct) for part in parts])
            case Any(parts):
                return any_of([self._truth(part, of, direct) for part in parts])
            case Not(part):
                truth = self._truth(part, of, direct)
                return None if truth is None else not truth
            case Claimed(control):
                return self._outcome(control, of, direct) is True
            case Satisfied(control):
                return self._outcome(control, of, direct)
            case EveryPath(route):
                return False if direct else self._path(route, of).outcome
            case _:
                assert_never(condition)

    def _outcome(self, control: str, of: Subject, direct: bool) -> Truth:
        """What another control comes to here, its `when` not asked."""
        if direct:
            return self._evidence(control, of)
        return {"satisfied": True, "gap": False}.get(self._step(control, of).verdict)

    def _find_path(self, route: Route, to: Subject) -> PathClaim:
        claim = self._paths.claim(route, to)
        self._tables.path(route, to, claim)
        return claim

    def _find_fact(self, name: str, of: Subject) -> Written:
        found, column = self._column(name, of.kind)
        value = written(column.table[column.codes[of.position]], found.domain)
        self._tables.fact(name, of, value, found.places(self._graph, of))
        return value

    def _find_column(self, name: str, kind: str) -> tuple[Fact, Column]:
        """A fact and its values for every subject of a kind, from the model alone."""
        return FACTS[kind, name], FACTS[kind, name].column(self._graph, kind)
