"""The form of a record: sheets of entries whose every cell says where it is written."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from threatmodel.errors import Span


class Item(NamedTuple):
    """One thing in a cell: `span` is where it is written; `missing` says that nobody wrote it."""

    text: str
    span: Span | None = None
    missing: bool = False


Cell: TypeAlias = tuple[Item, ...]


class Entry(NamedTuple):
    """One line of a sheet: what it is about, and a cell for each further column."""

    title: Item
    cells: tuple[Cell, ...]


class Sheet(NamedTuple):
    """A table: `columns` name the title of an entry and then its cells; `nothing` is said without entries."""

    title: str
    about: str
    columns: tuple[str, ...]
    entries: tuple[Entry, ...]
    nothing: str


class Record(NamedTuple):
    """A record as somebody keeps it: what it is, its sheets, and what it would need to be whole."""

    title: str
    about: str
    as_of: str
    sheets: tuple[Sheet, ...]
    questions: tuple[Item, ...]


def unsaid(text: str, span: Span | None = None) -> Item:
    """An item for what nobody said."""
    return Item(text, span, missing=True)


def asked(*cells: Cell) -> tuple[Item, ...]:
    """The questions in some cells, each once, in order."""
    return tuple(dict.fromkeys(item for cell in cells for item in cell if item.missing))
