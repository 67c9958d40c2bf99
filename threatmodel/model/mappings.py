"""Reads mappings of the model language by its table: plain values, references, and nested forms."""

from __future__ import annotations

from typing import Any, Final

from threatmodel.errors import display
from threatmodel.model import lookups
from threatmodel.model.elements import Agreement, Evidence, Statement
from threatmodel.model.ids import ID_HELP, is_id
from threatmodel.model.language import ENTITIES, REQUIRED, Key
from threatmodel.model.mechanisms import is_no_status, names_something
from threatmodel.model.scope import Scope
from threatmodel.model.values import PLAIN
from threatmodel.model.words import STATUSES, ours_for
from threatmodel.source import reading
from threatmodel.source.document import Path
from threatmodel.source.reading import Field, Reading, Table, many, quote, table, word, wrong

_REASONED: Final = ("partial", "alternative", "not-applicable")
_FORMS: Final = "write `true`, `false`, `planned`, or name what is in place"
_SECTIONS: Final = ("section", "flows", "types", "waiver", "requirement")
"""Types of keys that are read entry by entry elsewhere; they may be left empty."""


def read_mapping(scope: Scope, section: str, raw: Any, at: Path) -> dict[str, Any]:
    """The readable values of one mapping by key; what is wrong is recorded and left out."""
    return reading.read_mapping(scope.problems, table_of(scope, section), raw, at)


def table_of(scope: Scope, section: str) -> Table:
    """The table of fields of a mapping of the language."""
    known = scope.tables.get(section)
    if known is None:
        noun, keys = ENTITIES[section]
        fields = {key.name: _field(scope, key, noun, section) for key in keys.values()}
        known = scope.tables[section] = table(noun, fields, ours_for)
    return known


def _field(scope: Scope, key: Key, noun: str, section: str) -> Field:
    example = f"[{', '.join(map(str, key.example))}]" if isinstance(key.example, list) else str(key.example)
    if key.absent.startswith(REQUIRED):
        help = f"write `{key.name}: {example}`"
    else:
        help = "leave it out when it is not known" + ("; `[]` says that there is none" if key.many else "")
    read = _reading(scope, key, noun, section)
    return Field(read, key.required, key.type in _SECTIONS, key.default, example, help)


def _reading(scope: Scope, key: Key, noun: str, section: str) -> Reading:
    match key.type:
        case "controls":
            return lambda problems, value, at: _controls(scope, value, at)
        case "contacts":
            return lambda problems, value, at: read_mapping(scope, "contacts", value, at)
        case "section" | "flows" | "types" | "waiver" | "requirement":
            return reading.kept
        case _:
            one = _one(scope, key, noun, section)
            return many(one, once=key.type != "flow") if key.many else one


def _one(scope: Scope, key: Key, noun: str, section: str) -> Reading:
    """The reading of one item of a key; `noun` is what its entity is called, `section` where it stands."""
    match key.type:
        case "agreement":
            return lambda problems, value, at: _agreement(scope, value, at)
        case "evidence":
            return lambda problems, value, at: _evidence(scope, value, at)
        case "enum":
            return word(key.values, key.aliases)
        case "reference":
            return lookups.reference(key, scope)
        case "kind":
            return lookups.kind(noun, scope)
        case "type":
            return lookups.template(section, scope)
        case "technology" | "protocol":
            return lookups.catalogued(key.type, scope)
        case _:
            return PLAIN[key.type]


def _controls(scope: Scope, value: Any, at: Path) -> dict[str, Statement] | None:
    """Statements by control id."""
    if not isinstance(value, dict):
        help = "write `encrypt-at-rest: aes-256` under it"
        message = f"`{at[-1]}` takes a mapping from control ids to statements, not {display(value)}"
        scope.problems.refuse("wrong-type", message, at, help)
        return None
    found = {}
    for control, raw in value.items():
        here = (*at, control)
        if not is_id(control):
            scope.problems.add("bad-id", f"{display(control)} is no control id", here, ID_HELP)
        elif statement := _statement(scope, control, raw, here):
            found[control] = statement
    return found


def _statement(scope: Scope, control: str, raw: Any, at: Path) -> Statement | None:
    match raw:
        case bool():
            return _made(scope, control, at, status="implemented" if raw else "absent")
        case str() if raw in STATUSES:
            return _long(scope, control, {"status": raw}, {}, at)
        case str() if raw.strip():
            if names_something(scope.problems, raw, at) and is_no_status(scope.problems, raw.strip(), at):
                return _made(scope, control, at, mechanism=raw.strip())
        case dict() if raw:
            values = read_mapping(scope, "statement", raw, at)
            if "status" in values or "status" not in raw:
                return _long(scope, control, values, raw, at)
        case None | {} | str():
            scope.problems.add("empty-value", f"`{control}` says nothing", at, f"remove it, or {_FORMS}")
        case _:
            scope.problems.refuse("wrong-type", f"a statement is needed here, not {display(raw)}", at, _FORMS)
    return None


def _made(scope: Scope, control: str, at: Path, **values: Any) -> Statement:
    return Statement(control, at, **{**table_of(scope, "statement").absent, **values})


def _long(
    scope: Scope, control: str, values: dict[str, Any], raw: dict[str, Any], at: Path
) -> Statement | None:
    status = values.get("status", "implemented")
    if status in _REASONED and "reason" not in raw:
        help = f"write `{{status: {status}, reason: ...}}`"
        scope.problems.refuse("missing-reason", f"`{status}` needs a reason", at, help)
        return None
    if "mechanism" in values and not names_something(scope.problems, values["mechanism"], (*at, "mechanism")):
        return None
    return _made(scope, control, at, **values)


def _agreement(scope: Scope, value: Any, at: Path) -> Agreement | None:
    v = read_mapping(scope, "agreement", value, at)
    if "type" not in v:
        return None
    _in_order(scope, v, at)
    whole = {**table_of(scope, "agreement").absent, **v}
    return Agreement(at=at, counterpart=whole.pop("with"), **whole)


def _evidence(scope: Scope, value: Any, at: Path) -> Evidence | None:
    if isinstance(value, dict):
        v = read_mapping(scope, "evidence", value, at)
        _in_order(scope, v, at)
        return Evidence(v["link"], v.get("date"), v.get("until")) if "link" in v else None
    link = value.strip() if isinstance(value, str) else ""
    if link:
        return Evidence(link, None, None)
    wrong(scope.problems, "a link or a mapping", value, at, quote(value))
    return None


def _in_order(scope: Scope, values: dict[str, Any], at: Path) -> None:
    if "date" in values and "until" in values and values["until"] < values["date"]:
        message = f"it ends on `{values['until']}`, before it begins on `{values['date']}`"
        scope.problems.refuse("bad-date", message, (*at, "until"), "correct one of the two dates")
