"""Says what a change means in at most three sentences, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from threatmodel.diff import Changes
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
from threatmodel.render.changes.wording import Sentence

MOST: Final = 3


def title(changes: Changes) -> tuple[str, ...]:
    """At most three sentences with user text in backticks; one that says so when nothing matters."""
    if changes.empty:
        if changes.context:
            return ("Nothing in the model changes for security, but what judges it does.",)
        if changes.text_differs:
            return ("Nothing changes for security: only titles, descriptions, comments or order differ.",)
        return ("Nothing changes for security.",)
    ranked = sorted(_sentences(changes), key=lambda s: -s.weight)
    return tuple(s.text[0].upper() + s.text[1:] for s in ranked[:MOST])


def _sentences(changes: Changes) -> Iterator[Sentence]:
    """Every sentence; of two that weigh the same the one of the earlier kind counts more."""
    yield from gaps.sentences(changes)
    yield from reach.reach_sentences(changes)
    yield from data.sentences(changes)
    yield from less_asked.sentences(changes)
    yield from reach.depth_sentences(changes)
    yield from unknowns.sentences(changes)
    yield from statements.sentences(changes)
    yield from system.sentences(changes)
    yield from requirements.sentences(changes)
    yield from warnings.sentences(changes)
