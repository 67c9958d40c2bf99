"""The gate of a change: what it opens, leaves unknown or lets be reached; what stood before never fails."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from threatmodel.diff.changes import Changes, DataChange, GapChange, ReachChange, UnknownChange
from threatmodel.diff.results import WORSE
from threatmodel.model.words import CONFIDENTIALITY, SEVERITIES


class FailingChanges(NamedTuple):
    """What a change brings that is not let through; a change passes where every field is empty."""

    gaps: tuple[GapChange, ...]
    unknowns: tuple[UnknownChange, ...]
    reach: tuple[ReachChange, ...]
    data: tuple[DataChange, ...]


def failing_changes(
    changes: Changes, gaps: Collection[str], unknown: str = "never", reach: str = "never"
) -> FailingChanges:
    """What of a change is not let through.

    `gaps` are the keys of the open gaps that a policy does not let through: those that the change opened or
    worsened count. `unknown` is the severity from which on results that became unknown count, `reach` the
    confidentiality from which on data count that stand where untrusted ground reaches, and did not before: it
    did not reach the element, or the element did not have the data. A shorter path to it counts for nothing.
    """
    return FailingChanges(
        tuple(g for g in changes.gaps if g.how in WORSE and g.after == "open" and g.key in gaps),
        tuple(u for u in changes.unknowns if u.how == "new" and _reaches(u.severity, unknown, SEVERITIES)),
        tuple(r for r in changes.reach if r.how == "new" and _reaches(r.level, reach, CONFIDENTIALITY)),
        tuple(
            d
            for d in changes.data
            if d.how == "new" and d.reached and _reaches(d.level, reach, CONFIDENTIALITY)
        ),
    )


def _reaches(word: str, threshold: str, scale: tuple[str, ...]) -> bool:
    return threshold != "never" and word in scale and scale.index(word) >= scale.index(threshold)
