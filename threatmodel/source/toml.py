"""Reads one table of a TOML file into the same kind of document as YAML, with the places of its keys."""

from __future__ import annotations

import re
from typing import Any, Final

from threatmodel.errors import Diagnostic, InputError, Span
from threatmodel.source.document import BITS, Document
from threatmodel.source.text import split_lines

_AT: Final = re.compile(r"\(at line (\d+), column (\d+)\)$")


def parse_table(text: str, file: str, path: tuple[str, ...]) -> Document | None:
    """The document of the table at `path`, None when the file has none; raises InputError.

    The parser of the standard library gives no places: they are found by the spelling of headers and keys,
    and a key that is spelt in another way stands where its table does.
    """
    import tomllib

    try:
        root: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError((_fault(str(error), text, file),)) from None
    for step in path:
        root = root.get(step) if isinstance(root, dict) else None
    if root is None:
        return None
    finder = _Finder(split_lines(text))
    start = finder.table(path, 0)
    finder.fill(root, path, start)
    return Document(file, text, root, finder.marks, start)


class _Finder:
    """The lines of the file, and the places found so far by the identity of their container."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.marks: dict[int, list[int]] = {}

    def table(self, path: tuple[str, ...], otherwise: int) -> int:
        """The place of a table's name in its header."""
        for number, line in enumerate(self.lines):
            header = re.match(r"\s*\[([^\[\]]+)\]", line)
            if header and tuple(part.strip(" \t\"'") for part in header[1].split(".")) == path:
                return number << BITS | header.start(1)
        return otherwise

    def fill(self, value: Any, path: tuple[str, ...], start: int) -> None:
        """Marks every entry below a value that starts at a place."""
        if isinstance(value, list):
            end = self._end(start)
            self.marks[id(value)] = [mark for _ in value for mark in (start, end)]
            for item in value:
                self.fill(item, path, start)
        elif isinstance(value, dict):
            marks: list[int] = []
            for key, below in value.items():
                at = self.table((*path, key), self._key(key, start))
                marks += (at, at, at)
                self.fill(below, (*path, key), at)
            self.marks[id(value)] = marks

    def _key(self, key: str, start: int) -> int:
        """The place of `key =` from the line of its table on, up to the next header."""
        first = start >> BITS
        wanted = re.compile(rf"""(?<![\w-])["']?({re.escape(key)})["']?\s*=""")
        for number in range(first, len(self.lines)):
            line = self.lines[number]
            if number > first and re.match(r"\s*\[", line):
                break
            if found := wanted.search(line.split("#", 1)[0]):
                return number << BITS | found.start(1)
        return start

    def _end(self, start: int) -> int:
        line = start >> BITS
        return line << BITS | len(self.lines[line])


def _fault(message: str, text: str, file: str) -> Diagnostic:
    place = _AT.search(message)
    what = _AT.sub("", message).strip().lower()
    lines = split_lines(text)
    line, column = (int(place[1]), int(place[2])) if place else (len(lines), 1)
    line = min(line, len(lines))
    span = Span(file, line, column, line, column + 1)
    return Diagnostic("toml-syntax", f"not valid TOML: {what}", span, excerpt=lines[line - 1])
