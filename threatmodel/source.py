"""Turns YAML text into plain data with a place for every key and value; the only importer of yaml.

Built from parse events under limits, so that no text can exhaust the machine: see `Limits`.
Scalars follow YAML 1.2's core schema, except that a number with a leading zero stays text.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import yaml

from threatmodel.errors import Diagnostic, InputError, Span

Value: TypeAlias = "str | int | float | bool | list[Any] | dict[str, Any] | None"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BITS = 21
_MOST_PROBLEMS = 100
_MASK = (1 << _BITS) - 1
_WORDS: dict[str, Value] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_START = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]{1,20}|0x[0-9a-fA-F]{1,15}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Limits(NamedTuple):
    """What a document may cost: bytes, nesting, nodes, and nodes that its aliases stand for."""

    size: int = 32 * 1024 * 1024
    depth: int = 64
    nodes: int = 2_000_000
    alias_nodes: int = 1_000_000


LIMITS = Limits()


class Document:
    """A parsed file: `root` is its plain data, `span` finds the place of any path in it."""

    __slots__ = ("_lines", "_marks", "_positions", "_start", "file", "root", "text")

    def __init__(self, file: str, text: str, root: Value, marks: dict[int, list[int]], start: int) -> None:
        self.file = file
        self.text = text
        self.root = root
        self._marks = marks
        self._start = start
        self._lines: list[str] | None = None
        self._positions: dict[int, dict[str, int]] = {}

    def at(self, path: tuple[int | str, ...]) -> Value:
        """The value at a path, None where there is none."""
        return self._follow(path)[0]

    def span(self, path: tuple[int | str, ...], part: str = "key") -> Span:
        """The place of the key (or list item) a path ends in, or with `part="value"` of its value.

        For a path that does not exist, the place of its longest existing part.
        """
        _, container, position, key = self._follow(path)
        if container is None:
            return self._span(self._start, self._start)
        marks = self._marks[id(container)]
        if isinstance(container, list):
            start, end = marks[2 * position], marks[2 * position + 1]
        else:
            start, end = marks[3 * position + 1], marks[3 * position + 2]
            if part == "key":
                start = marks[3 * position]
                end = self._key_end(start, key)
        return self._span(start, end)

    def excerpt(self, line: int) -> str:
        """The text of a line, without its break; empty for a line that does not exist."""
        if self._lines is None:
            self._lines = _split(self.text)
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""

    def _follow(self, path: tuple[int | str, ...]) -> tuple[Value, Value, int, str]:
        """The value at a path (None if missing), the last container on the way, position and key in it."""
        value: Value = self.root
        found: tuple[Value, int, str] = (None, 0, "")
        for step in path:
            if isinstance(value, dict) and isinstance(step, str) and step in value:
                found = value, self._position(value, step), step
                value = value[step]
            elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
                found = value, step, ""
                value = value[step]
            else:
                return None, *found
        return value, *found

    def _position(self, mapping: dict[str, Any], key: str) -> int:
        """Where a key stands in its mapping, counted from 0; remembered, so that many look-ups stay cheap."""
        positions = self._positions.get(id(mapping))
        if positions is None:
            positions = self._positions[id(mapping)] = {name: n for n, name in enumerate(mapping)}
        return positions[key]

    def _key_end(self, start: int, key: str) -> int:
        line, column = self.excerpt((start >> _BITS) + 1), start & _MASK
        if line.startswith(key, column):
            return start + len(key)
        closing = line.find(line[column], column + 1) if column < len(line) else -1
        return start + (closing + 1 - column if closing > 0 else 1)

    def _span(self, start: int, end: int) -> Span:
        first, last = start >> _BITS, end >> _BITS
        column, stop = (start & _MASK) + 1, (end & _MASK) + 1
        if last > first and stop == 1:
            last, stop = first, len(self.excerpt(first + 1)) + 1
        if last == first and stop <= column:
            stop = column + 1
        return Span(self.file, first + 1, column, last + 1, stop)


def read(path: Path, shown: str | None = None, limits: Limits = LIMITS) -> Document:
    """The document in a file, shown to people under `shown` or its path; raises InputError."""
    name = shown or path.as_posix()
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.size + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            (Diagnostic("unreadable-file", f"cannot read `{name}`: {reason.lower()}"),)
        ) from None
    return parse(data, name, limits)


def parse(text: str | bytes, file: str = "<text>", limits: Limits = LIMITS) -> Document:
    """The document of a text; raises InputError with every problem up to the first syntax error."""
    decoded = _decode(text, file, limits)
    _refuse_characters(decoded, file)
    enabled = gc.isenabled()
    gc.disable()
    try:
        return _Builder(decoded, file, limits).build()
    finally:
        if enabled:
            gc.enable()


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _position(mapping: dict[str, Any], key: str) -> int:
    for n, name in enumerate(mapping):
        if name == key:
            return n
    raise KeyError(key)


def _decode(text: str | bytes, file: str, limits: Limits) -> str:
    if len(text) > limits.size:
        message = f"the file is larger than {limits.size // (1024 * 1024)} MiB"
        raise InputError((Diagnostic("too-large", message, help="split it and use `include`"),))
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = _split(text[: error.start].decode("utf-8").removeprefix("\ufeff"))
        line, column = len(before), len(before[-1]) + 1
        span = Span(file, line, column, line, column + 1)
        excerpt = _split(text.decode("utf-8", "replace").removeprefix("\ufeff"))[line - 1]
        message = f"byte 0x{text[error.start]:02x} is not UTF-8"
        raise InputError(
            (Diagnostic("not-utf8", message, span, "save the file as UTF-8", excerpt),)
        ) from None


def _refuse_characters(text: str, file: str) -> None:
    if not _FORBIDDEN.search(text):
        return
    problems = []
    for number, line in enumerate(_split(text), 1):
        for match in _FORBIDDEN.finditer(line):
            span = Span(file, number, match.start() + 1, number, match.start() + 2)
            message = f"character U+{ord(match[0]):04X} may not stand here unescaped"
            help = f'write "\\u{ord(match[0]):04x}" in double quotes, or remove it'
            problems.append(Diagnostic("forbidden-character", message, span, help, line))
            if len(problems) == 20:
                raise InputError(tuple(problems))
    raise InputError(tuple(problems))


def _scalar(text: str) -> Value:
    """A plain scalar by YAML 1.2's core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OCTAL_OR_HEX.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and not text.lstrip("+-").isdigit():
        return float(text)
    return text


class _Builder:
    """One pass over the events with an explicit stack of open containers."""

    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self.text = text
        self.file = file
        self.limits = limits
        self.problems: list[Diagnostic] = []
        self.marks: dict[int, list[int]] = {}
        self.anchors: dict[str, tuple[Value, int]] = {}
        self.borrowed = 0
        self.lines: list[str] | None = None

    def build(self) -> Document:
        root, start = None, 0
        try:
            root, start = self._compose(yaml.parse(self.text, Loader=_LOADER))
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
        except yaml.YAMLError as error:
            self.problems.append(Diagnostic("yaml-syntax", f"not valid YAML: {error}", self._here(0, 1)))
        if not self.problems and root is None:
            self._problem("empty-file", "the file is empty", 0, 1)
        if self.problems:
            raise InputError(tuple(self.problems))
        return Document(self.file, self.text, root, self.marks, start)

    def _compose(self, events: Iterator[Any]) -> tuple[Value, int]:
        scalar, sequence, mapping = yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent
        mapping_end, sequence_end, alias = yaml.MappingEndEvent, yaml.SequenceEndEvent, yaml.AliasEvent
        numbers, words, marks = _NUMBER_START, _WORDS, self.marks
        stack: list[tuple[Any, list[int], Any, str | None, int]] = []
        container: Any = None
        spans: list[int] = []
        key: str | None = None
        documents = nodes = first = 0
        root: Value = None
        opened: list[tuple[str, int]] = []
        value: Any
        for event in events:
            kind = event.__class__
            if kind is scalar:
                mark, end = event.start_mark, event.end_mark
                start = mark.line << _BITS | mark.column
                text = event.value
                if event.tag is not None or event.anchor is not None:
                    self._properties(event, start, 1, text)
                nodes += 1
                if key is None and container.__class__ is dict:
                    if text in container or text == "<<":
                        text = self._bad_key(container, spans, text, start, event.implicit[0])
                    key = text
                    spans.append(start)
                    continue
                plain = event.implicit[0] and (text in words or text[0] in numbers)
                value = _scalar(text) if plain else text
                if event.anchor is not None:
                    self.anchors[event.anchor] = value, 1
                stop = end.line << _BITS | end.column
            elif kind is mapping or kind is sequence:
                mark = event.start_mark
                start = mark.line << _BITS | mark.column
                if event.tag is not None:
                    self._problem("yaml-tag", f"tags are not allowed: `{event.tag}`", start, 1)
                if len(stack) >= self.limits.depth:
                    self._problem("too-deep", f"nested more than {self.limits.depth} levels deep", start, 1)
                    raise InputError(tuple(self.problems))
                nodes += 1
                if nodes > self.limits.nodes:
                    self._problem("too-many-nodes", f"more than {self.limits.nodes} values", start, 1)
                    raise InputError(tuple(self.problems))
                if key is None and container.__class__ is dict:
                    self._problem("key-not-text", "a key must be a plain word", start, 1, "put it in quotes")
                    key = f"\0{start}"
                    spans.append(start)
                stack.append((container, spans, key, event.anchor, start if container is not None else nodes))
                if event.anchor is not None:
                    self.anchors.pop(event.anchor, None)
                opened.append((event.anchor or "", nodes))
                container = {} if kind is mapping else []
                spans, key = [], None
                if len(stack) == 1:
                    first = start
                stack[-1] = (*stack[-1][:4], start)
                continue
            elif kind is mapping_end or kind is sequence_end:
                mark = event.end_mark
                stop = mark.line << _BITS | mark.column
                value = container
                if container:
                    marks[id(container)] = spans
                container, spans, key, anchor, start = stack.pop()
                name, before = opened.pop()
                if anchor is not None:
                    self.anchors[name] = value, nodes - before + 1
            elif kind is alias:
                mark, end = event.start_mark, event.end_mark
                start = mark.line << _BITS | mark.column
                stop = end.line << _BITS | end.column
                value = self._alias(event.anchor, start, opened)
                nodes += 1
                if key is None and container.__class__ is dict:
                    self._problem("key-not-text", "a key must be a plain word, not an alias", start, 1)
                    key = f"\0{start}"
                    spans.append(start)
                    continue
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    mark = event.start_mark
                    at = mark.line << _BITS | mark.column
                    self._problem(
                        "several-documents",
                        "only one document may stand in a file",
                        at,
                        3,
                        "remove the `---`",
                    )
                    break
                continue
            else:
                continue
            if container is None:
                root, first = value, start
            elif key is not None:
                container[key] = value
                spans.append(start)
                spans.append(stop)
                key = None
            else:
                container.append(value)
                spans.append(start)
                spans.append(stop)
        return root, first

    def _properties(self, event: Any, start: int, length: int, text: str) -> None:
        if event.tag is not None:
            self._problem(
                "yaml-tag",
                f"tags are not allowed: `{event.tag}`",
                start,
                length,
                "remove it, or quote the text",
            )

    def _bad_key(
        self, container: dict[str, Any], spans: list[int], text: str, start: int, plain: bool
    ) -> str:
        if text == "<<" and plain:
            self._problem("merge-key", "`<<` is not supported", start, 2, "use a type, or write the keys out")
        if text in container:
            earlier = spans[3 * _position(container, text)]
            place = self._here(earlier, len(text))
            self._problem(
                "duplicate-key",
                f"key `{text}` stands here twice",
                start,
                len(text),
                "keep one of them",
                place,
            )
            return f"\0{start}"
        return text

    def _alias(self, name: str, start: int, opened: list[tuple[str, int]]) -> Value:
        if any(name == anchor for anchor, _ in opened):
            self._problem("recursive-alias", f"alias `{name}` contains itself", start, len(name) + 1)
            return None
        if name not in self.anchors:
            self._problem("yaml-syntax", f"no anchor `{name}` before this alias", start, len(name) + 1)
            return None
        value, size = self.anchors[name]
        self.borrowed += size
        if self.borrowed > self.limits.alias_nodes:
            message = f"aliases stand for more than {self.limits.alias_nodes} values"
            self._problem("alias-expansion", message, start, len(name) + 1)
            raise InputError(tuple(self.problems))
        return value

    def _syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        at = mark.line << _BITS | min(mark.column, _MASK) if mark else 0
        what = (error.problem or error.context or "not valid YAML").strip()
        if "nesting depth" in what:
            self._problem("too-deep", f"nested more than {self.limits.depth} levels deep", at, 1)
            return
        message = "not valid YAML: " + " ".join(what.replace("'", "`").split())
        help = "a tab cannot indent: use spaces" if "\\t" in what else ""
        self._problem("yaml-syntax", message, at, 1, help)

    def _problem(
        self, code: str, message: str, start: int, length: int, help: str = "", related: Span | None = None
    ) -> None:
        span = self._here(start, length)
        if self.lines is None:
            self.lines = _split(self.text)
        excerpt = self.lines[span.line - 1] if span.line <= len(self.lines) else ""
        others = (("first here", related),) if related else ()
        self.problems.append(Diagnostic(code, message, span, help, excerpt, "error", others))
        if len(self.problems) == _MOST_PROBLEMS:
            raise InputError(tuple(self.problems))

    def _here(self, start: int, length: int) -> Span:
        line, column = (start >> _BITS) + 1, (start & _MASK) + 1
        return Span(self.file, line, column, line, column + max(length, 1))
