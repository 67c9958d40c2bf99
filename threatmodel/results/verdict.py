"""Verdicts, dispositions and statuses: the closed words of an outcome, and what they mean."""

from __future__ import annotations

from enum import IntEnum


class Verdict(IntEnum):
    """The outcome of one control asked of one subject; unknown is never satisfied and never a gap."""

    NOT_APPLICABLE = 0
    SATISFIED = 1
    GAP = 2
    UNKNOWN = 3

    @property
    def word(self) -> str:
        """The verdict as people and files spell it."""
        return self.name.lower().replace("_", "-")


STATUSES = {
    "gap": "a control that supports the row has a gap",
    "not-modelled": "the model or the catalog does not say enough",
    "partial-evidence": "every control is satisfied, or a person attests it; a design shows only part",
    "alternative": "satisfied by an equivalent measure, with its reason",
    "inherited": "a provider's declared responsibility, with its reference",
    "design-evidence": "the design shows the row",
    "outside-model": "no design model can show the row",
    "not-applicable": "declared facts, or a decision, put the row out of scope",
    "risk-accepted": "every gap of the row is waived, or decided to be not reasonable and appropriate",
}
