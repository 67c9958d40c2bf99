"""The versioned JSON document as one of the formats."""

from __future__ import annotations

from threatmodel.export.outcome import Outcome
from threatmodel.results.write import to_json


def write(outcome: Outcome) -> str:
    """The JSON document; `every` adds the verdict of each result."""
    return to_json(outcome.assessment, every=outcome.every)
