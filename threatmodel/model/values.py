"""Reads values that only the model language has, such as durations: what does not fit is recorded."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from threatmodel.errors import display
from threatmodel.model import words
from threatmodel.model.ids import ID_HELP, is_id, normal_id
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems
from threatmodel.source.reading import Reading, boolean, date, integer, port, quote, text, unquote, wrong

DURATION: Final = (
    r"P(?!$)(?:[0-9]{1,6}Y)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}W)?(?:[0-9]{1,6}D)?"
    r"(?:T(?!$)(?:[0-9]{1,6}H)?(?:[0-9]{1,6}M)?(?:[0-9]{1,6}S)?)?"
)
_DURATION: Final = re.compile(DURATION)
_SPOKEN: Final = re.compile(r"([0-9]{1,6}) ?(d|day|w|week|m|mo|month|y|year)s?", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\s\x00-\x20]{1,500}")
_OTHER_COUNTRIES: Final = {"UK": "GB", "EL": "GR", "USA": "US", "EEA": "EU"}


def _epsilon(problems: Problems, value: Any, at: Path) -> float | None:
    return _number(problems, value, at, lambda n: 0 < n < math.inf, "an epsilon is above 0")


def _delta(problems: Problems, value: Any, at: Path) -> float | None:
    return _number(problems, value, at, lambda n: 0 <= n < 1, "a delta is from 0 to below 1")


def _number(
    problems: Problems, value: Any, at: Path, fits: Callable[[float], bool], help: str
) -> float | None:
    if value.__class__ not in (int, float):
        wrong(problems, "a number", value, at, unquote(value, int, float) or help)
    elif not fits(value):
        problems.refuse("out-of-range", f"{display(value)} is out of range", at, help)
    else:
        return float(value)
    return None


def _duration(problems: Problems, value: Any, at: Path) -> str | None:
    if value == "indefinite" or (value.__class__ is str and _DURATION.fullmatch(value)):
        return str(value)
    help = "write it as in ISO 8601, `P30D`, `P6M` or `P10Y`, or `indefinite`"
    if not isinstance(value, (str, int, float)):
        wrong(problems, "a duration", value, at, help)
        return None
    upper = str(value).upper()
    spoken = _SPOKEN.fullmatch(upper)
    meant = f"P{int(spoken[1])}{spoken[2][0]}" if spoken else upper
    if _DURATION.fullmatch(meant):
        help = f"did you mean `{meant}`?"
    problems.refuse("bad-duration", f"{display(value)} is no duration", at, help)
    return None


def _jurisdiction(problems: Problems, value: Any, at: Path) -> str | None:
    if value.__class__ is not str:
        wrong(problems, "a country code", value, at, quote(value))
        return None
    if value == "EU" or value in words.COUNTRIES:
        return str(value)
    upper = value.upper()
    meant = _OTHER_COUNTRIES.get(upper, upper)
    known = meant == "EU" or meant in words.COUNTRIES
    help = (
        f"did you mean `{meant}`?" if known else "use an ISO 3166 code of two letters, or `EU` for the Union"
    )
    problems.refuse("unknown-word", f"{display(value)} is no country code", at, help)
    return None


def _name(problems: Problems, value: Any, at: Path) -> str | None:
    if value.__class__ is not str:
        wrong(problems, "a word", value, at, quote(value))
        return None
    name = normal_id(value)
    if is_id(name):
        return name
    problems.refuse("bad-id", f"{display(value)} is no id", at, ID_HELP)
    return None


def _key(problems: Problems, value: Any, at: Path) -> str | None:
    """The id of a flow or subject, or a result key: compared as ids are."""
    found = text(problems, value, at)
    return None if found is None else normal_id(found)


def _word(problems: Problems, value: Any, at: Path) -> str | None:
    if value.__class__ is not str:
        wrong(problems, "a word", value, at, quote(value))
    elif _WORD.fullmatch(value):
        return str(value)
    elif value.strip():
        problems.refuse(
            "wrong-type", f"{display(value)} is more than one word", at, "use a word without spaces"
        )
    else:
        problems.refuse("empty-value", "this word is empty", at, "leave it out when it is not known")
    return None


PLAIN: Final[Mapping[str, Reading]] = {
    "boolean": boolean,
    "date": date,
    "delta": _delta,
    "duration": _duration,
    "epsilon": _epsilon,
    "file": text,
    "flow": _key,
    "integer": integer,
    "jurisdiction": _jurisdiction,
    "name": _name,
    "port": port,
    "result": _key,
    "subject": _key,
    "text": text,
    "word": _word,
}
"""The reading of every type of key that needs nothing but the value."""
