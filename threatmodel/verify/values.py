"""Values of facts as a proof writes them, and comparisons of them in three values.

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
_ORDERS: Final = (LEVELS, CONFIDENTIALITY, TRUST)


class ForeignWordError(Exception):
    """A value is said in a word of another tool: the loader translates it, the checker does not."""


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


def holds(asked: Any, value: Value) -> Truth:
    """A comparison: true or false where it is so for all that the value may be."""
    operator, operand = next(iter(asked.items())) if isinstance(asked, dict) else ("is", asked)
    if value is None:
        return None
    wanted = operand if isinstance(operand, list) else [operand]
    if "certain" in value:
        if any(word in value["certain"] for word in wanted):
            return True
        possible = value["possible"]
        return None if possible is None or any(word in possible for word in wanted) else False
    found = {_compare(operator, wanted, candidate) for candidate in value["one_of"]}
    return found.pop() if len(found) == 1 else None


def _compare(operator: str, wanted: list[Any], value: Any) -> Truth:
    """None where the two cannot be compared, which a false proof might ask for: then nothing is known."""
    if operator in ("is", "one_of", "none_of"):
        among = any(value == word and isinstance(value, bool) == isinstance(word, bool) for word in wanted)
        return among != (operator == "none_of")
    if value is None:
        return False
    order: tuple[Any, ...] = next((order for order in _ORDERS if wanted[0] in order), ())
    if isinstance(value, int) and isinstance(wanted[0], int):
        difference = value - wanted[0]
    elif value in order:
        difference = order.index(value) - order.index(wanted[0])
    else:
        return None
    return difference >= 0 if operator == "at_least" else difference <= 0
