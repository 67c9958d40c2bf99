"""Keys are readable and stable, verdicts are found by them, and the JSON form reads back."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from tests.unit.evaluate.build import control, engine
from tests.unit.render.written import framework, row
from threatmodel.api import Library, parse
from threatmodel.catalog.controls import Change
from threatmodel.catalog.overlay.editions import Edition
from threatmodel.errors import Span
from threatmodel.evaluate import assess
from threatmodel.export.assessment import to_json, to_plain
from threatmodel.export.schemas import read_assessment
from threatmodel.results import Assessment, FrameworkResult, Verdict, result_key
from threatmodel.results.paths import LayerDepth, WeakPath
from threatmodel.source import parse as parse_yaml

TEXT = """
owner: chief
parties: {us: {own: true, controls: {p: false}}}
data: {x: {confidentiality: restricted}}
boundaries: {b: }
stores:
  d: {holds: x, controls: {c: {status: planned, due: 2027-01-01}}}
  data: {controls: {c: vault}}
  e: {controls: {c: {status: not-applicable, reason: y}}}
  f: {controls: {c: {mechanism: z, evidence: {link: l, until: 2020-01-01}}}}
threats: {t: {against: d, answered_by: c@data}}
"""
CONTROLS = (control("c", "store"), control("p", "party"), control("x", "data"))


def assessed() -> Assessment:
    return assess(engine(TEXT, *CONTROLS))


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        (("c", "store", "d"), "c@d"),
        (("c", "flow", "a->b:n"), "c@a->b:n"),
        (("c", "data", "x"), "c@data:x"),
        (("c", "party", "x"), "c@party:x"),
        (("c", "purpose", "x"), "c@purpose:x"),
        (("c", "model", "model"), "c@model"),
        (("", "threat", "t"), "threat:t"),
    ],
)
def test_a_key_says_control_and_subject(parts: tuple[str, str, str], key: str) -> None:
    assert result_key(*parts) == key


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("c@d", Verdict.GAP),
        ("c@data", Verdict.SATISFIED),
        ("c@e", Verdict.NOT_APPLICABLE),
        ("c@f", Verdict.UNKNOWN),
        ("x@data:x", Verdict.UNKNOWN),
        ("p@party:us", Verdict.GAP),
        ("threat:t", Verdict.SATISFIED),
        ("c@none", None),
        ("c@data:x", None),
        ("none@d", None),
        ("threat:none", None),
        ("", None),
    ],
)
def test_a_verdict_is_found_by_its_key(key: str, expected: Verdict | None) -> None:
    assert assessed().verdict(key) is expected


def test_a_column_lists_the_keys_of_a_verdict() -> None:
    (column,) = [c for c in assessed().columns if c.control == "c"]
    assert {v: list(column.keys(v)) for v in Verdict} == {
        Verdict.GAP: ["c@d"],
        Verdict.SATISFIED: ["c@data"],
        Verdict.NOT_APPLICABLE: ["c@e"],
        Verdict.UNKNOWN: ["c@f"],
    }


def test_every_result_is_counted_once_threats_among_them() -> None:
    found = assessed()
    assert {v.word: found.count(v) for v in Verdict} == {
        "gap": 2,
        "satisfied": 2,
        "not-applicable": 1,
        "unknown": 2,
    }


def test_findings_come_worst_first_and_then_by_key() -> None:
    found = assess(
        engine(
            "stores: {b: {controls: {low: false, high: false}}, a: {controls: {low: false}}}",
            control("low", severity="low", threats=["non-compliance"]),
            control("high", severity="high", threats=["non-compliance"]),
        )
    )
    assert [f.key for f in found.findings] == ["high@b", "low@a", "low@b"]


@pytest.mark.parametrize("every", [False, True])
def test_the_json_form_reads_back_as_it_was_written(every: bool) -> None:
    found = assessed()
    document = read_assessment(to_json(found, every=every))
    assert document.counts["gap"] == 2
    assert {f.key for f in document.findings} == {"c@d", "p@party:us"}
    assert [f.due for f in document.findings if f.key == "c@d"] == ["2027-01-01"]
    assert {key for q in document.questions for key in q.settles} == {"c@f", "x@data:x"}
    assert document.warnings[0].startswith("m.yaml:10:")
    if every:
        assert document.results is not None
        assert len(document.results) == sum(len(c.ids) for c in found.columns)
    else:
        assert document.results is None


def test_the_json_form_is_plain_data_with_a_line_for_each_finding() -> None:
    found = assessed()
    text = to_json(found)
    assert json.loads(text) == json.loads(json.dumps(to_plain(found)))
    lines = text.splitlines()
    assert sum('"key": "c@d"' in line for line in lines) == 1


def test_a_baseline_says_which_findings_it_knows() -> None:
    plain = json.loads(to_json(assessed(), baseline={"c@d": "known"}))
    assert {f["key"]: f["baseline"] for f in plain["findings"]} == {"c@d": "known", "p@party:us": None}


def test_catalogs_are_written_with_what_they_change() -> None:
    change = Change("c", "acme", "disable", "disabled", True, "no need", Span("o.yaml", 2, 3, 2, 4))
    digest = f"sha256:{64 * '0'}"
    editions = (Edition("threatmodel", "1", digest), Edition("acme", "", digest, ("x",), (change,)))
    document = read_assessment(to_json(assessed()._replace(catalogs=editions)))
    assert [(c.name, c.version, c.digest, c.controls) for c in document.catalogs] == [
        ("threatmodel", "1", digest, []),
        ("acme", "", digest, ["x"]),
    ]
    [written] = document.catalogs[1].changes
    assert written.model_dump() == {
        "control": "c",
        "change": "disabled",
        "weaker": True,
        "reason": "no need",
        "place": {"file": "o.yaml", "line": 2, "column": 3},
    }


def test_only_rows_with_a_disabled_control_say_so() -> None:
    plain = to_plain(assessed()._replace(frameworks=(framework(row(), row(disabled=("mfa",))),)))
    rows = json.loads(json.dumps(plain))["frameworks"][0]["rows"]
    assert [r.get("disabled") for r in rows] == [None, ["mfa"]]


def test_frameworks_and_bypasses_are_written_too() -> None:
    text = """
actors: {u: }
data: {x: {confidentiality: restricted, categories: [personal]}}
services: {a: {boundary: b}}
boundaries: {b: }
flows: [{from: u, to: a, protocol: http, data: x}]
"""
    found = parse(parse_yaml(text, "m.yaml"), Library(), "2026-06-01", fragment=True).assess()
    document = read_assessment(to_json(found))
    assert {f.id for f in document.frameworks} >= {"gdpr"}
    assert all(framework.rows for framework in document.frameworks)
    assert len(document.bypasses) == len(found.bypasses)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"threatmodel-assessment": 2}'])
def test_anything_else_is_no_assessment(text: str) -> None:
    with pytest.raises(ValidationError):
        read_assessment(text)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_verdict_is_spelled_as_people_spell_it(verdict: Verdict) -> None:
    assert verdict.word == verdict.name.lower().replace("_", "-")


def test_a_framework_concerns_what_is_surely_in_scope_and_all_that_it_does_not_limit() -> None:
    found = FrameworkResult("f", "F", "", "2026-01-01", True, (), scope={"store": 0b101})
    assert [found.concerns("store", i) for i in range(3)] == [True, False, True]
    assert found.concerns("flow", 7)


def test_layers_at_most_are_those_known_and_those_perhaps() -> None:
    weakest = WeakPath("u", "d", 1, ())
    assert LayerDepth("d", ("channel",), ("access", "identity"), weakest, "").at_most == 3
