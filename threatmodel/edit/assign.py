"""Sets or removes one value in the text of a model file; every other character and every comment stays.

The result is read again, and refused unless it says exactly what the file said with that one change.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any, Final, NamedTuple, TypeAlias

from threatmodel.edit.comments import Commented, attach
from threatmodel.edit.scalars import in_line, scalar
from threatmodel.edit.tree import Entry, Node, Place, entries_of, line_offsets, read_tree
from threatmodel.errors import InputError, UsageError, quoted
from threatmodel.source import Document, Value, parse

Steps: TypeAlias = tuple[int | str, ...]
"""Keys and positions that lead to a value from the root of a file."""

_WIDTH: Final = 110
_CANNOT: Final = "cannot write to `{}` without changing the rest of {}"
_BY_HAND: Final = "write it by hand: it is laid out in an unusual way, or shared by `&` and `*`"


def with_value(text: str, file: str, steps: Steps, value: Value) -> str:
    """The text with a value at a path, whose last parts may be new; raises UsageError when it cannot."""
    document = parse(text, file)
    return _checked(
        document, steps, _Editor(document).set(steps, value), _expected(document.root, steps, value)
    )


def without_value(text: str, file: str, steps: Steps) -> str:
    """The text without the key that a path ends in; raises UsageError where there is none."""
    document = parse(text, file)
    parent = document.at(steps[:-1])
    if not isinstance(parent, dict) or steps[-1] not in parent:
        raise UsageError(f"there is no `{_dotted(steps)}` in {file}")
    rest = {key: below for key, below in parent.items() if key != steps[-1]}
    expected = _expected(document.root, steps[:-1], rest)
    return _checked(document, steps, _Editor(document).remove(steps), expected)


def _checked(document: Document, steps: Steps, written: str, expected: Value) -> str:
    try:
        after = parse(written, document.file)
        same = after.root == expected and _comment_texts(after) == _comment_texts(document)
    except (InputError, UsageError):
        same = False
    if not same:
        raise UsageError(_CANNOT.format(_dotted(steps), document.file), _BY_HAND)
    return written


def _comment_texts(document: Document) -> list[str]:
    return attach(read_tree(document), document.text).texts()


def _expected(root: Value, steps: Steps, value: Value) -> Value:
    """The data with one value changed; what is not on the way stays the very same."""
    if not steps:
        return value
    made: Any = copy(root) if isinstance(root, (dict, list)) else {}
    below = made.get(steps[0]) if isinstance(made, dict) else made[int(steps[0])]
    made[steps[0]] = _expected(below, steps[1:], value)
    found: Value = made
    return found


def _dotted(steps: Steps) -> str:
    return ".".join(map(str, steps))


class _Position(NamedTuple):
    """The deepest entry of a path that exists (None: the root), its node, and the steps that are left."""

    entry: Entry | None
    node: Node
    rest: Steps


class _Editor:
    """A document, its tree, its comments and where its lines begin."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.root = read_tree(document)
        self.comments: Commented = attach(self.root, document.text)
        self.offsets = line_offsets(document.text)
        self.end = "\r\n" if "\r\n" in document.text else "\n"

    def set(self, steps: Steps, value: Value) -> str:
        """The text with a value."""
        entry, node, rest = self._find(steps)
        for step in reversed(rest[1:]):
            value = {str(step): value}
        if not rest and entry:
            return self._replace(entry, value)
        if node.kind == "empty" and entry:
            return self._replace(entry, {str(rest[0]): value})
        if node.raw.startswith("*"):
            message = f"{quoted(node.raw)} stands for a value that is written elsewhere"
            raise UsageError(message, "write that value out by hand, here or there")
        if node.kind != "mapping":
            raise UsageError(
                f"{quoted(node.raw)} is no mapping, so it has no `{rest[0]}`", "set it as a whole"
            )
        return self._add(node, str(rest[0]), value)

    def remove(self, steps: Steps) -> str:
        """The text without a key."""
        found = self._find(steps)
        entry, parent = found.entry, self._find(steps[:-1])
        if entry is None or found.rest:
            raise UsageError(_CANNOT.format(_dotted(steps), "the file"), _BY_HAND)
        others = parent.node.entries
        if len(others) == 1 and parent.entry:
            return self._replace(parent.entry, {})
        at = others.index(entry)
        start, end = self._offset(entry.start), self._offset(entry.end)
        first = self.text[self.offsets[entry.start[0]] : start].strip()
        if parent.node.column < 0 or first:
            start = self._offset(others[at - 1].end) if at else start
            end = end if at else self._offset(others[1].start)
            return self.text[:start] + self.text[end:]
        lead = " " * parent.node.column
        kept = "".join(f"{lead}{note}{self.end}" for note in self._notes(entry, own=True, last=True))
        return self.text[: self.offsets[entry.start[0]]] + kept + self.text[self._after(entry.end) :]

    def _find(self, steps: Steps) -> _Position:
        found = _Position(None, self.root, steps)
        while found.rest:
            step = found.rest[0]
            entries = found.node.entries
            entry = (
                next((e for e in entries if e.key == step), None)
                if found.node.kind == "mapping"
                else entries[step]
                if isinstance(step, int) and found.node.kind == "list"
                else None
            )
            if entry is None:
                break
            found = _Position(entry, entry.node, found.rest[1:])
        return found

    def _replace(self, entry: Entry, value: Value) -> str:
        """Another value in the place of an entry's; comments inside a block go above it."""
        node = entry.node
        self._bequeath(node)
        start, end = self._offset(node.start), self._offset(node.end)
        block = node.column >= 0 or node.raw.startswith(("|", ">"))
        if node.kind == "empty" or block:
            start = self.text.index(":", self._offset(entry.key_end)) + 1
            end = start if node.kind == "empty" else end
            written = f" {in_line(value)}"
        else:
            written = in_line(value)
        changed = self.text[:start] + written + self.text[end:]
        if not block:
            return changed
        lead = " " * entry.start[1]
        notes = "".join(
            f"{lead}{note}{self.end}" for note in self._notes(entry, own=self._inside(entry), last=False)
        )
        at = self.offsets[entry.start[0]]
        return changed[:at] + notes + changed[at:]

    def _bequeath(self, node: Node) -> None:
        """Hands a value that others share on to the first alias of it, which stands behind it."""
        anchor = (node.anchor or node.raw).partition(" ")[0]
        shared = (e for e in entries_of(self.root) if anchor[:1] == "&" and e.node.raw == f"*{anchor[1:]}")
        heir = next(shared, None)
        if heir:
            start, end = self._offset(heir.node.start), self._offset(heir.node.end)
            self.text = f"{self.text[:start]}{anchor} {in_line(heir.node.value)}{self.text[end:]}"

    def _add(self, node: Node, key: str, value: Value) -> str:
        """A new key at the end of a mapping."""
        if node.column < 0 and node is not self.root:
            pair = f"{scalar(key)}: {in_line(value)}"
            if not node.entries:
                start, end = self._offset(node.start), self._offset(node.end)
                return f"{self.text[:start]}{{{pair}}}{self.text[end:]}"
            at = self._offset(node.entries[-1].end)
            return f"{self.text[:at]}, {pair}{self.text[at:]}"
        at = self._after(node.entries[-1].end)
        gap = "" if self.text[:at].endswith(("\n", "\r")) else self.end
        gap += self.end if node is self.root else ""
        lines = _lines(key, value, max(node.column, 0), node is self.root)
        return self.text[:at] + gap + "".join(f"{line}{self.end}" for line in lines) + self.text[at:]

    def _notes(self, entry: Entry, *, own: bool, last: bool) -> Iterator[str]:
        """The comments inside an entry, with its `own` behind the key and the one behind its `last` line."""
        if own and (text := self.comments.notes[entry.number].trailing):
            yield text
        for below in entries_of(entry.node):
            notes = self.comments.notes[below.number]
            yield from (text for text in (*notes.before, *notes.after) if text)
            if notes.trailing and (last or below.end[0] != entry.end[0]):
                yield notes.trailing

    def _inside(self, entry: Entry) -> bool:
        """Whether the comment on an entry's own line stands before its value."""
        return entry.node.start[0] > entry.key_end[0]

    def _offset(self, place: Place) -> int:
        return self.offsets[place[0]] + place[1]

    def _after(self, place: Place) -> int:
        """Where the line after a place begins."""
        line = place[0] + 1
        return self.offsets[line] if line < len(self.offsets) else len(self.text)


def _lines(key: str, value: Value, indent: int, open_: bool = False) -> Iterator[str]:
    """A key with its value on one line where it fits, else (or `open_`) with its keys below it."""
    line = f"{' ' * indent}{scalar(key)}: {in_line(value)}"
    if isinstance(value, dict) and value and (open_ or len(line) > _WIDTH):
        yield f"{' ' * indent}{scalar(key)}:"
        for name, below in value.items():
            yield from _lines(name, below, indent + 2)
    else:
        yield line
