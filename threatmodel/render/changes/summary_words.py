"""Words that the sentences of a title share: counts, nouns, lists of ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from threatmodel.diff.changes import GapChange
from threatmodel.model.words import SEVERITIES

NAMED: Final = 3
"""So many ids in a sentence; the rest are counted."""
_PLURALS: Final = {
    "boundary": "boundaries",
    "party": "parties",
    "data": "data assets",
}
_KIND_WORDS: Final = {"data": "data asset"}


def noun(kind: str, number: int) -> str:
    """The noun of a kind for so many."""
    return _KIND_WORDS.get(kind, kind) if number == 1 else _PLURALS.get(kind, f"{kind}s")


def severities(gaps: Sequence[GapChange]) -> str:
    """How many of each severity, the worst first."""
    counts = Counter(gap.severity for gap in gaps)
    return ", ".join(f"{counts[s]} {s}" for s in reversed(SEVERITIES) if counts[s])


def listed(names: Sequence[str]) -> str:
    """Ids in backticks, of many the first."""
    shown = ", ".join(f"`{name}`" for name in names[:NAMED])
    return shown + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def counted(number: int, what: str) -> str:
    """So many of something."""
    return f"{number} {what}" + ("s" if number != 1 else "")
