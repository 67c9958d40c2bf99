"""Warnings that came or went, said to people."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.diff import Changes
from threatmodel.render.changes.wording import Line, Sentence, and_more


def sentences(changes: Changes) -> Iterator[Sentence]:
    """The first of the new ones and the first of those that are gone."""
    for how, words, weight in (("new", "new warning", 17), ("gone", "no longer a warning", 5)):
        if chosen := [w for w in changes.warnings if w.how == how]:
            yield Sentence(weight, f"{words}: {chosen[0].message}{and_more(chosen, 'warning')}.")


def lines(changes: Changes, how: str) -> Iterator[Line]:
    """Every warning that is new, or gone."""
    for change in changes.warnings:
        if change.how == how:
            at = f" at {change.span.file}:{change.span.line}" if change.span and how == "new" else ""
            sign, gone = ("!", "") if how == "new" else ("✓", "no longer: ")
            yield Line(sign, f"{gone}{change.message}{at}")
