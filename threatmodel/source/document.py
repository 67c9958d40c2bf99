"""A parsed file: its plain data, and the place of every key, item and value in its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from threatmodel.errors import Diagnostic, Level, Span
from threatmodel.source.text import split_lines

Value: TypeAlias = "str | int | float | bool | list[Any] | dict[str, Any] | None"
Path: TypeAlias = tuple[int | str, ...]
"""Where a value stands in a text: keys and list positions, from the outside in."""

BITS: Final = 26
"""A place is `line << BITS | column`, both from 0: no line within the size limit is longer."""

MASK: Final = (1 << BITS) - 1

_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s+)*")
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'(?:[^']|'')*'")


class Source(Protocol):
    """What paths point into: one document, or several."""

    @property
    def documents(self) -> Sequence[Document]:
        """The documents, in their order."""

    def locate(self, path: Path) -> tuple[Document, Path]:
        """The document that a path points into, and the path in it."""


class Document:
    """A parsed file: `root` is its plain data, `span` finds the place of any path in it.

    `marks` holds the places of a container's entries by its identity: for a list start and end of each
    item, for a mapping the key's start, the value's start and its end.
    """

    __slots__ = ("_lines", "_marks", "_positions", "_spans", "_start", "file", "root", "text")

    def __init__(self, file: str, text: str, root: Value, marks: dict[int, list[int]], start: int) -> None:
        self.file = file
        self.text = text
        self.root = root
        self._marks = marks
        self._start = start
        self._lines: list[str] | None = None
        self._positions: dict[int, dict[str, int]] = {}
        self._spans: dict[tuple[Path, str], Span] = {}

    def at(self, path: Path) -> Value:
        """The value at a path, None where there is none."""
        return self._follow(path)[0]

    def span(self, path: Path, part: str = "key") -> Span:
        """The place of the key (or list item) a path ends in, or with `part="value"` of its value.

        An empty value has no place of its own: it stands where its key does. For a path that does not
        exist, the place of its longest existing part.
        """
        asked = path, part
        found = self._spans.get(asked)
        if found is None:
            found = self._spans[asked] = self._find(path, part)
        return found

    def diagnostic(
        self,
        code: str,
        message: str,
        path: Path,
        help: str = "",
        *,
        part: str = "key",
        level: Level = "error",
        related: tuple[tuple[str, Span], ...] = (),
    ) -> Diagnostic:
        """A problem at the place of a path, with the line that it stands in."""
        span = self.span(path, part)
        return Diagnostic(code, message, span, help, self.excerpt(span.line), level, related)

    @property
    def documents(self) -> tuple[Document]:
        """The document alone."""
        return (self,)

    def locate(self, path: Path) -> tuple[Document, Path]:
        """The document and the path as it is."""
        return self, path

    def _find(self, path: Path, part: str) -> Span:
        _, container, step = self._follow(path)
        if isinstance(container, list):
            at = 2 * int(step)
            return self._span(*self._marks[id(container)][at : at + 2])
        if not isinstance(container, dict):
            return self._span(self._start, self._start)
        key = str(step)
        position = 3 * self._position(container, key)
        at, start, end = self._marks[id(container)][position : position + 3]
        return self._key(at, key) if part == "key" or start == end else self._span(start, end)

    def excerpt(self, line: int) -> str:
        """The text of a line, without its break; empty for a line that does not exist."""
        if self._lines is None:
            self._lines = split_lines(self.text)
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""

    def _follow(self, path: Path) -> tuple[Value, Value, int | str]:
        """The value at a path (None if missing), the last container on the way and the step into it."""
        value: Any = self.root
        container: Value = None
        last: int | str = 0
        for step in path:
            if not _leads_on(value, step):
                return None, container, last
            container, last, value = value, step, value[step]
        return value, container, last

    def _position(self, mapping: dict[str, Any], key: str) -> int:
        """Where a key stands in its mapping, counted from 0; remembered, so that many look-ups stay cheap."""
        positions = self._positions.get(id(mapping))
        if positions is None:
            positions = self._positions[id(mapping)] = {name: n for n, name in enumerate(mapping)}
        return positions[key]

    def _key(self, start: int, key: str) -> Span:
        """The place of a key as it is written: after its anchor, with its quotes."""
        number, column = (start >> BITS) + 1, start & MASK
        line = self.excerpt(number)
        if not line.startswith(key, column):
            properties = _PROPERTIES.match(line, column)
            column = properties.end() if properties else column
        written = _QUOTED.match(line, column)
        length = written.end() - column if written else max(len(key), 1)
        return Span(self.file, number, column + 1, number, min(column + length, len(line)) + 1)

    def _span(self, start: int, end: int) -> Span:
        first, column, last, stop = start >> BITS, (start & MASK) + 1, end >> BITS, (end & MASK) + 1
        while last > first and not self.excerpt(last + 1)[: stop - 1].strip():
            last -= 1
            stop = len(self.excerpt(last + 1)) + 1
        if last == first and stop <= column:
            column = max(1, min(column, len(self.excerpt(first + 1))))
            stop = column + 1
        return Span(self.file, first + 1, column, last + 1, stop)


class Documents(NamedTuple):
    """Several documents as one: a path begins with the number of its document."""

    documents: list[Document]

    def locate(self, path: Path) -> tuple[Document, Path]:
        """The document that the first step of a path names, and the other steps."""
        return self.documents[int(path[0])], path[1:]


def _leads_on(value: Value, step: int | str) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)
