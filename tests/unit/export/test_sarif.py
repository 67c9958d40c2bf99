"""SARIF that code scanning takes: stable fingerprints, one-line places, harmless text, limits kept."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.unit.export.made import every_state, many, moved, outcome
from tests.unit.render.written import HOSTILE, assessment, framework, gap, premise, row
from threatmodel._version import __version__
from threatmodel.catalog.overlay.editions import Edition
from threatmodel.errors import Diagnostic, Span
from threatmodel.export.outcome import Outcome
from threatmodel.export.sarif import write
from threatmodel.results import Filled, Name, Note

GOLDEN = Path(__file__).with_name("expected.sarif")
"""Validated with `Sarif.Multitool validate --rule-kind "Sarif;Ghas"`: no error and no warning but that the
tool names no home page."""
CATALOGS = (Edition("threatmodel", "0.1.0", f"sha256:{'0' * 64}"), Edition("ours", "", f"sha256:{'1' * 64}"))
EXPIRED = Diagnostic(
    "expired-waiver", "waiver `x` expired", Span("decisions.yaml", 4, 5, 4, 9), level="warning"
)
UNUSED = Note("hygiene:empty-boundary", (Name("y"),), Span("model.yaml", 9, 3, 9, 4), "", "note")


def run_of(made: Outcome) -> dict[str, Any]:
    log = json.loads(write(made))
    run: dict[str, Any] = log["runs"][0]
    return run


def test_the_whole_log_is_the_one_that_was_validated() -> None:
    made = every_state()._replace(
        frameworks=(framework(row()),), catalogs=CATALOGS, warnings=(EXPIRED,), notes=(UNUSED,)
    )
    text = write(outcome(made)).replace(f'ersion": "{__version__}"', 'ersion": "0.0.0"')
    assert json.loads(text) == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_validator_of_code_scanning_accepts_it(tmp_path: Path) -> None:
    program = os.environ.get("SARIF_MULTITOOL") or shutil.which("Sarif.Multitool")
    if not program:
        pytest.skip("npm i @microsoft/sarif-multitool, and set SARIF_MULTITOOL to its program")
    path = tmp_path / "hostile.sarif"
    texts = [Filled(name, ()) for name in HOSTILE]
    findings = [gap(subject=f"s{i}", title=t.template, message=t, fix=t) for i, t in enumerate(texts)]
    path.write_text(write(outcome(assessment(*findings, *every_state().findings))), encoding="utf-8")
    words = [program, "validate", str(path), "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120, check=False)
    told = [line for line in done.stdout.splitlines() if re.search(r": (error|warning) ", line)]
    assert "Analysis completed successfully" in done.stdout
    assert [line for line in told if "informationUri" not in line] == []


def test_a_result_stands_on_one_line_at_its_path_in_the_repository() -> None:
    made = gap(span=Span("a folder/ü#1.yaml", 7, 3, 12, 9))
    place = run_of(outcome(assessment(made)))["results"][0]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "app/a%20folder/%C3%BC%231.yaml"},
        "region": {"startLine": 7, "startColumn": 3, "endLine": 7, "endColumn": 4},
    }


def test_a_gap_without_a_place_stands_at_the_beginning_of_the_model() -> None:
    place = run_of(outcome(assessment(gap(span=None))))["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "app/model.yaml"
    assert place["region"]["startLine"] == 1


def test_premises_with_a_place_are_related_locations_and_no_more_than_a_hundred() -> None:
    premises = tuple(premise(f"p{i}", Span("model.yaml", i, 1, i, 2)) for i in range(1, 300))
    result = run_of(outcome(assessment(gap(premises=(premise("nowhere"), *premises)))))["results"][0]
    assert [r["message"]["text"] for r in result["relatedLocations"]] == [
        f"p{i} is false" for i in range(1, 100)
    ]
    assert len(result["locations"]) + len(result["relatedLocations"]) == 100


def test_moved_lines_order_and_titles_change_no_fingerprint() -> None:
    findings = [gap(subject=s) for s in ("a", "b", "c")]
    after = [moved(f) for f in reversed(findings)]
    before_run, after_run = run_of(outcome(assessment(*findings))), run_of(outcome(assessment(*after)))

    def prints(run: dict[str, Any]) -> dict[str, str]:
        return {
            r["properties"]["key"]: r["partialFingerprints"]["primaryLocationLineHash"]
            for r in run["results"]
        }

    assert prints(before_run) == prints(after_run)
    assert len(set(prints(before_run).values())) == 3
    assert (
        before_run["automationDetails"]
        == after_run["automationDetails"]
        == {"id": "threatmodel/app/model.yaml/"}
    )


def test_another_control_or_subject_has_another_fingerprint() -> None:
    pairs = [gap(), gap(subject="other"), gap(control="encrypt", subject="a->b")]
    results = run_of(outcome(assessment(*pairs)))["results"]
    assert len({r["partialFingerprints"]["primaryLocationLineHash"] for r in results}) == 3


def test_the_catalogs_that_judged_are_named_as_extensions_with_their_digests() -> None:
    found = run_of(outcome(every_state()._replace(catalogs=CATALOGS)))["tool"]["extensions"]
    assert [(e["name"], e.get("version"), e["properties"]["digest"][-1]) for e in found] == [
        ("catalog threatmodel", "0.1.0", "0"),
        ("catalog ours", None, "1"),
    ]
    assert "extensions" not in run_of(outcome(every_state()))["tool"]


def test_warnings_and_notes_are_notifications_and_no_results() -> None:
    plain_run = run_of(outcome(every_state()))
    nowhere = EXPIRED._replace(span=None)
    run = run_of(outcome(every_state()._replace(warnings=(EXPIRED, nowhere), notes=(UNUSED,))))
    assert run["results"] == plain_run["results"]
    told = run["invocations"][0]["toolConfigurationNotifications"]
    assert [(t["level"], t["descriptor"]["index"], t["message"]["text"]) for t in told] == [
        ("warning", 0, "Waiver `x` expired."),
        ("warning", 0, "Waiver `x` expired."),
        ("note", 1, "Nothing stands in boundary `y`; place elements in it, or take it out."),
    ]
    places = [t["locations"][0]["physicalLocation"] for t in told if "locations" in t]
    assert [p["artifactLocation"]["uri"] for p in places] == ["app/decisions.yaml", "app/model.yaml"]
    assert [n["id"] for n in run["tool"]["driver"]["notifications"]] == [EXPIRED.code, UNUSED.code]
    assert "toolConfigurationNotifications" not in plain_run["invocations"][0]


def test_only_waived_gaps_are_suppressed_with_their_reason() -> None:
    results = run_of(outcome(every_state()))["results"]
    assert {r["properties"]["key"]: r.get("suppressions") for r in results} == {
        "encrypt@db": None,
        "encrypt@planned": None,
        "encrypt@waived": [
            {"kind": "external", "status": "accepted", "justification": "old (sec, until 2027-01-01)"}
        ],
        "threat:replay": None,
    }


def test_a_baseline_says_what_is_new_worse_and_unchanged() -> None:
    made = assessment(gap(subject="a"), gap(subject="b"), gap(subject="c"))
    states = {"encrypt@a": "new", "encrypt@b": "worsened", "encrypt@c": "known"}
    results = run_of(outcome(made, baseline=states))["results"]
    assert [r["baselineState"] for r in results] == ["new", "updated", "unchanged"]
    assert all("baselineState" not in r for r in run_of(outcome(made))["results"])


def test_a_rule_is_as_severe_as_its_worst_result_and_names_its_weakness() -> None:
    made = assessment(gap(subject="a", severity="low"), gap(subject="b", severity="critical"))
    rule = run_of(outcome(made))["tool"]["driver"]["rules"][0]
    assert rule["properties"]["security-severity"] == "9.5"
    assert {"security", "external/cwe/cwe-319"} <= set(rule["properties"]["tags"])
    assert "https://cwe.mitre.org/data/definitions/319.html" in rule["help"]["markdown"]
    assert "Encrypt `flow`." in rule["help"]["markdown"]


def test_every_relationship_leads_to_a_taxon_that_is_there() -> None:
    run = run_of(outcome(every_state()))
    targets = [r["target"] for rule in run["tool"]["driver"]["rules"] for r in rule.get("relationships", ())]
    assert {t["id"] for t in targets} == {"CWE-319", "CAPEC-94", "T1040", "SC-8(1)"}
    for target in targets:
        found = run["taxonomies"][target["toolComponent"]["index"]]
        assert found["name"] == target["toolComponent"]["name"]
        assert {"id": target["id"]} in found["taxa"]


def test_results_are_worst_first_and_cut_with_a_note_at_the_limit() -> None:
    low = many(25_001, "low")
    made = low._replace(findings=(*low.findings, gap(subject="last", severity="critical")))
    run = run_of(outcome(made))
    assert len(run["results"]) == 25_000
    assert run["results"][0]["properties"]["key"] == "encrypt@last"
    note = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert note == "2 more findings, less severe, are left out."


@pytest.mark.parametrize("name", [*HOSTILE, "[click](https://evil.example)", "{0} {{1}}"])
def test_no_text_of_a_model_makes_a_link_or_a_placeholder(name: str) -> None:
    made = assessment(gap(message=Filled(f"`{name}` is open.", ()), title=name), name=name)
    result = run_of(outcome(made))["results"][0]
    text = result["message"]["text"].replace("\\\\", "").replace("\\[", "").replace("\\]", "")
    assert not set("[]") & set(text)
    assert not set("{}") & set(text.replace("{{", "").replace("}}", ""))
    outside_code = re.sub(r"`[^`]*`", "", result["message"]["markdown"])
    assert "<script" not in outside_code
    assert "](https" not in outside_code
