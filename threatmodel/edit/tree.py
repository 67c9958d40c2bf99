"""A YAML text as a tree of what is written: keys and scalars as they are spelt, with places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from threatmodel.errors import UsageError
from threatmodel.source import Document, Value
from threatmodel.source.text import split_lines

Kind = Literal["mapping", "list", "scalar", "empty"]
Place: TypeAlias = tuple[int, int]
"""Line and column, both from 0."""

_Path: TypeAlias = tuple[int | str, ...]
_ANCHOR: Final = re.compile(r"&\S+")


class Node(NamedTuple):
    """A value: `raw` is a scalar's text as written, `entries` are what a container holds.

    `column` is where the entries of a block container begin, -1 for one in brackets. An alias is a scalar,
    and the anchor of one belongs to its text.
    """

    kind: Kind
    value: Value
    start: Place
    end: Place
    raw: str = ""
    anchor: str = ""
    column: int = -1
    entries: tuple[Entry, ...] = ()


class Entry(NamedTuple):
    """A key with its value, or an item, which has the empty key; `number` counts them in the whole file."""

    number: int
    key: str
    raw: str
    node: Node
    start: Place
    key_end: Place

    @property
    def end(self) -> Place:
        """Where the entry ends: after its value, or after its key where it has none."""
        return max(self.key_end, self.node.end)


def read_tree(document: Document) -> Node:
    """The root of a document, a mapping; raises UsageError for one that is none."""
    if not isinstance(document.root, dict):
        raise UsageError("a file to format holds a mapping")
    return _Reader(document).container((), document.root, (0, 0), (len(document.text), 0))


def entries_of(node: Node) -> Iterator[Entry]:
    """Every entry below a node, in the order of the text."""
    for entry in node.entries:
        yield entry
        yield from entries_of(entry.node)


def line_offsets(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *(m.end() for m in re.finditer(r"\r\n|\r|\n", text))]


class _Reader:
    """A document, its lines, and how many entries were read."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines = split_lines(document.text)
        self.count = 0

    def container(self, path: _Path, value: Value, start: Place, end: Place) -> Node:
        """The node of a mapping or list that begins and ends at these places."""
        entries: list[Entry] = []
        if isinstance(value, dict):
            entries = [self._keyed((*path, key), key, below) for key, below in value.items()]
        elif isinstance(value, list):
            entries = [self._item((*path, i), below) for i, below in enumerate(value)]
        kind: Kind = "mapping" if isinstance(value, dict) else "list"
        anchor = _ANCHOR.match(self.lines[start[0]], start[1])
        opening = self.lines[start[0]][anchor.end() if anchor else start[1] :].lstrip()
        column = -1 if opening.startswith(("{", "[")) else self._column(kind, entries)
        return Node(kind, value, start, end, "", anchor[0] if anchor else "", column, tuple(entries))

    def _column(self, kind: Kind, entries: list[Entry]) -> int:
        if not entries:
            return -1
        line, column = entries[0].start
        return column if kind == "mapping" else self.lines[line].rfind("-", 0, column)

    def _keyed(self, path: _Path, key: str, value: Value) -> Entry:
        number = self._next()
        start, end = self._places(path, "key")
        return Entry(number, key, self._text(start, end), self._value(path, value, end), start, end)

    def _item(self, path: _Path, value: Value) -> Entry:
        number = self._next()
        start, _ = self._places(path, "key")
        return Entry(number, "", "", self._value(path, value, start), start, start)

    def _value(self, path: _Path, value: Value, after: Place) -> Node:
        start, end = self._places(path, "value")
        raw = self._text(start, end)
        if value is None and (start < after or not raw):
            return Node("empty", None, after, after)
        if isinstance(value, (dict, list)) and not raw.startswith("*"):
            return self.container(path, value, start, end)
        return Node("scalar", value, start, end, raw)

    def _places(self, path: _Path, part: str) -> tuple[Place, Place]:
        span = self.document.span(path, part)
        return (span.line - 1, span.column - 1), (span.end_line - 1, span.end_column - 1)

    def _text(self, start: Place, end: Place) -> str:
        if start[0] == end[0]:
            return self.lines[start[0]][start[1] : end[1]]
        first, *between = self.lines[start[0] : end[0]]
        return "\n".join((first[start[1] :], *between, self.lines[end[0]][: end[1]]))

    def _next(self) -> int:
        self.count += 1
        return self.count - 1
