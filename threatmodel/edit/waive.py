"""Adds a waiver to the text of a decisions file; every other character of it stays."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from threatmodel.edit.scalars import scalar
from threatmodel.edit.tree import line_offsets
from threatmodel.errors import InputError, UsageError
from threatmodel.source import Document, parse

NEW: Final = "# What was decided about gaps, by whom, and until when.\nthreatmodel-decisions: 1\n"
"""A decisions file that decides nothing yet."""

_CANNOT: Final = "cannot add a waiver to this file without changing the rest of it"


def with_waiver(text: str, file: str, waiver: Mapping[str, str]) -> str:
    """The text with one more waiver, the last; raises UsageError when it cannot keep the rest as it is.

    The result is read again, and refused unless it says exactly what the file said and the new waiver.
    """
    document = parse(text, file)
    before = document.root
    if not isinstance(before, dict):
        raise UsageError(_CANNOT, "write it as a mapping with `waivers`")
    written = _placed(document, before, waiver)
    expected = {**before, "waivers": [*_waivers(before), dict(waiver)]}
    try:
        after = parse(written, file).root
    except InputError:
        after = None
    if after != expected:
        raise UsageError(_CANNOT, "add it by hand at the end of `waivers`")
    return written


def _waivers(root: Mapping[str, object]) -> list[object]:
    found = root.get("waivers")
    return found if isinstance(found, list) else []


def _placed(document: Document, root: Mapping[str, object], waiver: Mapping[str, str]) -> str:
    text = document.text
    end = "\r\n" if "\r\n" in text else "\n"
    if "waivers" not in root:
        gap = "" if text.endswith(("\n", "\r")) else end
        return f"{text}{gap}{end}waivers:{end}{_item(waiver, 2, end)}"
    offsets = line_offsets(text)
    key, value = document.span(("waivers",)), document.span(("waivers",), "value")
    start = offsets[value.line - 1] + value.column - 1
    items = _waivers(root)
    if not items:
        return _first(text, offsets, key.line, start, waiver, end)
    last = document.span(("waivers", len(items) - 1), "value")
    if text.startswith("[", start):
        at = offsets[last.end_line - 1] + last.end_column - 1
        return f"{text[:at]}, {_flow(waiver)}{text[at:]}"
    first = document.span(("waivers", 0), "value")
    dash = re.match(r"(\s*)- ", document.excerpt(first.line))
    if dash is None:
        raise UsageError(_CANNOT, "add it by hand at the end of `waivers`")
    at = offsets[last.end_line] if last.end_line < len(offsets) else len(text)
    gap = "" if text[:at].endswith(("\n", "\r")) else end
    return text[:at] + gap + _item(waiver, len(dash[1]), end) + text[at:]


def _first(text: str, offsets: list[int], line: int, start: int, waiver: Mapping[str, str], end: str) -> str:
    """The first waiver, in the place of `[]` or of nothing; a comment on that line stays."""
    if text.startswith("[]", start):
        text = text[:start].rstrip(" ") + text[start + 2 :]
        offsets = line_offsets(text)
    at = offsets[line] if line < len(offsets) else len(text)
    gap = "" if text[:at].endswith(("\n", "\r")) else end
    return text[:at] + gap + _item(waiver, 2, end) + text[at:]


def _item(waiver: Mapping[str, str], indent: int, end: str) -> str:
    lines = [f"{key}: {scalar(value)}" for key, value in waiver.items()]
    lead = " " * indent
    return "".join(f"{lead}{'  ' if i else '- '}{line}{end}" for i, line in enumerate(lines))


def _flow(waiver: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {scalar(value)}" for key, value in waiver.items()) + "}"
