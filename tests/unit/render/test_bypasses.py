"""Possible bypasses are told with their paths, as unknown: never counted as gaps, never without their way."""

from __future__ import annotations

from pathlib import Path

import pytest

from threatmodel.api import Library, Review, parse
from threatmodel.export.assessment import to_json
from threatmodel.export.schemas import read_assessment
from threatmodel.policy import Gate, failing
from threatmodel.render.report import Beyond, report_html, report_markdown
from threatmodel.render.terminal import check_text
from threatmodel.render.text.questions import phrased
from threatmodel.results import Verdict
from threatmodel.source import parse as parse_yaml

MODEL = """\
threatmodel: 1
name: Shop
data: {order: {confidentiality: confidential}}
actors: {customer: }
services:
  gateway: {controls: {authenticate-caller: {mechanism: oidc}}}
  orders: {kind: api}
  bills: {kind: api}
flows:
  - {from: customer, to: gateway, data: order}
  - {from: gateway, to: orders, data: order}
  - {from: orders, to: bills, data: order}
  - {from: customer, to: orders, protocol: https, data: order}
"""
BYPASSED = {"authenticate-every-way@orders", "authenticate-every-way@bills"}


@pytest.fixture(scope="module")
def review() -> Review:
    return parse(parse_yaml(MODEL, "shop.yaml"), Library(), "2026-11-24")


def test_a_way_round_is_a_finding_that_is_unknown(review: Review) -> None:
    assessment = review.assess()
    ours = [f for f in assessment.bypasses if f.control == "authenticate-every-way"]
    assert {f.key: f.path for f in ours} == {
        "authenticate-every-way@orders": ("customer", "orders"),
        "authenticate-every-way@bills": ("customer", "orders", "bills"),
    }
    assert {assessment.verdict(f.key) for f in ours} == {Verdict.UNKNOWN}
    assert not {f.key for f in assessment.findings} & BYPASSED
    asked = {key for q in assessment.questions for key in q.settles}
    assert not asked & BYPASSED, "what is told with its path is not asked again"
    flow = MODEL.splitlines().index("  - {from: customer, to: orders, protocol: https, data: order}") + 1
    assert next(p.span.line for p in ours[0].premises if p.span) == flow


def test_the_screen_shows_every_path(review: Review) -> None:
    text = check_text(review.assess(), 100, False, False)
    assert "POSSIBLE BYPASSES  unknown, not gaps" in text
    assert "by `customer` -> `orders` -> `bills`" in text
    assert "1 gap: 1 medium · 2 possible bypasses" in text


def test_reports_show_every_path(review: Review) -> None:
    assessment = review.assess()
    for text in (
        report_html(assessment, review.graph, None, "", None),
        report_markdown(assessment, review.graph, "", None),
    ):
        assert "Possible bypasses" in text
        assert "authenticate-every-way@bills" in text


def test_reports_show_how_deep_the_defence_is(review: Review) -> None:
    assessment, depths = review.assess(), review.defence().depths()
    assert [d.element for d in depths] == ["bills", "orders", "gateway"]
    for text in (
        report_html(assessment, review.graph, None, "", None, Beyond(depths)),
        report_markdown(assessment, review.graph, "", None, Beyond(depths)),
    ):
        assert "Layers of defence" in text
        assert "no layer is known on every path" in text
    assert "Layers of defence" not in report_html(assessment, review.graph, None, "", None)


def test_the_json_form_marks_them_unknown_and_names_the_elements(review: Review) -> None:
    document = read_assessment(to_json(review.assess()))
    ours = [f for f in document.bypasses if f.key in BYPASSED]
    assert {f.disposition for f in ours} == {"unknown"}
    assert ["customer", "orders", "bills"] in [f.path for f in ours]


def test_a_bypass_fails_a_check_only_where_unknowns_do(review: Review) -> None:
    assessment = review.assess()
    keys = {f.key for f in failing(assessment, Gate("low"), review.graph).findings}
    assert not keys & BYPASSED
    strict = failing(assessment, Gate("low", unknown="high"), review.graph)
    assert {f.key for f in strict.findings} >= BYPASSED
    assert not BYPASSED & {
        f.key for f in failing(assessment, Gate("low", unknown="high"), review.graph, BYPASSED).findings
    }


def test_a_model_without_untrusted_ground_is_asked_once_who_calls(tmp_path: Path) -> None:
    inside = MODEL.replace(
        "actors: {customer: }", "boundaries: {b: {trust: trusted}}\nactors: {customer: {boundary: b}}"
    )
    assessment = parse(parse_yaml(inside, "shop.yaml"), Library(), "2026-11-24").assess()
    assert assessment.bypasses == ()
    asked = [q for q in phrased(assessment.questions) if q.text.startswith("who calls from outside?")]
    assert len(asked) == 1
    assert set(asked[0].question.settles) >= BYPASSED


def test_what_the_perimeter_alone_satisfies_is_marked() -> None:
    text = MODEL.replace("oidc}}}", "oidc}, web-application-firewall: core rule set}, kind: api-gateway}")
    behind = text.replace("  - {from: customer, to: orders, protocol: https, data: order}\n", "")
    assessment = parse(parse_yaml(behind, "shop.yaml"), Library(), "2026-11-24").assess()
    document = read_assessment(to_json(assessment, every=True))
    alone = {r.key for r in document.results or () if r.perimeter_only}
    assert alone == {"web-application-firewall@orders", "web-application-firewall@bills"}
    assert "2 of them by the perimeter only" in check_text(assessment, 200, False, False)
    open_ = parse(parse_yaml(text, "shop.yaml"), Library(), "2026-11-24").assess()
    assert open_.verdict("web-application-firewall@orders") is Verdict.UNKNOWN


def test_a_waiver_decides_a_possible_bypass(review: Review, tmp_path: Path) -> None:
    key = sorted(BYPASSED)[0]
    path = tmp_path / "decisions.yaml"
    waiver = f"{{finding: '{key}', reason: it is closed next week, owner: ops, until: 2027-01-01}}"
    path.write_text(f"threatmodel-decisions: 1\nwaivers:\n  - {waiver}\n", encoding="utf-8")
    decided = parse(parse_yaml(MODEL, "shop.yaml"), Library(), "2026-11-24", path).assess()
    assert [f.key for f in decided.bypasses if f.disposition == "waived"] == [key]
    assert not [w for w in decided.warnings if w.code == "unmatched-waiver"]
    strict = failing(decided, Gate("low", unknown="low"), review.graph)
    assert key not in {f.key for f in strict.findings}
    text = check_text(decided, 100, color=False, every=True)
    assert "WAIVED" in text
    assert "it is closed next week (ops, until 2027-01-01)" in " ".join(text.split())
