"""A matrix holds every row, with its number and status, in every form."""

from __future__ import annotations

import csv
import io
import re

import pytest
from markdown_it import MarkdownIt

from tests.unit.render.written import HOSTILE, Page, framework, row
from threatmodel.catalog.overlay.editions import Edition
from threatmodel.render import matrix as render
from threatmodel.render.matrix import COLUMNS, Stamp
from threatmodel.render.text.terminal_text import columns
from threatmodel.results import STATUSES, FrameworkResult, RequirementResult

STAMP = Stamp("Shop", "2026-06-01", "sha256:ab", (Edition("house", "2", "sha256:" + "c" * 64),))
WRITERS = {
    "text": render.matrix_text,
    "markdown": render.matrix_markdown,
    "csv": render.matrix_csv,
    "html": render.matrix_html,
}
FORMS = tuple(WRITERS)
EVERY = tuple(row(f"Art. {i}", status) for i, status in enumerate(STATUSES, start=1))


def matrix_of(frameworks: tuple[FrameworkResult, ...], form: str, stamp: Stamp) -> str:
    return WRITERS[form](frameworks, stamp)


@pytest.mark.parametrize("form", FORMS)
def test_every_row_is_there_with_its_status(form: str) -> None:
    written = matrix_of((framework(*EVERY),), form, STAMP)
    text = Page(written).text if form == "html" else written
    for made in EVERY:
        place = text.rindex(made.requirement)
        assert made.status in text[place:].partition("Art.")[2]


def test_text_lists_results_gaps_notes_and_decisions() -> None:
    made = row(status="gap", note="`x` is not known", decision="alternative (sec, 2026-01-01): because")
    assert matrix_of((framework(made),), "text", STAMP) == (
        "Control matrices of Shop, as of 2026-06-01\n"
        "\n\n"
        "The Regulation\n"
        "applies; law as of 2026-01-01\n"
        "1 row\n"
        "    1 gap              a control that supports the row has a gap\n"
        "\n"
        "Art. 32(1)(a)  gap               Security of processing (mandatory)\n"
        "                                 1 satisfied, 1 gap, 2 unknown by encrypt\n"
        "                                 gap encrypt@db\n"
        "                                 `x` is not known\n"
        "                                 decision: alternative (sec, 2026-01-01): because\n"
        "\n\n"
        "model sha256:ab; catalog: house 2 (cccccccccccc)\n"
        "Design evidence derived from a declared model: it does not assess operation, decides nothing about\n"
        "the law and is no legal advice.\n"
    )


def test_text_fits_a_hundred_columns() -> None:
    made = row(title="a long title of many words " * 9, note="a long note of many words " * 9)
    assert max(map(columns, matrix_of((framework(made),), "text", STAMP).splitlines())) <= 100


def test_csv_has_all_that_is_known_of_a_row() -> None:
    (read,) = csv.DictReader(io.StringIO(matrix_of((framework(row()),), "csv", STAMP), newline=""))
    assert tuple(read) == COLUMNS
    assert read == {
        "framework": "gdpr",
        "requirement": "Art. 32(1)(a)",
        "title": "Security of processing",
        "designation": "mandatory",
        "category": "controller",
        "applies": "yes",
        "status": "gap",
        "note": "",
        "decision": "",
        "controls": "encrypt",
        "satisfied": "1",
        "unknown": "2",
        "gaps": "1",
        "gap_keys": "encrypt@db",
        "responsible": "clinic",
        "coverage": "partial",
        "evidence": "which flows are encrypted",
        "cannot_show": "that it runs so",
        "url": "https://law.example/32",
        "references": "",
        "law_as_of": "2026-01-01",
        "model": "Shop",
        "as_of": "2026-06-01",
        "model_digest": "sha256:ab",
        "catalogs": "catalog: house 2 (cccccccccccc)",
    }


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_of_which_model_text_day_and_catalog_it_is(form: str) -> None:
    written = matrix_of((framework(row()),), form, STAMP)
    for said in ("Shop", "2026-06-01", "sha256:ab", "house 2", "cccccccccccc"):
        assert said in written


@pytest.mark.parametrize(
    ("applies", "said"),
    [
        (True, "It applies by the declared roles"),
        (False, "The declared roles say that it does not apply"),
        (None, "Whether it applies is not declared"),
    ],
)
def test_whether_a_framework_applies_is_said(applies: bool | None, said: str) -> None:
    for form in ("html", "markdown"):
        assert said in matrix_of((framework(row(), applies=applies),), form, STAMP)


def test_the_page_filters_by_status_without_a_script() -> None:
    page = Page(matrix_of((framework(*EVERY),), "html", STAMP))
    offered = [attributes["value"] for tag, attributes in page.tags if tag == "input"]
    assert offered == ["every", *STATUSES]
    assert "script" not in page.names()


@pytest.mark.parametrize("form", FORMS)
def test_no_form_judges_the_law(form: str) -> None:
    assert not re.search(
        r"complian|certifi|passed|\d ?%(?!;)", _without_style(matrix_of((framework(*EVERY),), form, STAMP))
    )


def hostile_row(text: str) -> RequirementResult:
    """A row whose every text is hostile."""
    return row(
        text,
        title=text,
        note=text,
        decision=text,
        controls=(text,),
        gaps=(text,),
        responsible=(text,),
        category=text,
        evidence=text,
        cannot_show=text,
        url="javascript:alert(1)//" + text,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_breaks_out_of_no_form(text: str) -> None:
    made = (framework(hostile_row(text), row("Art. 99"))._replace(title=text, source=text),)
    harmless = (framework(hostile_row("x"), row("Art. 99"))._replace(title="x", source="x"),)

    stamp = Stamp(text, "2026-06-01", "sha256:ab", (Edition(text, text, "sha256:" + "c" * 64),))

    page = Page(matrix_of(made, "html", stamp))
    plain_page = Page(matrix_of(harmless, "html", STAMP))
    assert [t for t, _ in page.tags if t != "code"] == [t for t, _ in plain_page.tags if t != "code"]
    assert not any("javascript" in attributes.get("href", "") for _, attributes in page.tags)

    read = list(csv.reader(io.StringIO(matrix_of(made, "csv", stamp), newline="")))
    assert [len(cells) for cells in read] == [len(COLUMNS)] * 3
    assert not any(re.match(r"\s*[=+\-@]", cell) for cells in read for cell in cells)

    written = MarkdownIt("commonmark").enable("table").render(matrix_of(made, "markdown", stamp))
    page = Page(written.replace("<!-- -->", ""))
    assert [tag for tag, _ in page.tags if tag in ("td", "script", "img")] == ["td"] * 10

    assert all(line.isprintable() for line in matrix_of(made, "text", stamp).split("\n"))


def _without_style(text: str) -> str:
    return re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
