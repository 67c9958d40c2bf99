"""What can go wrong, as values: diagnostics with a place, and the exceptions that carry them.

ThreatModelError
├── InputError        a model, catalog or decisions file is wrong: all its diagnostics at once
├── UsageError        the request is wrong: an unknown key to explain, a missing file
└── InternalError     a broken promise of ours; never the user's fault
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final, Literal, NamedTuple

Level = Literal["error", "warning", "note"]

_MANY: Final = 500  # of more known words only this many that begin or end alike are compared: it is slow
_LONG: Final = 100


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
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found else ""


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that is most like `word`, None when none is."""
    from difflib import get_close_matches

    wanted = word.lower()[:_LONG]
    lowered = {w.lower(): w for w in known if len(w) <= _LONG}
    if len(lowered) > _MANY:
        alike = (w for w in lowered if w[:2] == wanted[:2] or w[-3:] == wanted[-3:])
        close = (w for w in alike if abs(len(w) - len(wanted)) <= 2)
        lowered = {w: lowered[w] for w in islice(close, _MANY)}
    near = get_close_matches(wanted, lowered, n=1, cutoff=cutoff)
    return lowered[near[0]] if near else None


def an(noun: str) -> str:
    """A noun with its indefinite article."""
    return f"an {noun}" if noun[0] in "aeio" else f"a {noun}"


def quoted(text: str) -> str:
    """User text for a message: in backticks, at most 60 characters, everything unprintable escaped."""
    short = text if len(text) <= 60 else text[:57] + "..."
    return f"`{''.join(c if c.isprintable() else ascii(c)[1:-1] for c in short)}`"
