"""Writes a model as YAML that people like to read and that no name in the source can break out of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from threatmodel.model.ids import is_id
from threatmodel.source.scalars import plain_scalar

Plain: TypeAlias = "str | bool | int | Sequence[Plain] | Mapping[str, Plain]"

_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_./()-]*(?: [A-Za-z0-9_./()-]+)*")
_WIDTH = 110
_LONGEST_TEXT, _LONGEST_ID = 300, 80


def model_text(comment: str, root: Mapping[str, Plain]) -> str:
    """The whole file: a comment, the header, then a block for each section that is not empty."""
    parts = [f"# {one_line(comment)}\n"]
    for key, value in root.items():
        if isinstance(value, Mapping):
            entries = "".join(_entry(name, entry) for name, entry in value.items())
            parts += [f"\n{key}:\n{entries}"] if entries else []
        elif isinstance(value, Sequence) and not isinstance(value, str):
            items = "".join(_item(item) for item in value)
            parts += [f"\n{key}:\n{items}"] if items else []
        else:
            parts.append(f"{key}: {flow_style(value)}\n")
    return "".join(parts)


def flow_style(value: Plain) -> str:
    """A value on one line, as YAML writes it between brackets."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return quote(value)
        case Mapping():
            return "{" + ", ".join(f"{quote(k)}: {flow_style(v)}" for k, v in value.items()) + "}"
        case _:
            return "[" + ", ".join(flow_style(item) for item in value) + "]"


def quote(text: str) -> str:
    """A text as a YAML scalar: plain where nothing in it means anything to YAML, else in double quotes."""
    if _SAFE.fullmatch(text) and plain_scalar(text) == text:
        return text
    return '"' + "".join(_escaped(c) for c in text) + '"'


def one_line(text: str) -> str:
    """Hostile text as one line of what can be seen, cut where it is very long."""
    seen = "".join(c if c.isprintable() else " " for c in text[: 4 * _LONGEST_TEXT])
    line = " ".join(seen.split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 3] + "..."


class Ids:
    """Gives every name of one name space a valid id of its own, as near to the name as can be."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, name: str) -> str:
        """The id for a name; a second name that comes out the same gets a number."""
        normal = unicodedata.normalize("NFC", name)
        word = re.sub(r"[^\w.\-]+", "-", normal[: 2 * _LONGEST_ID])
        stem = re.sub(r"^[\W_]+|-+$", "", word)[:_LONGEST_ID]
        stem = stem if is_id(stem) and stem.isprintable() else "element"
        found, number = stem, 2
        while found in self._taken:
            found, number = f"{stem}-{number}", number + 1
        self._taken.add(found)
        return found


def _item(value: Plain) -> str:
    """An item of a list: on one line where it fits, else a line for each of its keys."""
    line = f"  - {flow_style(value)}\n"
    if len(line) <= _WIDTH or not isinstance(value, Mapping):
        return line
    keys = "".join(f"    {quote(k)}: {flow_style(v)}\n" for k, v in value.items())
    return "  - " + keys.lstrip()


def _entry(name: str, value: Plain) -> str:
    """An entity of a section: on one line where it fits, else a line for each of its keys."""
    if not value and isinstance(value, Mapping):
        return f"  {quote(name)}:\n"
    line = f"  {quote(name)}: {flow_style(value)}\n"
    if len(line) <= _WIDTH or not isinstance(value, Mapping):
        return line
    return f"  {quote(name)}:\n" + "".join(_key(k, v) for k, v in value.items())


def _key(name: str, value: Plain) -> str:
    line = f"    {quote(name)}: {flow_style(value)}\n"
    if len(line) <= _WIDTH or not isinstance(value, Mapping):
        return line
    inner = "".join(f"      {quote(k)}: {flow_style(v)}\n" for k, v in value.items())
    return f"    {quote(name)}:\n{inner}"


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
