"""`threatmodel gdpr` and `threatmodel hipaa` on the clinic: what a privacy officer would look for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from threatmodel.cli import cli
from threatmodel.resources import resource_dir

CLINIC = str(resource_dir("samples") / "clinic")
COMMANDS = (
    ("gdpr", "record"),
    ("gdpr", "transfers"),
    ("gdpr", "rights"),
    ("gdpr", "dpia"),
    ("hipaa", "associates"),
    ("hipaa", "decisions"),
    ("hipaa", "minimum-necessary"),
    ("hipaa", "disclosures"),
)


def run(*words: str) -> str:
    result = CliRunner().invoke(cli, (*words, CLINIC, "--as-of", "2026-11-01"))
    assert result.exit_code == 0, result.output
    return result.stdout


def flat(*words: str) -> str:
    return " ".join(run(*words).split())


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("form", ["text", "markdown", "csv", "json"])
def test_every_command_writes_every_form_twice_alike(words: tuple[str, ...], form: str) -> None:
    first = run(*words, "--format", form)
    assert first == run(*words, "--format", form)
    assert len(first) > 300


def test_a_file_is_written_instead(tmp_path: Path) -> None:
    target = tmp_path / "record.json"
    assert run("gdpr", "record", "--format", "json", "-o", str(target)) == ""
    assert json.loads(target.read_text())["title"] == "Record of processing activities"


def test_the_transfer_to_the_laboratory_has_no_mechanism() -> None:
    text = flat("gdpr", "transfers")
    assert "`lab-link-de` to `lab`" in text
    assert "Status no mechanism" in text


def test_the_log_vendor_has_no_business_associate_agreement_and_the_laboratory_needs_none() -> None:
    plain = json.loads(run("hipaa", "associates", "--format", "json"))
    state = {e["Party"][0]["text"]: e["State"][0]["text"] for e in plain["sheets"][0]["entries"]}
    assert state["Example Logs Inc. (business associate)"] == "no agreement"
    assert state["Example Laboratories Inc. (provider)"].startswith("none needed")
    assert state["Example Letters & Sons (subcontractor)"] == "agreement in force"


def test_the_traces_go_beyond_what_the_log_service_needs() -> None:
    plain = json.loads(run("hipaa", "minimum-necessary", "--format", "json"))
    beyond = {e["Who"][0]["text"]: e["Beyond its needs"] for e in plain["sheets"][0]["entries"]}
    assert [i["text"] for i in beyond["log-service"]] == ["US traces of slow calls"]


def test_nothing_of_the_other_company_is_in_a_record() -> None:
    assert "Musterpark Clinics Inc." not in run("gdpr", "record")
    assert "Klinik am Musterpark" not in run("hipaa", "associates")
