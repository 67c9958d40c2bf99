"""Values of facts as a proof writes them, and how the oracle makes them.

A value is `{"one_of": [...]}` with all that it may be (null: nothing), a set `{"certain": [...], "possible":
[...]}` whose `possible` is null where anything may be in it, or null where nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

Value: TypeAlias = Any
Truth: TypeAlias = bool | None

LEVELS: Final = ("low", "moderate", "high", "critical")
CONFIDENTIALITY: Final = ("public", "internal", "confidential", "restricted")
TRUST: Final = ("untrusted", "third-party", "trusted")


class ForeignWordError(Exception):
    """A value is said in a word of another tool: the loader translates it, the oracle does not."""


def only(value: Any) -> Value:
    """Exactly this value, nothing known where it is None."""
    return None if value is None else {"one_of": [value]}


def members(words: Iterable[str] | None, open_: bool = False) -> Value:
    """A set with these members, and with others where it is open; nobody said where there are none at all."""
    listed = sorted(set(words or ()))
    return {"certain": listed, "possible": None if open_ or words is None else listed}


def seen(found: object) -> Value:
    """True or not known: what is not drawn shows nothing."""
    return only(True) if found else None


def perhaps(certain: object, possible: object) -> Value:
    """True where it is certain, false where it is not even possible."""
    return only(True if certain else None if possible else False)
