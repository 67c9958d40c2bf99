"""`threatmodel diff` says when a catalog or the policy changed too, and judges both sides alike."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_cli import Ran, run
from tests.cli.test_diff import SAFE, git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not there")

FRONT = 'name: ours\nversion: "{}"\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a model, a catalog of its own and a policy that names it."""
    folder = tmp_path / "project"
    (folder / "ours").mkdir(parents=True)
    (folder / "threatmodel.yaml").write_text(SAFE)
    (folder / "ours" / "catalog.yaml").write_text(FRONT.format(1))
    (folder / ".threatmodel.yaml").write_text("catalogs: [ours]\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    assert run("catalog", "new", "step-up", cwd=folder).status == 0
    assert run("catalog", "lock", cwd=folder).status == 0
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "state")


def beside(project: Path, *names: str) -> list[dict[str, str]]:
    done = run("diff", *names, "--format", "json", cwd=project)
    assert (done.status, done.err) == (0, "")
    found: list[dict[str, str]] = json.loads(done.out)["beside"]
    return found


def text(project: Path, *names: str) -> Ran:
    return run("diff", *names, cwd=project)


def test_nothing_is_said_where_catalog_and_policy_stay(project: Path) -> None:
    (project / "threatmodel.yaml").write_text(SAFE.replace("https", "http"))
    commit(project)
    assert beside(project, "HEAD~1..HEAD", "--exit-zero") == []
    assert "changed too" not in text(project, "HEAD~1..HEAD", "--exit-zero").out


@pytest.mark.parametrize("names", [["HEAD"], ["HEAD~1..HEAD"]])
def test_another_edition_of_a_catalog_is_told_with_both_versions(names: list[str], project: Path) -> None:
    (project / "ours" / "catalog.yaml").write_text(FRONT.format(2))
    assert run("catalog", "lock", cwd=project).status == 0
    if len(names[0]) > 4:
        commit(project)
    (found,) = beside(project, *names)
    assert (found["kind"], found["name"]) == ("catalog", "ours")
    assert found["before"].startswith("1 (")
    assert found["after"].startswith("2 (")
    said = " ".join(text(project, *names).out.split())
    assert "Nothing in the model changes for security, but what judges it does." in said
    assert "The catalog `ours` changed too, from `1 (" in said


def test_without_a_lock_the_files_of_a_catalog_are_compared(project: Path) -> None:
    (project / "threatmodel.lock").unlink()
    commit(project)
    (project / "ours" / "note.txt").write_text("no part of it")
    assert beside(project, "HEAD") == []
    (project / "ours" / "catalog.yaml").write_text(FRONT.format(2))
    (found,) = beside(project, "HEAD")
    assert found["name"] == "ours"
    assert found["before"] != found["after"]


def test_a_catalog_that_was_not_there_came_from_nothing(project: Path) -> None:
    (project / "threatmodel.lock").unlink()
    (project / "theirs").mkdir()
    (project / "theirs" / "catalog.yaml").write_text(FRONT.format(1).replace("ours", "theirs"))
    commit(project)
    (project / ".threatmodel.yaml").write_text("catalogs: [ours, theirs]\n")
    catalog, policy = beside(project, "HEAD")
    assert (catalog["name"], catalog["how"], catalog["before"]) == ("theirs", "added", "")
    assert (policy["key"], policy["before"], policy["after"]) == ("catalogs", "ours", "ours, theirs")
    assert "from nothing to `" in text(project, "HEAD").out


def test_a_catalog_in_another_folder_is_the_same_catalog(project: Path) -> None:
    (project / "threatmodel.lock").unlink()
    commit(project)
    shutil.move(project / "ours", project / "theirs")
    (project / ".threatmodel.yaml").write_text("catalogs: [theirs]\n")
    assert [b["kind"] for b in beside(project, "HEAD")] == ["policy"]


def test_what_judged_and_is_deleted_is_told_and_so_is_its_coming(project: Path) -> None:
    git(project, "checkout", "--quiet", "-b", "bare")
    for name in (".threatmodel.yaml", "threatmodel.lock", "ours/catalog.yaml"):
        (project / name).unlink()
    shutil.rmtree(project / "ours")
    commit(project)
    gone = beside(project, "main..HEAD")
    assert [(b["kind"], b["how"]) for b in gone] == [
        ("catalog", "removed"),
        ("lock", "removed"),
        ("policy", "removed"),
    ]
    said = " ".join(text(project, "main..HEAD").out.split())
    assert "both versions are assessed without it" in said
    assert "The lock file `threatmodel.lock` is gone." in said
    assert "The policy in `.threatmodel.yaml` is gone: `catalogs` `ours` → not said;" in said
    came = beside(project, "HEAD..main")
    assert [b["how"] for b in came] == ["added"] * 3
    assert {b["counted"] for b in came} == {"before", ""}


def test_it_is_said_whose_policy_counted(project: Path) -> None:
    git(project, "checkout", "--quiet", "-b", "loose")
    (project / ".threatmodel.yaml").write_text("catalogs: [ours]\nfail-on: never\n")
    commit(project)
    assert "the gate of this diff is the later one" in " ".join(text(project, "main..loose").out.split())
    told = " ".join(text(project, "main..loose", "--fail-on", "high").out.split())
    assert "the gate of this diff is what this run was told, and not the policy" in told
    git(project, "checkout", "--quiet", "main")
    assert "is the earlier one, which stands here" in " ".join(text(project, "main..loose").out.split())
    (project / ".threatmodel.yaml").write_text("catalogs: [ours]\nfail-on: low\n")
    assert "which is neither" in " ".join(text(project, "main..loose").out.split())


def test_a_baseline_that_grew_is_told_with_what_it_hides(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("catalogs: [ours]\nbaseline: known.yaml\n")
    known = "threatmodel-baseline: 1\nfindings:\n  a@b: low\n"
    (project / "known.yaml").write_text(known)
    commit(project)
    (project / "known.yaml").write_text(f"{known}  encrypt-in-transit@a->b: critical\n")
    (found,) = beside(project, "HEAD")
    assert (found["kind"], found["key"], found["after"]) == (
        "baseline",
        "encrypt-in-transit@a->b",
        "critical",
    )
    assert found["effect"] == "looser"
    said = " ".join(text(project, "HEAD").out.split())
    assert "The baseline `known.yaml` takes in 1 gap: critical `encrypt-in-transit@a->b`." in said


def test_a_catalog_outside_the_repository_is_the_same_on_both_sides(project: Path) -> None:
    (project / "threatmodel.lock").unlink()
    commit(project)
    shutil.move(project / "ours", project.parent / "ours")
    found = beside(project, "HEAD", "--catalog", "../ours")
    assert [b["kind"] for b in found] == []


def test_another_policy_is_told_key_by_key(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("catalogs: [ours]\nlayers: {channel: low}\nfail-on: never\n")
    looser, layer = beside(project, "HEAD")
    assert looser == {
        "kind": "policy",
        "name": ".threatmodel.yaml",
        "how": "changed",
        "key": "fail-on",
        "before": "",
        "after": "never",
        "effect": "looser",
        "counted": "after",
    }
    assert (layer["key"], layer["after"], layer["effect"]) == ("layers.channel", "low", "")
    said = " ".join(text(project, "HEAD").out.split())
    assert "The policy in `.threatmodel.yaml` changed too: `fail-on` not said → `never` (looser)" in said


@pytest.mark.parametrize(
    ("more", "told"),
    [("[project]\nname = 'x'\n", False), ("[tool.threatmodel.gate]\n", True), ("[[broken", True)],
)
def test_of_a_project_file_only_the_own_table_counts(more: str, told: bool, tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(SAFE)
    policy = tmp_path / "pyproject.toml"
    own = '[tool.threatmodel]\nfail-on = "high"\n'
    policy.write_text(more if "broken" in more else own)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path)
    policy.write_text(own.replace("high", "low") if told else own + more)
    assert [b["kind"] for b in beside(tmp_path, "HEAD")] == ["policy"] * told


def test_two_folders_tell_the_catalogs_that_each_of_them_locks(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(project, other)
    locked = (project / "threatmodel.lock").read_text()
    (other / "threatmodel.lock").write_text(locked.replace('"1"', '"0"'))
    (found,) = beside(tmp_path, "other", "project")
    assert found["before"].startswith("0 (")


def test_a_hostile_policy_is_escaped_in_every_form(project: Path) -> None:
    hostile = "<img src=x onerror=alert(1)> ` @team \\e[31m"
    (project / ".threatmodel.yaml").write_text(f'catalogs: [ours]\n"{hostile}": "{hostile}"\n')
    commit(project)
    (project / ".threatmodel.yaml").write_text("catalogs: [ours]\n")
    for form in ("text", "markdown", "html"):
        done = run("diff", "HEAD", "--format", form, cwd=project)
        assert (done.status, done.err) == (0, "")
        assert "\x1b" not in done.out
        assert "onerror" in done.out
        if form != "text":
            assert "<img" not in done.out.replace("`<img", "")
