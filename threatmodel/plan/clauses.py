"""What closes a result, as clauses: of each at least one change must be made, or a need of paths be met.

Follows the steps of the semantics from the other side. A clause is what *every* set of changes that closes
the result has to hit, so the cheapest set that hits all clauses costs no more than the cheapest that closes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

from threatmodel.catalog import (
    All,
    Any,
    Claimed,
    Condition,
    Control,
    EveryPath,
    Leaf,
    Not,
    Route,
    Satisfied,
    leaves,
    shown_on_paths,
)
from threatmodel.evaluate.verdicts.coverage import FARTHEST
from threatmodel.evaluate.verdicts.obligations import required_routes
from threatmodel.evaluate.verdicts.statements import LACKING, OUT, SATISFYING
from threatmodel.evaluate.verdicts.verdicts import Decision, Engine
from threatmodel.graph import Subject
from threatmodel.plan.change import Change, Sites
from threatmodel.results import BASELINE, Place, Verdict

_REPLACED: Final = -1  # of equal changes the best place is one that says the contrary now


class Need(NamedTuple):
    """Every path to a subject must pass a route: for certain, or (`open_`) at least as far as is known."""

    route: Route
    kind: str
    i: int
    open_: bool


class Clause(NamedTuple):
    """One of the changes must be made, or one of the needs met."""

    changes: frozenset[Change]
    needs: frozenset[Need] = frozenset()


Clauses: TypeAlias = tuple[Clause, ...]
DONE: Final[Clauses] = ()
NEVER: Final[Clauses] = (Clause(frozenset()),)


def either(first: Clauses, second: Clauses) -> Clauses:
    """What holds when one of both does."""
    return tuple(
        dict.fromkeys(Clause(a.changes | b.changes, a.needs | b.needs) for a in first for b in second)
    )


class Closing:
    """Clauses for results of one engine; `rank` says which of equal changes is the better place for it."""

    def __init__(self, engine: Engine, sites: Sites) -> None:
        self._engine = engine
        self._sites = sites
        self.rank: dict[Change, int] = {}

    def of(self, control: Control, kind: str, i: int) -> Clauses:
        """What makes a result satisfied."""
        match self._engine.decide(control, kind).verdict(i):
            case Verdict.SATISFIED:
                return DONE
            case Verdict.NOT_APPLICABLE:
                return NEVER
            case _:
                needed = self._engine.outcome(control.when, kind, i)
                return self._holding(control, kind, i) if needed else NEVER

    def evident(self, control: Control, kind: str, i: int) -> frozenset[Change]:
        """Changes that may make an element or flow show a control by itself to whoever passes it."""
        if required_routes(control) or kind not in shown_on_paths(control):
            return frozenset()
        stated = self._engine.statements.of(control.id)
        here, *more = self._engine.coverage(control).own_levels(Subject(kind, i))
        changes = self._options(control, here.places, here.distance)
        said = stated.at(here.places[0])
        if said is None or said.weight not in LACKING:
            for level in more:
                changes |= self._options(control, level.places, level.distance)
        for leaf in leaves(control.expect) if kind in control.subjects else ():
            if isinstance(leaf, (Claimed, Satisfied)):
                changes |= self.evident(self._engine.controls[leaf.control], kind, i)
        return changes

    def _holding(self, control: Control, kind: str, i: int) -> Clauses:
        """What makes a control hold for a subject, its need apart."""
        d = self._engine.decide(control, kind)
        false = d.expected(i) is False
        said = self._by_statements(control, d, kind, i, firm=false)
        if i in d.own or control.expect is None:
            return said
        found = either(said, self._expected(control.expect, kind, i, open_=False))
        if false and required_routes(control):
            unlocked = self._by_statements(control, d, kind, i, firm=False)
            found = either(found, (*self._expected(control.expect, kind, i, open_=True), *unlocked))
        return found

    def _expected(self, condition: Condition, kind: str, i: int, *, open_: bool) -> Clauses:
        """What makes an expectation true, or (`open_`) at least no longer false."""
        outcome = self._engine.outcome(condition, kind, i)
        if outcome or (open_ and outcome is None):
            return DONE
        match condition:
            case All(parts):
                return tuple(c for part in parts for c in self._expected(part, kind, i, open_=open_))
            case Any(parts):
                found = NEVER
                for part in parts:
                    found = either(found, self._expected(part, kind, i, open_=open_))
                return found
            case Claimed(name) | Satisfied(name):
                return self._holding(self._engine.controls[name], kind, i)
            case EveryPath(route):
                return self._need(route, kind, i, open_)
            case Leaf() | Not():
                return NEVER  # facts are what they are: to change one is no statement

    def _need(self, route: Route, kind: str, i: int, open_: bool) -> Clauses:
        paths = self._engine.obligations
        if not paths.has_source or not paths.reached(route, kind) >> i & 1:
            return NEVER
        return (Clause(frozenset(), frozenset({Need(route, kind, i, open_)})),)

    def _by_statements(self, control: Control, d: Decision, kind: str, i: int, *, firm: bool) -> Clauses:
        """What statements do: of the subject and its type, the nearest place, upstream, the baseline.

        A control of paths is not stated anew: only what stands on the paths can show it.
        """
        stated = self._engine.statements.of(control.id)
        stated = stated.without("bare") if firm else stated
        alone = bool(required_routes(control))
        options: frozenset[Change] = frozenset()
        coverage, subject = self._engine.coverage(control), Subject(kind, i)
        own = coverage.own_levels(subject)
        for level in (*own, *coverage.inherited_levels(subject)):
            weights = {p: s.weight for p in level.places if (s := stated.at(p))}
            if level in own and OUT & {*weights.values()}:
                return NEVER
            if against := [p for p, weight in weights.items() if weight in LACKING]:
                replaced = [self._options(control, [place], _REPLACED) for place in against]
                return tuple(Clause(options | found) for found in replaced)
            if SATISFYING & {*weights.values()}:
                return DONE
            if not alone:
                options |= self._options(control, level.places, level.distance)
        needs: frozenset[Need] = frozenset()
        if control.covered_by.upstream:
            needs = frozenset(n for c in self._need(Route((control.id,)), kind, i, False) for n in c.needs)
        if not firm and coverage.by_baseline(subject):
            if d.baseline and d.baseline.weight in SATISFYING:
                return DONE
            if d.baseline or not alone:
                distance = _REPLACED if d.baseline else FARTHEST
                options |= self._options(control, [BASELINE], distance)
        return (Clause(options, needs),)

    def _options(self, control: Control, places: Iterable[Place], distance: int) -> frozenset[Change]:
        found = frozenset(Change(control.id, site) for p in places if (site := self._sites.site(p)))
        for change in found:
            self.rank[change] = min(distance, self.rank.get(change, distance))
        return found
