"""Reads single values of the language: one small function per type of key, each telling what does not fit."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

from threatmodel.kinds import Kinds
from threatmodel.model import words
from threatmodel.model.elements import Path
from threatmodel.model.language import ENTITIES, Key
from threatmodel.model.problems import Problems

_ID: Final = re.compile(r"[^\W_][\w.\-]*")
_WORD: Final = re.compile(r"[^\s\x00-\x20]{1,500}")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
DURATION: Final = (
    r"P(?!$)(?:\d{1,6}Y)?(?:\d{1,6}M)?(?:\d{1,6}W)?(?:\d{1,6}D)?"
    r"(?:T(?!$)(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,6}S)?)?"
)
_DURATION: Final = re.compile(DURATION)
_OTHER_COUNTRIES: Final = {"UK": "GB", "EL": "GR", "USA": "US", "EEA": "EU"}


class Scope:
    """What values are read against: the problems so far, the kinds catalog, and the ids that may be named.

    `ids` maps a section ("services", "data", ...) to the ids in it, `types` services and stores to theirs.
    """

    def __init__(self, problems: Problems, kinds: Kinds) -> None:
        self.problems = problems
        self.kinds = kinds
        self.ids: dict[str, Collection[str]] = {}
        self.types: dict[str, Collection[str]] = {}

    def problem(self, code: str, message: str, at: Path, help: str = "") -> None:
        """Records a problem at the value that a path ends in."""
        self.problems.add(code, message, at, help, part="value")


Reading: TypeAlias = Callable[[Scope, Any, Path], Any]
"""Reads one raw value at a path: gives the value to keep, or None after recording a problem."""


def reading(key: Key, noun: str, section: str) -> Reading:
    """The reading of one item of a key; `noun` is what its entity is called, `section` where it stands."""
    match key.type:
        case "enum":
            return _enum({**{v: v for v in key.values}, **key.aliases}, key)
        case "reference":
            return _reference(key)
        case "kind":
            return _kind(noun)
        case "type":
            return _type(section)
        case _:
            return _PLAIN[key.type]


def normal_id(text: str) -> str:
    """An id as it is compared: Unicode normal form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_id(text: str) -> bool:
    """Whether a text may be an id: letters, digits, `.`, `_`, `-`, a letter or digit first."""
    return len(text) <= 200 and _ID.fullmatch(text) is not None


def shown(value: Any) -> str:
    """A raw value for a message: short, in backticks."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = {None: "nothing", True: "true", False: "false"}.get(value) if not isinstance(value, str) else None
    text = text or str(value)
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def one_or_many(one: Reading) -> Reading:
    """A reading that takes one item without brackets, or a list of items, each at most once."""

    def read(scope: Scope, value: Any, at: Path) -> tuple[Any, ...] | None:
        if value.__class__ is not list:
            found = one(scope, value, at)
            return None if found is None else (found,)
        items = [one(scope, item, (*at, i)) for i, item in enumerate(value)]
        kept = tuple(item for item in items if item is not None)
        if len(kept) > 1 and len(set(kept)) < len(kept):
            _repeated(scope, items, at)
        return kept

    return read


def _repeated(scope: Scope, items: list[Any], at: Path) -> None:
    seen: set[Any] = set()
    for i, item in enumerate(items):
        if item is not None and item in seen:
            scope.problem(
                "repeated-item", f"{shown(item)} stands in this list twice", (*at, i), "keep one of them"
            )
        seen.add(item)


def _wrong(scope: Scope, needed: str, value: Any, at: Path, help: str = "") -> None:
    if value is None:
        scope.problem(
            "empty-value", f"{needed} is needed here", at, help or "leave the key out when it is not known"
        )
    else:
        scope.problem("wrong-type", f"{needed} is needed here, not {shown(value)}", at, help)


def _quote(value: Any) -> str:
    return "put it in quotes" if isinstance(value, (bool, int, float)) else ""


def _text(scope: Scope, value: Any, at: Path) -> str | None:
    if value.__class__ is str:
        if text := value.strip():
            return str(text)
        scope.problem("empty-value", "a text is needed here", at, "leave the key out when it is not known")
        return None
    _wrong(scope, "a text", value, at, _quote(value))
    return None


def _boolean(scope: Scope, value: Any, at: Path) -> bool | None:
    if value is True or value is False:
        return bool(value)
    words = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    meant = words.get(value.lower()) if isinstance(value, str) else None
    _wrong(scope, "`true` or `false`", value, at, f"write `{meant}`" if meant else "")
    return None


def _integer(scope: Scope, value: Any, at: Path) -> int | None:
    if value.__class__ is int:
        return int(value)
    _wrong(scope, "a whole number", value, at)
    return None


def _port(scope: Scope, value: Any, at: Path) -> int | None:
    if value.__class__ is not int:
        _wrong(scope, "a port number", value, at)
    elif not 1 <= value <= 65535:
        scope.problem("out-of-range", f"{shown(value)} is no port", at, "ports go from 1 to 65535")
    else:
        return int(value)
    return None


def _epsilon(scope: Scope, value: Any, at: Path) -> float | None:
    return _number(scope, value, at, lambda n: 0 < n < math.inf, "an epsilon is above 0")


def _delta(scope: Scope, value: Any, at: Path) -> float | None:
    return _number(scope, value, at, lambda n: 0 <= n < 1, "a delta is from 0 to below 1")


def _number(scope: Scope, value: Any, at: Path, fits: Callable[[float], bool], help: str) -> float | None:
    if value.__class__ not in (int, float):
        _wrong(scope, "a number", value, at)
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
            scope.problem("bad-date", f"there is no day {shown(value)}", at)
            return None
    if value is None:
        _wrong(scope, "a date", value, at)
    else:
        scope.problem("bad-date", f"{shown(value)} is no date", at, "write it as YYYY-MM-DD")
    return None


def _duration(scope: Scope, value: Any, at: Path) -> str | None:
    if value == "indefinite" or (value.__class__ is str and _DURATION.fullmatch(value)):
        return str(value)
    if value is None:
        _wrong(scope, "a duration", value, at)
    else:
        help = "write it as in ISO 8601, `P30D`, `P6M` or `P10Y`, or `indefinite`"
        scope.problem("bad-duration", f"{shown(value)} is no duration", at, help)
    return None


def _jurisdiction(scope: Scope, value: Any, at: Path) -> str | None:
    if value.__class__ is not str:
        _wrong(scope, "a country code", value, at, _quote(value))
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
    if value.__class__ is str and is_id(value):
        return normal_id(value)
    if value.__class__ is str:
        scope.problem("bad-id", f"{shown(value)} is no id", at, ID_HELP)
    else:
        _wrong(scope, "a word", value, at, _quote(value))
    return None


ID_HELP: Final = "use letters, digits, `.`, `_` and `-`, a letter or digit first"


def _word(scope: Scope, value: Any, at: Path) -> str | None:
    if value.__class__ is str and _WORD.fullmatch(value):
        return str(value)
    if value.__class__ is str and value.strip():
        scope.problem("wrong-type", f"{shown(value)} is more than one word", at, "use a word without spaces")
    else:
        _wrong(scope, "a word", value, at, _quote(value))
    return None


def _enum(allowed: Mapping[str, str], key: Key) -> Reading:
    def read(scope: Scope, value: Any, at: Path) -> str | None:
        found = allowed.get(value) if value.__class__ is str else None
        if found is None:
            _unlisted(scope, value, at, key)
        return found

    return read


def _unlisted(scope: Scope, value: Any, at: Path, key: Key) -> None:
    choices = "one of " + ", ".join(f"`{v}`" for v in key.values)
    if not isinstance(value, str):
        _wrong(scope, f"a word for `{key.name}`", value, at, choices)
        return
    near = scope.problems.suggest(value, (*key.values, *key.aliases))
    scope.problem("unknown-word", f"{shown(value)} is no value of `{key.name}`", at, near or choices)


def _reference(key: Key) -> Reading:
    sections = key.refers
    nouns = " or ".join(ENTITIES[s].noun for s in sections)

    def read(scope: Scope, value: Any, at: Path) -> str | None:
        if value.__class__ is not str:
            _wrong(scope, f"the id of a {nouns}", value, at, _quote(value))
            return None
        name = normal_id(value)
        if any(name in scope.ids[s] for s in sections):
            return name
        known = [i for s in sections for i in scope.ids[s]]
        elsewhere = next((s for s, ids in scope.ids.items() if name in ids and s not in sections), None)
        help = scope.problems.suggest(name, known)
        if elsewhere:
            help = f"{shown(value)} is a {ENTITIES[elsewhere].noun}" + (f"; {help}" if help else "")
        scope.problem("unknown-reference", f"no {nouns} is called {shown(value)}", at, help)
        return None

    return read


def _type(section: str) -> Reading:
    def read(scope: Scope, value: Any, at: Path) -> str | None:
        if value.__class__ is not str:
            _wrong(scope, "the id of a type", value, at, _quote(value))
            return None
        name, known = normal_id(value), scope.types.get(section, ())
        if name in known:
            return name
        help = scope.problems.suggest(name, known) or f"declare it under `types.{section}`"
        scope.problem("unknown-reference", f"no type of {section} is called {shown(value)}", at, help)
        return None

    return read


def _kind(noun: str) -> Reading:
    known = _catalogued("kind", lambda kinds: kinds.kind_names)

    def read(scope: Scope, value: Any, at: Path) -> str | None:
        name: str | None = known(scope, value, at)
        if name is not None and noun not in scope.kinds.kinds[name].subjects:
            fits = " or ".join(scope.kinds.kinds[name].subjects)
            scope.problem("kind-subject", f"{shown(value)} is a kind of {fits}, not of {noun}", at)
            return None
        return name

    return read


def _catalogued(what: str, names: Callable[[Kinds], Mapping[str, str]]) -> Reading:
    def read(scope: Scope, value: Any, at: Path) -> str | None:
        if value.__class__ is not str:
            _wrong(scope, f"a {what}", value, at, _quote(value))
            return None
        known = names(scope.kinds)
        found = known.get(value) or known.get(value.lower())
        if found is None:
            help = scope.problems.suggest(value, known) or f"see the reference of {_PLURALS[what]}"
            scope.problem(f"unknown-{what}", f"unknown {what} {shown(value)}", at, help)
        return found

    return read


_PLURALS: Final = {"kind": "kinds", "technology": "technologies", "protocol": "protocols"}


_PLAIN: Final[Mapping[str, Reading]] = {
    "boolean": _boolean,
    "date": _date,
    "delta": _delta,
    "duration": _duration,
    "file": _text,
    "flow": _text,
    "epsilon": _epsilon,
    "integer": _integer,
    "jurisdiction": _jurisdiction,
    "name": _name,
    "port": _port,
    "result": _text,
    "subject": _text,
    "protocol": _catalogued("protocol", lambda kinds: kinds.protocol_names),
    "technology": _catalogued("technology", lambda kinds: kinds.technology_names),
    "text": _text,
    "word": _word,
}
