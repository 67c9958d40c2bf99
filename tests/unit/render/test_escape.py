"""Every notation shows hostile text as text."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from tests.unit.render.written import HOSTILE, Page
from threatmodel.render.text import escape

hostile = pytest.mark.parametrize("text", HOSTILE)


def shown(text: str) -> str:
    """What a reader sees of a text that was put on one line."""
    return escape.one_line(text)


def rendered(text: str) -> str:
    return str(MarkdownIt("commonmark").enable("table").render(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain ü 日本 ❤️", "plain ü 日本 ❤️"),
        ("a\u202eb", "a<U+202E>b"),
        ("\u2066\u2069\u200e\u200f", "<U+2066><U+2069><U+200E><U+200F>"),
        ("zero\u200bwidth\ufeff", "zero<U+200B>width<U+FEFF>"),
        ("\x1b[31m\x9b\x00\x7f", "<U+001B>[31m<U+009B><U+0000><U+007F>"),
        ("\ud800\U000e0041\u3164", "<U+D800><U+E0041><U+3164>"),
        ("line\nbreak\ttab", "line\nbreak\ttab"),
    ],
)
def test_what_nobody_sees_is_made_visible(text: str, expected: str) -> None:
    assert escape.visible(text) == expected


@hostile
def test_a_terminal_gets_one_line_without_control_characters(text: str) -> None:
    written = escape.terminal(text)
    assert written.splitlines() == [written]
    assert written.isprintable()


@hostile
def test_html_reads_back_as_the_text(text: str) -> None:
    page = Page(f'<p title="{escape.html(text)}">{escape.html(text)}</p>')
    assert page.names() == {"p"}
    assert page.text == page.tags[0][1]["title"] == escape.visible(text.replace("\r\n", "\n"))


@hostile
def test_xml_reads_back_as_the_text(text: str) -> None:
    read = ElementTree.fromstring(f"<a>{escape.xml(text)}</a>")
    assert read.text == escape.visible(text.replace("\r\n", "\n"))


@hostile
def test_markdown_reads_back_as_one_paragraph_of_text(text: str) -> None:
    written = rendered(escape.markdown(text)).replace("<!-- -->", "")
    assert re.fullmatch(r"<p>[^<>]*</p>\n", written), written
    assert html.unescape(written) == f"<p>{shown(text)}</p>\n"


@hostile
@pytest.mark.parametrize("write", [escape.markdown, escape.code])
def test_a_markdown_table_keeps_its_cells(text: str, write: Callable[[str], str]) -> None:
    cells = Page(rendered(f"| a | b |\n|---|---|\n| {write(text)} | next |\n").replace("<!-- -->", ""))
    assert [tag for tag, _ in cells.tags if tag == "td"] == ["td", "td"]
    assert cells.names() <= {"table", "thead", "tbody", "tr", "th", "td", "code"}
    assert shown(text).strip() in cells.text


@hostile
def test_a_code_span_reads_back_as_the_text(text: str) -> None:
    page = Page(rendered(f"x {escape.code(text)} y"))
    assert page.names() == {"p", "code"}
    assert page.text == f"x {shown(text)} y\n"


def test_mentions_and_references_are_broken_up() -> None:
    assert escape.markdown("@team and #12, me@shop.example") == (
        r"@<!-- -->team and \#<!-- -->12, me@shop.example"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "' =1"),
        ("\rx", "' x"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_no_csv_cell_is_a_formula(text: str, expected: str) -> None:
    assert escape.csv_cell(text) == expected


@hostile
def test_csv_reads_back_as_one_cell(text: str) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerow([escape.csv_cell(text), "next"])
    ((cell, following),) = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert cell in (shown(text), f"'{shown(text)}")
    assert following == "next"


@hostile
def test_a_dot_string_ends_where_it_should(text: str) -> None:
    written = f'"{escape.dot(text)}"'
    assert re.fullmatch(r'"(?:[^"\\\n]|\\[\\"n])*"', written)


@hostile
def test_a_mermaid_label_has_no_syntax_of_its_own(text: str) -> None:
    written = escape.mermaid(text)
    assert not re.search(r'["<>`\\*~%{}|\n]|(?<!\w)end(?!\w)|#(?!\w+;)', written)
    read = re.sub(
        r"#(\w+);", lambda m: html.unescape(f"&{m[1]};" if m[1].isalpha() else f"&#{m[1]};"), written
    )
    assert read == shown(text)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("`a` has `b|c`", [(True, "a"), (False, " has "), (True, "b|c")]),
        ("no user text", [(False, "no user text")]),
        ("one ` alone", [(False, "one ` alone")]),
        ("`a` and ` alone", [(True, "a"), (False, " and ` alone")]),
        ("", []),
    ],
)
def test_a_message_is_cut_at_its_backticks(message: str, expected: list[tuple[bool, str]]) -> None:
    assert list(escape.pieces(message)) == expected


@hostile
def test_prose_shows_hostile_names_as_text(text: str) -> None:
    message = f"`x` carries `{text}`"
    assert Page(escape.prose_html(message)).names() == {"code"}
    assert Page(rendered(escape.prose_markdown(message)).replace("<!-- -->", "")).names() == {"p", "code"}


def test_a_hidden_marker_is_harmless_and_tells_paths_apart() -> None:
    paths = [
        "docs/threatmodel.yaml",
        "--><script>",
        "a b.yaml",
        "a-b.yaml",
        "a--b",
        "a-%2Db",
        "Ω",
        "d\udce9r",
    ]
    shown = [escape.marker("threatmodel", path) for path in paths]
    assert shown[0] == "<!-- threatmodel:docs/threatmodel.yaml -->"
    assert shown[-1] == "<!-- threatmodel:d%E9r -->"
    assert len(set(shown)) == len(paths)
    for text in shown:
        inside = text.removeprefix("<!-- ").removesuffix(" -->")
        assert not any(mark in inside for mark in ("--", "<", ">", " "))
