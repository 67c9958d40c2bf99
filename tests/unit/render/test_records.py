"""Records in four forms: the same cells, each with its place, and hostile text only as text."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.unit.render.written import HOSTILE
from threatmodel.errors import InternalError, Span
from threatmodel.records import Entry, Item, Record, Sheet
from threatmodel.render.records import FORMS, record_text

PLACE = Span("m.yaml", 7, 3, 7, 9)


def record(text: str = "chart", columns: int = 3) -> Record:
    names = tuple(f"C{i}" for i in range(columns))
    cells = tuple((Item(text, PLACE),) for _ in range(columns - 1))
    sheet = Sheet("Sheet", "About the sheet.", names, (Entry(Item("entry", PLACE), cells),), "Nothing.")
    return Record("Title", "About.", "2026-11-01", (sheet,), (Item("who?", PLACE, missing=True),))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("columns", [3, 9])
def test_every_form_has_the_cells_their_places_and_the_questions(form: str, columns: int) -> None:
    text = record_text(record(columns=columns), form)
    for part in ("chart", "who?", "entry", "m.yaml"):
        assert part in text
    assert text.count("chart") == columns - 1


def test_text_stays_within_its_width_and_says_what_is_missing() -> None:
    lines = record_text(record("a word and " * 40), "text").splitlines()
    assert max(map(len, lines)) <= 100
    assert "Still missing: 1 answer" in lines


def test_json_and_csv_hold_file_and_line() -> None:
    plain: dict[str, Any] = json.loads(record_text(record(), "json"))
    assert plain["sheets"][0]["entries"][0]["C1"] == [
        {"text": "chart", "missing": False, "place": {"file": "m.yaml", "line": 7, "column": 3}}
    ]
    rows = list(csv.DictReader(io.StringIO(record_text(record(), "csv"))))
    assert rows[1] == {
        "sheet": "Sheet",
        "entry": "entry",
        "column": "C1",
        "text": "chart",
        "missing": "no",
        "file": "m.yaml",
        "line": "7",
    }
    assert rows[-1]["missing"] == "yes"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    assert "\x1b" not in record_text(record(text), "text")
    page = record_text(record(text), "markdown")
    table = [line for line in page.splitlines() if line.startswith("|") and "entry" in line]
    assert len(table) == 1
    assert "<script" not in page
    assert "<img" not in page
    for row in csv.DictReader(io.StringIO(record_text(record(text), "csv"))):
        assert not row["text"].startswith(("=", "+", "-", "@"))
    assert json.loads(record_text(record(text), "json"))["sheets"][0]["entries"][0]["C1"][0]["text"] == text


def test_an_empty_sheet_says_so_and_a_whole_record_too() -> None:
    empty = Record("T", "A.", "2026-11-01", (Sheet("S", "B.", ("C",), (), "Nothing here."),), ())
    for form in ("text", "markdown"):
        text = record_text(empty, form)
        assert "Nothing here." in text
        assert "that the model could say" in text


def test_an_unknown_form_is_a_fault_of_ours() -> None:
    with pytest.raises(InternalError):
        record_text(record(), "xml")
