"""Each format says the same outcome in the way its platform reads it, and no text breaks out of it."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest

from tests.unit.export.made import every_state, many, moved, outcome
from tests.unit.render.written import HOSTILE, assessment, gap, question, stated
from threatmodel.export.outcome import Outcome
from threatmodel.export.registry import format_named, formats_of
from threatmodel.results import Assessment, Filled, ResultColumn

FORMATS = tuple(format.name for format in formats_of("assessment"))
KNOWN = {"encrypt@db": "known", "threat:replay": "new"}


def written(form: str, shown: Outcome) -> str:
    return str(format_named("assessment", form).write(shown))


def lines(form: str, made: Assessment) -> list[str]:
    return written(form, outcome(made)).splitlines()


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_say_nothing_and_ends_its_last_line(form: str) -> None:
    assert written(form, outcome(assessment())).endswith("\n")


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_outcome_gives_the_same_bytes(form: str) -> None:
    assert written(form, outcome(every_state())) == written(form, outcome(every_state()))


@pytest.mark.parametrize("form", [f for f in FORMATS if f != "junit"])
def test_every_format_shows_a_waived_gap_as_waived(form: str) -> None:
    made = assessment(gap(disposition="waived", waiver="old boiler (sec, until 2027-01-01)"))
    text = written(form, outcome(made))
    if form == "github":  # it annotates what is to be done, and counts the rest
        assert text == "0 open gaps; 1 waived, planned or in the baseline\n"
    else:
        assert "waived" in text
        assert "old boiler" in text


@pytest.mark.parametrize("form", ["csv", "junit", "sarif", "markdown"])
def test_a_possible_bypass_is_told_as_unknown_and_never_as_a_gap(form: str) -> None:
    way = gap(subject="way", disposition="unknown", message=Filled("a path may go round the gate.", ()))
    made = assessment()._replace(bypasses=(way,))
    text = written(form, outcome(made, baseline={}))
    assert "encrypt@way" in text
    match form:
        case "csv":
            (row,) = csv.DictReader(io.StringIO(text))
            assert row["disposition"] == "unknown"
        case "junit":
            (case,) = ET.fromstring(text).iter("testcase")
            assert [(c.tag, c.get("message")) for c in case] == [
                ("skipped", "unknown: a path may go round the gate.")
            ]
        case "sarif":
            (result,) = json.loads(text)["runs"][0]["results"]
            assert (result["kind"], result["level"]) == ("open", "none")
            assert "baselineState" not in result
        case _:
            assert "**0 new gaps**" in text
            assert "1 possible bypass, unknown rather than gaps" in text


def test_junit_fails_open_gaps_and_skips_what_is_decided_known_or_unknown() -> None:
    column = ResultColumn("encrypt", "store", ("a", "b"), bytes((1, 3)))
    only = assessment()._replace(columns=(column,))
    root = ET.fromstring(written("junit", outcome(every_state(), baseline=KNOWN)))
    cases = {c.get("name"): [child.tag for child in c] for c in root.iter("testcase")}
    assert cases == {
        "encrypt@db": ["skipped"],
        "encrypt@planned": ["skipped"],
        "encrypt@waived": ["skipped"],
        "threat:replay": ["failure"],
    }
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("4", "1", "3")
    quiet = ET.fromstring(written("junit", outcome(only)))
    assert [(c.get("name"), [s.get("message") for s in c]) for c in quiet.iter("testcase")] == [
        ("encrypt", ["1 unknown, 1 satisfied"])
    ]


def test_junit_names_the_place_the_reason_and_the_fix() -> None:
    case = next(ET.fromstring(written("junit", outcome(assessment(gap())))).iter("testcase"))
    assert (case.get("file"), case.get("line")) == ("app/model.yaml", "7")
    assert (
        case[0].text == "app/model.yaml:7\nwhy: nobody said\n- the fact is false\nfix: Add encrypt to `db`."
    )


def test_gitlab_maps_severities_and_demotes_what_is_decided_or_known() -> None:
    issues = json.loads(written("gitlab", outcome(every_state(), baseline=KNOWN)))
    assert [(i["check_name"], i["severity"]) for i in issues] == [
        ("encrypt", "info"),
        ("encrypt", "info"),
        ("encrypt", "info"),
        ("found-threat", "minor"),
    ]
    words = {"low": "minor", "medium": "major", "high": "critical", "critical": "blocker"}
    for severity, word in words.items():
        issue = json.loads(written("gitlab", outcome(assessment(gap(severity=severity)))))[0]
        assert issue["severity"] == word
        assert issue["location"] == {"path": "app/model.yaml", "lines": {"begin": 7}}


@pytest.mark.parametrize("form", ["gitlab", "defectdojo"])
def test_ids_of_other_platforms_outlive_moved_lines_and_new_titles(form: str) -> None:
    before, after = gap(), moved(gap())
    name = {"gitlab": "fingerprint", "defectdojo": "unique_id_from_tool"}[form]

    def ids(made: Assessment) -> list[str]:
        read = json.loads(written(form, outcome(made)))
        return [item[name] for item in (read if form == "gitlab" else read["findings"])]

    assert ids(assessment(before)) == ids(assessment(after))
    assert ids(assessment(before)) != ids(assessment(gap(subject="other")))


@pytest.mark.parametrize("form", ["gitlab", "defectdojo"])
def test_two_models_of_a_repository_share_no_id(form: str) -> None:
    one = outcome(assessment(gap()))
    name = {"gitlab": "fingerprint", "defectdojo": "unique_id_from_tool"}[form]

    def ids(model: str, here: str) -> list[str]:
        read = json.loads(written(form, one._replace(model=model, here=here)))
        return [item[name] for item in (read if form == "gitlab" else read["findings"])]

    assert ids("model.yaml", "/repo/a") != ids("model.yaml", "/repo/b")
    assert ids("model.yaml", "/repo/a") == ids("a/model.yaml", "/repo")


def test_github_commands_are_worst_first_and_ten_a_kind() -> None:
    made = many(12, "high")
    made = made._replace(
        findings=(*many(1, "low").findings, *made.findings, gap(subject="z", severity="critical"))
    )
    written_lines = lines("github", made)
    assert written_lines[0].startswith("::error file=app/model.yaml,line=7,col=3,title=critical%3A ")
    assert sum(line.startswith("::error ") for line in written_lines) == 10
    assert "and 3 more gaps of this kind, not shown here (error)" in written_lines
    assert sum(line.startswith("::notice ") for line in written_lines) == 1
    assert written_lines[-1] == "14 open gaps"


def test_github_leaves_out_what_the_baseline_knows() -> None:
    text = written("github", outcome(every_state(), baseline=KNOWN))
    assert "encrypt@db" not in text
    assert "threat:replay" in text


@pytest.mark.parametrize("name", [*HOSTILE, "a\n::error::b", "100%0A::warning::x", "a,line=1,title=b::c"])
def test_no_name_makes_a_second_workflow_command(name: str) -> None:
    made = gap(message=Filled(name, ()), title=name, fix=Filled(name, ()))
    found = lines("github", assessment(made))
    assert len(found) == 2
    properties = found[0].removeprefix("::error ").split("::", 1)[0]
    assert [p.split("=")[0] for p in properties.split(",")] == ["file", "line", "col", "title"]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_the_notation_of_a_file(name: str) -> None:
    made = assessment(
        gap(message=Filled(name, ()), title=name, fix=Filled(name, ()), because=stated(name)), name=name
    )
    ET.fromstring(written("junit", outcome(made)))
    json.loads(written("gitlab", outcome(made)))
    json.loads(written("defectdojo", outcome(made)))
    rows = list(csv.reader(io.StringIO(written("csv", outcome(made)), newline="")))
    assert len(rows) == 2
    assert not any(cell.startswith(tuple("=+-@\t\r\n")) for row in rows for cell in row)
    text = written("markdown", outcome(made))
    assert "<script" not in text
    assert "<img" not in text


def test_csv_has_a_row_for_each_gap_under_its_heads() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv", outcome(every_state())), newline="")))
    assert [(r["key"], r["disposition"]) for r in rows] == [
        ("encrypt@db", "open"),
        ("encrypt@planned", "planned"),
        ("encrypt@waived", "waived"),
        ("threat:replay", "open"),
    ]
    assert rows[0]["file"] == "app/model.yaml"
    assert rows[1]["due"] == "2027-01-01"


def test_defectdojo_gets_the_weakness_and_who_accepted_the_risk() -> None:
    first, _, waived, threat = json.loads(written("defectdojo", outcome(every_state())))["findings"]
    assert first["cwe"] == 319
    assert "cwe" not in threat
    assert (first["severity"], first["active"], first["risk_accepted"]) == ("High", True, False)
    assert (waived["active"], waived["risk_accepted"]) == (False, True)


def test_the_summary_names_its_model_first_counts_and_lists() -> None:
    found = lines("markdown", every_state())
    assert found[0] == "<!-- threatmodel:app/model.yaml -->"
    assert "**2 open gaps** (1 high, 1 low) · 1 planned · 1 waived · 1 question" in found[3]
    assert "`encrypt@db`" in "\n".join(found)


def test_the_summary_fits_a_comment_whatever_the_model_holds() -> None:
    long = tuple(gap(subject=f"s{i}", message=Filled("m" * 5000, ())) for i in range(200))
    text = written("markdown", outcome(assessment(*long, questions=(question("q" * 9000),) * 30)))
    assert len(text) < 65_536
    assert "did not fit" in text
    assert text.count("<details>") == text.count("</details>")
