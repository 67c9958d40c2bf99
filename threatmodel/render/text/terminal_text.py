"""Lines for a terminal: colours by hand, the width of characters by rich, and breaking at blanks.

Of rich only the table of widths: `check` runs on every save and in every pull request, and importing the rest
takes longer than checking a small model does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from threatmodel.render.text.escape import pieces, terminal

STYLES: Final = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "34",
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "bold": "1",
    "frame": "34",
    "dim": "2",
    "code": "36",
    "good": "32",
}


_NARROW: Final = re.compile(r"[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u2190-\u22ff\u2500-\u25f0]*")
"""Latin letters, punctuation and the signs of our own screens: one column each."""

HARD: Final = "\u00a0"
"""A blank at which no line is broken."""


class Run(NamedTuple):
    """A stretch of text in one style; text of users is escaped before it comes here."""

    text: str
    style: str = ""


def paint(text: str, style: str, color: bool) -> str:
    """The text in a style, or as it is."""
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if color and style else text


def prose(message: str, color: bool, style: str = "") -> list[Run]:
    """A message as runs: user text in backticks stands out by its colour, without colour by its backticks."""
    if not color:
        return [Run(terminal(message))]
    return [Run(part, "code" if quoted else style) for quoted, part in pieces(terminal(message))]


def fold(runs: Iterable[Run], width: int, color: bool, first: str = "", rest: str = "") -> Iterator[str]:
    """Painted lines of at most `width` columns; `first` and `rest` begin them.

    Breaks stand at blanks only. A word that is too long stays whole, so that a key or a place can be copied.
    """
    line, used, empty = first, columns(first), True
    for word in _words(runs):
        size = sum(columns(run.text) for run in word)
        if not empty and used + 1 + size > width:
            yield line.rstrip()
            line, used, empty = rest, columns(rest), True
        line += ("" if empty else " ") + "".join(
            paint(run.text.replace(HARD, " "), run.style, color) for run in word
        )
        used += size + (not empty)
        empty = False
    yield line.rstrip()


def shell_word(word: str) -> str:
    """A word for a shell: keys hold `>`, which would write a file."""
    safe = all(c.isalnum() or c in "@._-/:" for c in word)
    return word if safe else "'" + word.replace("'", "'\\''") + "'"


def columns(text: str) -> int:
    """How many columns a terminal gives to a text without control characters."""
    if _NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len  # few texts need it

    return cell_len(text)


def _words(runs: Iterable[Run]) -> Iterator[list[Run]]:
    word: list[Run] = []
    for run in runs:
        for i, part in enumerate(run.text.split(" ")):
            if i and word:
                yield word
                word = []
            if part:
                word.append(Run(part, run.style))
    if word:
        yield word
