"""Plans a fix set: solves what is known of the clauses, asks the engine, learns what paths still lack, again.

What is known only ever grows, and every clause is necessary; so the first set that the engine confirms is the
cheapest there is, as far as the solver was exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from threatmodel.errors import InternalError
from threatmodel.evaluate.explain.witness import elements_on
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.plan import budget as spending
from threatmodel.plan import hitting_set
from threatmodel.plan.change import Change, Sites, stating
from threatmodel.plan.clauses import NEVER, Clause, Clauses, Closing
from threatmodel.plan.confirmation import credited, difference, outcome
from threatmodel.plan.costs import WEIGHTS, Costs
from threatmodel.plan.order import ordered
from threatmodel.plan.path_gaps import lacking, way_round
from threatmodel.plan.wording import told_change, why_never
from threatmodel.results import Finding
from threatmodel.results.fixes import FixChange, FixPlan, LeftOpen

_WORK: Final = 50_000  # elements and flows that may be searched again, all rounds together
_ROUNDS: Final = 60
_BEYOND: Final = "to close it costs more than is left of the budget"
_UNPROVEN: Final = "the search ended before it knew what every path to it takes"


class _Target(NamedTuple):
    """A chosen finding with what it takes to close it, as far as that is known."""

    finding: Finding
    clauses: Clauses

    @property
    def hard(self) -> frozenset[frozenset[Change]]:
        """The clauses that changes alone have to hit."""
        return frozenset(c.changes for c in self.clauses if not c.needs)


class _Solution(NamedTuple):
    """Changes in no order, their cost, and the bound that the solver gives."""

    changes: frozenset[Change]
    bound: int
    exact: bool


class _Planner:
    """What a plan is made of: an engine, its sites, what changes cost."""

    def __init__(self, engine: Engine, costs: Costs, budget: int | None) -> None:
        self.engine = engine
        self.costs = costs
        self.budget = budget
        self.sites = Sites(engine.graph)
        self.closing = Closing(engine, self.sites)
        self.left: list[LeftOpen] = []
        self.learnt: dict[Clause, dict[frozenset[Change], None]] = {}

    def targets(self, findings: Sequence[Finding]) -> list[_Target]:
        """The findings that changes can close as far as is known yet; the others are told with the reason."""
        found = []
        for finding in findings:
            clauses = self._clauses(finding)
            if any(not c.changes and not c.needs for c in clauses):
                self._leave(finding, why_never(self.engine, finding))
            else:
                found.append(_Target(finding, clauses))
        return found

    def learn(
        self, targets: list[_Target], made: frozenset[Change], engine: Engine
    ) -> tuple[list[_Target], bool]:
        """The targets that can still be closed, and whether paths of this engine told anything new."""
        kept, new = [], False
        for target in targets:
            for clause in target.clauses:
                if not clause.needs or clause.changes & made:
                    continue
                told = self.learnt.setdefault(clause, {})
                paths = [(need, way_round(engine, need)) for need in sorted(clause.needs)]
                if any(path is None for _, path in paths) or any(not found & made for found in told):
                    continue
                more = clause.changes
                for need, path in paths:
                    assert path is not None
                    more |= lacking(engine, self.closing, need, path, made)
                if not more:
                    _, path = paths[0]
                    assert path is not None
                    names = " -> ".join(f"`{engine.graph.elements[e]}`" for e in elements_on(path))
                    self._leave(target.finding, f"nothing on the path {names} can show it")
                    break
                told[more] = None
                new = True
            else:
                kept.append(target)
        return kept, new or len(kept) < len(targets)

    def clauses(self, target: _Target) -> frozenset[frozenset[Change]]:
        """All that is known to be necessary for a target."""
        learnt = (found for c in target.clauses if c.needs for found in self.learnt.get(c, ()))
        return frozenset((*target.hard, *learnt))

    def solve(self, targets: Sequence[_Target]) -> _Solution:
        """The cheapest changes that hit every clause, or within a budget those that close most."""
        known = [self.clauses(t) for t in targets]
        changes = sorted(
            {change for clauses in known for clause in clauses for change in clause},
            key=lambda c: (self.closing.rank[c], c),
        )
        number = {change: n for n, change in enumerate(changes)}
        costs = [self.cost(c) for c in changes]
        numbered = [frozenset(frozenset(number[c] for c in clause) for clause in found) for found in known]
        if self.budget is None:
            listed = (clause for found in numbered for clause in sorted(found, key=sorted))
            best = hitting_set.cheapest(listed, costs)
            return _Solution(frozenset(changes[n] for n in best.chosen), best.bound, best.exact)
        weighed = [
            spending.Target(WEIGHTS[t.finding.severity], found)
            for t, found in zip(targets, numbered, strict=True)
        ]
        spent = spending.most(weighed, costs, self.budget)
        chosen = frozenset(changes[n] for n in spent.chosen)
        return _Solution(chosen, spent.bound, spent.weight == spent.bound)

    def cost(self, change: Change) -> int:
        """What one change costs."""
        return self.costs.of(self.engine.controls[change.control])

    def _clauses(self, finding: Finding) -> Clauses:
        engine = self.engine
        if finding.subject_kind != "threat":
            i = engine.graph.order[finding.subject_kind][finding.subject]
            return self.closing.of(engine.controls[finding.control], finding.subject_kind, i)
        answers = engine.graph.model.threats[finding.subject].answered_by or ()
        clauses = [self._answer(key) for key in answers]
        return tuple(c for found in clauses for c in found) if clauses else NEVER

    def _answer(self, key: str) -> Clauses:
        name, _, subject = key.partition("@")
        control, graph = self.engine.controls[name], self.engine.graph
        if name not in self.engine.asked:
            return NEVER
        prefix, colon, plain = subject.partition(":")
        for kind in control.subjects:
            at = plain if colon and prefix == kind else subject
            if at in graph.order[kind]:
                return self.closing.of(control, kind, graph.order[kind][at])
        raise InternalError(f"there is no result `{key}`, and the model was checked for it")

    def _leave(self, finding: Finding, reason: str) -> None:
        self.left.append(LeftOpen(finding.key, finding.severity, reason, finding.span))


def plan(
    engine: Engine, findings: Sequence[Finding], costs: Costs, name: str, budget: int | None = None
) -> FixPlan:
    """The cheapest changes that close the findings, or those that close most within a budget.

    The result is what the engine says of the model with the changes made.
    """
    planner = _Planner(engine, costs, budget)
    targets, _ = planner.learn(planner.targets(findings), frozenset(), engine)
    solution = planner.solve(targets)
    changed = _changed(planner, solution)
    graph = engine.graph
    rounds = max(3, min(_ROUNDS, _WORK // (len(graph.elements) + len(graph.flows) + 1)))
    settled = not planner.learnt
    while not settled and rounds:
        believed = [t for t in targets if budget is None or _hit(planner.clauses(t), solution.changes)]
        kept, new = planner.learn(believed, solution.changes, changed)
        lost = {t.finding.key for t in believed} - {t.finding.key for t in kept}
        targets = [t for t in targets if t.finding.key not in lost]
        settled = not new
        if new:
            solution = planner.solve(targets)
            changed = _changed(planner, solution)
            rounds -= 1
    found = difference(outcome(engine), outcome(changed))
    if found.opened:
        raise InternalError(f"the changes would open {', '.join(sorted(found.opened))}")
    closed = [t for t in targets if t.finding.key in found.closed]
    reason = _UNPROVEN if budget is None else _BEYOND
    open_ = [t.finding for t in targets if t.finding.key not in found.closed]
    left = (*planner.left, *(LeftOpen(f.key, f.severity, reason, f.span) for f in open_))
    place = {f.key: n for n, f in enumerate(findings)}
    changes = _changes(planner, changed, closed, solution.changes, found.settled)
    return FixPlan(
        name=name,
        as_of=graph.as_of,
        chosen=len(findings),
        changes=changes,
        closes=tuple(f.key for f in findings if f.key in found.closed),
        also=tuple(sorted(found.closed - place.keys())),
        settles=len(found.settled),
        left=tuple(sorted(left, key=lambda f: place[f.key])),
        cost=sum(c.cost for c in changes),
        weight=sum(WEIGHTS[t.finding.severity] for t in closed),
        budget=budget,
        exact=solution.exact and (settled or len(closed) == len(targets)),
        bound=solution.bound,
    )


def _changes(
    planner: _Planner,
    changed: Engine,
    closed: Sequence[_Target],
    made: frozenset[Change],
    settled: Iterable[tuple[str, str, int]],
) -> tuple[FixChange, ...]:
    """The changes as people read them, most closed for its cost first."""
    weights = {t.finding.key: WEIGHTS[t.finding.severity] for t in closed}
    needed = {t.finding.key: planner.clauses(t) for t in closed}
    engine, sites = planner.engine, planner.sites
    credit = credited(engine, sites, made, settled)
    return tuple(
        told_change(engine, changed, sites, change, planner.cost(change), keys, credit.get(change, 0))
        for change, keys in ordered(made, needed, weights, planner.cost)
    )


def _changed(planner: _Planner, solution: _Solution) -> Engine:
    return planner.engine.restated(stating(planner.engine.graph, planner.sites, sorted(solution.changes)))


def _hit(clauses: frozenset[frozenset[Change]], made: frozenset[Change]) -> bool:
    return all(clause & made for clause in clauses)
