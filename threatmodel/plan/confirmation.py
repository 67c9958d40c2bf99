"""What the engine says of a model with a set of changes made, compared with what it says without."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from threatmodel.evaluate.threats.reported import reported_threats
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.graph import Subject
from threatmodel.plan.change import Change, Sites
from threatmodel.results import ResultColumn, Verdict, result_key

Outcome: TypeAlias = Mapping[tuple[str, str], ResultColumn]
"""Every verdict of one engine: a column for each control and kind, and one for found threats."""


def outcome(engine: Engine) -> Outcome:
    """The verdicts of every control for every subject, and of what people found."""
    columns = [
        ResultColumn(control.id, kind, engine.graph.subjects[kind], engine.decide(control, kind).verdicts)
        for control in engine.asked.values()
        for kind in control.subjects
    ]
    columns += reported_threats(engine, columns).columns
    return {(c.control, c.subject_kind): c for c in columns}


class Difference(NamedTuple):
    """Keys of gaps that are satisfied after the changes, of other results that are, and of new gaps."""

    closed: frozenset[str]
    settled: tuple[tuple[str, str, int], ...]
    opened: frozenset[str]


def difference(before: Outcome, after: Outcome) -> Difference:
    """What became satisfied, and what became a gap; `settled` are by control, kind and position."""
    closed, opened, settled = set[str](), set[str](), list[tuple[str, str, int]]()
    for (control, kind), column in before.items():
        later = after[control, kind].verdicts
        if column.verdicts == later:
            continue
        for i, (was, now) in enumerate(zip(column.verdicts, later, strict=True)):
            if was == now:
                continue
            if now == Verdict.GAP:
                opened.add(result_key(control, kind, column.ids[i]))
            elif now == Verdict.SATISFIED and was == Verdict.GAP:
                closed.add(result_key(control, kind, column.ids[i]))
            elif now == Verdict.SATISFIED:
                settled.append((control, kind, i))
    return Difference(frozenset(closed), tuple(settled), frozenset(opened))


def credited(
    engine: Engine, sites: Sites, changes: Iterable[Change], settled: Iterable[tuple[str, str, int]]
) -> dict[Change, int]:
    """How many settled results each change covers by its own control, each counted for the nearest change."""
    made = set(changes)
    found: dict[Change, int] = {}
    for name, kind, i in settled:
        if name:
            levels = engine.coverage(engine.controls[name]).levels(Subject(kind, i))
            places = (site for level in levels for p in level.places if (site := sites.site(p)))
            change = next((c for p in places if (c := Change(name, p)) in made), None)
            if change:
                found[change] = found.get(change, 0) + 1
    return found
