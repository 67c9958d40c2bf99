"""No output takes the place of a file that the run reads."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.test_cli import run

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


def texts(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("words", "role"),
    [
        (["check", "-o", "threatmodel.yaml"], "model"),
        (["check", "--output", "junit=./threatmodel.yaml"], "model"),
        (["check", "-o", "services/edge.yaml"], "model"),
        (["check", "-o", "link.txt"], "model"),
        (["check", "-o", "decisions.yaml"], "decisions file"),
        (["check", "--decisions", "mine.yaml", "-o", "mine.yaml"], "decisions file"),
        (["check", "-o", ".threatmodel.yaml"], "policy file"),
        (["check", "-o", "own/catalog.yaml"], "catalog"),
        (["check", "-o", "threatmodel.lock"], "lock file"),
        (["check", "--baseline", "known.yaml", "-o", "known.yaml"], "baseline"),
        (["diagram", "--format", "dot", "-o", "services/edge.yaml"], "model"),
        (["what-if", "--unset", "db.controls", "-o", "threatmodel.yaml"], "model"),
        (["fix", "-o", "threatmodel.yaml"], "model"),
        (["prove", "-o", "services/edge.yaml"], "model"),
        (["explain", "encrypt-at-rest@db", "--proof", "threatmodel.yaml"], "model"),
        (["baseline", "create", "--force", "-b", "threatmodel.yaml"], "model"),
        (["baseline", "create", "-b", "decisions.yaml"], "decisions file"),
        (["diff", "services/../threatmodel.yaml", "threatmodel.yaml", "-o", "services/edge.yaml"], "model"),
    ],
)
def test_an_output_never_replaces_what_is_read(words: list[str], role: str, project: Path) -> None:
    (project / "link.txt").symlink_to("threatmodel.yaml")
    (project / "mine.yaml").write_text("threatmodel-decisions: 1\n")
    (project / "known.yaml").write_text("threatmodel-baseline: 1\nfindings: {}\n")
    assert run("catalog", "lock", cwd=project).status == 0
    before = texts(project)
    done = run(*words, cwd=project)
    assert done.status == 2
    assert f"` is read here ({role}), and no output may replace it\n" in done.err
    assert texts(project) == before


def test_no_output_is_written_when_one_of_them_is_the_model(project: Path) -> None:
    before = texts(project)
    assert run("check", "-o", "first.txt", "--output", "csv=threatmodel.yaml", cwd=project).status == 2
    assert texts(project) == before


def test_a_diff_of_revisions_never_replaces_the_model_in_the_working_tree(project: Path) -> None:
    def git(*words: str) -> None:
        author = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *author, *words], cwd=project, check=True, capture_output=True)

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    before = texts(project)
    for target in ("threatmodel.yaml", "services/edge.yaml"):
        for words in (["HEAD..HEAD"], ["HEAD"], ["HEAD:./threatmodel.yaml"]):
            done = run("diff", *words, "-o", target, cwd=project)
            assert (done.status, "(model)" in done.err) == (2, True), (words, target)
    assert run("history", "-o", "threatmodel.yaml", cwd=project).status == 2
    assert texts(project) == before


def test_what_a_command_is_there_to_change_it_still_changes(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("baseline: known.yaml\n")
    assert run("baseline", "create", "-b", "known.yaml", cwd=project, THREATMODEL_BASELINE="").status == 0
    assert run("baseline", "update", cwd=project).status == 0
    assert run("catalog", "lock", cwd=project).status == 0
    assert run("catalog", "lock", cwd=project).status == 0
