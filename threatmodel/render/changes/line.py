"""A line of a change as people read it, and the words that all such lines share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from threatmodel.render.text.wording import quote

MOST_NAMES: Final = 8
"""So many names in a list; the rest are counted."""


class Line(NamedTuple):
    """One change: a sign, what it is, and what belongs below it; `severity` is "" where it has none."""

    sign: str
    text: str
    below: tuple[str, ...] = ()
    severity: str = ""


def way(path: Sequence[str]) -> str:
    """A path, element by element."""
    return " → ".join(quote(name) for name in path)


def described(level: str, data: Sequence[str], of_people: Sequence[str]) -> str:
    """What is known of data, in parentheses: their highest level, and whether they are personal."""
    personal = "personal" if len(of_people) == len(data) else "in part personal"
    words = [w for w in (level, personal if of_people else "") if w]
    return f" ({', '.join(words)})" if words else ""


def names(ids: Sequence[str]) -> str:
    """Ids in backticks, of many the first."""
    more = len(ids) - MOST_NAMES
    return ", ".join(quote(n) for n in ids[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
