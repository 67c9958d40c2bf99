"""Why a run ends with 1, in a line for each threshold that refused something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from threatmodel.render.text.escape import terminal
from threatmodel.render.text.wording import listed

_NAMED: Final = 5
_NOUNS: Final = {
    "gap": ("gap", "gaps"),
    "bypass": ("possible bypass", "possible bypasses"),
    "question": ("question", "questions"),
    "worse gap": ("new or worse gap", "new or worse gaps"),
    "new unknown": ("new unknown result", "new unknown results"),
    "newly reached": ("newly reached element", "newly reached elements"),
    "new data": ("reached element with new data", "reached elements with new data"),
}


def refusal_text(what: str, option: str, level: str, groups: Sequence[str], names: Sequence[str]) -> str:
    """How many of what an option refuses at its level, and which; `groups` may have refused it, too."""
    one, many = _NOUNS[what]
    threshold = f"{option}: {level}" + (f", and by {', '.join(groups)}" if groups else "")
    count = f"{len(names)} {one if len(names) == 1 else many}"
    return terminal(f"fails: {count} ({threshold}): {listed(names, _NAMED)}")
