"""Words that all texts for people share: names, lists of them, and numbers with their nouns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def quote(text: str) -> str:
    """User text in backticks, one line, none inside it."""
    return f"`{' '.join(text.split()).replace('`', chr(39))}`"


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 gap`, `2 gaps`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(words: Sequence[str], most: int) -> str:
    """Words with commas, the first `most` of them, and how many there are besides."""
    more = len(words) - most
    return ", ".join(words[:most]) + (f" and {more} more" if more > 0 else "")


def names(ids: Iterable[str], most: int = 8) -> str:
    """Ids in backticks as a list, of many the first."""
    return listed([f"`{name}`" for name in ids], most)


def series(words: Sequence[str]) -> str:
    """All words in one sentence: `a`, `b` and `c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
