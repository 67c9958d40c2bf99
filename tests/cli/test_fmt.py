"""`fmt` writes the files of a model, and with --check only says which would change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_cli import run

UGLY = "name: x\nthreatmodel: 1\ninclude: more.yaml\n"
NICE = "threatmodel: 1\nname: x\ninclude: more.yaml\n"
MORE = "services: {web: {}}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "threatmodel.yaml").write_text(UGLY)
    (tmp_path / "more.yaml").write_text(MORE)
    (tmp_path / "decisions.yaml").write_text("waivers: []\nthreatmodel-decisions: 1\n")
    return tmp_path


def test_check_names_what_would_change_and_writes_nothing(project: Path) -> None:
    done = run("fmt", "--check", cwd=project)
    assert done.status == 1
    assert done.err.splitlines() == [
        "would format threatmodel.yaml",
        "would format more.yaml",
        "would format decisions.yaml",
    ]
    assert (project / "threatmodel.yaml").read_text() == UGLY


def test_fmt_writes_every_file_of_a_model_once(project: Path) -> None:
    assert run("fmt", cwd=project).status == 0
    assert (project / "threatmodel.yaml").read_text() == NICE
    assert (project / "more.yaml").read_text() == "services:\n  web: {}\n"
    again = run("fmt", "--check", cwd=project)
    assert (again.status, again.out, again.err) == (0, "", "")


def test_named_files_only_are_written(project: Path) -> None:
    assert run("fmt", "more.yaml", cwd=project).err == "formatted more.yaml\n"
    assert (project / "threatmodel.yaml").read_text() == UGLY


def test_a_difference_is_shown_and_stdin_goes_to_stdout(project: Path) -> None:
    assert "+threatmodel: 1" in run("fmt", "--diff", cwd=project).out.splitlines()
    assert (project / "threatmodel.yaml").read_text() == UGLY
    assert run("fmt", "-", stdin=UGLY).out == NICE


def test_nothing_is_written_when_one_file_is_refused(project: Path) -> None:
    (project / "bad.yaml").write_text("services:\n  a:\n    title: |2\n        b\n")
    done = run("fmt", "threatmodel.yaml", "bad.yaml", cwd=project)
    assert done.status == 2
    assert "cannot be formatted" in done.err
    assert (project / "threatmodel.yaml").read_text() == UGLY
