"""How texts, paths and severities are said in SARIF."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from threatmodel.render.text.escape import one_line

LEVELS: Final = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}

SCORES: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""The middle of GitHub's bands: over 9 critical, from 7 high, from 4 medium, else low."""

_MARKS: Final = str.maketrans({"\\": "\\\\", "[": "\\[", "]": "\\]", "{": "{{", "}": "}}"})


def plain(text: str) -> str:
    """A message text: brackets would make links in it, and braces placeholders."""
    return one_line(text).translate(_MARKS)


def uri(path: str) -> str:
    """A path from the root of the repository as a relative reference."""
    return quote(path, safe="/-._~", errors="surrogateescape")
