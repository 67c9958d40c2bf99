"""The command line as its users meet it: what goes where, and with which exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from threatmodel._version import __version__
from threatmodel.cli import cli
from threatmodel.errors import UsageError
from threatmodel.resources import resource_dir

TINY = resource_dir("samples") / "tiny" / "threatmodel.yaml"
FAULTY = "threatmodel: 1\nname: x\nservices: {web: {colour: red}, api: {kind: spaceship}}\n"
ONE_HIGH_GAP = """
threatmodel: 1
name: One high gap, and critical questions
data: {record: {confidentiality: confidential}}
actors: {visitor: {}}
services: {web: {}}
stores: {db: {holds: record, controls: {encrypt-at-rest: false}}}
flows:
  - {from: visitor, to: web, sends: record}
  - {from: web, to: db, sends: record}
"""
QUIET = "threatmodel: 1\nname: Quiet\nservices: {web: {}}\n"


class Ran(NamedTuple):
    status: int
    out: str
    err: str


def run(*words: str, stdin: str = "", cwd: Path | None = None, **env: str) -> Ran:
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "100", **env}
    done = subprocess.run(
        [sys.executable, "-m", "threatmodel", *words],
        input=stdin.encode(),
        capture_output=True,
        cwd=cwd,
        env=environment,
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    path = tmp_path / "threatmodel.yaml"
    path.write_text(QUIET)
    return path


def test_the_version_and_the_help_are_there() -> None:
    assert run("--version") == Ran(0, f"threatmodel {__version__}\n", "")
    assert "Exit status" in run("--help").out
    assert "Exit status" in run("-h").out


@pytest.mark.parametrize(
    "command",
    ["check", "report", "diagram", "matrix", "explain", "init", "demo", "schema", "catalog", "completion"],
)
def test_every_command_has_a_help_text(command: str) -> None:
    done = run(command, "--help")
    assert done.status == 0
    assert f"Usage: threatmodel {command}" in done.out
    assert len(done.out.splitlines()) > 5


def test_a_mistyped_command_and_option_get_a_suggestion() -> None:
    command, option = run("chek"), run("check", "--fial-on", "low")
    assert command.status == option.status == 2
    assert "did you mean `check`?" in command.err
    assert "--fail-on" in option.err
    assert command.out == option.out == ""


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 1),
        (["--fail-on", "low"], 1),
        (["--fail-on", "critical"], 0),
        (["--fail-on", "critical", "--fail-on-unknown"], 1),
        (["--fail-on", "never", "--fail-on-unknown"], 0),
    ],
)
def test_the_exit_status_follows_fail_on(options: list[str], status: int) -> None:
    done = run("check", "-", *options, stdin=ONE_HIGH_GAP)
    assert done.status == status
    assert "encrypt-at-rest@db" in done.out
    assert "1 gap: 1 high" in done.out
    assert done.err == ""


def test_questions_alone_fail_only_when_they_are_asked_to(quiet: Path) -> None:
    assert run("check", str(quiet), "--fail-on", "low").status == 0


def test_bad_input_ends_with_2_all_problems_on_stderr_and_nothing_on_stdout(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(FAULTY)
    done = run("check", str(path))
    assert done.status == 2
    assert done.out == ""
    assert "unknown-key" in done.err
    assert "unknown-kind" in done.err
    assert "2 errors" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("command", ["check", "report", "diagram", "matrix"])
def test_a_missing_file_is_told_plainly(command: str, tmp_path: Path) -> None:
    done = run(command, "nowhere.yaml", cwd=tmp_path)
    assert done.status == 2
    assert "cannot read `nowhere.yaml`" in done.err
    assert list(tmp_path.iterdir()) == []


def test_no_file_written_when_the_input_is_bad(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(FAULTY)
    for words in (
        ["report"],
        ["diagram", "-o", "x.svg"],
        ["matrix", "-o", "m.csv"],
        ["check", "-o", "c.json"],
    ):
        assert run(*words, cwd=tmp_path).status == 2
    assert [p.name for p in tmp_path.iterdir()] == ["threatmodel.yaml"]


def test_an_output_that_cannot_be_written_is_told(quiet: Path, tmp_path: Path) -> None:
    done = run("check", str(quiet), "-o", str(tmp_path / "no" / "such" / "folder.txt"))
    assert done.status == 2
    assert "cannot write" in done.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_behind_stdout_is_told_and_no_fault_of_the_program() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "threatmodel", "schema"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    assert done.stderr.startswith("error: cannot write to stdout: ")


def test_the_model_of_this_folder_is_found_and_stdin_is_a_dash(quiet: Path) -> None:
    here = run("check", cwd=quiet.parent)
    there = run("check", "-", stdin=QUIET)
    assert here.status == there.status == 0
    assert here.out.replace("threatmodel.yaml", "<stdin>") == there.out


def test_a_folder_without_a_model_names_the_way_out(tmp_path: Path) -> None:
    done = run("check", cwd=tmp_path)
    assert done.status == 2
    assert "threatmodel init" in done.err


def test_json_is_the_versioned_document(quiet: Path) -> None:
    from threatmodel.export.schemas import read_assessment

    done = run("check", str(TINY), "--format", "json", "--all", "--as-of", "2026-11-01")
    document = read_assessment(done.out)
    assert document.as_of == "2026-11-01"
    assert document.results is not None
    assert sum(document.counts.values()) == len(document.results)
    gaps = {r.key for r in document.results if r.verdict == "gap"}
    assert {f.key for f in document.findings} == gaps
    assert json.loads(run("check", str(quiet), "--format", "json").out)["findings"] == []


def test_a_bad_day_is_told() -> None:
    done = run("check", str(TINY), "--as-of", "tomorrow")
    assert done.status == 2
    assert "YYYY-MM-DD" in done.err


def test_output_is_plain_when_it_is_no_terminal_or_no_color_is_set() -> None:
    assert "\x1b" not in run("check", str(TINY)).out
    assert "\x1b" not in run("check", "nowhere.yaml", NO_COLOR="1").err


def test_init_writes_a_model_that_checks_and_never_overwrites(tmp_path: Path) -> None:
    first = run("init", cwd=tmp_path)
    assert first.status == 0
    text = (tmp_path / "threatmodel.yaml").read_text()
    assert run("check", "--fail-on", "never", cwd=tmp_path).status == 0
    (tmp_path / "threatmodel.yaml").write_text("mine")
    again = run("init", cwd=tmp_path)
    assert again.status == 2
    assert (tmp_path / "threatmodel.yaml").read_text() == "mine"
    assert run("init", "--force", cwd=tmp_path).status == 0
    assert (tmp_path / "threatmodel.yaml").read_text() == text


@pytest.mark.parametrize("sample", ["tiny", "shop", "clinic", "online-boutique"])
def test_the_demo_runs_from_anywhere(sample: str, tmp_path: Path) -> None:
    done = run("demo", sample, "-o", "out.html", cwd=tmp_path)
    assert done.status == 0
    html = (tmp_path / "out.html").read_text()
    assert "<svg" in html
    assert "GDPR" in html
    assert "HIPAA" in html


@pytest.mark.parametrize(
    ("form", "start"),
    [("svg", b"<?xml"), ("png", b"\x89PNG"), ("dot", b"digraph"), ("mermaid", b"flowchart")],
)
def test_diagrams_come_in_four_formats_chosen_by_name_or_option(
    form: str, start: bytes, tmp_path: Path
) -> None:
    suffix = {"mermaid": "mmd"}.get(form, form)
    assert run("diagram", str(TINY), "-o", f"x.{suffix}", cwd=tmp_path).status == 0
    assert run("diagram", str(TINY), "--format", form, "-o", "y", cwd=tmp_path).status == 0
    written = (tmp_path / f"x.{suffix}").read_bytes()
    assert start in written[:300]
    assert written == (tmp_path / "y").read_bytes()


def test_a_diagram_is_not_written_under_a_name_that_promises_something_else(tmp_path: Path) -> None:
    done = run("diagram", str(TINY), "-o", "x.gif", cwd=tmp_path)
    assert done.status == 2
    assert "`x.gif`" in done.err
    assert "`.svg`, `.png`" in done.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "start"), [("x.csv", b"framework,"), ("x.md", b"# "), ("x.xlsx", b"PK")])
def test_the_format_of_a_matrix_follows_the_name(name: str, start: bytes, tmp_path: Path) -> None:
    assert run("matrix", str(TINY), "-o", name, cwd=tmp_path).status == 0
    assert start in (tmp_path / name).read_bytes()[:60]


@pytest.mark.parametrize("form", ["text", "markdown", "csv", "html"])
def test_a_matrix_lists_every_row_in_every_format(form: str) -> None:
    done = run("matrix", str(TINY), "--format", form)
    assert done.status == 0
    assert "164.312(e)(1)" in done.out
    assert "Art. 32" in done.out
    one = run("matrix", str(TINY), "--format", form, "--framework", "gdpr")
    assert "164.312(e)(1)" not in one.out


def test_an_unknown_framework_is_told() -> None:
    done = run("matrix", str(TINY), "--framework", "gdrp")
    assert done.status == 2
    assert "did you mean `gdpr`?" in done.err


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("encrypt-in-transit@visitor->web", "gap"),
        ("encrypt-in-transit", "channel"),
        ("db", "encrypt-at-rest"),
        ("data:entry", "data:entry"),
        ("164.312(e)(1)", "hipaa"),
    ],
)
def test_explain_answers_keys_controls_subjects_and_requirements(what: str, expected: str) -> None:
    done = run("explain", what, str(TINY))
    assert done.status == 0
    assert expected in done.out


@pytest.mark.parametrize(
    ("what", "option", "first"),
    [
        ("gdpr", [], "GDPR (gdpr)"),
        ("HIPAA", [], "HIPAA (hipaa)"),
        ("nist-800-53", [], "NIST SP 800-53 (nist-800-53)"),
        ("SC-13", ["--framework", "nist-800-53"], "nist-800-53 SC-13: gap"),
        ("164.312(b)", [], "hipaa 164.312(b): not-modelled"),
    ],
)
def test_explain_tells_a_framework_or_a_row_of_it(what: str, option: list[str], first: str) -> None:
    done = run("explain", what, str(TINY), *option)
    assert (done.status, done.out.splitlines()[0]) == (0, first)


@pytest.mark.parametrize(
    ("what", "help"), [("Art. 32", "`Art. 32(1)(a)`"), ("qqqqqqqqq", "a row of a framework")]
)
def test_explain_names_the_rows_of_a_whole_clause_and_what_it_takes(what: str, help: str) -> None:
    done = run("explain", what, str(TINY))
    assert done.status == 2
    assert help in done.err


def test_explain_says_of_an_element_what_is_asked_of_its_flows() -> None:
    done = run("explain", "visitor", str(TINY))
    assert done.out.startswith("visitor\n")
    assert "  flow visitor->web · 1 gap, " in done.out


def test_explain_points_at_file_and_line() -> None:
    assert f"{TINY.as_posix()}:9:" in run("explain", "encrypt-in-transit@visitor->web", str(TINY)).out


@pytest.mark.parametrize(
    "what",
    [
        "encrypt-in-transt",
        "encrypt-in-transt@visitor->web",
        "encrypt-in-transit@visitor->wbe",
        "bd",
        "164.312(e)(9)",
    ],
)
def test_explain_suggests_what_was_meant(what: str) -> None:
    done = run("explain", what, str(TINY))
    assert done.status == 2
    assert "did you mean" in done.err


def test_the_catalog_can_be_listed_shown_linted_and_tested() -> None:
    assert "encrypt-in-transit" in run("catalog", "list").out
    assert "channel" in run("catalog", "list", "--layer", "channel").out
    assert run("catalog", "list", "--layer", "chanel").status == 2
    assert run("catalog", "show", "encrypt-in-transit").out.startswith("id: encrypt-in-transit")
    assert run("catalog", "lint").status == 0
    assert run("catalog", "test", "encrypt-in-transit").status == 0


def test_the_schema_is_json() -> None:
    assert json.loads(run("schema").out)["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "waivers" in json.loads(run("schema", "--decisions").out)["properties"]


@pytest.mark.parametrize("document", ["assessment", "threats", "changes", "graph"])
def test_the_schema_of_what_machines_read_is_printed(document: str) -> None:
    schema = json.loads(run("schema", "--of", document).out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    version = next(key for key in schema["required"] if key.startswith("threatmodel-"))
    assert schema["properties"][version]["const"] == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(shell: str) -> None:
    assert "_THREATMODEL_COMPLETE" in run("completion", shell).out


def test_a_shell_can_complete_commands() -> None:
    done = run(_THREATMODEL_COMPLETE="bash_complete", COMP_WORDS="threatmodel ch", COMP_CWORD="1")
    assert "check" in done.out


@pytest.mark.parametrize(
    ("name", "help"), [("r.pdf", "print that from a browser"), ("r.docx", "name it .html or .md")]
)
def test_a_report_is_not_written_under_the_name_of_another_format(
    name: str, help: str, tmp_path: Path
) -> None:
    model = resource_dir("samples") / "tiny" / "threatmodel.yaml"
    result = CliRunner().invoke(cli, ["report", str(model), "-o", str(tmp_path / name)])
    assert isinstance(result.exception, UsageError)
    assert help in result.exception.help
    assert not (tmp_path / name).exists()
