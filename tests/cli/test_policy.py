"""Settings come from the command line, the environment, the nearest policy file or the default."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_cli import ONE_HIGH_GAP, QUIET, run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a model of one high gap in a folder of its own."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "threatmodel.yaml").write_text(ONE_HIGH_GAP)
    return tmp_path


def status(project: Path, *words: str, **env: str) -> int:
    done = run("check", "app/threatmodel.yaml", *words, cwd=project, **env)
    assert done.status in (0, 1), done.err
    return done.status


def test_each_source_wins_over_the_next(project: Path) -> None:
    assert status(project) == 1
    (project / ".threatmodel.yaml").write_text("fail-on: critical\n")
    assert status(project) == 0
    assert status(project, THREATMODEL_FAIL_ON="high") == 1
    assert status(project, "--fail-on", "never", THREATMODEL_FAIL_ON="high") == 0


def test_the_nearest_file_counts_and_none_beyond_the_repository(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("fail-on: critical\n")
    (project / "app" / "pyproject.toml").write_text('[tool.threatmodel]\nfail-on = "high"\n')
    assert status(project) == 1
    (project / "app" / "pyproject.toml").write_text("[project]\n# tool.threatmodel-x\n")
    (project / "app" / ".git").mkdir()
    assert status(project) == 1


def test_config_names_another_file(project: Path) -> None:
    (project / "strict.yaml").write_text("fail-on: never\n")
    assert status(project, "--config", "strict.yaml") == 0
    assert status(project, THREATMODEL_CONFIG="strict.yaml") == 0


def test_a_file_that_only_marks_the_root_says_nothing(project: Path) -> None:
    for text in ("", "# the root of the project\n"):
        (project / ".threatmodel.yaml").write_text(text)
        assert status(project) == 1


def test_fail_on_of_one_run_stands_for_the_whole_gate(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("fail-on: never\nlayers: {data-at-rest: high}\n")
    assert status(project) == 1
    assert status(project, "--fail-on", "never") == 0


def test_exit_zero_hides_findings_but_no_bad_input(project: Path) -> None:
    assert status(project, "--exit-zero") == 0
    (project / "app" / "threatmodel.yaml").write_text("threatmodel: 1\nname: x\nwhat: 1\n")
    assert run("check", "app", "--exit-zero", cwd=project).status == 2


def test_a_threshold_for_what_does_not_exist_is_told(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("boundaries: {data-zone: low}\nframeworks: {gdrp: low}\n")
    err = run("check", "app", cwd=project).err
    assert "there is no boundary `data-zone`, so this threshold gates nothing" in err
    assert "did you mean `gdpr`?" in err
    assert ".threatmodel.yaml:1:14" in err


def test_where_nothing_is_near_all_there_are_are_listed(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("frameworks: {zzz: low}\n")
    assert "there are: `gdpr`, `hipaa`" in run("check", "app", cwd=project).err


def test_a_baseline_that_is_not_there_is_told_with_what_writes_it(project: Path) -> None:
    (project / ".threatmodel.yaml").write_text("baseline: known.yaml\n")
    done = run("check", "app", cwd=project)
    assert done.status == 2
    assert "there is no baseline `known.yaml`" in done.err
    assert "`threatmodel baseline create` writes one" in done.err


def test_a_wrong_policy_file_or_variable_ends_with_2(project: Path) -> None:
    done = run("check", "app", cwd=project, THREATMODEL_FAIL_ON="hihg")
    assert done.status == 2
    assert "`THREATMODEL_FAIL_ON` is `hihg`" in done.err
    (project / ".threatmodel.yaml").write_text("fail-on: hihg\n")
    for command in ("check", "matrix", "config"):
        done = run(command, "app", cwd=project)
        assert done.status == 2
        assert "did you mean `high`?" in done.err


def test_config_shows_values_and_where_they_come_from(project: Path) -> None:
    text = "fail-on: medium\nlayers:\n  channel: low\ncatalog: security\n"
    (project / ".threatmodel.yaml").write_text(text)
    shown = [
        line.split()
        for line in run("config", "app", cwd=project, THREATMODEL_BASELINE="b.yaml").out.splitlines()
    ]
    assert shown == [
        ["fail-on", "medium", ".threatmodel.yaml:1:1"],
        ["fail-on-unknown", "never", "default"],
        ["fail-on-reach", "never", "default"],
        ["catalog", "security", ".threatmodel.yaml:4:1"],
        ["baseline", "b.yaml", "environment", "(THREATMODEL_BASELINE)"],
        ["catalogs", "none", "default"],
        ["layers.channel", "low", ".threatmodel.yaml:3:3"],
    ]


def test_one_run_writes_many_files_and_the_screen(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(QUIET)
    done = run("check", "-o", "sarif=a.sarif", "-o", "markdown=b.md", "-o", "junit=c.xml", cwd=tmp_path)
    assert done.status == 0
    assert "Quiet" in done.out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.sarif", "b.md", "c.xml", "threatmodel.yaml"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "sarf=x"], "did you mean `sarif`?"),
        (["-o", "a", "-o", "b"], "two files without a format"),
        (["-o", "csv=a", "-o", "a"], "names `a` twice"),
        (["-o", "csv="], "names no file"),
    ],
)
def test_a_wrong_output_is_told_before_anything_is_written(
    words: list[str], told: str, tmp_path: Path
) -> None:
    (tmp_path / "threatmodel.yaml").write_text(QUIET)
    done = run("check", *words, cwd=tmp_path)
    assert done.status == 2
    assert told in done.err
    assert [p.name for p in tmp_path.iterdir()] == ["threatmodel.yaml"]


def test_a_file_with_an_equals_sign_needs_a_folder_in_front(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(QUIET)
    assert run("check", "-o", "./a=b", cwd=tmp_path).status == 0
    assert (tmp_path / "a=b").is_file()


@pytest.mark.parametrize(
    "name", [".threatmodel.yaml", "pyproject.toml", "threatmodel.lock", "app/decisions.yaml"]
)
def test_what_has_the_name_of_a_file_that_decides_and_is_none_stops_the_run(project: Path, name: str) -> None:
    (project / name).symlink_to("nowhere")
    dangling = run("check", "app", cwd=project)
    (project / name).unlink()
    (project / name).mkdir()
    folder = run("check", "app", cwd=project)
    assert (dangling.status, folder.status) == (2, 2)
    assert f"cannot read `{name}`" in dangling.err
    assert f"cannot read `{name}`: is a directory" in folder.err


@pytest.mark.parametrize(
    "words",
    [
        ["check", "--fail-on-unknown", "critical"],
        ["diff", "main..HEAD", "--fail-on-unknown", "critical"],
        ["diff", "--fail-on-unknown", "critical", "main..HEAD"],
    ],
)
def test_a_severity_after_the_flag_for_unknowns_is_told_where_it_can_stand(
    words: list[str], project: Path
) -> None:
    done = run(*words, cwd=project)
    assert done.status == 2
    assert done.err.startswith("error: `--fail-on-unknown` takes no severity, and `critical` is no file")
    assert "THREATMODEL_FAIL_ON_UNKNOWN=critical" in done.err
