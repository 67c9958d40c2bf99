"""Tells mechanisms that name what is in place from texts that would only pass for a safeguard."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from threatmodel.errors import display, nearest
from threatmodel.model.words import STATUSES
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems

_NEGATIVE: Final = frozenset(
    "yes no on off true false y n none null nil n/a na tbd todo unknown deferred optional".split()
)
_NEGATIVE_WORDS: Final = frozenset(
    "no not none never without disabled missing todo tbd tbc tba wip fixme maybe nope undecided unfinished "
    "absent planned partial partially unimplemented cannot nothing".split()
)
_WORDS: Final = re.compile(r"[^\W_]+")
_UNDONE: Final = re.compile(
    r"\bto be (?:defined|decided|done|determined|clarified|specified|chosen|implemented|added)\b"
    r"|\bwill be (?:defined|decided|done|implemented|added|introduced)\b|\bwe (?:plan|will)\b"
    r"|\b(?:turned|switched) off\b|^under (?:review|construction|discussion)$"
    r"|^(?:to be|will be|in progress|pending|soon|later)\b"
    r"|(?<!\bor )(?<!\band )\b(?:in progress|pending|soon|later)$"
)
"""What is not done yet; at an end only where the words occur in what is, too: `pulls pending patches`."""
_OPEN: Final = re.compile(
    r"\b(?:(?:plain|clear) ?text|in the clear|un(?:encrypted|signed|authenticated|protected))\b"
)
"""The lack of a safeguard, but where one refuses or finds it: `denies unencrypted uploads`."""
_REFUSING: Final = frozenset(
    "alerts banned bans blocked blocks deletes denied denies deny detects disallows dropped drops encrypts "
    "finds forbidden forbids masks prevents prohibits quarantines redirects refuse refused refuses reject "
    "rejected rejects removes replaces scans".split()
)
_HELP: Final = "write `false` when it is missing, `planned`, or `{status: partial, reason: ...}`"
_ALMOST: Final = 0.85


def names_something(problems: Problems, mechanism: str, at: Path) -> bool:
    """Whether a mechanism says what is in place; a negative one would pass for a safeguard."""
    lowered = mechanism.strip().lower()
    words = _WORDS.findall(lowered)
    negative = _negative(words)
    if lowered not in _NEGATIVE and words and not negative:
        return True
    noun = "words" if " " in negative else "word"
    because = f", because of the {noun} `{negative}`" if negative not in ("", lowered) else ""
    help = f"write `{lowered}` without quotes" if lowered in ("true", "false") else _HELP
    problems.refuse("negative-mechanism", f"{display(mechanism)} is no mechanism{because}", at, help)
    return False


def _negative(words: list[str]) -> str:
    """The first word, else the first words, by which a mechanism is none; "" where nothing does."""
    text = " ".join(words)
    found = _UNDONE.search(text) or (_OPEN.search(text) if _REFUSING.isdisjoint(words) else None)
    return next((w for w in words if w in _NEGATIVE_WORDS), found[0] if found else "")


def is_no_status(problems: Problems, mechanism: str, at: Path) -> bool:
    """Whether a lone word is far from every status word: a misspelt one would pass for a safeguard."""
    meant = _meant(mechanism)
    if meant is None:
        return True
    help = f"write `{meant}`, or `{{mechanism: ...}}` when that is its name"
    problems.refuse("almost-status", f"{display(mechanism)} is almost the status `{meant}`", at, help)
    return False


@lru_cache(maxsize=1024)
def _meant(mechanism: str) -> str | None:
    """The status word that a text almost is; remembered, because a model says the same many times."""
    return nearest(mechanism, STATUSES, _ALMOST)
