"""Lays a model, fragment or decisions file out anew: canonical order and style, with every comment kept.

The text is not parsed and dumped: each key and scalar stays as it is spelt, and only what is between them is
written anew. Then the result is read again, and refused unless it says the same in the same order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final

from threatmodel.edit.comments import Commented, Notes, attach
from threatmodel.edit.scalars import scalar
from threatmodel.edit.tree import Entry, Node, entries_of, read_tree
from threatmodel.errors import InputError, UsageError
from threatmodel.model.language import DECISIONS, ROOT
from threatmodel.source import Document, parse

WIDTH: Final = 120
"""An entity stands on one line while it fits so many columns, its comment apart."""

_SECTIONS: Final = (
    "parties purposes data baseline boundaries hosts types actors services stores flows scenarios threats "
    "waivers requirements"
).split()
_KEYS: Final = [key.name for key in (*ROOT.keys, *DECISIONS.keys)]
_ORDER: Final = {key: i for i, key in enumerate([*(k for k in _KEYS if k not in _SECTIONS), *_SECTIONS])}
"""What a model is called comes first, then its sections: what is named, before what names it."""

_TYPES: Final = frozenset(("services", "stores"))
_UNSAFE: Final = re.compile(r"[,\[\]{}]")
_CANNOT: Final = "this file cannot be formatted without changing what it says"


def formatted(text: str, file: str) -> str:
    """The text in canonical form, the same for a text that has it; raises InputError and UsageError."""
    document = parse(text, file)
    written = _written(document)
    try:
        again = parse(written, file)
        same = _content(again) == _content(document) and _written(again) == written
    except (InputError, UsageError):
        same = False
    if not same:
        raise UsageError(
            _CANNOT, "lay out by hand what is unusual in it: multi-line keys, comments in brackets"
        )
    return written


def _content(document: Document) -> tuple[str, list[str]]:
    """What a file says: its data, the order of its sections apart, and its comments."""
    root = document.root
    assert isinstance(root, dict)
    data = json.dumps({key: root[key] for key in sorted(root)}, ensure_ascii=False)
    return data, attach(read_tree(document), document.text).texts()


def _written(document: Document) -> str:
    root = read_tree(document)
    writer = _Writer(attach(root, document.text))
    return "\n".join(writer.file(root)) + "\n"


class _Writer:
    """The comments of a file while it is written."""

    def __init__(self, commented: Commented) -> None:
        self.head = commented.head
        self.foot = commented.foot
        self.notes = commented.notes

    def file(self, root: Node) -> list[str]:
        """The lines of the file, without empty ones at its beginning, its end, or twice in a row."""
        lines = list(self.head)
        order = sorted(root.entries, key=lambda e: (_ORDER.get(e.key, len(_ORDER)), e.number))
        for entry in order:
            section = entry.key in _SECTIONS and bool(entry.node.entries)
            if section and lines:
                lines.append("")
            lines += self._entry(entry, 0, (entry.key,))
        return _tidy([*lines, *self.foot])

    def _entry(self, entry: Entry, indent: int, path: tuple[str, ...]) -> Iterator[str]:
        """The lines of a key with its value, or of an item, with the comments around."""
        notes, lead = self.notes[entry.number], " " * indent
        start = lead + (f"{entry.raw}:" if entry.raw else "-")
        yield from _indented(notes.before, lead)
        line = self._line(entry, start, path)
        if line is not None:
            yield _noted(line, notes)
        elif entry.node.kind == "scalar":
            yield from _many_lines(entry.node.raw, start, indent, notes)
        elif entry.raw or entry.node.anchor:
            yield _noted(f"{start} {entry.node.anchor}".rstrip(), notes)
            for child in entry.node.entries:
                yield from self._entry(child, indent + 2, (*path, child.key))
        else:
            yield from self._item(entry, indent, path)
        yield from _indented(notes.after, lead)

    def _item(self, entry: Entry, indent: int, path: tuple[str, ...]) -> Iterator[str]:
        """An item that takes several lines: its first key stands behind the dash."""
        first = self.notes[entry.node.entries[0].number]
        lead, trailing = " " * indent, self.notes[entry.number].trailing
        yield from _indented([trailing] if trailing else [], lead)
        yield from _indented([text for text in first.before if text], lead)
        first.before.clear()
        below = [
            line
            for child in entry.node.entries
            for line in self._entry(child, indent + 2, (*path, child.key))
        ]
        yield f"{lead}- {below[0].lstrip(' ')}"
        yield from below[1:]

    def _line(self, entry: Entry, start: str, path: tuple[str, ...]) -> str | None:
        """The entry on one line, None where it must or should take several."""
        node = entry.node
        match node.kind:
            case "empty":
                return start
            case "scalar":
                return None if "\n" in node.raw or _is_block(node.raw) else f"{start} {node.raw}"
            case "mapping" | "list":
                if node.entries and (_opened(path) or self._must_open(node)):
                    return None
                line = f"{start} {_flow(node)}"
                return line if len(line) <= WIDTH or not node.entries else None

    def _must_open(self, node: Node) -> bool:
        return any(
            self.notes[e.number].texts() or "\n" in e.node.raw or _is_block(e.node.raw)
            for e in entries_of(node)
        )


def _opened(path: tuple[str, ...]) -> bool:
    """Whether a container always has an entry a line: the sections, and the two kinds of types."""
    return (len(path) == 1 and path[0] in _SECTIONS) or (
        len(path) == 2 and path[0] == "types" and path[1] in _TYPES
    )


def _flow(node: Node) -> str:
    lead = f"{node.anchor} " if node.anchor else ""
    match node.kind:
        case "empty":
            return "null"
        case "scalar":
            return _in_flow(node.raw, node.value)
        case "list":
            return f"{lead}[{', '.join(_flow(e.node) for e in node.entries)}]"
        case "mapping":
            pairs = (f"{_in_flow(e.raw, e.key)}: {_flow(e.node)}" for e in node.entries)
            return f"{lead}{{{', '.join(pairs)}}}"


def _in_flow(raw: str, value: object) -> str:
    """A scalar inside brackets, where a plain one may not hold commas and brackets."""
    plain = isinstance(value, str) and not raw.startswith(("'", '"', "&", "*"))
    return (
        scalar(value)
        if plain and isinstance(value, str) and (_UNSAFE.search(raw) or raw[0] in "?:-")
        else raw
    )


def _is_block(raw: str) -> bool:
    return raw.startswith(("|", ">"))


def _many_lines(raw: str, start: str, indent: int, notes: Notes) -> Iterator[str]:
    """A scalar of several lines, indented anew under its key."""
    first, *rest = raw.split("\n")
    if _is_block(raw):
        if re.match(r".[-+]?[1-9]", first):
            raise UsageError(_CANNOT, "leave the number behind `|` or `>` out")
        depth = min((len(line) - len(line.lstrip(" ")) for line in rest if line.strip()), default=0)
        rest = [line[depth:].rstrip() if line.strip() else "" for line in rest]
    else:
        rest = [line.strip(" \t") for line in rest]
    lead = " " * (indent + 2)
    lines = [f"{start} {first.rstrip()}", *(f"{lead}{line}" if line else "" for line in rest)]
    yield from lines[:-1]
    yield _noted(lines[-1], notes)


def _noted(line: str, notes: Notes) -> str:
    return f"{line}  {notes.trailing}" if notes.trailing else line


def _indented(comments: list[str], lead: str) -> Iterator[str]:
    for text in comments:
        yield f"{lead}{text}" if text else ""


def _tidy(lines: list[str]) -> list[str]:
    """Without empty lines at the beginning and the end, and never two in a row."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return kept
