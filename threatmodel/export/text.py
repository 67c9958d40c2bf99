"""The outcome of a check as text for people: gaps that the baseline knows are counted, not shown."""

from __future__ import annotations

from threatmodel.export.outcome import Outcome
from threatmodel.render.terminal import check_text


def write(outcome: Outcome) -> str:
    """The ranked gap list with the questions; every question with `every`."""
    width, color = outcome.screen
    if outcome.baseline is None:
        return check_text(outcome.assessment, width, color, outcome.every)
    shown = tuple(f for f in outcome.assessment.findings if not outcome.known(f))
    known = sum(state == "known" for state in outcome.baseline.values())
    return check_text(outcome.assessment._replace(findings=shown), width, color, outcome.every, known)
