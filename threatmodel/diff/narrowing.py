"""Finds what asks less of a system without making it safer: out of scope, or a lower classification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from threatmodel.diff.changes import AttributeChange, Changes, Values
from threatmodel.graph.classification import LEVELS

_LEVELS: Final[Mapping[str, tuple[str, ...]]] = LEVELS


def left_out(changes: Changes) -> tuple[AttributeChange, ...]:
    """Elements that are taken out of scope."""
    return tuple(c for c in changes.attributes if c.key == "out_of_scope" and c.before is None)


def lowered(changes: Changes) -> tuple[AttributeChange, ...]:
    """Data of which a level fell or a category is no longer said: the biggest drop from the highest first."""
    found = [c for c in changes.attributes if c.kind == "data" and _drop(c) > 0]
    return tuple(sorted(found, key=lambda c: (-_drop(c), -_height(c.key, c.before), c.id, c.key)))


def unasked(changes: Changes) -> tuple[int, int]:
    """How many gaps and how many unknown results stand no more because nobody asks."""
    gaps = sum(gap.how == "unasked" for gap in changes.gaps)
    return gaps, sum(u.unasked for u in changes.unknowns if u.how == "settled")


def _drop(change: AttributeChange) -> int:
    """By how many levels, or categories, a classification fell."""
    if change.key in _LEVELS:
        return _height(change.key, change.before) - _height(change.key, change.after)
    if change.key == "categories":
        return len(frozenset(change.before or ()) - frozenset(change.after or ()))
    return 0


def _height(key: str, words: Values) -> int:
    """The place of a level on its scale; nothing said is the lowest."""
    return _LEVELS[key].index(str(words[0])) if key in _LEVELS and words else 0
