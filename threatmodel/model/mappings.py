"""Reads mappings of the language by its table: unknown and missing keys, values, nested forms."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final, NamedTuple

from threatmodel.model.elements import Agreement, Evidence, Path, Statement
from threatmodel.model.language import ENTITIES, Key
from threatmodel.model.values import ID_HELP, Reading, Scope, is_id, one_or_many, reading, shown
from threatmodel.model.words import STATUSES

_NEGATIVE: Final = frozenset("yes no on off none null n/a tbd todo unknown".split())
_NEGATIVE_WORDS: Final = frozenset("no not none never without disabled missing todo tbd".split())
_WORDS: Final = re.compile(r"[^\W_]+")
_REASONED: Final = ("partial", "alternative", "not-applicable")
_STATE_HELP: Final = "write `false` when it is missing, `planned`, or `{status: partial, reason: ...}`"


class Shape(NamedTuple):
    """What a mapping may hold: a reading for every key, and the keys that must be there."""

    noun: str
    readings: dict[str, Reading]
    required: tuple[str, ...]


def read_mapping(scope: Scope, section: str, raw: Any, at: Path) -> dict[str, Any]:
    """The readable values of one mapping by key; what is wrong is recorded and left out."""
    noun, readings, required = _shape(section)
    if raw.__class__ is not dict:
        scope.problem("wrong-type", f"a {noun} is a mapping of keys, not {shown(raw)}", at)
        return {}
    values: dict[str, Any] = {}
    for key, value in raw.items():
        read = readings.get(key)
        if read is None:
            help = scope.problems.suggest(key, readings) or "known keys: " + ", ".join(readings)
            scope.problems.add("unknown-key", f"a {noun} has no key {shown(key)}", (*at, key), help)
            continue
        found = read(scope, value, (*at, key))
        if found is not None:
            values[key] = found
    for key in required:
        if key not in raw:
            scope.problems.add("missing-key", f"this {noun} has no `{key}`", at)
    return values


def read_controls(scope: Scope, value: Any, at: Path) -> dict[str, Statement] | None:
    """Statements by control id."""
    if not isinstance(value, dict):
        scope.problem("wrong-type", f"`controls` takes a mapping from control ids, not {shown(value)}", at)
        return None
    found = {}
    for control, raw in value.items():
        here = (*at, control)
        if not is_id(control):
            scope.problems.add("bad-id", f"{shown(control)} is no control id", here, ID_HELP)
        elif statement := _statement(scope, control, raw, here):
            found[control] = statement
    return found


@cache
def _shape(section: str) -> Shape:
    noun, keys = ENTITIES[section]
    readings = {k.name: _reading(k, noun, section) for k in keys.values()}
    return Shape(noun, readings, tuple(k.name for k in keys.values() if k.required))


def _reading(key: Key, noun: str, section: str) -> Reading:
    match key.type:
        case "controls":
            return read_controls
        case "contacts":
            return _contacts
        case "agreement":
            return one_or_many(_agreement)
        case "evidence":
            return one_or_many(_evidence)
        case "section" | "flows" | "types" | "waiver" | "requirement":
            return _kept
    one = reading(key, noun, section)
    return one_or_many(one) if key.many else one


def _kept(scope: Scope, value: Any, at: Path) -> Any:
    """A nested section as it stands: it is read entry by entry elsewhere."""
    return value


def _contacts(scope: Scope, value: Any, at: Path) -> dict[str, Any]:
    return read_mapping(scope, "contacts", value, at)


def _agreement(scope: Scope, value: Any, at: Path) -> Agreement | None:
    v = read_mapping(scope, "agreement", value, at)
    if "type" not in v:
        return None
    _in_order(scope, v, at)
    return Agreement(
        v["type"], v.get("with"), v.get("date"), v.get("until"), v.get("ref"), v.get("assessment")
    )


def _evidence(scope: Scope, value: Any, at: Path) -> Evidence | None:
    if isinstance(value, dict):
        v = read_mapping(scope, "evidence", value, at)
        _in_order(scope, v, at)
        return Evidence(v["link"], v.get("date"), v.get("until")) if "link" in v else None
    link = value.strip() if isinstance(value, str) else ""
    if not link:
        scope.problem("wrong-type", f"a link or a mapping is needed here, not {shown(value)}", at)
        return None
    return Evidence(link, None, None)


def _in_order(scope: Scope, values: dict[str, Any], at: Path) -> None:
    if "date" in values and "until" in values and values["until"] < values["date"]:
        message = f"it ends on {values['until']}, before it begins on {values['date']}"
        scope.problem("bad-date", message, (*at, "until"))


def _statement(scope: Scope, control: str, raw: Any, at: Path) -> Statement | None:
    match raw:
        case bool():
            return Statement(
                control, at, "implemented" if raw else "absent", None, None, (), None, None, None
            )
        case str() if raw in STATUSES:
            return _long(scope, control, {"status": raw}, at)
        case str() if raw.strip():
            if not _names_something(scope, raw, at):
                return None
            return Statement(control, at, "implemented", raw.strip(), None, (), None, None, None)
        case dict() if raw:
            values = read_mapping(scope, "statement", raw, at)
            if "status" in raw and "status" not in values:
                return None
            return _long(scope, control, values, at)
        case None | {} | "":
            scope.problem(
                "empty-value", f"`{control}` says nothing", at, "remove it, or write what is in place"
            )
        case _:
            scope.problem(
                "wrong-type", f"a statement is needed here, not {shown(raw)}", at, "see `threatmodel schema`"
            )
    return None


def _long(scope: Scope, control: str, v: dict[str, Any], at: Path) -> Statement | None:
    status = v.get("status", "implemented")
    if status in _REASONED and "reason" not in v:
        help = f"write {{status: {status}, reason: ...}}"
        scope.problem("missing-reason", f"`{status}` needs a reason", at, help)
        return None
    mechanism = v.get("mechanism")
    if mechanism is not None and not _names_something(scope, mechanism, (*at, "mechanism")):
        return None
    return Statement(
        control,
        at,
        status,
        mechanism,
        v.get("by"),
        v.get("evidence", ()),
        v.get("reason"),
        v.get("owner"),
        v.get("due"),
    )


def _names_something(scope: Scope, mechanism: str, at: Path) -> bool:
    """Whether a mechanism says what is in place; a negative one would pass for a safeguard."""
    lowered = mechanism.strip().lower()
    word = lowered if lowered in _NEGATIVE else None
    word = word or next((w for w in _WORDS.findall(lowered) if w in _NEGATIVE_WORDS), None)
    if word is None:
        return True
    scope.problem("negative-mechanism", f"a mechanism names what is in place, not `{word}`", at, _STATE_HELP)
    return False
