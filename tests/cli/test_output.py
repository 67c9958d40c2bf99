"""Outputs go where they are sent: into pipes, through links, and with the permissions that are there."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.cli.test_cli import QUIET, run

MODEL = """
threatmodel: 1
name: Split
include: services/edge.yaml
data: {record: {confidentiality: confidential}}
stores: {db: {holds: record, controls: {encrypt-at-rest: false}}}
"""
EDGE = "threatmodel: 1\nservices:\n  edge: {}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "threatmodel.yaml").write_text(MODEL)
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "edge.yaml").write_text(EDGE)
    (tmp_path / ".threatmodel.yaml").write_text("fail-on: critical\ncatalogs: own\n")
    (tmp_path / "own" / "controls").mkdir(parents=True)
    (tmp_path / "own" / "catalog.yaml").write_text("name: own\n")
    return tmp_path


@pytest.mark.parametrize("words", [["-o", "pipe"], ["--output", "sarif=pipe"]])
def test_a_pipe_is_written_into_and_stays_one(words: list[str], project: Path) -> None:
    pipe = project / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    assert run("check", *words, cwd=project).status == 0
    reader.join(30)
    assert b"encrypt-at-rest@db" in got[0]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_to_stdout_adds_to_what_stands_there(project: Path) -> None:
    (project / "out").symlink_to("/proc/self/fd/1")
    with (project / "kept.txt").open("wb") as stream:
        words = ["check", "--format", "csv", "--output", "sarif=out"]
        done = subprocess.run(
            [sys.executable, "-m", "threatmodel", *words], cwd=project, stdout=stream, check=False
        )
    text = (project / "kept.txt").read_text()
    assert done.returncode == 0
    assert text.startswith("key,")
    assert '"version": "2.1.0"' in text
    assert (project / "out").is_symlink()


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(project: Path) -> None:
    (project / "real.txt").write_text("old")
    (project / "link.txt").symlink_to("real.txt")
    (project / "new.txt").symlink_to("services/later.txt")
    assert run("check", "-o", "link.txt", "--output", "csv=new.txt", cwd=project).status == 0
    assert (project / "link.txt").is_symlink()
    assert "encrypt-at-rest@db" in (project / "real.txt").read_text()
    assert "encrypt-at-rest@db" in (project / "services" / "later.txt").read_text()


def test_a_file_that_is_replaced_keeps_its_permissions(project: Path) -> None:
    (project / "gaps.txt").touch()
    (project / "gaps.txt").chmod(0o660)
    assert run("check", "-o", "gaps.txt", cwd=project).status == 0
    assert stat.S_IMODE((project / "gaps.txt").stat().st_mode) == 0o660


def test_a_read_only_file_is_not_replaced(project: Path) -> None:
    (project / "gaps.txt").write_text("kept")
    (project / "gaps.txt").chmod(0o444)
    done = run("check", "-o", "gaps.txt", cwd=project)
    assert (done.status, done.err) == (2, "error: cannot write `gaps.txt`: the file is read-only\n")
    assert (project / "gaps.txt").read_text() == "kept"


@pytest.mark.parametrize("words", [["fmt"], ["fix", "--write", "--owner", "a", "--due", "2999-01-01"]])
def test_a_model_that_is_written_keeps_its_permissions_and_its_link(words: list[str], project: Path) -> None:
    (project / ".threatmodel.yaml").unlink()
    (project / "threatmodel.yaml").rename(project / "real.yaml")
    (project / "threatmodel.yaml").symlink_to("real.yaml")
    (project / "real.yaml").chmod(0o600)
    before = (project / "real.yaml").read_text()
    assert run(*words, cwd=project).status == 0
    assert (project / "threatmodel.yaml").is_symlink()
    assert (project / "real.yaml").read_text() != before
    assert stat.S_IMODE((project / "real.yaml").stat().st_mode) == 0o600


def test_a_waiver_is_added_behind_a_link(project: Path) -> None:
    (project / "real").mkdir()
    (project / "real" / "decisions.yaml").write_text("threatmodel-decisions: 1\n")
    (project / "decisions.yaml").symlink_to("real/decisions.yaml")
    words = ["--reason", "r", "--owner", "o", "--until", "2999-01-01"]
    assert run("waive", "encrypt-at-rest@db", *words, cwd=project).status == 0
    assert (project / "decisions.yaml").is_symlink()
    assert "encrypt-at-rest@db" in (project / "real" / "decisions.yaml").read_text()


def test_a_read_only_model_is_not_formatted(tmp_path: Path) -> None:
    model = tmp_path / "threatmodel.yaml"
    model.write_text(QUIET.replace("\n", "  \n"))
    model.chmod(0o444)
    done = run("fmt", cwd=tmp_path)
    assert (done.status, "the file is read-only" in done.err) == (2, True)


def test_a_check_that_fails_into_a_file_says_why_on_stderr(project: Path) -> None:
    words = ("check", "--fail-on", "medium", "--fail-on-unknown")
    done = run(*words, "-o", "gaps.txt", cwd=project)
    assert (done.status, done.out) == (1, "")
    assert "fails: 1 gap (fail-on: medium): encrypt-at-rest@db\n" in done.err
    assert " questions (fail-on-unknown: medium): " in done.err
    assert "fails:" not in run(*words, cwd=project).err
    assert "fails:" not in run("check", "-o", "gaps.txt", "--exit-zero", cwd=project).err


@pytest.mark.parametrize("words", [["--format", "github"], ["--output", "github=commands.txt"]])
def test_an_invalid_model_is_annotated_beside_its_lines(words: list[str], project: Path) -> None:
    (project / ".git").mkdir()
    (project / "services" / "edge.yaml").write_text("threatmodel: 1\nservices: {edge: {kind: api-gatway}}\n")
    done = run("check", "../threatmodel.yaml", *words, cwd=project / "services")
    commands = done.out if "--format" in words else (project / "services" / "commands.txt").read_text()
    assert done.status == 2
    assert commands.startswith(
        "::error file=services/edge.yaml,line=2,col=25,title=threatmodel%3A unknown-kind::"
    )
    assert "did you mean `api-gateway`?" in commands
    assert "error[unknown-kind]" in done.err


def test_a_diff_that_fails_into_a_file_says_which_gate(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("fail-on-reach: confidential\nlayers: {channel: low}\n")
    old = QUIET + "data: {d: {confidentiality: confidential}}\nactors: {u: {}}\nstores: {db: {holds: d}}\n"
    (project / "old.yaml").write_text(old)
    (project / "new.yaml").write_text(f"{old}flows: [{{from: u, to: db, protocol: http, data: d}}]\n")
    words = ("diff", "old.yaml", "new.yaml")
    done = run(*words, "-o", "change.md", "--format", "markdown", cwd=project)
    assert (done.status, done.out) == (1, "")
    assert "(fail-on: high, and by layers): " in done.err
    assert "encrypt-in-transit@u->db" in done.err
    assert "fails: 1 newly reached element (fail-on-reach: confidential): db\n" in done.err
    assert "fails:" not in run(*words, cwd=project).err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--output", "=x"], "`--output` names no format before `=`"),
        (["--output", "sarif="], "`--output` names no file"),
        (["--output", "json=-"], "two formats go to stdout"),
        (["-o", "-", "-o", "gaps.txt"], "names two files without a format"),
    ],
)
def test_an_output_without_a_format_or_a_file_is_refused(words: list[str], told: str, project: Path) -> None:
    before = sorted(project.rglob("*"))
    done = run("check", *words, cwd=project)
    assert (done.status, told in done.err) == (2, True)
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize("word", ["SARIF", "sar-if", "sarif2", "jsn"])
def test_a_word_before_an_equals_sign_that_is_no_format_is_refused_with_the_nearest(
    word: str, project: Path
) -> None:
    before = sorted(project.rglob("*"))
    done = run("check", "-o", f"{word}=y.out", "--exit-zero", cwd=project)
    assert (done.status, done.out) == (2, "")
    near = "json" if word == "jsn" else "sarif"
    assert f"no format `{word}`" in done.err
    assert f"did you mean `{near}`?; a file of that name is written `./{word}=y.out`" in done.err
    assert sorted(project.rglob("*")) == before


def test_a_file_may_have_an_equals_sign_in_its_name(project: Path) -> None:
    assert run("check", "-o", "./SARIF=y.out", "--exit-zero", cwd=project).status == 0
    assert "encrypt-at-rest@db" in (project / "SARIF=y.out").read_text()


def test_a_dash_is_stdout(project: Path) -> None:
    before = sorted(project.rglob("*"))
    for words in (["check"], ["matrix"], ["diagram", "--format", "dot"], ["diff", "threatmodel.yaml", "."]):
        assert run(*words, "-o", "-", cwd=project).out == run(*words, cwd=project).out != ""
    assert sorted(project.rglob("*")) == before


def test_a_folder_whose_name_is_no_text_ends_no_command(project: Path) -> None:
    strange = Path(os.fsdecode(os.fsencode(project) + b"/d\xe9r"))
    strange.mkdir()
    (strange / "threatmodel.yaml").write_bytes((project / "threatmodel.yaml").read_bytes())
    (strange / "services").mkdir()
    (strange / "services" / "edge.yaml").write_text(EDGE)
    for words in (["check", "--format", "json"], ["check", "--format", "sarif"], ["fix", "--format", "json"]):
        done = run(*words, str(strange / "threatmodel.yaml"), "-o", "out.json", cwd=project)
        assert done.status == 0, done.err
        json.loads((project / "out.json").read_text())
    done = run("diff", "threatmodel.yaml", str(strange), "--format", "json", cwd=project)
    assert done.status == 0, done.err
    sarif = run("check", str(strange), "--format", "sarif", cwd=project).out
    assert '"uri": "d%E9r/threatmodel.yaml"' in sarif
