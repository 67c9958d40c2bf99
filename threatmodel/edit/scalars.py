"""Writes values as YAML on one line that reads back as the same, inside brackets and outside."""

from __future__ import annotations

import json
import re
from typing import Final

from threatmodel.source import Value
from threatmodel.source.scalars import plain_scalar

_PLAIN: Final = re.compile(r"[A-Za-z0-9](?:[\w./@<>()+*=;'-]|(?<! ) |:(?=[^\s]))*", re.ASCII)


def scalar(text: str) -> str:
    """The text plain where that is safe everywhere, else in double quotes."""
    if _PLAIN.fullmatch(text) and text == text.strip() and plain_scalar(text) == text:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in quoted)


def in_line(value: Value) -> str:
    """Any value on one line, mappings and lists in brackets."""
    match value:
        case dict():
            return "{" + ", ".join(f"{scalar(key)}: {in_line(below)}" for key, below in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(in_line, value)) + "]"
        case str():
            return scalar(value)
        case _:
            return json.dumps(value)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
