"""Compares two reviews: what a change does to the security of a system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from threatmodel.api.review import Review
from threatmodel.source import uncollected

if TYPE_CHECKING:
    from threatmodel.diff import Changes


def compare(before: Review, after: Review) -> Changes:
    """What a change does to the security of a system, from one version to the other."""
    from threatmodel import diff

    with uncollected():
        return diff.compare(*(review.version() for review in (before, after)))
