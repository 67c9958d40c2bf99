"""What can go wrong, as values: diagnostics with a place, and the exceptions that carry them.

ThreatModelError
├── InputError        a model, catalog or decisions file is wrong: all its diagnostics at once
├── UsageError        the request is wrong: an unknown key to explain, a missing file
└── InternalError     a broken promise of ours; never the user's fault
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Level = Literal["error", "warning", "note"]

_MANY = 1000  # above this many known words only those that begin or end alike are compared: comparing is slow


class Span(NamedTuple):
    """A stretch of one file: lines and columns count from 1, columns in characters, the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Diagnostic(NamedTuple):
    """One problem at one place: message without a full stop, user text in backticks, help apart.

    `code` is a word of `CODES`; `excerpt` is the text of the span's first line, empty without a span;
    `related` are further places with what they show.
    """

    code: str
    message: str
    span: Span | None = None
    help: str = ""
    excerpt: str = ""
    level: Level = "error"
    related: tuple[tuple[str, Span], ...] = ()


class ThreatModelError(Exception):
    """Every failure that the package reports on purpose."""


class InputError(ThreatModelError):
    """The input is invalid; `diagnostics` holds every problem found, in the order of the files."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        first = diagnostics[0]
        where = f"{first.span}: " if first.span else ""
        more = f" (and {len(diagnostics) - 1} more)" if len(diagnostics) > 1 else ""
        super().__init__(f"{where}{first.message}{more}")
        self.diagnostics = diagnostics


class UsageError(ThreatModelError):
    """The request cannot be carried out; `help` says what to do instead."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


class InternalError(ThreatModelError):
    """A promise of this package does not hold; please report it."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The nearest known word as a help sentence, or the empty string when nothing is near."""
    from difflib import get_close_matches

    wanted = word.lower()[:100]
    lowered = {w.lower(): w for w in known}
    if len(lowered) > _MANY:
        lowered = {low: w for low, w in lowered.items() if low[:2] == wanted[:2] or low[-3:] == wanted[-3:]}
    near = get_close_matches(wanted, lowered, n=1, cutoff=0.6)
    return f"did you mean `{lowered[near[0]]}`?" if near else ""
