"""`threats` shows what is open, unknown and mitigated, by what, in every form, and reports hold the same."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from threatmodel.cli import cli
from threatmodel.errors import UsageError
from threatmodel.export.schemas import read_assessment
from threatmodel.export.schemas.assessment import ThreatsDocument

MODEL = """\
threatmodel: 1
name: Clinic
data: {record: {confidentiality: restricted, categories: [personal, health]}}
actors: {patient: }
services: {app: {kind: api, controls: {authorize: roles}}}
stores: {ehr: {kind: relational-database, holds: record, controls: {encrypt-at-rest: false}}}
flows:
  - {from: patient, to: app, protocol: http, data: record}
  - {from: app, to: ehr, protocol: postgresql-tls, data: record, controls: {authenticate-caller: mtls}}
threats:
  theft:
    {title: "`disk` theft", against: ehr, category: information-disclosure, answered_by: encrypt-at-rest@ehr}
  other: {against: app}
"""


@pytest.fixture
def model(tmp_path: Path) -> str:
    path = tmp_path / "threatmodel.yaml"
    path.write_text(MODEL, encoding="utf-8")
    return str(path)


def run(*arguments: str) -> str:
    result = CliRunner(env={"COLUMNS": "100"}).invoke(cli, ["threats", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> UsageError:
    result = CliRunner().invoke(cli, ["threats", *arguments])
    assert isinstance(result.exception, UsageError)
    return result.exception


def test_the_tables_show_each_subject_with_its_letters_and_say_what_signs_mean(model: str) -> None:
    text = run(model)
    stores = text[text.index("  stores") :].splitlines()
    assert stores[0].split() == ["stores", "S", "T", "R", "I", "D", "E"]
    assert stores[1].split()[0] == "ehr"
    assert "▲" in stores[1]
    assert "▲ open: a control that counters it is a gap" in text
    assert "LINDDUN" in text
    assert "no control of the catalog counters linking, identifying, detecting, non-compliance here" in text
    assert "`disk` theft" in text
    assert "answered by nothing" in text


def test_one_subject_is_told_with_what_stands_behind_each_threat(model: str) -> None:
    lines = run(model, "--element", "ehr", "--threat", "information-disclosure").splitlines()
    assert lines[0] == "ehr  store"
    assert lines[1].split(maxsplit=2) == ["▲", "open", "information disclosure"]
    gaps = next(line for line in lines if line.strip().startswith("gap:"))
    assert "`encrypt-at-rest`" in gaps
    assert "app->ehr" not in "\n".join(lines)
    assert "threat:theft" in "\n".join(lines)
    assert "threat:other" not in "\n".join(lines)


def test_an_actor_names_the_flows_on_which_it_stands_open(model: str) -> None:
    text = run(model, "--element", "patient", "--threat", "spoofing")
    assert "@patient->app`" in text


def test_a_threat_alone_lists_every_subject(model: str) -> None:
    text = run(model, "--threat", "tampering")
    assert "app->ehr  flow" in text
    assert "spoofing" not in text


def test_json_reads_back_and_holds_every_threat(model: str) -> None:
    found = ThreatsDocument.model_validate_json(run(model, "--format", "json"))
    by_key = {(t.subject, t.threat): t for t in found.threats}
    assert by_key["ehr", "information-disclosure"].status == "open"
    assert "encrypt-at-rest@ehr" in by_key["ehr", "information-disclosure"].gaps
    assert by_key["app->ehr", "spoofing"].status == "mitigated"
    assert by_key["app->ehr", "spoofing"].mitigated_by == ["authenticate-caller@app->ehr"]
    assert by_key["ehr", "detecting"].status == "no-control"
    assert [(f.key, f.status) for f in found.found] == [("threat:other", "unknown"), ("threat:theft", "open")]


def test_csv_holds_the_same_rows_as_json(model: str) -> None:
    rows = list(csv.DictReader(io.StringIO(run(model, "--format", "csv"))))
    plain = json.loads(run(model, "--format", "json"))["threats"]
    assert [(r["subject"], r["threat"], r["status"]) for r in rows] == [
        (t["subject"], t["threat"], t["status"]) for t in plain
    ]
    assert {r["method"] for r in rows} == {"STRIDE", "LINDDUN"}
    assert all(r["gaps"] == "; ".join(t["gaps"]) for r, t in zip(rows, plain, strict=True))


def test_markdown_and_both_reports_hold_the_tables(model: str, tmp_path: Path) -> None:
    page = run(model, "--format", "markdown")
    assert page.startswith("# Threats: Clinic\n")
    assert "\n## STRIDE: " in page
    assert "\n| stores | spoofing |" in page
    for name in ("report.md", "report.html"):
        path = tmp_path / name
        assert CliRunner().invoke(cli, ["report", model, "-o", str(path)]).exit_code == 0
        text = path.read_text(encoding="utf-8")
        assert "STRIDE: " in text
        assert "▲ open" in text
        assert "threat:theft" in text
    assert 'href="#gap-' in text[text.index('<table class="threats">') :]


def test_check_writes_threats_into_json_only_when_everything_is_asked_for(model: str) -> None:
    words = ["check", model, "--format", "json", "--exit-zero"]
    assert read_assessment(CliRunner().invoke(cli, words).stdout).threats is None
    every = read_assessment(CliRunner().invoke(cli, [*words, "--all"]).stdout).threats
    assert every is not None
    assert len(every) == len(json.loads(run(model, "--format", "json"))["threats"])


def test_names_that_do_not_exist_are_refused_with_the_nearest(model: str) -> None:
    error = refused(model, "--element", "ehrs")
    assert str(error) == "no element, flow or other subject `ehrs`"
    assert error.help == "did you mean `ehr`?"
    assert refused(model, "--threat", "spoof").help == "did you mean `spoofing`?"
    assert "there are: spoofing" in refused(model, "--threat", "xyz").help


def test_long_tables_are_cut_and_say_so(tmp_path: Path) -> None:
    path = tmp_path / "threatmodel.yaml"
    many = "".join(f"  s{i}: {{holds: x, controls: {{encrypt-at-rest: false}}}}\n" for i in range(30))
    text = "threatmodel: 1\nname: Many\ndata: {x: {confidentiality: restricted}}\nstores:\n"
    path.write_text(f"{text}{many}", encoding="utf-8")
    assert "… and 5 more (--all)" in run(str(path))
    assert "more (--all)" not in run(str(path), "--all")
    assert "s29" in run(str(path), "--all")


SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*/threatmodel.yaml"))


def test_there_are_samples_to_try() -> None:
    assert len(SAMPLES) == 4


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.parent.name)
def test_no_threat_looks_better_than_the_results_behind_it(path: Path) -> None:
    words = ["check", str(path), "--format", "json", "--all", "--exit-zero"]
    made = read_assessment(CliRunner().invoke(cli, words).stdout)
    assert made.results
    assert made.threats
    verdicts = {r.key: r.verdict for r in made.results}
    for threat in made.threats:
        assert {verdicts[key] for key in threat.gaps} <= {"gap"}
        assert {verdicts[key] for key in threat.unknown} <= {"unknown"}
        assert {verdicts[key] for key in threat.mitigated_by} <= {"satisfied"}
        worst = (
            *(["open"] if threat.gaps else []),
            *(["unknown"] if threat.unknown else []),
            *(["mitigated"] if threat.mitigated_by else []),
        )
        assert threat.status == worst[0] if worst else threat.status in ("not-applicable", "no-control")
    told = {key for t in made.threats for key in (*t.gaps, *t.unknown, *t.mitigated_by)}
    untold = {key for key, verdict in verdicts.items() if verdict != "not-applicable"} - told
    assert {key for key in untold if not key.startswith("threat:")} == set()
