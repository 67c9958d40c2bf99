"""Warnings that came or went, said to people."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.diff import Changes
from threatmodel.errors import Diagnostic
from threatmodel.render.changes.wording import Line, Sentence, and_more
from threatmodel.render.text.notes import diagnostics


def sentences(changes: Changes) -> Iterator[Sentence]:
    """The first of the new ones and the first of those that are gone."""
    for how, words, weight in (("new", "new warning", 17), ("gone", "no longer a warning", 5)):
        if chosen := worded(changes, how):
            yield Sentence(weight, f"{words}: {chosen[0].message}{and_more(chosen, 'warning')}.")


def lines(changes: Changes, how: str) -> Iterator[Line]:
    """Every warning that is new, or gone."""
    for warning in worded(changes, how):
        at = f" at {warning.span.file}:{warning.span.line}" if warning.span and how == "new" else ""
        sign, gone = ("!", "") if how == "new" else ("✓", "no longer: ")
        yield Line(sign, f"{gone}{warning.message}{at}")


def worded(changes: Changes, how: str) -> list[Diagnostic]:
    """The warnings that are new, or gone, in words, by their code and then their text."""
    found = diagnostics(change.warning for change in changes.warnings if change.how == how)
    return sorted(found, key=lambda warning: (warning.code, warning.message))
