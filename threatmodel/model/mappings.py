"""Reads mappings of the language by its table: unknown, empty and missing keys, values, nested forms."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

from threatmodel.errors import an
from threatmodel.model import lookups
from threatmodel.model.elements import Agreement, Evidence, Path, Statement
from threatmodel.model.language import ENTITIES, REQUIRED, Key
from threatmodel.model.mechanisms import is_no_status, names_something
from threatmodel.model.scope import ID_HELP, Reading, Scope, described, is_id, quote, shown, wrong
from threatmodel.model.values import PLAIN, one_or_many
from threatmodel.model.words import STATUSES, ours_for

_REASONED: Final = ("partial", "alternative", "not-applicable")
_UNSAID: Final = {"mechanism": None, "by": None, "evidence": (), "reason": None, "owner": None, "due": None}
_FORMS: Final = "write `true`, `false`, `planned`, or name what is in place"
SECTION_TYPES: Final = ("section", "flows", "types", "waiver", "requirement")
"""Types of keys that are read entry by entry elsewhere; they may be left empty."""


class Shape(NamedTuple):
    """What a mapping may hold: its keys, a reading for each, and the keys that must be there."""

    noun: str
    keys: dict[str, tuple[Key, Reading]]
    required: tuple[str, ...]


def read_mapping(scope: Scope, section: str, raw: Any, at: Path) -> dict[str, Any]:
    """The readable values of one mapping by key; what is wrong is recorded and left out."""
    noun, keys, required = _shape(section)
    if raw.__class__ is not dict:
        example = ", ".join(f"{name}: {_example(keys[name][0])}" for name in required)
        help = f"write `{example}`" if example else "write its keys on indented lines or in `{...}`"
        scope.problem("wrong-type", f"{an(noun)} is a mapping of keys, not {described(raw)}", at, help)
        return {}
    values: dict[str, Any] = {}
    for name, value in raw.items():
        known = keys.get(name)
        if known is None:
            _unknown_key(scope, noun, keys, name, at)
            continue
        key, read = known
        if _is_empty(key, value):
            _empty(scope, key, (*at, name))
            continue
        found = read(scope, value, (*at, name))
        if found is not None:
            values[name] = found
    for name in required:
        if name not in raw:
            help = f"write `{name}: {_example(keys[name][0])}`"
            scope.problems.add("missing-key", f"this {noun} has no `{name}`", at, help)
    return values


def _unknown_key(scope: Scope, noun: str, keys: dict[str, Any], name: str, at: Path) -> None:
    ours = ours_for(name)
    help = f"did you mean `{ours}`?" if ours in keys else scope.problems.suggest(name, keys)
    help = help or "known keys: " + ", ".join(keys)
    owner = str(at[-1]) if at else ""
    if owner in keys:  # one level too far out, a key is taken for the name of an entry
        help = f"{shown(owner)} is read as the id of {an(noun)}: indent it under the one that it belongs to"
    scope.problems.add("unknown-key", f"{an(noun)} has no key {shown(name)}", (*at, name), help)


def _is_empty(key: Key, value: Any) -> bool:
    """Whether a key has no value, or one that must be there is left blank."""
    blank = key.required and value.__class__ is str and not value.strip()
    return blank or (value is None and key.type not in SECTION_TYPES)


def _empty(scope: Scope, key: Key, at: Path) -> None:
    if key.absent.startswith(REQUIRED):
        help = f"write `{key.name}: {_example(key)}`"
    else:
        help = "leave it out when it is not known" + ("; `[]` says that there is none" if key.many else "")
    scope.problems.add("empty-value", f"`{key.name}` is empty", at, help)


def _example(key: Key) -> str:
    example = key.example
    return f"[{', '.join(map(str, example))}]" if isinstance(example, list) else str(example)


@cache
def _shape(section: str) -> Shape:
    noun, keys = ENTITIES[section]
    readings = {k.name: (k, _reading(k, noun, section)) for k in keys.values()}
    return Shape(noun, readings, tuple(k.name for k in keys.values() if k.required))


def _reading(key: Key, noun: str, section: str) -> Reading:
    match key.type:
        case "controls":
            return _controls
        case "contacts":
            return _contacts
        case "section" | "flows" | "types" | "waiver" | "requirement":
            return _kept
        case _:
            one = _one(key, noun, section)
            return one_or_many(one, repeats=key.type == "flow") if key.many else one


def _one(key: Key, noun: str, section: str) -> Reading:
    """The reading of one item of a key; `noun` is what its entity is called, `section` where it stands."""
    match key.type:
        case "agreement":
            return _agreement
        case "evidence":
            return _evidence
        case "enum":
            return lookups.enum(key)
        case "reference":
            return lookups.reference(key)
        case "kind":
            return lookups.kind(noun)
        case "type":
            return lookups.template(section)
        case "technology" | "protocol":
            return lookups.catalogued(key.type)
        case _:
            return PLAIN[key.type]


def _kept(scope: Scope, value: Any, at: Path) -> Any:
    """A nested section as it stands: it is read entry by entry elsewhere."""
    return value


def _controls(scope: Scope, value: Any, at: Path) -> dict[str, Statement] | None:
    """Statements by control id."""
    if not isinstance(value, dict):
        help = "write `encrypt-at-rest: aes-256` under it"
        message = f"`{at[-1]}` takes a mapping from control ids to statements, not {shown(value)}"
        scope.problem("wrong-type", message, at, help)
        return None
    found = {}
    for control, raw in value.items():
        here = (*at, control)
        if not is_id(control):
            scope.problems.add("bad-id", f"{shown(control)} is no control id", here, ID_HELP)
        elif statement := _statement(scope, control, raw, here):
            found[control] = statement
    return found


def _statement(scope: Scope, control: str, raw: Any, at: Path) -> Statement | None:
    match raw:
        case bool():
            return _made(control, at, "implemented" if raw else "absent")
        case str() if raw in STATUSES:
            return _long(scope, control, {"status": raw}, {}, at)
        case str() if raw.strip():
            if names_something(scope, raw, at) and is_no_status(scope, raw.strip(), at):
                return _made(control, at, "implemented", mechanism=raw.strip())
        case dict() if raw:
            values = read_mapping(scope, "statement", raw, at)
            if "status" in values or "status" not in raw:
                return _long(scope, control, values, raw, at)
        case None | {} | str():
            scope.problems.add("empty-value", f"`{control}` says nothing", at, f"remove it, or {_FORMS}")
        case _:
            scope.problem("wrong-type", f"a statement is needed here, not {shown(raw)}", at, _FORMS)
    return None


def _made(control: str, at: Path, status: Any, **values: Any) -> Statement:
    return Statement(control, at, status, **{**_UNSAID, **values})


def _long(
    scope: Scope, control: str, values: dict[str, Any], raw: dict[str, Any], at: Path
) -> Statement | None:
    status = values.get("status", "implemented")
    if status in _REASONED and "reason" not in raw:
        help = f"write `{{status: {status}, reason: ...}}`"
        scope.problem("missing-reason", f"`{status}` needs a reason", at, help)
        return None
    if "mechanism" in values and not names_something(scope, values["mechanism"], (*at, "mechanism")):
        return None
    return _made(control, at, status, **{k: v for k, v in values.items() if k != "status"})


def _contacts(scope: Scope, value: Any, at: Path) -> dict[str, Any]:
    return read_mapping(scope, "contacts", value, at)


def _agreement(scope: Scope, value: Any, at: Path) -> Agreement | None:
    v = read_mapping(scope, "agreement", value, at)
    if "type" not in v:
        return None
    _in_order(scope, v, at)
    return Agreement(
        at, v["type"], v.get("with"), v.get("date"), v.get("until"), v.get("ref"), v.get("assessment")
    )


def _evidence(scope: Scope, value: Any, at: Path) -> Evidence | None:
    if isinstance(value, dict):
        v = read_mapping(scope, "evidence", value, at)
        _in_order(scope, v, at)
        return Evidence(v["link"], v.get("date"), v.get("until")) if "link" in v else None
    link = value.strip() if isinstance(value, str) else ""
    if link:
        return Evidence(link, None, None)
    wrong(scope, "a link or a mapping", value, at, quote(value))
    return None


def _in_order(scope: Scope, values: dict[str, Any], at: Path) -> None:
    if "date" in values and "until" in values and values["until"] < values["date"]:
        message = f"it ends on `{values['until']}`, before it begins on `{values['date']}`"
        scope.problem("bad-date", message, (*at, "until"), "correct one of the two dates")
