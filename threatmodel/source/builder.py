"""Builds plain data and places from YAML parse events, in one pass with an explicit stack, under limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml

from threatmodel.errors import Diagnostic, InputError, Span, quoted
from threatmodel.source.document import BITS, MASK, Document, Value
from threatmodel.source.scalars import NUMBER_START, WORDS, plain_scalar
from threatmodel.source.syntax import Fault, fault
from threatmodel.source.text import Limits, split_lines

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_PROBLEMS: Final = 100
_NO_KEY: Final = "\0"  # the key of a mapping or list that stands where a key should; no text holds a NUL
_OPEN: Final = -1
_EMPTY: Final = "`threatmodel init` writes a first model"


def build(text: str, file: str, limits: Limits) -> Document:
    """The document of a text whose characters are all allowed; raises InputError with every problem."""
    return _Builder(text, file, limits).build()


class _Builder:
    """What one pass has found so far: problems, places, and what anchors stand for.

    An anchor stands for a value and for how many characters it takes when written out.
    """

    def __init__(self, text: str, file: str, limits: Limits) -> None:
        self.text = text
        self.file = file
        self.limits = limits
        self.problems: list[Diagnostic] = []
        self.marks: dict[int, list[int]] = {}
        self.anchors: dict[str, tuple[Value, int]] = {}
        self.borrowed = 0
        self.lines: list[str] = []

    def build(self) -> Document:
        root, start = None, 0
        try:
            root, start = self._compose(yaml.parse(self.text, Loader=_LOADER))
        except yaml.MarkedYAMLError as error:
            self._syntax(fault(error, self.text))
        if not self.problems and root is None:
            self._problem("empty-file", "the file holds nothing", 0, 1, _EMPTY)
        if self.problems:
            raise InputError(tuple(self.problems))
        return Document(self.file, self.text, root, self.marks, start)

    def _compose(self, events: Iterator[Any]) -> tuple[Value, int]:
        """The root value and where it starts; one long loop, because a call for every value would show."""
        scalar, sequence, mapping = yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.MappingStartEvent
        sequence_end, mapping_end, alias = yaml.SequenceEndEvent, yaml.MappingEndEvent, yaml.AliasEvent
        numbers, words, marks, anchors = NUMBER_START, WORDS, self.marks, self.anchors
        most = self.limits.nodes
        stack: list[tuple[Any, list[int], str | None, int, str | None, int]] = []
        container: Any = None
        spans: list[int] = []
        key: str | None = None
        nodes = first = 0
        root: Value = None
        value: Any
        for event in events:
            kind = event.__class__
            if kind is scalar:
                mark, end = event.start_mark, event.end_mark
                start = mark.line << BITS | mark.column
                text, anchor = event.value, event.anchor
                nodes += 1
                if event.tag is not None:
                    self._tag(event.tag, start)
                if nodes > most:
                    self._too_many(start)
                if key is None and container.__class__ is dict:
                    if text in container or text == "<<":
                        text = self._bad_key(container, spans, text, start, event.implicit[0])
                    if anchor is not None:
                        anchors[anchor] = text, end.index - mark.index
                    key = text
                    spans.append(start)
                    continue
                plain = event.implicit[0] and (text in words or text[0] in numbers)
                value = plain_scalar(text) if plain else text
                if anchor is not None:
                    anchors[anchor] = value, end.index - mark.index
                stop = end.line << BITS | end.column
            elif kind is mapping or kind is sequence:
                mark, anchor = event.start_mark, event.anchor
                start = mark.line << BITS | mark.column
                nodes += 1
                if event.tag is not None:
                    self._tag(event.tag, start)
                if len(stack) >= self.limits.depth:
                    self._too_deep(start)
                if nodes > most:
                    self._too_many(start)
                if key is None and container.__class__ is dict:
                    self._key_not_text("a mapping or list", start)
                    key = _NO_KEY
                stack.append((container, spans, key, start, anchor, mark.index + self.borrowed))
                container = {} if kind is mapping else []
                spans, key = [], None
                if anchor is not None:
                    anchors[anchor] = container, _OPEN
                continue
            elif kind is mapping_end or kind is sequence_end:
                mark, end = event.start_mark, event.end_mark
                value = container
                if container:
                    marks[id(container)] = spans
                in_block = mark.index == end.index and spans  # then the event stands at whatever comes next
                stop = spans[-1] if in_block else end.line << BITS | end.column
                container, spans, key, start, anchor, before = stack.pop()
                if anchor is not None and anchors[anchor][0] is value:
                    anchors[anchor] = value, end.index + self.borrowed - before
                if key is _NO_KEY:
                    key = f"{_NO_KEY}{start}"
                    spans.append(start)
                    continue
            elif kind is alias:
                mark, end = event.start_mark, event.end_mark
                start = mark.line << BITS | mark.column
                stop = end.line << BITS | end.column
                nodes += 1
                value = self._alias(event.anchor, start)
                if key is None and container.__class__ is dict:
                    self._key_not_text("an alias", start)
                    key = f"{_NO_KEY}{start}"
                    spans.append(start)
                    continue
            elif kind is yaml.DocumentStartEvent:
                start = event.start_mark.line << BITS | event.start_mark.column
                self._directives(event, start)
                if nodes:
                    help = "remove the `---`, or make two files and use `include`"
                    self._stop("several-documents", "only one document may stand in a file", start, 3, help)
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

    def _directives(self, event: Any, start: int) -> None:
        if event.version not in (None, (1, 2)):
            written = ".".join(str(part) for part in event.version)
            help = "remove the `%YAML` line: `no`, `on` and `012` are text here"
            self._problem("yaml-directive", f"this is read as YAML 1.2, not {written}", start, 1, help)
        if event.tags:
            self._problem("yaml-directive", "`%TAG` is not supported", start, 1, "remove the line")

    def _tag(self, tag: str, start: int) -> None:
        written = tag.replace("tag:yaml.org,2002:", "!!", 1)
        help = "remove it; a text that begins with `!` needs quotes"
        self._problem("yaml-tag", f"tags are not allowed: {quoted(written)}", start, 1, help)

    def _key_not_text(self, what: str, start: int) -> None:
        help = "write one word, in quotes if it holds special characters"
        self._problem("key-not-text", f"a key must be a word, not {what}", start, 1, help)

    def _too_many(self, start: int) -> None:
        help = "split it and use `include`"
        self._stop("too-many-values", f"more than {self.limits.nodes} values", start, 1, help)

    def _too_deep(self, start: int) -> None:
        help = "no file needs more than ten levels"
        self._stop("too-deep", f"nested more than {self.limits.depth} levels deep", start, 1, help)

    def _bad_key(
        self, container: dict[str, Any], spans: list[int], text: str, start: int, plain: bool
    ) -> str:
        if text == "<<" and plain:
            help = "use a type, or write the keys out"
            self._problem("merge-key", "`<<` is not supported", start, 2, help)
        if text not in container:
            return text
        place = self._here(spans[3 * list(container).index(text)], len(text))
        what = f"key {quoted(text)} stands here twice"
        self._problem("duplicate-key", what, start, len(text), "keep one of them", (("first here", place),))
        return f"{_NO_KEY}{start}"

    def _alias(self, name: str, start: int) -> Value:
        length = len(name) + 1
        value, size = self.anchors.get(name, (None, 0))
        if size == _OPEN:
            help = "an alias can only name what has ended before it"
            self._problem(
                "recursive-alias", f"{quoted('*' + name)} stands inside itself", start, length, help
            )
            return None
        if name not in self.anchors:
            message = f"no anchor {quoted('&' + name)} before this alias"
            help = "a text that begins with `*` needs quotes"
            self._problem("yaml-syntax", message, start, length, help)
        self.borrowed += size
        if self.borrowed > self.limits.alias_characters:
            message = f"aliases stand for more than {self.limits.alias_characters} characters"
            self._stop("alias-expansion", message, start, length, "write a type, or leave keys out")
        return value

    def _syntax(self, found: Fault) -> None:
        related = tuple((what, self._here(place, 1)) for what, place in found.related)
        self._problem(found.code, found.message, found.at, 1, found.help, related)

    def _stop(self, code: str, message: str, start: int, length: int = 1, help: str = "") -> None:
        """Records a problem after which nothing more is read."""
        self._problem(code, message, start, length, help)
        raise InputError(tuple(self.problems))

    def _problem(
        self,
        code: str,
        message: str,
        start: int,
        length: int,
        help: str = "",
        related: tuple[tuple[str, Span], ...] = (),
    ) -> None:
        span = self._here(start, length)
        excerpt = self.lines[span.line - 1]
        self.problems.append(Diagnostic(code, message, span, help, excerpt, "error", related))
        if len(self.problems) == _MOST_PROBLEMS:
            raise InputError((*self.problems, Diagnostic("more-problems", "more problems are not shown")))

    def _here(self, start: int, length: int) -> Span:
        """A place on one line; the end of the last line with text for one beyond it."""
        self.lines = self.lines or split_lines(self.text)
        line, column = start >> BITS, start & MASK
        while line > 0 and (line >= len(self.lines) or not self.lines[line].strip()):
            line -= 1
            column = len(self.lines[line]) if line < len(self.lines) else 0
        width = len(self.lines[line])
        column = max(0, min(column, width - 1))
        stop = min(column + max(length, 1), max(width, 1))
        return Span(self.file, line + 1, column + 1, line + 1, stop + 1)
