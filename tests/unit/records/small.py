"""Small models as text, their graphs, and readers of the records made of them."""

from __future__ import annotations

from functools import cache

from threatmodel.api import Library, Review, parse
from threatmodel.graph import SystemGraph
from threatmodel.records import Entry, Record
from threatmodel.source import parse as parse_text

LIBRARY = Library()
DAY = "2026-11-01"


@cache
def review(text: str, day: str = DAY) -> Review:
    """The review of a model of which only what matters is written."""
    return parse(parse_text(f"threatmodel: 1\nname: m\n{text}", "m.yaml"), LIBRARY, day)


def graph(text: str, day: str = DAY) -> SystemGraph:
    """The graph of such a model."""
    return review(text, day).graph


def entries(record: Record) -> dict[str, Entry]:
    """The entries of all sheets by their titles."""
    return {entry.title.text: entry for sheet in record.sheets for entry in sheet.entries}


def column(record: Record, name: str) -> dict[str, list[str]]:
    """For each entry, by its title, the texts in one column; an entry of the same title adds to it."""
    found: dict[str, list[str]] = {}
    for sheet in record.sheets:
        for entry in sheet.entries:
            cell = entry.cells[sheet.columns.index(name) - 1]
            found.setdefault(entry.title.text, []).extend(item.text for item in cell)
    return found


def questions(record: Record) -> list[str]:
    """The questions of a record."""
    return [item.text for item in record.questions]
