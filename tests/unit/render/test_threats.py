"""Threats are told alike in every notation, and nothing in a model breaks out of any of them."""

from __future__ import annotations

import csv
import io

import pytest
from markdown_it import MarkdownIt

from tests.unit.render.drawn import graph
from tests.unit.render.written import HOSTILE, Page, assessment, gap
from threatmodel.errors import Span
from threatmodel.render.report import Beyond, report_html
from threatmodel.render.threats import results_text, threats_csv, threats_markdown, threats_text
from threatmodel.results import (
    ReportedThreat,
    ThreatGroup,
    ThreatResult,
    ThreatRow,
    ThreatStatus,
    ThreatTable,
)

OPEN, MITIGATED = ThreatStatus.OPEN, ThreatStatus.MITIGATED


def table(subject: str, *, more: int = 0, quiet: int = 0) -> ThreatTable:
    result = ThreatResult("tampering", "store", subject, OPEN, (f"encrypt@{subject}",), ("u@x",), ("p@x",))
    rows = (ThreatRow(subject, (None, result)),)
    group = ThreatGroup("store", rows, more, quiet, ("repudiation",))
    counts = dict.fromkeys(ThreatStatus, 0) | {OPEN: 1}
    return ThreatTable("STRIDE", ("spoofing", "tampering"), (group,), counts)


def found(text: str) -> ReportedThreat:
    span = Span("m.yaml", 1, 1, 1, 2)
    return ReportedThreat(f"threat:{text}", text, (text,), ("tampering",), "high", MITIGATED, (text,), span)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_model_breaks_out_of_a_notation(text: str) -> None:
    page = threats_markdown((text, "2026-01-01"), (table(text),), (found(text),))
    shown = Page(MarkdownIt("commonmark").enable("table").render(page).replace("<!-- -->", ""))
    assert shown.names() <= {*"h1 h2 p table thead tbody tr th td code br".split()}
    terminal = threats_text((text, "2026-01-01"), (table(text),), (found(text),), 100, False)
    told = [result for result in table(text).groups[0].rows[0].results if result]
    terminal += results_text(told, (found(text),), 80, False)
    assert all(c.isprintable() for c in terminal.replace("\n", ""))
    _, row = csv.reader(io.StringIO(threats_csv(told), newline=""))
    assert not row[1].startswith(tuple("=+-@"))
    html = report_html(
        assessment(),
        graph("services: {web: }"),
        None,
        "",
        None,
        Beyond(threats=((table(text),), (found(text),))),
    )
    assert not {"script", "img"} & Page(html).names()


def test_a_gap_that_the_report_tells_is_linked() -> None:
    drawn = graph("services: {web: }")
    page = report_html(assessment(gap()), drawn, None, "", None, Beyond(threats=((table("db"),), ())))
    assert '<a href="#gap-1"><code>encrypt</code></a>' in page
    assert "<code>u@x</code>" in page


def test_a_report_without_threats_has_no_heading_for_them() -> None:
    page = report_html(assessment(), graph("services: {web: }"), None, "", None)
    assert 'id="threats"' not in page


def test_what_is_left_out_is_counted() -> None:
    text = threats_text(("m", "d"), (table("db", more=2, quiet=1),), (), 100, False)
    assert "… and 2 more (--all)" in text
    assert "1 more: nothing open, unknown or mitigated" in text
    assert "no control of the catalog counters repudiation here" in text
    page = threats_markdown(("m", "d"), (table("db", more=2, quiet=3),), ())
    assert "2 more stores" in page
    assert "3 more: nothing open, unknown or mitigated" in page


def test_a_long_name_stands_on_a_line_of_its_own() -> None:
    name = "a" * 60
    lines = threats_text(("m", "d"), (table(name),), (), 100, False).splitlines()
    assert f"    {name}" in lines
    assert lines[lines.index(f"    {name}") + 1].split() == ["▲"]
