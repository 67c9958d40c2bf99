"""A change as sections of lines, what is worse first, the same for every notation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from threatmodel.diff import Changes
from threatmodel.diff.narrowing import lowered
from threatmodel.diff.results import WORSE
from threatmodel.render.changes import (
    data,
    gaps,
    less_asked,
    reach,
    requirements,
    statements,
    system,
    unknowns,
    warnings,
)
from threatmodel.render.changes.wording import Line

MOST_LINES: Final = 15
"""Lines of a section; what is left out is counted."""


class Section(NamedTuple):
    """Lines under one title; `more` counts those that are left out."""

    title: str
    lines: tuple[Line, ...]
    more: int = 0


def sections(changes: Changes) -> tuple[Section, ...]:
    """Every section that has lines, what is worse first."""
    worse = [g for g in changes.gaps if g.how in WORSE]
    eased = [g for g in changes.gaps if g.how == "closed" or (g.how == "eased" and not lowered(changes))]
    decided = [g for g in changes.gaps if g.how in ("waived", "planned")]
    nearer = [r for r in changes.reach if r.how in ("new", "nearer")]
    farther = [r for r in changes.reach if r.how in ("farther", "lost")]
    gone = {(thing.kind, thing.id) for thing in changes.things if thing.how == "removed"}
    found = (
        _section("Gaps", (gaps.line(g, gone) for g in worse)),
        _section("Untrusted ground gets nearer", reach.reaches(nearer)),
        _section("Layers of defence lost", reach.depths(d for d in changes.depths if d.how != "raised")),
        _section(
            "Data and who gets them",
            [
                *data.recipients(changes, "new"),
                *data.regions(changes.regions),
                *data.data_at(changes.data, "new"),
            ],
        ),
        _section("What is said of controls", statements.lines(changes)),
        _section("What the system is made of", system.lines(changes)),
        _section("Asked less than before", less_asked.lines(changes, gone)),
        _section("Now unknown", (unknowns.line(u) for u in unknowns.ordered(changes) if u.how == "new")),
        _section("Requirements", requirements.lines(changes)),
        _section("Warnings", warnings.lines(changes, "new")),
        _section("Gaps waived or planned", (gaps.line(g, gone) for g in decided)),
        _section(
            "Better than before",
            [
                *(gaps.line(g, gone) for g in eased),
                *reach.reaches([r for r in farther if r.stayed]),
                *reach.depths(d for d in changes.depths if d.how == "raised"),
                *data.recipients(changes, "gone"),
                *data.data_at(changes.data, "gone"),
                *(unknowns.line(u) for u in unknowns.ordered(changes) if u.how == "settled" and u.satisfied),
                *warnings.lines(changes, "gone"),
            ],
        ),
    )
    return tuple(section for section in found if section.lines)


def _section(title: str, lines: Iterable[Line]) -> Section:
    every = tuple(lines)
    return Section(title, every[:MOST_LINES], max(0, len(every) - MOST_LINES))
