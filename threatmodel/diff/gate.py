"""The gate of a change: whether it opened or worsened a gap; what stood before never fails."""

from __future__ import annotations

from threatmodel.diff.changes import Changes
from threatmodel.diff.outcome import WORSE
from threatmodel.model.words import SEVERITIES


def fails(changes: Changes, fail_on: str) -> bool:
    """True when a gap that is open now came or grew worse, at `fail_on` or above; "never" is false."""
    if fail_on == "never":
        return False
    floor = SEVERITIES.index(fail_on)
    return any(
        change.how in WORSE and change.after == "open" and SEVERITIES.index(change.severity) >= floor
        for change in changes.gaps
    )
