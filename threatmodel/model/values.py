"""Reads plain values of the language: one small function per type of key, each telling what does not fit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from threatmodel.model import words
from threatmodel.model.elements import Path
from threatmodel.model.scope import ID_HELP, Reading, Scope, is_id, normal_id, quote, shown, unquote, wrong

DURATION: Final = (
    r"P(?!$)(?:[0-9]{1,6}Y)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}W)?(?:[0-9]{1,6}D)?"
    r"(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}S)?)?"
)
_DURATION: Final = re.compile(DURATION)
_SPOKEN: Final = re.compile(r"([0-9]{1,6}) ?(d|day|w|week|m|mo|month|y|year)s?", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\s\x00-\x20]{1,500}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_OTHER_COUNTRIES: Final = {"UK": "GB", "EL": "GR", "USA": "US", "EEA": "EU"}
_PORTS: Final = "ports are numbers from 1 to 65535"
_SAID: Final = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


def one_or_many(one: Reading, *, repeats: bool = False) -> Reading:
    """A reading that takes one item without brackets, or a list of items, each at most once or `repeats`."""

    def read(scope: Scope, value: Any, at: Path) -> tuple[Any, ...] | None:
        if value.__class__ is not list:
            found = one(scope, value, at)
            return None if found is None else (found,)
        items = [one(scope, item, (*at, i)) for i, item in enumerate(value)]
        kept = tuple(item for item in items if item is not None)
        if not repeats and len(kept) > 1 and len(set(kept)) < len(kept):
            _repeated(scope, value, items, at)
        return kept

    return read


def _repeated(scope: Scope, written: list[Any], items: list[Any], at: Path) -> None:
    seen: set[Any] = set()
    for i, item in enumerate(items):
        if item is not None and item in seen:
            alias = isinstance(item, str) and item != written[i]
            what = f"{shown(written[i])} is `{item}`, which" if alias else shown(written[i])
            message = f"{what} stands in this list already"
            scope.problem("repeated-item", message, (*at, i), "keep one of them")
        seen.add(item)


def _text(scope: Scope, value: Any, at: Path) -> str | None:
    if value.__class__ is str:
        if text := value.strip():
            return str(text)
        scope.problem("empty-value", "this text is empty", at, "leave it out when it is not known")
        return None
    wrong(scope, "a text", value, at, quote(value))
    return None


def _boolean(scope: Scope, value: Any, at: Path) -> bool | None:
    if value is True or value is False:
        return bool(value)
    meant = _SAID.get(value.lower()) if isinstance(value, str) else None
    quotes = " without quotes" if meant and isinstance(value, str) and value.lower() == meant else ""
    wrong(scope, "`true` or `false`", value, at, f"write `{meant}`{quotes}" if meant else "")
    return None


def _integer(scope: Scope, value: Any, at: Path) -> int | None:
    if value.__class__ is int:
        return int(value)
    wrong(scope, "a whole number", value, at, unquote(value, int))
    return None


def _port(scope: Scope, value: Any, at: Path) -> int | None:
    if value.__class__ is not int:
        wrong(scope, "a port number", value, at, unquote(value, int) or _PORTS)
    elif not 1 <= value <= 65535:
        scope.problem("out-of-range", f"{shown(value)} is no port", at, _PORTS)
    else:
        return int(value)
    return None


def _epsilon(scope: Scope, value: Any, at: Path) -> float | None:
    return _number(scope, value, at, lambda n: 0 < n < math.inf, "an epsilon is above 0")


def _delta(scope: Scope, value: Any, at: Path) -> float | None:
    return _number(scope, value, at, lambda n: 0 <= n < 1, "a delta is from 0 to below 1")


def _number(scope: Scope, value: Any, at: Path, fits: Callable[[float], bool], help: str) -> float | None:
    if value.__class__ not in (int, float):
        wrong(scope, "a number", value, at, unquote(value, int, float) or help)
    elif not fits(value):
        scope.problem("out-of-range", f"{shown(value)} is out of range", at, help)
    else:
        return float(value)
    return None


def _date(scope: Scope, value: Any, at: Path) -> str | None:
    if value.__class__ is str and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            scope.problem("bad-date", f"there is no day {shown(value)}", at, "write it as YYYY-MM-DD")
            return None
    if isinstance(value, (str, int, float)):
        scope.problem("bad-date", f"{shown(value)} is no date", at, "write it as YYYY-MM-DD")
    else:
        wrong(scope, "a date", value, at, "write it as YYYY-MM-DD")
    return None


def _duration(scope: Scope, value: Any, at: Path) -> str | None:
    if value == "indefinite" or (value.__class__ is str and _DURATION.fullmatch(value)):
        return str(value)
    help = "write it as in ISO 8601, `P30D`, `P6M` or `P10Y`, or `indefinite`"
    if not isinstance(value, (str, int, float)):
        wrong(scope, "a duration", value, at, help)
        return None
    upper = str(value).upper()
    spoken = _SPOKEN.fullmatch(upper)
    meant = f"P{int(spoken[1])}{spoken[2][0]}" if spoken else upper
    if _DURATION.fullmatch(meant):
        help = f"did you mean `{meant}`?"
    scope.problem("bad-duration", f"{shown(value)} is no duration", at, help)
    return None


def _jurisdiction(scope: Scope, value: Any, at: Path) -> str | None:
    if value.__class__ is not str:
        wrong(scope, "a country code", value, at, quote(value))
        return None
    if value == "EU" or value in words.COUNTRIES:
        return str(value)
    upper = value.upper()
    meant = _OTHER_COUNTRIES.get(upper, upper)
    known = meant == "EU" or meant in words.COUNTRIES
    help = (
        f"did you mean `{meant}`?" if known else "use an ISO 3166 code of two letters, or `EU` for the Union"
    )
    scope.problem("unknown-word", f"{shown(value)} is no country code", at, help)
    return None


def _name(scope: Scope, value: Any, at: Path) -> str | None:
    if value.__class__ is not str:
        wrong(scope, "a word", value, at, quote(value))
        return None
    name = normal_id(value)
    if is_id(name):
        return name
    scope.problem("bad-id", f"{shown(value)} is no id", at, ID_HELP)
    return None


def _key(scope: Scope, value: Any, at: Path) -> str | None:
    """The id of a flow or subject, or a result key: compared as ids are."""
    text = _text(scope, value, at)
    return None if text is None else normal_id(text)


def _word(scope: Scope, value: Any, at: Path) -> str | None:
    if value.__class__ is not str:
        wrong(scope, "a word", value, at, quote(value))
    elif _WORD.fullmatch(value):
        return str(value)
    elif value.strip():
        scope.problem("wrong-type", f"{shown(value)} is more than one word", at, "use a word without spaces")
    else:
        scope.problem("empty-value", "this word is empty", at, "leave it out when it is not known")
    return None


PLAIN: Final[Mapping[str, Reading]] = {
    "boolean": _boolean,
    "date": _date,
    "delta": _delta,
    "duration": _duration,
    "epsilon": _epsilon,
    "file": _text,
    "flow": _key,
    "integer": _integer,
    "jurisdiction": _jurisdiction,
    "name": _name,
    "port": _port,
    "result": _key,
    "subject": _key,
    "text": _text,
    "word": _word,
}
"""The reading of every type of key that needs nothing but the value."""
