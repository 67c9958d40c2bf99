"""Makes proofs of verdicts: what the engine decided, with every premise that it rests on.

Nothing is decided here, and the checker is not asked: it demands the whole of what it finds by itself, so a
proof that says too little, too much or something else is rejected.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Final

from threatmodel.catalog import Claimed, Condition, EveryPath, Leaf, Route, Satisfied, leaves
from threatmodel.catalog.library import Library
from threatmodel.evaluate import Decision, Engine
from threatmodel.evaluate.verdicts.statements import OUT
from threatmodel.evaluate.verdicts.statements import AppliedStatement as Said
from threatmodel.graph import Subject
from threatmodel.graph.paths import calls_of
from threatmodel.logic import bits
from threatmodel.results import BASELINE, Step, Verdict
from threatmodel.verify.proof import FORMAT, FORMAT_KEY
from threatmodel.verify.tables import AppliedStatement, PathClaim, Tables, file_names
from threatmodel.verify.tables import Step as Outcome
from threatmodel.verify.values import Truth, written

_VERDICTS: Final = {True: "satisfied", False: "gap", None: "unknown"}
_RULES: Final = {
    Step.STATED: "2 stated",
    Step.STATED_BY_TYPE: "2 stated",
    Step.INHERITED: "3 inherited",
    Step.UPSTREAM: "3 upstream",
    Step.SHOWN: "4 expected",
    Step.AROUND: "4 expected",
    Step.CONTRARY: "4 expected",
    Step.INHERITED_LACK: "5 inherited",
    Step.BASELINE: "6 baseline",
    Step.OPEN_PATH: "7 nobody said",
    Step.NOBODY: "7 nobody said",
}
_ON_PATHS: Final = ("service", "store", "actor")


def prove(engine: Engine, library: Library, asked: Iterable[tuple[str, str, str]]) -> str:
    """The proof of the verdicts of some controls for some subjects: (control, kind, id) each."""
    tables = Tables(engine.graph, file_names(engine.graph.model.documents))
    maker = _Maker(engine, tables)
    for control, kind, name in asked:
        maker.verdict(control, engine.graph.subject(kind, name))
    tables.files(library)
    lines = [f'"{FORMAT_KEY}": {FORMAT}', f'"as_of": {_json(engine.graph.as_of)}']
    lines += [
        f"{_json(name)}: {_lines(map(_json, table.values()))}" for name, table in tables.entries.items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


class _Maker:
    """Collects what the engine says, subject by subject, and what each of it rests on."""

    def __init__(self, engine: Engine, tables: Tables) -> None:
        self._tables = tables
        self._engine = engine
        self._graph = engine.graph
        self._step, self._fact = cache(self._add_step), cache(self._add_fact)
        self._path, self._evidence = cache(self._add_path), cache(self._add_evidence)
        self._search, self._shown = cache(self._add_search), cache(self._all_shown)

    def verdict(self, name: str, of: Subject) -> None:
        """A verdict, the first rule that gives it, and the premises of both."""
        engine, (kind, i) = self._engine, of
        control = engine.controls[name]
        d = engine.decide(control, kind)
        when = engine.outcome(control.when, kind, i)
        rule = self._rule(d, when, of)
        self._tables.verdict(name, of, d.verdict(i).word, rule, when)
        self._condition(control.when, of)
        if rule not in ("1 not needed", "1 out of scope"):
            self._step(name, of)

    def _rule(self, d: Decision, when: Truth, of: Subject) -> str:
        if when is False:
            return "1 not needed"
        if self._engine.out_of_scope(of.kind) >> of.position & 1:
            return "1 out of scope"
        rule = _rule(d, of.position)
        if d.verdict(of.position) is Verdict.NOT_APPLICABLE and rule != "1 stated":
            return "1 no path"
        return "1 need unknown" if when is None and rule != "1 stated" else rule

    def _condition(self, condition: Condition | None, of: Subject) -> None:
        """What a condition rests on, wherever its parts decide."""
        for leaf in leaves(condition):
            match leaf:
                case Leaf():
                    self._fact(leaf.fact, of)
                case EveryPath(route):
                    self._path(route, of)
                case Claimed(control) | Satisfied(control):
                    self._step(control, of)

    def _add_step(self, name: str, of: Subject) -> None:
        """What a control comes to once it is needed."""
        engine, (kind, i) = self._engine, of
        control = engine.controls[name]
        d = engine.decide(control, kind)
        rule, holds = _rule(d, i), bits.truth_at(engine.holds(name, kind), i)
        verdict = "not-applicable" if rule == "1 stated" else _VERDICTS[holds]
        expect = d.expected(i)
        self._tables.step(name, of, Outcome(verdict, rule, expect), self._statements(name, of))
        self._condition(control.expect, of)
        if control.covered_by.upstream and d.nearest(i) is None:
            self._path(Route((name,)), of)

    def _add_fact(self, name: str, of: Subject) -> None:
        column, fact = self._engine.column(of.kind, name), self._engine.fact(of.kind, name)
        value = written(column.table[column.codes[of.position]], fact.domain)
        self._tables.fact(name, of, value, fact.places(self._graph, of))

    def _add_path(self, route: Route, to: Subject) -> None:
        """Whether every path passes a route: the witness where not all do, else what is still reached."""
        self._tables.path(route, to, self._claim(route, to))
        self._search(route)

    def _claim(self, route: Route, to: Subject) -> PathClaim:
        paths, names, (kind, i) = self._engine.obligations, self._graph.elements, to
        if not paths.reached(route, kind) >> i & 1:
            return PathClaim(None, False)
        yes, no = paths.truth(route, kind)
        if yes >> i & 1:
            return PathClaim(True, True, closed=tuple(names[e] for e in paths.reached_without(route)))
        certain = bool(no >> i & 1)
        found = paths.witness(route, kind, i, certain=certain)
        if found is None:  # all known paths pass, and others may be drawn, or begin at whom nobody knows
            return PathClaim(None, True)
        hops = ((self._graph.flows[max(hop.flow, ~hop.flow)].id, hop.flow < 0) for hop in found.hops)
        return PathClaim(False if certain else None, True, names[found.source], tuple(hops))

    def _add_search(self, route: Route) -> None:
        """What decides a route: what is shown wherever its paths lead, and what the flows are for."""
        engine, certain = self._engine, calls_of(self._graph, route.origin, perhaps=False)
        for kind in ("service", "store", "actor", "flow"):
            for i in bits.indexes(engine.obligations.reached(route, kind), engine.size(kind)):
                counts = certain.flow_counts if kind == "flow" else certain.element_counts
                if counts[i if kind == "flow" else self._graph.positions[kind][i]]:
                    for control in route.controls:
                        self._evidence(control, Subject(kind, i))
        for flow in range(engine.size("flow")) if route.kinds else ():
            self._fact("flow.kind", Subject("flow", flow))

    def _add_evidence(self, name: str, of: Subject) -> None:
        """Whether something on a path shows a control, and what that rests on."""
        control = self._engine.controls[name]
        self._tables.evidence(name, of, self._shown(name, of.kind)[of.position], self._statements(name, of))
        for leaf in leaves(control.expect) if of.kind in control.subjects else ():
            match leaf:
                case Leaf():
                    self._fact(leaf.fact, of)
                case Claimed(other) | Satisfied(other):
                    self._evidence(other, of)
                case EveryPath():
                    pass  # no path obligation is evidence

    def _all_shown(self, control: str, kind: str) -> list[Truth]:
        found = bits.outcome_bytes(*self._engine.evidence.of(control, kind), self._engine.size(kind))
        return [(None, True, False)[outcome] for outcome in found]

    def _statements(self, name: str, of: Subject) -> tuple[AppliedStatement, ...]:
        """All that is said of a control for a subject, the nearest first."""
        coverage = self._engine.coverage(self._engine.controls[name])
        own = {place for level in coverage.own_levels(of) for place in level.places}
        stated = coverage.statements(of, self._engine.statements.of(name))
        return tuple(_applied(s) for s in stated if s.weight not in OUT or s.place in own)


def _applied(said: Said) -> AppliedStatement:
    kind, name = ("baseline", "") if said.place == BASELINE else said.place
    return AppliedStatement(kind, name, said.weight, said.statement.at)


def _rule(d: Decision, i: int) -> str:
    """The rule that decides subject `i` once the control is needed."""
    said = d.own.get(i)
    return "1 stated" if said and said.weight in OUT else _RULES[Step(d.steps[i])]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(entries: Iterable[str]) -> str:
    """A list with one entry on each line, so that proofs can be compared line by line."""
    return "[\n" + ",\n".join(entries) + "\n]"
