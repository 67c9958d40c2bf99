"""The value of a fact in words."""

from __future__ import annotations

from functools import lru_cache

from threatmodel.logic.values import Choice, Domain, Known, Members, Range, Value


@lru_cache(maxsize=4096)
def describe(value: Value, domain: Domain) -> str:
    """A fact's value in words: what is known of it; remembered, because many subjects share a value."""
    match value:
        case Known(None):
            return "none"
        case Known(known):
            if isinstance(known, frozenset):
                return ", ".join(sorted(known)) or "none"
            return str(known).lower() if isinstance(known, bool) else str(known)
        case Range(low, high):
            return _range(low, high, domain)
        case Choice(options):
            return "one of " + ", ".join(sorted(options))
        case Members(certain, possible):
            known = ", ".join(sorted(certain))
            if possible == certain:
                return known or "none"
            if possible is None:
                return f"{known}, perhaps others" if known else "unknown"
            more = f"perhaps {', '.join(sorted(possible - certain))}"
            return f"{known}, {more}" if known else more
        case _:
            return "unknown"


def _range(low: int, high: int, domain: Domain) -> str:
    words = ("nothing", *domain.words)
    if low == high:
        return words[low + 1]
    if low < 0:
        return "unknown" if high == len(domain.words) - 1 else f"at most {words[high + 1]}"
    return (
        f"at least {words[low + 1]}"
        if high == len(domain.words) - 1
        else f"{words[low + 1]} to {words[high + 1]}"
    )
