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
    lines = history(project).out.splitlines()
    assert lines[0].split() == "commit day gaps critical high medium low unknown satisfied".split()
    assert [line.split()[2] for line in lines[1:]] == ["1", "-", "-", "0"]
    assert len({line.index("2026") for line in lines[1:]}) == 1


def test_only_the_latest_are_shown_when_asked(project: Path) -> None:
    assert len(history(project, "-n", "2").out.splitlines()) == 3
    older = history(project, "--revision", "HEAD~3", "--format", "markdown").out
    assert "first &lt;b&gt;" in older
    assert "gone" not in older


def test_the_chart_is_one_svg_with_a_hole_where_there_is_no_model(project: Path) -> None:
    history(project, "-o", "chart.svg")
    root = ET.fromstring((project / "chart.svg").read_text())
    name = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{name}circle")) == 4
    lines = [p.get("d", "") for p in root.findall(f"{name}path") if p.get("stroke") != "#888"]
    assert [line.count("M") for line in lines] == [2, 2]
    assert len({p.get("stroke-dasharray") for p in root.findall(f"{name}path")}) == 2


@pytest.mark.parametrize(
    "words",
    [["--revision", "nowhere"], ["--revision", "--output=x"], ["--revision", "main..HEAD"], ["-n", "0"]],
)
def test_a_wrong_request_ends_with_2(project: Path, words: list[str]) -> None:
    done = run("history", "app", *words, cwd=project, HOME=str(project))
    assert done.status == 2
    assert done.out == ""
    assert "Traceback" not in done.err


def test_a_folder_without_git_is_told(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(FIXED)
    done = run("history", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert done.status == 2
    assert "no git repository" in done.err
