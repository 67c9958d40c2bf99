"""Diagnostics like those of a modern compiler: what, where, the line with a mark under it, and help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from threatmodel.errors import Diagnostic, Span
from threatmodel.render.text.escape import terminal, visible
from threatmodel.render.text.terminal_text import columns, paint

_WIDTH = 120
_BEFORE = 40  # columns shown before the mark when a line is cut
_TAB = "    "


class _Cell(NamedTuple):
    """One character of the file as it is shown, and the columns that it takes."""

    text: str
    width: int


def diagnostics_text(diagnostics: tuple[Diagnostic, ...], *, color: bool) -> str:
    """Every diagnostic with its excerpt, a blank line between two; empty for none."""
    return "\n".join("".join(f"{line}\n" for line in _lines(d, color)) for d in diagnostics)


def _lines(d: Diagnostic, color: bool) -> Iterator[str]:
    level = paint(f"{d.level}[{terminal(d.code)}]", d.level, color)
    yield f"{level}{paint(f': {terminal(d.message)}', 'bold', color)}"
    gutter = " " * max([len(str(s.line)) for s in (d.span, *(s for _, s in d.related)) if s], default=1)
    bar = paint("|", "frame", color)
    if d.span:
        yield f"{gutter}{paint('-->', 'low', color)} {terminal(str(d.span))}"
        if d.excerpt:
            line, indent, length = _marked(d.excerpt, d.span)
            yield f"{gutter} {bar}"
            yield f"{paint(f'{d.span.line:>{len(gutter)}}', 'low', color)} {bar} {line}"
            yield f"{gutter} {bar} {' ' * indent}{paint('^' * length, d.level, color)}"
    equals = paint("=", "frame", color)
    if d.help:
        yield f"{gutter} {equals} {paint('help', 'bold', color)}: {terminal(d.help)}"
    for text, span in d.related:
        yield f"{gutter} {equals} {paint('see', 'bold', color)}: {terminal(text)} ({terminal(str(span))})"


def _marked(excerpt: str, span: Span) -> tuple[str, int, int]:
    """The shown part of a line, the columns before the mark, and the length of the mark."""
    cells = [_cell(c) for c in excerpt]
    start = max(0, min(span.column - 1, len(cells)))
    end = span.end_column - 1 if span.end_line == span.line else len(excerpt.rstrip())
    end = max(start, min(end, len(cells)))
    left = _reach(cells, start, _BEFORE, -1) if _size(cells) > _WIDTH else 0
    right = _reach(cells, left, _WIDTH, 1)
    head, tail = "… " if left else "", " …" if right < len(cells) else ""
    line = head + "".join(c.text for c in cells[left:right]) + tail
    indent = len(head) + _size(cells[left:start])
    return line, indent, max(1, _size(cells[start : min(end, right)]))


def _cell(char: str) -> _Cell:
    text = _TAB if char == "\t" else visible(char)
    return _Cell(text, columns(text))


def _size(cells: list[_Cell]) -> int:
    return sum(c.width for c in cells)


def _reach(cells: list[_Cell], start: int, width: int, step: int) -> int:
    """How far from `start` one can go in a direction within so many columns: the index of that end."""
    at = start
    while 0 <= at + min(step, 0) < len(cells):
        width -= cells[at + min(step, 0)].width
        if width < 0:
            break
        at += step
    return at
