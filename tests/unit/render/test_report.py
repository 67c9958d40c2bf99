"""The report answers the four questions in one harmless file, in HTML and in Markdown."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.unit.render.drawn import graph
from tests.unit.render.written import (
    HOSTILE,
    Page,
    assessment,
    framework,
    gap,
    premise,
    question,
    row,
    stated,
)
from threatmodel.errors import Diagnostic, InternalError, Span, UsageError
from threatmodel.graph import SystemGraph
from threatmodel.graph.data_at_stake import Stake
from threatmodel.render.diagram.svg import inline_svg
from threatmodel.render.report import Beyond, report_html, report_markdown
from threatmodel.results import STATUSES, Assessment, DeclareKey, Filled
from threatmodel.results.paths import Protection

SHOP = """
name: Shop
owner: team
data: {order: {confidentiality: restricted, categories: personal}}
actors: {buyer: {}}
services: {web: {kind: api-gateway}}
stores: {db: {holds: order}}
flows:
  - {from: buyer, to: web, protocol: https, data: order}
  - {from: web, to: db}
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text x="1" y="2">web</text></svg>'
FULL = assessment(
    gap(severity="critical", overrode=(premise("the mesh says so"),)),
    gap("plan", disposition="planned", owner="ops", due="2030-01-01"),
    gap("waive", disposition="waived", waiver="old (sec, until 2030-01-01)"),
    questions=(question(),),
    frameworks=(framework(*(row(f"Art. {i}", status) for i, status in enumerate(STATUSES, start=1))),),
    warnings=(Diagnostic("unmatched-waiver", "waiver `x@*` matches no gap", None, level="warning"),),
    assumptions=("boundary `vpc` is taken for trusted",),
)


@pytest.fixture(scope="module")
def shop() -> SystemGraph:
    return graph(SHOP)


def html(made: Assessment, drawn: SystemGraph, svg: str | None = SVG, templates: Path | None = None) -> str:
    """The report as a page."""
    return report_html(made, drawn, svg, "flowchart LR\n  web", templates)


def markdown(made: Assessment, drawn: SystemGraph, templates: Path | None = None) -> str:
    """The report as Markdown."""
    return report_markdown(made, drawn, "flowchart LR\n  web", templates)


def read(text: str) -> Page:
    """Markdown as the page that a reader sees."""
    return Page(MarkdownIt("commonmark").enable("table").render(text).replace("<!-- -->", ""))


def test_both_forms_hold_the_same_content_under_the_four_questions(shop: SystemGraph) -> None:
    expected = [
        "What are we working on?",
        "buyer->web",
        "What can go wrong?",
        "db lacks encrypt.",
        "encrypt@db",
        "Add encrypt to db.",
        "the fact is false",
        "the mesh says so",
        "control: critical",
        "tampering",
        "GDPR Art. 1",
        "CWE-319",
        "What are we going to do about it?",
        "by ops, due 2030-01-01",
        "old (sec, until 2030-01-01)",
        "is db encrypted?",
        "2 results",
        "Did we do a good job?",
        "boundary vpc is taken for trusted",
        "waiver x@* matches no gap",
        "Art. 9",
        "risk-accepted",
        "no legal advice",
        "as of 2026-11-24",
    ]
    for page in (Page(html(FULL, shop)), read(markdown(FULL, shop))):
        text = " ".join(page.text.split())
        assert [part for part in expected if part not in text] == []
        questions = [
            text.rindex(part) for part in expected if part.endswith(("on?", "wrong?", "it?", "job?"))
        ]
        assert questions == sorted(questions)


def test_the_page_needs_no_network_and_runs_no_script(shop: SystemGraph) -> None:
    page = Page(html(FULL, shop))
    (policy,) = [a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert not page.names() & {"script", "img", "link", "iframe", "object", "form", "base", "image", "use"}
    assert not [a for _, a in page.tags if any(k.startswith("on") or k == "src" for k in a)]
    assert not re.search(r"url\(|@import|expression\(", html(FULL, shop))


def test_every_link_in_the_page_leads_to_something(shop: SystemGraph) -> None:
    page = Page(html(FULL, shop))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    inside = {a["href"][1:] for _, a in page.tags if a.get("href", "").startswith("#")}
    assert len(ids) == len(set(ids))
    assert inside >= {"gap-1", "working-on"}
    assert inside <= set(ids)


def test_headings_skip_no_level(shop: SystemGraph) -> None:
    levels = [int(tag[1]) for tag, _ in Page(html(FULL, shop)).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))
    assert {tag for tag, a in Page(html(FULL, shop)).tags if tag == "html" and a["lang"] == "en"}


def test_the_drawing_stands_in_the_page_or_its_text_does(shop: SystemGraph) -> None:
    assert Page(html(FULL, shop)).names() >= {"svg", "text"}
    without = Page(html(FULL, shop, None))
    assert "svg" not in without.names()
    assert "flowchart LR\n  web" in without.text
    assert "No drawing program" in without.text


def test_markdown_holds_the_mermaid_block_whatever_fence_is_in_it(shop: SystemGraph) -> None:
    assert "```mermaid\nflowchart LR\n  web\n```\n" in markdown(FULL, shop)
    fenced = report_markdown(FULL, shop, "a\n```\n# b", None)
    assert "````mermaid\na\n```\n# b\n````\n" in fenced


def test_nothing_to_report_is_said(shop: SystemGraph) -> None:
    for text in (html(assessment(), shop), markdown(assessment(), shop)):
        assert "No gap stands open" in text
        assert "No question is open" in text


def test_the_report_never_judges_the_law(shop: SystemGraph) -> None:
    for text in (html(FULL, shop), markdown(FULL, shop)):
        shown = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
        assert not re.search(r"complian|certified|passed|\d ?%", shown)


def test_the_same_input_gives_the_same_bytes(shop: SystemGraph) -> None:
    assert html(FULL, shop) == html(FULL, shop)
    assert markdown(FULL, shop) == markdown(FULL, shop)


def hostile_assessment(text: str) -> Assessment:
    """An assessment whose every text is hostile."""
    made = gap(
        subject=text,
        title=text,
        message=Filled(f"`{text}` {text}", ()),
        because=stated(text),
        fix=Filled(text, ()),
        layer=text,
        threats=(text,),
        references=(text,),
        severity_from=(text,),
        span=Span(text, 1, 1, 1, 1),
        premises=(premise(text, Span(text, 1, 1, 1, 1)),),
        overrode=(premise(text),),
    )
    return assessment(
        made,
        gap("w", disposition="waived", waiver=text),
        gap("p", disposition="planned", owner=text, due="2030-01-01"),
        questions=(question(text)._replace(answer=DeclareKey(text, (text,)), settles=(text,)),),
        frameworks=(framework(row(title=text, note=text, gaps=(f"encrypt@{text}",)))._replace(title=text),),
        warnings=(Diagnostic("c", text, Span(text, 1, 1, 1, 1), text),),
        assumptions=(text,),
        name=text,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_the_page(text: str, shop: SystemGraph) -> None:
    page, harmless = Page(html(hostile_assessment(text), shop)), Page(html(hostile_assessment("x"), shop))
    assert [t for t, _ in page.tags if t != "code"] == [t for t, _ in harmless.tags if t != "code"]
    assert not [a for _, a in page.tags if any(k.startswith("on") for k in a)]
    assert not re.search("[\u202e\u2066\u200f\x1b\x07]", html(hostile_assessment(text), shop))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_markdown(text: str, shop: SystemGraph) -> None:
    page = read(markdown(hostile_assessment(text), shop))
    harmless = read(markdown(hostile_assessment("x"), shop))
    inline = ("code", "p")  # an empty paragraph or a code span more is no harm
    assert [t for t, _ in page.tags if t not in inline] == [t for t, _ in harmless.tags if t not in inline]


def test_a_users_template_wins_file_by_file(shop: SystemGraph, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "gap.html.j2").write_text("{% macro block(b, level) %}<p>mine: {{ b.title }}</p>{% endmacro %}")
    page = Page(html(assessment(gap(title="<b>")), shop, templates=tmp_path))
    assert "mine: <b>" in page.text
    assert "What are we working on?" in page.text


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{% macro %}", "line 1"),
        ("line one\n{{ nothing }}", "line 2: 'nothing' is undefined"),
        ("{{ name.__class__.__mro__ }}", "unsafe"),
        ("{{ system.elements.append(1) }}", "append"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{% include 'missing.j2' %}", "no template `missing.j2`"),
    ],
)
def test_a_wrong_template_is_told_by_its_place(
    template: str, message: str, shop: SystemGraph, tmp_path: Path
) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "report.html.j2").write_text(template)
    with pytest.raises(UsageError, match=re.escape(message)):
        html(FULL, shop, templates=tmp_path)


def test_a_missing_folder_of_templates_is_told(shop: SystemGraph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder of templates"):
        markdown(FULL, shop, templates=tmp_path / "missing")


def test_a_drawing_keeps_shapes_and_tooltips_only() -> None:
    drawing = (
        '<?xml version="1.0"?><!DOCTYPE svg><svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(1)"><!-- c --><script>alert(1)</script>'
        '<style>*{}</style><foreignObject><p/></foreignObject><image href="http://x"/><use href="#x"/>'
        '<g id="a" onclick="alert(1)" style="x"><a xlink:href="javascript:x" xlink:title="&lt;tip&gt;">'
        '<path d="M0 0" fill="url(http://x)"/><text xml:space="preserve"> a\u202eb </text></a></g></svg>'
    )
    page = Page(inline_svg(drawing, 'the "name"'))
    assert [tag for tag, _ in page.tags] == ["svg", "g", "g", "title", "path", "text"]
    assert page.text == "<tip> a<U+202E>b "
    assert page.tags[0][1]["aria-label"] == 'the "name"'
    assert not {k for _, a in page.tags for k in a} & {"onload", "onclick", "style", "href", "xlink:href"}


@pytest.mark.parametrize("drawing", ["", "no svg", "<html/>", "<svg>"])
def test_what_is_no_drawing_is_a_fault(drawing: str) -> None:
    with pytest.raises(InternalError, match="no SVG"):
        inline_svg(drawing, "x")


def test_it_tells_what_is_at_stake_and_how_far_protection_carries() -> None:
    drawn = graph("data: {a: }\nservices: {web: , lb: }\nflows: [{from: web, to: lb, sends: a}]")
    kept = Protection("<b>", "confidentiality", 3, 2, (), ("x",), (), ("lb",), ("web",))
    beyond = Beyond(stakes=(Stake(1, ("a",), ("<i>",)),), protections=((kept,) * 3, ()))
    markdown_ = report_markdown(assessment(), drawn, "", None, beyond)
    assert "| `web` | 2 | `a` | `<i>` |" in markdown_
    assert "| `<b>` | 2 of 3 hops; end to end broken | 2 of 3 hops; end to end broken |" in markdown_
    page = Page(report_html(assessment(), drawn, None, "", None, beyond))
    assert not {"i"} & page.names()
    assert "Protection on the way" in page.text
    assert "Data at stake" not in report_html(assessment(), drawn, None, "", None)
