"""Records in four forms: the same cells, each with its place, and hostile text only as text."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tests.unit.render.written import HOSTILE
from threatmodel.errors import Span
from threatmodel.records import Entry, Item, Record, Sheet
from threatmodel.render import records as render

WRITERS = {
    "text": render.record_text,
    "markdown": render.record_markdown,
    "json": render.record_json,
    "csv": render.record_csv,
}
PLACE = Span("m.yaml", 7, 3, 7, 9)


def record(text: str = "chart", columns: int = 3) -> Record:
    names = tuple(f"C{i}" for i in range(columns))
    cells = tuple((Item(text, PLACE),) for _ in range(columns - 1))
    sheet = Sheet("Sheet", "About the sheet.", names, (Entry(Item("entry", PLACE), cells),), "Nothing.")
    return Record("Title", "About.", "2026-11-01", (sheet,), (Item("who?", PLACE, missing=True),))


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("columns", [3, 9])
def test_every_form_has_the_cells_their_places_and_the_questions(form: str, columns: int) -> None:
    text = WRITERS[form](record(columns=columns))
    for part in ("chart", "who?", "entry", "m.yaml"):
        assert part in text
    assert text.count("chart") == columns - 1


def test_text_stays_within_its_width_and_says_what_is_missing() -> None:
    lines = render.record_text(record("a word and " * 40)).splitlines()
    assert max(map(len, lines)) <= 100
    assert "Still missing: 1 answer" in lines


def test_json_and_csv_hold_file_and_line() -> None:
    plain: dict[str, Any] = json.loads(render.record_json(record()))
    assert plain["sheets"][0]["entries"][0]["C1"] == [
        {"text": "chart", "missing": False, "place": {"file": "m.yaml", "line": 7, "column": 3}}
    ]
    rows = list(csv.DictReader(io.StringIO(render.record_csv(record()))))
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
    assert "\x1b" not in render.record_text(record(text))
    page = render.record_markdown(record(text))
    table = [line for line in page.splitlines() if line.startswith("|") and "entry" in line]
    assert len(table) == 1
    assert "<script" not in page
    assert "<img" not in page
    for row in csv.DictReader(io.StringIO(render.record_csv(record(text)))):
        assert not row["text"].startswith(("=", "+", "-", "@"))
    assert json.loads(render.record_json(record(text)))["sheets"][0]["entries"][0]["C1"][0]["text"] == text


def test_an_empty_sheet_says_so_and_a_whole_record_too() -> None:
    empty = Record("T", "A.", "2026-11-01", (Sheet("S", "B.", ("C",), (), "Nothing here."),), ())
    for form in ("text", "markdown"):
        text = WRITERS[form](empty)
        assert "Nothing here." in text
        assert "that the model could say" in text
