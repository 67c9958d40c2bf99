"""What is known of a fact, the domains it comes from, and when a comparison is true, false or open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias, assert_never


class Known(NamedTuple):
    """Exactly this value; `None` means there is none, and every comparison is false."""

    value: str | bool | int | frozenset[str] | None


@lru_cache(maxsize=4096, typed=True)
def known(value: str | bool | int | None) -> Known:
    """The one `Known` of a value: many subjects share it."""
    return Known(value)


@lru_cache(maxsize=4096)
def exactly(words: frozenset[str]) -> Members:
    """The one set that has exactly these members."""
    return Members(words, words)


class Range(NamedTuple):
    """An ordered value between two positions of its domain; -1 stands for nothing at all."""

    low: int
    high: int


class Choice(NamedTuple):
    """Exactly one of these, and nobody said which."""

    options: frozenset[str]


class Members(NamedTuple):
    """A set: what is certainly in it, and what may be; `possible=None` means anything may."""

    certain: frozenset[str]
    possible: frozenset[str] | None


class Unknown(NamedTuple):
    """Nothing is known; what it holds is held by no known value, so that it equals none."""

    unknown: tuple[()] = ()


UNKNOWN = Unknown()
Value: TypeAlias = Known | Range | Choice | Members | Unknown


class Domain(NamedTuple):
    """The values a fact can have; no words means that any word may occur."""

    kind: Literal["enum", "ordered", "boolean", "number", "set"]
    words: tuple[str, ...] = ()


class Column(NamedTuple):
    """A fact's values for all subjects of a kind: distinct values once, and a code per subject."""

    table: tuple[Value, ...]
    codes: Sequence[int]


def intern(values: Sequence[Value]) -> Column:
    """A column of values, each distinct one stored once."""
    table: dict[tuple[type, Value, bool], int] = {}
    known: dict[int, int] = {}
    codes = []
    for value in values:
        code = known.get(id(value))
        if code is None:
            code = known[id(value)] = table.setdefault((value.__class__, value, _boolean(value)), len(table))
        codes.append(code)
    return column(tuple(value for _, value, _ in table), codes)


def column(table: tuple[Value, ...], codes: Iterable[int]) -> Column:
    """A column whose codes are bytes wherever they fit: small, and quick to translate."""
    return Column(table, bytes(codes) if len(table) <= 256 else list(codes))


def _boolean(value: Value) -> bool:
    """Tells `True` from `1`, which Python holds equal."""
    return isinstance(value, Known) and isinstance(value.value, bool)


def truth(domain: Domain, operator: str, operand: object, value: Value) -> bool | None:
    """True when the comparison holds for all that is possible, false when for none, else None."""
    match value:
        case Unknown():
            return None
        case Known(known):
            return _known(domain, operator, operand, known)
        case Choice(options):
            return _agreed(_known(domain, operator, operand, option) for option in options)
        case Range(low, high):
            words: tuple[str | None, ...] = (None, *domain.words)
            return _agreed(_known(domain, operator, operand, w) for w in words[low + 1 : high + 2])
        case Members(certain, possible):
            return _members(operator, operand, certain, possible)
        case _:
            assert_never(value)


def _agreed(truths: Iterable[bool]) -> bool | None:
    found = set(truths)
    return found.pop() if len(found) == 1 else None


def _known(domain: Domain, operator: str, operand: object, known: object) -> bool:
    if isinstance(known, frozenset):
        return _members(operator, operand, known, known) is True
    if known is None:
        return operator == "none_of"
    match operator:
        case "is":
            return known == operand
        case "one_of":
            return isinstance(operand, frozenset) and str(known) in operand
        case "none_of":
            return isinstance(operand, frozenset) and str(known) not in operand
        case _:
            position, bound = _position(domain, known), _position(domain, operand)
            return position >= bound if operator == "at_least" else position <= bound


def _position(domain: Domain, value: object) -> int:
    return domain.words.index(str(value)) if domain.kind == "ordered" else int(str(value))


def _members(
    operator: str, operand: object, certain: frozenset[str], possible: frozenset[str] | None
) -> bool | None:
    wanted = operand if isinstance(operand, frozenset) else frozenset({str(operand)})
    if certain & wanted:
        return True
    return None if possible is None or possible & wanted else False
