"""The gate of a change: what it opens, leaves unknown or lets be reached; what stood before never fails."""

from __future__ import annotations

from collections.abc import Collection

from threatmodel.diff.changes import Changes
from threatmodel.diff.results import WORSE
from threatmodel.model.words import CONFIDENTIALITY, SEVERITIES


def fails(changes: Changes, gaps: Collection[str], unknown: str = "never", reach: str = "never") -> bool:
    """True when the change brings something that is not let through.

    `gaps` are the keys of the open gaps that a policy does not let through: those that the change opened or
    worsened count. `unknown` is the severity from which on results that became unknown count, `reach` the
    confidentiality from which on data count that stand where untrusted ground reaches, and did not before: it
    did not reach the element, or the element did not have the data. A shorter way to it counts for nothing.
    """
    return (
        any(change.how in WORSE and change.after == "open" and change.key in gaps for change in changes.gaps)
        or any(u.how == "new" and _reaches(u.severity, unknown, SEVERITIES) for u in changes.unknowns)
        or any(r.how == "new" and _reaches(r.level, reach, CONFIDENTIALITY) for r in changes.reach)
        or any(
            d.how == "new" and d.reached and _reaches(d.level, reach, CONFIDENTIALITY) for d in changes.data
        )
    )


def _reaches(word: str, threshold: str, scale: tuple[str, ...]) -> bool:
    return threshold != "never" and word in scale and scale.index(word) >= scale.index(threshold)
