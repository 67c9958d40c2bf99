"""Finds the comments and empty lines of a YAML text, and the entry that each belongs to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final, NamedTuple

from threatmodel.edit.tree import Entry, Node, Place, entries_of
from threatmodel.source.text import split_lines

_MARK: Final = re.compile(r"(?:^|(?<=\s))#")

_EDITOR: Final = "# yaml-language-server:"


class Notes:
    """The comments of one entry: above it, below it, and on its own line; an empty text is an empty line."""

    __slots__ = ("after", "before", "trailing")

    def __init__(self) -> None:
        self.before: list[str] = []
        self.after: list[str] = []
        self.trailing = ""

    def texts(self) -> list[str]:
        """The comments, without empty lines."""
        return [text for text in (*self.before, *self.after, self.trailing) if text]


class Commented(NamedTuple):
    """The comments at the head and the foot of a file, and the notes of each entry by its number."""

    head: list[str]
    notes: list[Notes]
    foot: list[str]

    def texts(self) -> list[str]:
        """Every comment of the file, sorted."""
        return sorted(
            [
                *filter(None, (*self.head, *self.foot)),
                *(text for notes in self.notes for text in notes.texts()),
            ]
        )


class _Lines(NamedTuple):
    """Every entry, and those that begin and end on each line."""

    entries: list[Entry]
    begin: dict[int, list[Entry]]
    stop: dict[int, list[Entry]]


class _Comment(NamedTuple):
    """A comment (empty for an empty line), where it stands, and whether no more than dashes stand before."""

    text: str
    at: Place
    alone: bool


def attach(root: Node, text: str) -> Commented:
    """Gives every comment and empty line to the entry that a person would say it belongs to."""
    entries = list(entries_of(root))
    commented = Commented([], [Notes() for _ in entries], [])
    first = min((e.start for e in entries), default=(len(text), 0))
    head: list[str] = []
    lines = _Lines(entries, {}, {})
    for entry in entries:
        lines.begin.setdefault(entry.start[0], []).append(entry)
        lines.stop.setdefault(entry.end[0], []).append(entry)
    for comment in _comments(root, text):
        if comment.at < first:
            head.append(comment.text)
        elif not comment.alone:
            entry = _on_line(lines, comment.at)
            notes = commented.notes[entry.number]
            notes.trailing = f"{notes.trailing} {comment.text}".strip()
        else:
            _place(root, comment, commented.notes)
    if root.entries:
        last = commented.notes[root.entries[-1].number]
        commented.foot.extend(last.after)
        last.after.clear()
    if head and entries:
        cut = _last_gap(head)
        commented.head.extend(head[:cut])
        commented.notes[0].before[:0] = head[cut:]
    return commented


def _last_gap(head: list[str]) -> int:
    """Where the comments of the first entry begin: after the last empty line and the line for editors."""
    gaps = [i + 1 for i, text in enumerate(head) if not text or text.startswith(_EDITOR)]
    return gaps[-1] if gaps else 0


def _comments(root: Node, text: str) -> Iterator[_Comment]:
    """Comments and empty lines, in order: whatever begins with # outside keys and scalars."""
    covered: dict[int, list[tuple[int, int]]] = {}
    lines = split_lines(text)
    for entry in entries_of(root):
        for start, end in _written(entry):
            for number in range(start[0], end[0] + 1):
                left = start[1] if number == start[0] else 0
                right = end[1] if number == end[0] else len(lines[number])
                covered.setdefault(number, []).append((left, right))
    for number, line in enumerate(lines):
        ranges = covered.get(number, [])
        if not line.strip() and not ranges:
            yield _Comment("", (number, 0), True)
        marks = (found.start() for found in _MARK.finditer(line))
        at = next((m for m in marks if not any(left <= m < right for left, right in ranges)), None)
        if at is not None:
            yield _Comment(line[at:].rstrip(), (number, at), not line[:at].strip(" -"))


def _written(entry: Entry) -> Iterator[tuple[Place, Place]]:
    if entry.raw:
        yield entry.start, entry.key_end
    if entry.node.kind == "scalar":
        yield entry.node.start, entry.node.end


def _on_line(lines: _Lines, at: Place) -> Entry:
    """The entry of a comment behind something: the outermost that ends before it on its line, the last such.

    Where nothing ends there, the innermost that has begun.
    """
    here = [e for e in lines.begin.get(at[0], ()) if e.start <= at]
    ended = [e for e in here if e.end <= at] or [e for e in lines.stop.get(at[0], ()) if e.end <= at]
    if not ended:
        return here[-1] if here else lines.entries[bisect_left(lines.entries, at, key=_start) - 1]
    outermost = [e for e in ended if not any(_holds(other, e) for other in ended)]
    return outermost[-1]


def _holds(outer: Entry, inner: Entry) -> bool:
    return outer.number < inner.number and inner.end <= outer.end


def _place(node: Node, comment: _Comment, notes: list[Notes]) -> None:
    """Puts a comment on its own line above the entry that follows, or below the one it is indented like."""
    cut = bisect_left(node.entries, comment.at, key=_start)
    following = node.entries[cut] if cut < len(node.entries) else None
    last = node.entries[cut - 1] if cut else None
    if last and last.node.entries:
        inside = last.end > comment.at
        below = bool(comment.text) and last.node.column >= 0 and _indented(last.node, node, comment)
        if inside or below:
            _place(last.node, comment, notes)
            return
    if following:
        notes[following.number].before.append(comment.text)
    elif last:
        notes[last.number].after.append(comment.text)


def _start(entry: Entry) -> Place:
    return entry.start


def _indented(inner: Node, outer: Node, comment: _Comment) -> bool:
    column = comment.at[1]
    return column >= inner.column and column > outer.column
