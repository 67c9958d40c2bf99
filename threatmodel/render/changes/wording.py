"""The pieces in which a change is said to people, and the words that all kinds of change share.

Text of users stands in backticks, as in all messages; each notation escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from threatmodel.render.text.wording import counted, names, quote

SIGNS: Final[Mapping[str, str]] = {
    "added": "+",
    "removed": "−",
    "renamed": "=",
    "moved": "→",
    "changed": "±",
    "weakened": "↓",
    "strengthened": "↑",
}
"""How a change reads without colour."""
SECRET: Final = ("confidential", "restricted")
_IN_SENTENCE: Final = 3  # so many ids in a sentence; the rest are counted
_KINDS: Final = {"data": "data asset", "service type": "type", "store type": "type"}
_PLURALS: Final = {"boundary": "boundaries", "party": "parties"}


class Sentence(NamedTuple):
    """A sentence that may stand in a summary, and how much it matters."""

    weight: int
    text: str


class Line(NamedTuple):
    """One change: a sign, what it is, and what belongs below it; `severity` is "" where it has none."""

    sign: str
    text: str
    below: tuple[str, ...] = ()
    severity: str = ""


def few(ids: Iterable[str]) -> str:
    """Ids in a sentence, of many the first."""
    return names(ids, _IN_SENTENCE)


def noun(kind: str, number: int = 1) -> str:
    """The noun of a kind for so many."""
    word = _KINDS.get(kind, kind)
    return word if number == 1 else _PLURALS.get(word, f"{word}s")


def and_more(members: Sequence[object], what: str) -> str:
    """How many there are besides the first that is named; nothing for one alone."""
    return f", and {counted(len(members) - 1, f'more {what}')}" if len(members) > 1 else ""


def likewise(members: Sequence[object], what: str) -> str:
    """How many there are besides the first, where it is so with these too; nothing for one alone."""
    return f"{and_more(members, what)} likewise" if len(members) > 1 else ""


def path_text(path: Iterable[str]) -> str:
    """A path, element by element."""
    return " → ".join(quote(name) for name in path)


def described(level: str, data: Sequence[str], of_people: Sequence[str]) -> str:
    """What is known of data, in parentheses: their highest level, and whether they are personal."""
    personal = "personal" if len(of_people) == len(data) else "in part personal"
    known = [word for word in (level, personal if of_people else "") if word]
    return f" ({', '.join(known)})" if known else ""
