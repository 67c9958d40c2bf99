"""The gate: whether an assessment fails at a severity."""

from __future__ import annotations

from threatmodel.results import Assessment

_ORDER = ("low", "medium", "high", "critical")


def fails(assessment: Assessment, fail_on: str, *, unknowns: bool = False) -> bool:
    """True when an open gap (with `unknowns`, also a question) is at or above `fail_on`; "never" is false."""
    if fail_on == "never":
        return False
    floor = _ORDER.index(fail_on)
    gap = any(f.disposition == "open" and _ORDER.index(f.severity) >= floor for f in assessment.findings)
    return gap or (unknowns and any(_ORDER.index(q.severity) >= floor for q in assessment.questions))
