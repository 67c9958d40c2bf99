"""Reads mappings strictly by a table of their fields: models, catalogs, kinds and settings alike.

A reading takes one raw value and gives what to keep, or None after recording what is wrong with it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from threatmodel.errors import an, describe, display
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems
from threatmodel.source.scalars import plain_scalar

Reading: TypeAlias = Callable[[Problems, Any, Path], Any]

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PORTS: Final = "ports are numbers from 1 to 65535"
_FLAGS: Final = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
_FEW: Final = 24  # so many words are listed where none is near


class Field(NamedTuple):
    """How the value of one key is read, and whether the key must be there or may stand without a value.

    `absent` is the value of a key that is left out. Messages show `example`, and `empty` helps where a key
    has no value.
    """

    read: Reading
    required: bool = False
    blank: bool = False
    absent: Any = None
    example: str = ""
    empty: str = ""


class Table(NamedTuple):
    """What a mapping may hold: its fields, those that must be there, and the values of one that says nothing.

    `noun` names it in messages, `foreign` finds our key for another tool's.
    """

    noun: str
    fields: Mapping[str, Field]
    required: tuple[str, ...]
    absent: Mapping[str, Any]
    foreign: Callable[[str], str | None]


def table(
    noun: str, fields: Mapping[str, Field], foreign: Callable[[str], str | None] = lambda key: None
) -> Table:
    """The table of a mapping that has these fields."""
    needed = tuple(name for name, field in fields.items() if field.required)
    return Table(noun, fields, needed, {name: field.absent for name, field in fields.items()}, foreign)


def required(read: Reading, otherwise: Any = None) -> Field:
    """A field that must be there; `otherwise` stands in where it is not, until all problems are raised."""
    return Field(read, required=True, absent=otherwise)


def optional(read: Reading, otherwise: Any = None) -> Field:
    """A field that may be left out or left blank, and is `otherwise` then."""
    return Field(read, blank=True, absent=otherwise)


def read_fields(problems: Problems, fields: Table, raw: Any, at: Path = ()) -> dict[str, Any]:
    """A value for every field of a mapping: what is absent or wrong has the value of an absent one."""
    return {**fields.absent, **read_mapping(problems, fields, raw, at)}


class Placed(NamedTuple):
    """A value before it is read: where it stands, and what is written there."""

    at: Path
    raw: Any


def read_each(problems: Problems, fields: Table, named: Mapping[str, Placed]) -> dict[str, dict[str, Any]]:
    """The values of many mappings by id, each as by `read_fields`; without a value it says nothing."""
    return {
        id: read_fields(problems, fields, {} if entry.raw is None else entry.raw, entry.at)
        for id, entry in named.items()
    }


def read_mapping(problems: Problems, table: Table, raw: Any, at: Path) -> dict[str, Any]:
    """The readable values of one mapping by key; what is wrong is recorded and left out."""
    fields = table.fields
    if raw.__class__ is not dict:
        _no_mapping(problems, table, raw, at)
        return {}
    values: dict[str, Any] = {}
    for name, value in raw.items():
        field = fields.get(name)
        if field is None:
            _unknown_key(problems, table, name, at)
        elif value is None or (value.__class__ is str and field.required | field.blank and not value.strip()):
            if not field.blank:
                help = f"write `{name}: {field.example}`" if field.required and field.example else field.empty
                problems.add("empty-value", f"`{name}` is empty", (*at, name), help)
        elif (found := field.read(problems, value, (*at, name))) is not None:
            values[name] = found
    for name in table.required:
        if name not in raw:
            example = fields[name].example
            help = f"write `{name}: {example}`" if example else ""
            problems.add("missing-key", f"this {table.noun} has no `{name}`", at, help)
    return values


def _no_mapping(problems: Problems, table: Table, raw: Any, at: Path) -> None:
    example = ", ".join(f"{name}: {table.fields[name].example or '...'}" for name in table.required)
    help = f"write `{example}`" if example else "write its keys on indented lines or in `{...}`"
    problems.refuse("wrong-type", f"{an(table.noun)} is a mapping of keys, not {describe(raw)}", at, help)


def _unknown_key(problems: Problems, table: Table, name: str, at: Path) -> None:
    ours = table.foreign(name)
    help = f"did you mean `{ours}`?" if ours in table.fields else problems.suggest(name, table.fields)
    help = help or "known keys: " + ", ".join(table.fields)
    owner = str(at[-1]) if at else ""
    if owner in table.fields:  # one level too far out, a key is taken for the name of an entry
        noun = an(table.noun)
        help = f"{display(owner)} is read as the id of {noun}: indent it under the one that it belongs to"
    problems.add("unknown-key", f"{an(table.noun)} has no key {display(name)}", (*at, name), help)


def many(one: Reading, *, once: bool = False, some: bool = False) -> Reading:
    """A reading that takes one item without brackets, or a list of items.

    With `once` no item may stand twice, with `some` there must be one.
    """

    def read(problems: Problems, value: Any, at: Path) -> tuple[Any, ...] | None:
        if value.__class__ is not list:
            found = one(problems, value, at)
            return None if found is None else (found,)
        if some and not value:
            problems.refuse("empty-value", f"`{at[-1]}` names nothing", at)
        items = [one(problems, item, (*at, i)) for i, item in enumerate(value)]
        kept = tuple(item for item in items if item is not None)
        if once and len(kept) > 1 and len(set(kept)) < len(kept):
            _repeated(problems, value, items, at)
        return kept

    return read


def _repeated(problems: Problems, written: list[Any], items: list[Any], at: Path) -> None:
    seen: set[Any] = set()
    for i, item in enumerate(items):
        if item is not None and item in seen:
            alias = isinstance(item, str) and item != written[i]
            what = f"{display(written[i])} is `{item}`, which" if alias else display(written[i])
            message = f"{what} stands in this list already"
            problems.refuse("repeated-item", message, (*at, i), "keep one of them")
        seen.add(item)


def listed(one: Reading) -> Reading:
    """A reading of a list, which may not stand without brackets."""

    def read(problems: Problems, value: Any, at: Path) -> tuple[Any, ...] | None:
        if not isinstance(value, list):
            problems.refuse("wrong-type", f"`{at[-1]}` takes a list, not {display(value)}", at)
            return None
        items = (one(problems, item, (*at, i)) for i, item in enumerate(value))
        return tuple(item for item in items if item is not None)

    return read


def by_name(one: Reading) -> Reading:
    """A reading of a mapping from any names to values."""

    def read(problems: Problems, value: Any, at: Path) -> dict[str, Any] | None:
        raw = entries(problems, value, at)
        if raw is None:
            return None
        found = {name: one(problems, item, (*at, name)) for name, item in raw.items()}
        return {name: item for name, item in found.items() if item is not None}

    return read


def entries(problems: Problems, value: Any, at: Path) -> dict[str, Any] | None:
    """A mapping from any names to values as they stand."""
    if isinstance(value, dict):
        return value
    problems.refuse("wrong-type", f"`{at[-1]}` takes a mapping, not {display(value)}", at)
    return None


def mapping(fields: Table) -> Reading:
    """A reading of a mapping that gives a value for every field."""
    return lambda problems, value, at: read_fields(problems, fields, value, at)


def given(fields: Table) -> Reading:
    """A reading of a mapping that gives the fields which it has."""
    return lambda problems, value, at: read_mapping(problems, fields, value, at)


def word(values: Mapping[str, Any] | tuple[str, ...], aliases: Mapping[str, str] | None = None) -> Reading:
    """A reading of one of some words, or of an alias of one."""
    allowed = {**{v: v for v in values}, **(aliases or {})}

    def read(problems: Problems, value: Any, at: Path) -> str | None:
        found = allowed.get(value) if value.__class__ is str else None
        if found is None:
            _unlisted(problems, value, at, tuple(values), tuple(allowed))
        return found

    return read


def _unlisted(
    problems: Problems, value: Any, at: Path, values: tuple[str, ...], allowed: tuple[str, ...]
) -> None:
    key = next(step for step in reversed(at) if isinstance(step, str))
    choices = "one of " + ", ".join(f"`{v}`" for v in values) if len(values) <= _FEW else ""
    if not isinstance(value, str):
        wrong(problems, f"a word for `{key}`", value, at, choices)
        return
    help = problems.suggest(value, allowed) or choices
    problems.refuse("unknown-word", f"{display(value)} is no value of `{key}`", at, help)


def kept(problems: Problems, value: Any, at: Path) -> Any:
    """Any value as it stands, for what is read elsewhere."""
    return value


def text(problems: Problems, value: Any, at: Path) -> str | None:
    """A text that is not empty, without the blanks around it."""
    if value.__class__ is str:
        if stripped := value.strip():
            return str(stripped)
        problems.refuse("empty-value", "this text is empty", at, "leave it out when it is not known")
        return None
    wrong(problems, "a text", value, at, quote(value))
    return None


def verbatim(problems: Problems, value: Any, at: Path) -> str | None:
    """A text as it is written."""
    if value.__class__ is str:
        return str(value)
    wrong(problems, "a text", value, at, quote(value))
    return None


def boolean(problems: Problems, value: Any, at: Path) -> bool | None:
    """`true` or `false`."""
    if value is True or value is False:
        return bool(value)
    meant = _FLAGS.get(value.lower()) if isinstance(value, str) else None
    quotes = " without quotes" if meant and isinstance(value, str) and value.lower() == meant else ""
    wrong(problems, "`true` or `false`", value, at, f"write `{meant}`{quotes}" if meant else "")
    return None


def integer(problems: Problems, value: Any, at: Path) -> int | None:
    """A whole number."""
    if value.__class__ is int:
        return int(value)
    wrong(problems, "a whole number", value, at, unquote(value, int))
    return None


def port(problems: Problems, value: Any, at: Path) -> int | None:
    """A port."""
    if value.__class__ is not int:
        wrong(problems, "a port number", value, at, unquote(value, int) or _PORTS)
    elif not 1 <= value <= 65535:
        problems.refuse("out-of-range", f"{display(value)} is no port", at, _PORTS)
    else:
        return int(value)
    return None


def date(problems: Problems, value: Any, at: Path) -> str | None:
    """An ISO date of a day that exists."""
    if value.__class__ is str and _DATE.fullmatch(value):
        try:
            return datetime.date.fromisoformat(value).isoformat()
        except ValueError:
            problems.refuse("bad-date", f"there is no day {display(value)}", at, "write it as YYYY-MM-DD")
            return None
    if isinstance(value, (str, int, float)):
        problems.refuse("bad-date", f"{display(value)} is no date", at, "write it as YYYY-MM-DD")
    else:
        wrong(problems, "a date", value, at, "write it as YYYY-MM-DD")
    return None


def wrong(problems: Problems, needed: str, value: Any, at: Path, help: str = "") -> None:
    """Records that a value has the wrong type; `needed` is what should stand there."""
    if value is None:
        problems.refuse("empty-value", "this item is empty", at, "remove it")
        return
    help = help or ("write one value, without brackets" if isinstance(value, list) else "")
    problems.refuse("wrong-type", f"{needed} is needed here, not {describe(value)}", at, help)


def quote(value: Any) -> str:
    """Help where a text was read as something else."""
    return "put it in quotes" if isinstance(value, (bool, int, float)) else ""


def unquote(value: Any, *types: type) -> str:
    """Help where quotes made a text of something else."""
    return "remove the quotes" if isinstance(value, str) and type(plain_scalar(value)) in types else ""
