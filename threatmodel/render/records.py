"""Records for people and machines: every cell with the file and line it comes from, in four forms."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.errors import Span
from threatmodel.records import Cell, Entry, Item, Record, Sheet
from threatmodel.render.matrix import DISCLAIMER
from threatmodel.render.text import escape
from threatmodel.render.text.escape import csv_cell, terminal
from threatmodel.render.text.plain import plain_place
from threatmodel.render.text.terminal_text import Run, columns, fold, prose
from threatmodel.render.text.wording import counted

_WIDTH = 100


def record_text(record: Record) -> str:
    """The record as text of 100 columns."""
    return "".join(f"{line.rstrip()}\n" for line in _lines(record))


def _lines(record: Record) -> Iterator[str]:
    yield f"{terminal(record.title)}, as of {record.as_of}"
    yield from fold(prose(record.about, False), _WIDTH, False)
    for sheet in record.sheets:
        yield ""
        yield ""
        yield terminal(sheet.title)
        yield "-" * min(columns(terminal(sheet.title)), _WIDTH)
        yield from fold(prose(sheet.about, False), _WIDTH, False)
        if not sheet.entries:
            yield terminal(sheet.nothing)
        for entry in sheet.entries:
            yield ""
            yield from _entry(sheet, entry)
    yield ""
    yield ""
    yield from _questions(record)
    yield ""
    yield from fold([Run(DISCLAIMER)], _WIDTH, False)


def _entry(sheet: Sheet, entry: Entry) -> Iterator[str]:
    label = max(columns(name) for name in sheet.columns) + 2
    yield from fold(_runs(entry.title), _WIDTH, False)
    for name, cell in zip(sheet.columns[1:], entry.cells, strict=True):
        first = f"  {name:<{label}}"
        for item in cell:
            yield from fold(_runs(item), _WIDTH, False, first, " " * (label + 4))
            first = " " * (label + 2)


def _runs(item: Item) -> list[Run]:
    runs = prose(f"? {item.text}" if item.missing else item.text, False)
    return [*runs, Run(f" [{_place(item.span)}]")] if item.span else runs


def _place(span: Span) -> str:
    return f"{terminal(span.file)}:{span.line}"


def _questions(record: Record) -> Iterator[str]:
    if not record.questions:
        yield "Nothing is missing that the model could say."
        return
    yield f"Still missing: {counted(len(record.questions), 'answer')}"
    for item in record.questions:
        yield from fold(_runs(item._replace(missing=False)), _WIDTH, False, "  ? ", "    ")


def record_markdown(record: Record) -> str:
    """The record as a Markdown page."""
    return "\n".join(_markdown_lines(record)) + "\n"


def _markdown_lines(record: Record) -> Iterator[str]:
    yield f"# {escape.markdown(record.title)}"
    yield ""
    yield f"As of {record.as_of}. {escape.prose_markdown(record.about)}"
    for sheet in record.sheets:
        yield ""
        yield f"## {escape.markdown(sheet.title)}"
        yield ""
        yield escape.prose_markdown(
            sheet.about if sheet.entries else f"{sheet.about} {sheet.nothing}".strip()
        )
        yield from _blocks(sheet) if len(sheet.columns) > _MOST else _table(sheet)
    yield ""
    yield "## Still missing"
    yield ""
    for item in record.questions:
        yield f"- {_markdown_item(item._replace(missing=False))}"
    if not record.questions:
        yield "Nothing that the model could say."
    yield ""
    yield escape.markdown(DISCLAIMER)


_MOST = 7
"""A table with more columns than this is read better as one block for each entry."""


def _table(sheet: Sheet) -> Iterator[str]:
    if not sheet.entries:
        return
    yield ""
    yield f"| {' | '.join(map(escape.markdown, sheet.columns))} |"
    yield "|---" * len(sheet.columns) + "|"
    for entry in sheet.entries:
        cells = (_markdown_cell(cell) for cell in ((entry.title,), *entry.cells))
        yield f"| {' | '.join(cells)} |"


def _blocks(sheet: Sheet) -> Iterator[str]:
    for entry in sheet.entries:
        yield ""
        yield f"### {_markdown_item(entry.title)}"
        yield ""
        yield "| | |"
        yield "|---|---|"
        for name, cell in zip(sheet.columns[1:], entry.cells, strict=True):
            yield f"| {escape.markdown(name)} | {_markdown_cell(cell)} |"


def _markdown_cell(cell: Cell) -> str:
    return "<br>".join(map(_markdown_item, cell))


def _markdown_item(item: Item) -> str:
    text = escape.prose_markdown(item.text)
    shown = f"**?** {text}" if item.missing else text
    return f"{shown} <sub>{escape.markdown(_place(item.span))}</sub>" if item.span else shown


def record_json(record: Record) -> str:
    """The record as JSON, versioned."""
    import json

    plain = {
        "threatmodel-record": 1,
        "title": record.title,
        "about": record.about,
        "as_of": record.as_of,
        "sheets": [_plain_sheet(sheet) for sheet in record.sheets],
        "questions": [_plain(item) for item in record.questions],
    }
    return json.dumps(plain, indent=2, ensure_ascii=False) + "\n"


def _plain_sheet(sheet: Sheet) -> dict[str, object]:
    return {
        "title": sheet.title,
        "about": sheet.about,
        "entries": [
            {
                name: [_plain(item) for item in cell]
                for name, cell in zip(sheet.columns, ((entry.title,), *entry.cells), strict=True)
            }
            for entry in sheet.entries
        ],
    }


def _plain(item: Item) -> dict[str, object]:
    return {"text": item.text, "missing": item.missing, "place": plain_place(item.span)}


def record_csv(record: Record) -> str:
    """The record as CSV, an item a row."""
    import csv
    import io

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")  # RFC 4180
    writer.writerow(("sheet", "entry", "column", "text", "missing", "file", "line"))
    for sheet in record.sheets:
        for entry in sheet.entries:
            for name, cell in zip(sheet.columns, ((entry.title,), *entry.cells), strict=True):
                for item in cell:
                    writer.writerow(_row(sheet.title, entry.title.text, name, item))
    for item in record.questions:
        writer.writerow(_row("questions", "", "", item))
    return stream.getvalue()


def _row(sheet: str, entry: str, column: str, item: Item) -> list[object]:
    span = item.span
    missing = "yes" if item.missing else "no"
    place = (csv_cell(span.file), span.line) if span else ("", "")
    return [csv_cell(sheet), csv_cell(entry), csv_cell(column), csv_cell(item.text), missing, *place]
