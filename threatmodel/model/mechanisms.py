"""Tells mechanisms that name what is in place from texts that would only pass for a safeguard."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from threatmodel.errors import nearest
from threatmodel.model.elements import Path
from threatmodel.model.scope import Scope, shown
from threatmodel.model.words import STATUSES

_NEGATIVE: Final = frozenset("yes no on off true false y n none null nil n/a na tbd todo unknown".split())
_NEGATIVE_WORDS: Final = frozenset(
    "no not none never without disabled missing todo tbd "
    "absent planned partial partially unimplemented cannot nothing".split()
)
_WORDS: Final = re.compile(r"[^\W_]+")
_HELP: Final = "write `false` when it is missing, `planned`, or `{status: partial, reason: ...}`"
_ALMOST: Final = 0.85


def names_something(scope: Scope, mechanism: str, at: Path) -> bool:
    """Whether a mechanism says what is in place; a negative one would pass for a safeguard."""
    lowered = mechanism.strip().lower()
    words = _WORDS.findall(lowered)
    if lowered not in _NEGATIVE and words and _NEGATIVE_WORDS.isdisjoint(words):
        return True
    word = next((w for w in words if w in _NEGATIVE_WORDS), lowered)
    because = f", because of the word `{word}`" if word != lowered else ""
    help = f"write `{lowered}` without quotes" if lowered in ("true", "false") else _HELP
    scope.problem("negative-mechanism", f"{shown(mechanism)} is no mechanism{because}", at, help)
    return False


def is_no_status(scope: Scope, mechanism: str, at: Path) -> bool:
    """Whether a lone word is far from every status word: a misspelt one would pass for a safeguard."""
    meant = _meant(mechanism)
    if meant is None:
        return True
    help = f"write `{meant}`, or `{{mechanism: ...}}` when that is its name"
    scope.problem("almost-status", f"{shown(mechanism)} is almost the status `{meant}`", at, help)
    return False


@lru_cache(maxsize=1024)
def _meant(mechanism: str) -> str | None:
    """The status word that a text almost is; remembered, because a model says the same many times."""
    return nearest(mechanism, STATUSES, _ALMOST)
