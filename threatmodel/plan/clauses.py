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
from threatmodel.evaluate.verdicts.engine import Decision, Engine
from threatmodel.evaluate.verdicts.inheritance import place_levels
from threatmodel.evaluate.verdicts.obligations import obligations
from threatmodel.evaluate.verdicts.statements import LACKING, OUT, SATISFYING, Place, Places, Said
from threatmodel.plan.change import BASELINE, Change, Sites
from threatmodel.results import Verdict

_ELEMENTS: Final = ("service", "store", "actor")
_FALSE_NOW: Final = 2


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
                return self._held(control, kind, i) if needed else NEVER

    def evident(self, control: Control, kind: str, i: int) -> frozenset[Change]:
        """Changes that may make an element or flow show a control by itself to whoever passes it."""
        if obligations(control) or kind not in shown_on_paths(control):
            return frozenset()
        places = self._engine.statements.of(control.id)
        here, *more = self._own_levels(control, kind, i)
        changes = self._options(control, here, 0)
        if not _speaks(places, here, LACKING):
            for level in more:
                changes |= self._options(control, level, 1)
        for leaf in leaves(control.expect) if kind in control.subjects else ():
            if isinstance(leaf, (Claimed, Satisfied)):
                changes |= self.evident(self._engine.controls[leaf.control], kind, i)
        return changes

    def _held(self, control: Control, kind: str, i: int) -> Clauses:
        """What makes a control hold for a subject, its need apart."""
        d = self._engine.decide(control, kind)
        false = d.expected[i] == _FALSE_NOW
        said = self._said(control, d, kind, i, firm=false)
        if d.stated(i) is not None or control.expect is None:
            return said
        found = either(said, self._expected(control.expect, kind, i, open_=False))
        if false and obligations(control):
            unlocked = self._said(control, d, kind, i, firm=False)
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
                return self._held(self._engine.controls[name], kind, i)
            case EveryPath(route):
                return self._need(route, kind, i, open_)
            case Leaf() | Not():
                return NEVER  # facts are what they are: to change one is no statement

    def _need(self, route: Route, kind: str, i: int, open_: bool) -> Clauses:
        ways = self._engine.ways
        if not ways.exist or not ways.reached(route, kind) >> i & 1:
            return NEVER
        return (Clause(frozenset(), frozenset({Need(route, kind, i, open_)})),)

    def _said(self, control: Control, d: Decision, kind: str, i: int, *, firm: bool) -> Clauses:
        """What statements do: of the subject and its type, the nearest place, upstream, the baseline.

        A control of paths is not stated anew: only what stands on the paths can show it.
        """
        places = self._engine.statements.of(control.id)
        places = places.without("bare") if firm else places
        alone = bool(obligations(control))
        options: frozenset[Change] = frozenset()
        own = self._own_levels(control, kind, i)
        for distance, level in enumerate(own):
            if _speaks(places, level, SATISFYING):
                return DONE
            if _speaks(places, level, OUT):
                return NEVER
            lacking = _speaks(places, level, LACKING)
            if lacking or not alone:
                options |= self._options(control, level, -1 if lacking else distance)
            if lacking:
                return (Clause(options),)
        levels = list(place_levels(self._engine.graph, control, kind, i))[len(own) :]
        for distance, level in enumerate(levels, start=len(own)):
            against = [p for p in level if _speaks(places, [p], LACKING)]
            if against:
                return tuple(Clause(options | self._options(control, [p], -1)) for p in against)
            if _speaks(places, level, SATISFYING):
                return DONE
            if not alone:
                options |= self._options(control, level, distance)
        needs: frozenset[Need] = frozenset()
        if control.covered_by.upstream:
            needs = frozenset(n for c in self._need(Route((control.id,)), kind, i, False) for n in c.needs)
        if not firm and control.covered_by.baseline and self._engine.operated(kind)[i]:
            if d.baseline and d.baseline.weight in SATISFYING:
                return DONE
            if d.baseline or not alone:
                options |= self._options(control, [BASELINE], -1 if d.baseline else len(levels) + 2)
        return (Clause(options, needs),)

    def _own_levels(self, control: Control, kind: str, i: int) -> list[list[Place]]:
        """The subject itself, and its type where it can have one."""
        levels = place_levels(self._engine.graph, control, kind, i)
        return [next(levels), next(levels)] if kind in _ELEMENTS else [next(levels)]

    def _options(self, control: Control, level: Iterable[Place], distance: int) -> frozenset[Change]:
        found = frozenset(Change(control.id, site) for p in level if (site := self._sites.site(p)))
        for change in found:
            self.rank[change] = min(distance, self.rank.get(change, distance))
        return found


def _speaks(places: Places, level: Iterable[Place], weights: frozenset[str]) -> bool:
    said: Iterable[Said | None] = map(places.at, level)
    return any(s is not None and s.weight in weights for s in said)
