"""Baselines let a check fail on what is new only; waivers are written into the decisions file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_cli import ONE_HIGH_GAP, run

KEY = "encrypt-at-rest@db"
ANOTHER = ONE_HIGH_GAP.replace(
    "stores: {", "stores: {copy: {holds: record, controls: {encrypt-at-rest: false}}, "
)
FIXED = ONE_HIGH_GAP.replace("encrypt-at-rest: false", "encrypt-at-rest: aes-256")
DAY = ("--as-of", "2026-11-24")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "threatmodel.yaml").write_text(ONE_HIGH_GAP)
    return tmp_path


def waive(project: Path, key: str = KEY, until: str = "2027-06-30", *more: str) -> tuple[int, str]:
    words = ("waive", key, "--reason", "legacy, ends soon", "--owner", "sec", "--until", until)
    done = run(*words, *more, *DAY, cwd=project)
    assert done.out == ""
    return done.status, done.err


def test_a_known_gap_passes_and_a_new_one_fails(project: Path) -> None:
    assert run("check", cwd=project).status == 1
    assert run("baseline", "create", cwd=project).status == 0
    known = run("check", "--baseline", "baseline.yaml", cwd=project)
    assert known.status == 0
    assert KEY not in known.out
    assert "1 known in the baseline `baseline.yaml`" in known.err
    assert "no new gap · 1 in the baseline · " in known.out
    (project / "threatmodel.yaml").write_text(ANOTHER)
    new = run("check", "--baseline", "baseline.yaml", "--fail-on", "medium", cwd=project)
    assert new.status == 1
    assert "encrypt-at-rest@copy" in new.out
    assert "1 new gap: 1 " in new.out


def test_json_says_what_the_baseline_knows(project: Path) -> None:
    run("baseline", "create", cwd=project)
    plain = json.loads(run("check", "--baseline", "baseline.yaml", "--format", "json", cwd=project).out)
    assert [(f["key"], f["baseline"]) for f in plain["findings"]] == [(KEY, "known")]


def test_the_policy_can_name_the_baseline(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("baseline: known.yaml\n")
    assert run("baseline", "create", cwd=project).status == 0
    assert (project / "known.yaml").is_file()
    assert run("check", cwd=project).status == 0


def test_what_is_gone_is_told_and_pruned(project: Path) -> None:
    run("baseline", "create", cwd=project)
    (project / "threatmodel.yaml").write_text(FIXED)
    done = run("check", "--baseline", "baseline.yaml", cwd=project)
    assert done.status == 0
    assert f"no longer a gap: {KEY}" in done.err
    assert "0 added, 1 taken out" in run("baseline", "prune", cwd=project).err
    assert run("check", "--baseline", "baseline.yaml", cwd=project).err == ""


def test_update_adds_what_is_new_and_create_replaces_nothing(project: Path) -> None:
    run("baseline", "create", cwd=project)
    (project / "threatmodel.yaml").write_text(ANOTHER)
    refused = run("baseline", "create", cwd=project)
    assert refused.status == 2
    assert "exists already" in refused.err
    assert "1 added, 0 taken out" in run("baseline", "update", cwd=project).err
    assert run("check", "--baseline", "baseline.yaml", cwd=project).status == 0


def test_a_missing_baseline_fails_the_check(project: Path) -> None:
    assert run("check", "--baseline", "nowhere.yaml", cwd=project).status == 2


def test_waive_writes_a_waiver_that_counts(project: Path) -> None:
    assert waive(project) == (0, "waived 1 finding until 2027-06-30 in decisions.yaml\n")
    done = run("check", *DAY, cwd=project)
    assert done.status == 0
    assert "1 waived" in done.out
    assert "legacy, ends soon (sec, until 2027-06-30)" in done.out


def test_waive_keeps_comments_and_layout(project: Path) -> None:
    before = (
        "threatmodel-decisions: 1   # ours\n\nwaivers:   # few\n  # first\n"
        "  - {finding: x@y, reason: r, owner: o, until: 2027-01-01} # last\n"
    )
    (project / "decisions.yaml").write_text(before)
    assert waive(project)[0] == 0
    assert (project / "decisions.yaml").read_text().startswith(before)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("encrypt-at-rest@dp",), "did you mean `encrypt-at-rest@db`?"),
        (("encrypt-at-rest@db", "2026-01-01"), "is past on 2026-11-24"),
        (("encrypt-at-rest@db", "soon"), "`soon` is no date"),
        (("encrypt-at-rest@db", "2027-01-01", "--compensated-by", "audit-log@x"), "there is no such result"),
        (("*@nowhere",), "no finding has the key"),
    ],
)
def test_a_waiver_that_would_count_for_nothing_is_refused(
    project: Path, words: tuple[str, ...], told: str
) -> None:
    status, err = waive(project, *words)
    assert status == 2
    assert told in err
    assert not (project / "decisions.yaml").exists()


def test_what_is_waived_already_is_not_waived_again(project: Path) -> None:
    assert waive(project)[0] == 0
    status, err = waive(project)
    assert status == 2
    assert "it is waived already" in err
