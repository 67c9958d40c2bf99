"""The versioned JSON document as one of the formats."""

from __future__ import annotations

from threatmodel.export.outcome import Outcome
from threatmodel.results.write import to_json


def write(outcome: Outcome) -> str:
    """The JSON document; with the verdict of each result, and what the baseline knows, where asked."""
    return to_json(outcome.assessment, every=outcome.every, baseline=outcome.baseline)
