"""The form of a record: sheets of entries whose every cell says where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


class Part(NamedTuple):
    """What a record has of one party: its sheets, and what is open besides the questions in their cells."""

    sheets: tuple[Sheet, ...]
    questions: tuple[Item, ...] = ()


def record(title: str, about: str, as_of: str, opening: Iterable[Item], parts: Iterable[Part]) -> Record:
    """A record made of its parts; `opening` are the questions that come first, and each is asked once."""
    sheets: list[Sheet] = []
    questions = [*opening]
    for part in parts:
        sheets += part.sheets
        questions += (item for sheet in part.sheets for item in _questions(sheet))
        questions += part.questions
    return Record(title, about, as_of, tuple(sheets), tuple(dict.fromkeys(questions)))


def question(text: str, span: Span | None = None) -> Item:
    """The item that stands where the model says nothing, and asks for it."""
    return Item(text, span, missing=True)


def _questions(sheet: Sheet) -> Iterator[Item]:
    """The questions in the cells of a sheet."""
    cells = (cell for entry in sheet.entries for cell in ((entry.title,), *entry.cells))
    return (item for cell in cells for item in cell if item.missing)
