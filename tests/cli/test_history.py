"""The history of a model: a row for each commit that touches its folder, read from git and nowhere else."""

from __future__ import annotations

import json
import os
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.test_cli import ONE_HIGH_GAP, Ran, run

FIXED = ONE_HIGH_GAP.replace("encrypt-at-rest: false", "encrypt-at-rest: aes-256")

LAYERED = """\
threatmodel: 1
name: Layered
data:
  record: {confidentiality: restricted}
actors:
  clerk: {human: true}
services:
  records: {kind: api, controls: {authenticate-caller: oidc, encrypt-in-transit: tls 1.3}}
stores:
  files: {kind: relational-database, holds: record, controls: {encrypt-at-rest: aes-256}}
flows:
  - {from: clerk, to: records, protocol: https, data: record}
  - {from: records, to: files, data: record}
"""


def git(folder: Path, *words: str, day: str = "2026-01-01") -> None:
    stamp = f"{day}T12:00:00Z"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_AUTHOR_DATE": stamp,
        "GIT_COMMITTER_DATE": stamp,
    }
    names = ("-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *names, *words], cwd=folder, env=environment, check=True, capture_output=True)


def commit(folder: Path, day: str, subject: str, text: str | None) -> None:
    path = folder / "app" / "threatmodel.yaml"
    path.parent.mkdir(exist_ok=True)
    if text is None:
        path.unlink()
        (path.parent / "note").write_text(subject)
    else:
        path.write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", subject, day=day)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, "2026-01-01", "first <b>", ONE_HIGH_GAP)
    commit(tmp_path, "2026-02-01", "broken", "threatmodel: 1\nwhat: 1\n")
    commit(tmp_path, "2026-03-01", "gone", None)
    commit(tmp_path, "2026-04-01", "fixed", FIXED)
    (tmp_path / "other").write_text("x")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "elsewhere", day="2026-05-01")
    return tmp_path


def history(project: Path, *words: str) -> Ran:
    done = run("history", "app/threatmodel.yaml", *words, cwd=project, HOME=str(project))
    assert (done.status, done.err) == (0, "")
    return done


def test_each_commit_that_touches_the_folder_is_a_row_oldest_first(project: Path) -> None:
    commits = json.loads(history(project, "--format", "json").out)["commits"]
    assert [(c["day"], c["subject"], c["problem"]) for c in commits] == [
        ("2026-01-01", "first <b>", ""),
        ("2026-02-01", "broken", "not valid: 2 errors"),
        ("2026-03-01", "gone", "no model"),
        ("2026-04-01", "fixed", ""),
    ]
    assert commits[0]["gaps"] == {"critical": 0, "high": 1, "medium": 0, "low": 0}
    assert commits[3]["gaps"]["high"] == 0
    assert commits[1]["gaps"] is commits[2]["unknown"] is None


def test_the_table_is_aligned_and_the_working_tree_is_never_read(project: Path) -> None:
    (project / "app" / "threatmodel.yaml").write_text("not: a model\n")
    lines, note = history(project).out.split("\n\n")
    head, *rows = lines.splitlines()
    assert head.split() == "commit day gaps critical high medium low unknown satisfied layers mean".split()
    assert [row.split()[2] for row in rows] == ["1", "-", "-", "0"]
    assert len({row.index("2026") for row in rows}) == 1
    assert note.startswith("layers: the fewest layers of defence")


def test_the_layers_of_defence_before_sensitive_data_are_told_for_each_commit(project: Path) -> None:
    open_ground = LAYERED.replace("authenticate-caller: oidc", "authenticate-caller: false")
    commit(project, "2026-06-01", "layered", LAYERED)
    commit(project, "2026-07-01", "who calls is asked no more", open_ground)
    rows = json.loads(history(project, "-n", "2", "--format", "json").out)["commits"]
    first, second = (row["layers"] for row in rows)
    assert first == {"fewest": 2, "at": "records", "mean": 3.0, "elements": 2}
    assert (second["fewest"], second["mean"]) == (1, 2.0)
    table = history(project, "-n", "2").out.splitlines()
    assert [row.split()[9:11] for row in table[1:3]] == [["2", "3.0"], ["1", "2.0"]]


def test_only_the_latest_are_shown_when_asked(project: Path) -> None:
    assert len(history(project, "-n", "2").out.split("\n\n")[0].splitlines()) == 3
    older = history(project, "--revision", "HEAD~3", "--format", "markdown").out
    assert "first &lt;b&gt;" in older
    assert "gone" not in older


def test_the_chart_is_one_svg_with_a_hole_where_there_is_no_model(project: Path) -> None:
    history(project, "-o", "chart.svg")
    root = ET.fromstring((project / "chart.svg").read_text())
    name = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{name}circle")) == 4 * 2
    lines = [p.get("d", "") for p in root.findall(f"{name}path") if p.get("stroke") != "#888"]
    assert [line.count("M") for line in lines] == [2] * 4


def test_the_chart_draws_the_fewest_layers_apart_from_the_mean(project: Path) -> None:
    commit(project, "2026-06-01", "layered", LAYERED)
    history(project, "-o", "chart.svg")
    root = ET.fromstring((project / "chart.svg").read_text())
    name = "{http://www.w3.org/2000/svg}"
    drawn = [p for p in root.findall(f"{name}path") if p.get("stroke") != "#888"]
    assert [p.get("stroke-dasharray") for p in drawn] == [None, None, None, "6 3"]
    tips = [t.text or "" for t in root.iter(f"{name}title")]
    assert any("3 layers of defence before sensitive data, layered" in tip for tip in tips)


@pytest.mark.parametrize(
    "words",
    [["--revision", "nowhere"], ["--revision", "--output=x"], ["--revision", "main..HEAD"], ["-n", "0"]],
)
def test_a_wrong_request_ends_with_2(project: Path, words: list[str]) -> None:
    done = run("history", "app", *words, cwd=project, HOME=str(project))
    assert done.status == 2
    assert done.out == ""
    assert "Traceback" not in done.err


def test_a_model_that_no_commit_has_is_told(project: Path) -> None:
    (project / "new").mkdir()
    (project / "new" / "threatmodel.yaml").write_text(FIXED)
    done = run("history", "new", cwd=project, HOME=str(project))
    assert done.err == "no commit up to `HEAD` touches `new`\n"
    assert done.status == 0


def test_a_folder_without_git_is_told(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(FIXED)
    done = run("history", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert done.status == 2
    assert "no git repository" in done.err
