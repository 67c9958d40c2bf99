"""The caption of a picture: title, legend and, with many flows, a table of them, as HTML-like tables."""

from __future__ import annotations

from typing import Final

from threatmodel.render.diagram import style
from threatmodel.render.diagram.labels import wrapped
from threatmodel.render.diagram.picture import Edge, Picture
from threatmodel.render.diagram.style import font, html, mark_text
from threatmodel.render.text.wording import listed

_ROWS: Final = 30
_COLUMNS: Final = 6


def caption(shown: Picture) -> str:
    """The name of the model and what was counted, what every sign means, and what the picture could not hold.

    All in one label: it is the graph's, the only text that dot keeps clear of lines.
    """
    name = "<BR/>".join(html(line) for line in wrapped(shown.title, 60, 2))
    parts = [
        f'<FONT POINT-SIZE="20"><B>{name}</B></FONT>',
        font(" · ".join(shown.summary), 12, style.MUTED),
        _legend(),
        *_notes(shown),
        *(_flow_table(shown) if shown.numbered else []),
    ]
    rows = "".join(f'<TR><TD ALIGN="LEFT">{part}</TD></TR>' for part in parts)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="5">{rows}</TABLE>>'


def _legend() -> str:
    columns = (_elements(), _frames(), _flows(), _marks())
    cells = "".join(f'<TD VALIGN="TOP">{_column(rows)}</TD>' for rows in columns)
    return (
        f'<TABLE BORDER="1" COLOR="{style.QUIET}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4"'
        f' BGCOLOR="{style.NODE_FILL}"><TR>{cells}</TR></TABLE>'
    )


def _column(rows: list[tuple[str, str]]) -> str:
    body = "".join(
        f'<TR><TD ALIGN="CENTER">{sample}</TD><TD ALIGN="LEFT">{font(text, 10)}</TD></TR>'
        for sample, text in rows
    )
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="3">{body}</TABLE>'


def _cell(attributes: str, height: int = 16) -> str:
    cell = f'<TD WIDTH="38" HEIGHT="{height}" {attributes}> </TD>'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR>{cell}</TR></TABLE>'


def _elements() -> list[tuple[str, str]]:
    line = f'COLOR="{style.NODE_LINE}"'
    double = (
        f'<TABLE BORDER="1" {line} CELLBORDER="1" CELLSPACING="2" CELLPADDING="0"><TR>'
        f'<TD {line} WIDTH="32" HEIGHT="10"> </TD></TR></TABLE>'
    )
    red = f'BORDER="2" STYLE="rounded" COLOR="{style.GAP}" BGCOLOR="{style.GAP_FILL}"'
    return [
        (double, "double frame: actor"),
        (_cell(f'BORDER="1" STYLE="rounded" {line}'), "rounded: service"),
        (font("cylinder", 10), "store: database, queue, log …"),
        (_cell(red), "red and ▲: has gaps"),
        (font("on …", 10), "the host it runs on"),
    ]


def _frames() -> list[tuple[str, str]]:
    rows = []
    for trust, look in style.TRUST.items():
        sample = _cell(f'BORDER="2" STYLE="{look.dash}" COLOR="{look.line}" BGCOLOR="{look.fill}"')
        rows.append((sample, f"{look.dash} frame: {trust} boundary"))
    return [*rows, (font("no frame", 10), "outside every boundary: untrusted")]


def _line(style: str, width: int, color: str = style.EDGE) -> str:
    """A line at half the height of its row."""
    line = f'<TD BORDER="{width}" SIDES="B" STYLE="{style}" COLOR="{color}" WIDTH="38" HEIGHT="8"></TD>'
    rows = f'<TR>{line}</TR><TR><TD HEIGHT="8"></TD></TR>'
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{rows}</TABLE>'


def _flows() -> list[tuple[str, str]]:
    return [
        (_line("solid", 1), "solid line: encrypted"),
        (_line("dashed", 1), "dashed, “clear”: not encrypted, or not always"),
        (_line("dotted", 1), "dotted, “encrypted?”: nobody says"),
        (_line("solid", 3), "thick, full head: crosses a boundary, thickest into other trust"),
        (_line("solid", 1, style.QUIET), "grey: telemetry"),
    ]


def _marks() -> list[tuple[str, str]]:
    return [
        (
            f'<FONT POINT-SIZE="10" COLOR="{style.GAP}"><B>▲ 3 high</B></FONT>',
            "3 gaps, the worst of severity high",
        ),
        (font("? 4", 10), "4 results unknown: the model does not say"),
        (font("1 https", 10), "number, protocol of a flow"),
        (font("sends, returns", 10), "data with the arrow, data back"),
    ]


def _notes(shown: Picture) -> list[str]:
    notes = []
    if shown.empty:
        notes.append(f"not drawn, nothing stands in it: {listed(shown.empty, 20)}")
    lines = [line for note in notes for line in wrapped(note, 140, 3)]
    return [font(line, 10, style.MUTED) for line in lines]


def _flow_table(shown: Picture) -> list[str]:
    """What the numbers on the arrows mean, in columns; past the last column the rest is only counted."""
    rows = [_flow_row(shown, edge) for edge in shown.edges]
    columns = [rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS)]
    inner = '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">'
    cells = "".join(f'<TD VALIGN="TOP">{inner}{"".join(c)}</TABLE></TD>' for c in columns[:_COLUMNS])
    table = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4"><TR>{cells}</TR></TABLE>'
    more = len(rows) - _ROWS * _COLUMNS
    head = "many flows: they carry only their number"
    return [font(f"{head}; {more} more are not listed here" if more > 0 else head, 11), table]


def _flow_row(shown: Picture, edge: Edge) -> str:
    ends = f"{shown.nodes[edge.source].id} → {shown.nodes[edge.target].id}"
    how = f"{edge.protocol} {style.transport_word(edge)}".rstrip()
    words = [
        line
        for text, width in ((ends, 50), (how, 24), (" ".join(edge.words), 40))
        for line in wrapped(text, width, 1)
    ]
    marks = "".join(mark_text(edge.marks, short=True))
    cells = [f"<B>{edge.number}</B>", *map(html, words), marks or " "]
    row = "".join(f'<TD ALIGN="LEFT"><FONT POINT-SIZE="9.5">{cell}</FONT></TD>' for cell in cells)
    return f"<TR>{row}</TR>"
