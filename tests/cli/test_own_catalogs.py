"""Catalogs of one's own on the command line: every command takes them, and every assessment names them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Final

import click
import pytest

from tests.cli.test_cli import run
from threatmodel.api import Library
from threatmodel.cli import cli

MODEL: Final = """
threatmodel: 1
name: Shelf
parties: {us: {own: true, gdpr: controller}}
data: {record: {confidentiality: confidential, categories: personal}}
actors: {visitor: {human: true}}
services: {web: {custom_code: true, controls: {review-code: false}}}
stores: {db: {holds: record, controls: {encrypt-at-rest: false}}}
flows:
  - {from: visitor, to: web, protocol: https, sends: record}
  - {from: web, to: db, sends: record}
"""
OVERRIDES: Final = """
overrides:
  encrypt-at-rest: {severity: low, reason: a vault}
  mfa: {disable: true, reason: passkeys everywhere}
"""
HOSTILE: Final = "<img src=x onerror=alert(1)> | `x` =1+1 \\u202e {{7*7}} @all ]]> --> \\x1b[31m"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a model and a catalog of one control, named in the policy file."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "threatmodel.yaml").write_text(MODEL)
    (tmp_path / ".threatmodel.yaml").write_text("catalogs: rules\n")
    assert run("catalog", "new", "review-code", "--dir", "rules", cwd=tmp_path).status == 0
    return tmp_path


def gaps(project: Path, *words: str, **env: str) -> set[str]:
    done = run("check", "--format", "json", "--exit-zero", *words, cwd=project, **env)
    assert done.status == 0, done.err
    return {f["key"] for f in json.loads(done.out)["findings"]}


# every command


def leaves(group: click.Group, context: click.Context, at: str = "") -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found += leaves(command, context, f"{at}{name} ")
        else:
            found.append((f"{at}{name}", command))
    return found


def test_every_command_that_reads_a_model_or_a_catalog_takes_catalogs() -> None:
    without = {
        name
        for name, command in leaves(cli, click.Context(cli))
        if "--catalog" not in {o for p in command.params for o in p.opts}
    }
    assert without == {"import code2dfd", "init", "demo", "catalog new", "fmt", "completion"}


def test_every_such_command_works_with_an_added_control(project: Path) -> None:
    """A model that states a control of the catalog is valid for each of them, and for none without it."""
    commands = (
        ("check", "--exit-zero"),
        ("report",),
        ("diagram", "--format", "dot"),
        ("matrix",),
        ("explain", "review-code"),
        ("paths",),
        ("reach", "web"),
        ("lineage", "record"),
        ("export", "oscal-poam"),
        ("gdpr", "record"),
        ("hipaa", "associates"),
        ("baseline", "create"),
        ("waive", "review-code@web", "--reason", "x", "--owner", "y", "--until", "2999-01-01"),
    )
    (project / ".threatmodel.yaml").write_text("")
    for words in commands:
        assert "no control is called `review-code`" in run(*words, cwd=project).err, words
        done = run(*words, "--catalog", "rules", cwd=project)
        assert done.status == 0, (words, done.err)
    (project / "decisions.yaml").unlink()
    assert gaps(project, "--catalog", "rules") == {"encrypt-at-rest@db", "review-code@web"}
    assert gaps(project, THREATMODEL_CATALOGS="rules") == {"encrypt-at-rest@db", "review-code@web"}


def test_the_schema_completes_added_controls_and_no_disabled_ones(project: Path) -> None:
    (project / "rules" / "overrides.yaml").write_text(OVERRIDES)
    known = json.loads(run("schema", cwd=project).out)["definitions"]["controls"]["properties"]
    assert "review-code" in known
    assert "mfa" not in known
    assert "review-code" not in run("schema", cwd=project.parent).out


def test_history_and_diff_take_them_too(project: Path) -> None:
    repository(project)
    assert "1 gap" not in run("history", cwd=project).err
    assert "not valid" not in run("history", cwd=project).out
    text = (project / "threatmodel.yaml").read_text()
    (project / "threatmodel.yaml").write_text(text.replace("review-code: false", "review-code: by two"))
    done = run("diff", "HEAD", cwd=project)
    assert done.status == 0, done.err
    assert "review-code" in done.out
    assert run("diff", "HEAD", "--catalog", "rules", cwd=project).out == done.out


def repository(project: Path) -> None:
    (project / ".git").rmdir()
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-q", "-m", "first")):
        subprocess.run(["git", *words], cwd=project, check=True, capture_output=True)


def test_a_diff_names_the_catalogs_and_what_they_weaken_in_every_form(project: Path) -> None:
    (project / "rules" / "overrides.yaml").write_text(OVERRIDES)
    repository(project)
    digest = Library().editions[0].digest
    for form in ("text", "markdown", "html"):
        out = run("diff", "HEAD", "--format", form, cwd=project).out
        assert re.search("1 control disabled by the catalog .*passkeys everywhere", out), form
        assert f"({digest[7:19]})" in out, form
    plain = json.loads(run("diff", "HEAD", "--format", "json", cwd=project).out)
    assert plain["empty"] is True
    assert [c["name"] for c in plain["catalogs"]] == ["threatmodel", "rules"]
    assert plain["catalogs"][0]["digest"] == digest


# which catalogs count


def test_the_command_line_wins_over_the_environment_over_the_file(project: Path) -> None:
    for name in ("a", "b"):
        assert run("catalog", "new", f"rule-{name}", "--dir", name, cwd=project).status == 0
    shown = [
        run("config", *words, cwd=project, **env).out.splitlines()[-1].split(None, 1)
        for words, env in (
            ((), {}),
            ((), {"THREATMODEL_CATALOGS": "a:b"}),
            (("--catalog", "b", "--catalog", "a"), {"THREATMODEL_CATALOGS": "a"}),
        )
    ]
    assert [re.split(r"  +", value) for _, value in shown] == [
        ["rules", ".threatmodel.yaml:1:1"],
        ["a, b", "environment (THREATMODEL_CATALOGS)"],
        ["b, a", "command line"],
    ]


def test_paths_of_the_policy_file_are_its_own_and_stay_in_the_project(project: Path) -> None:
    (project / "app").mkdir()
    (project / "app" / "threatmodel.yaml").write_text(MODEL)
    assert run("check", "app", "--exit-zero", cwd=project).status == 0
    assert run("check", "threatmodel.yaml", "--exit-zero", cwd=project / "app").status == 0
    (project / ".threatmodel.yaml").write_text("catalogs: [rules, ../elsewhere, nowhere]\n")
    done = run("check", cwd=project)
    assert done.status == 2
    assert ".threatmodel.yaml:1:19" in done.err
    assert "`../elsewhere` is outside the project" in done.err
    assert "there is no folder `nowhere`" in done.err
    assert "2 errors" in done.err


def test_pyproject_names_them_too(project: Path) -> None:
    (project / ".threatmodel.yaml").unlink()
    (project / "pyproject.toml").write_text('[tool.threatmodel]\ncatalogs = ["rules"]\n')
    assert "review-code@web" in gaps(project)
    (project / "pyproject.toml").write_text('[tool.threatmodel]\ncatalogs = ["rule"]\n')
    assert "pyproject.toml:2:1" in run("check", cwd=project).err


def test_a_folder_that_is_not_there_is_told(project: Path) -> None:
    for words, env in ((("--catalog", "rule"), {}), ((), {"THREATMODEL_CATALOGS": "rule"})):
        done = run("check", *words, cwd=project, **env)
        assert done.status == 2
        assert "there is no folder `rule` to take a catalog from" in done.err


def test_a_broken_catalog_stops_every_run_with_all_its_problems(project: Path) -> None:
    (project / "rules" / "overrides.yaml").write_text("overrides: {mfa: {disable: true}, mfaa: {fix: x}}\n")
    (project / "rules" / "frameworks").mkdir()
    (project / "rules" / "frameworks" / "ours.yaml").write_text("id: ours\n")
    for words in (("check",), ("diagram",), ("catalog", "list"), ("schema",)):
        done = run(*words, cwd=project)
        assert (done.status, done.out) == (2, "")
        assert "rules/overrides.yaml:1:19" in done.err
        assert "did you mean `mfa`?" in done.err
        assert "rules/frameworks/ours.yaml:1:1" in done.err


# what is told


def test_the_text_says_what_is_weakened_and_which_catalogs_were_asked(project: Path) -> None:
    (project / "rules" / "overrides.yaml").write_text(OVERRIDES)
    (project / "rules" / "catalog.yaml").write_text("name: ours\nversion: '3'\n")
    out = run("check", "--exit-zero", cwd=project).out
    assert "1 control disabled by the catalog `ours`: `mfa` (passkeys everywhere)" in out
    assert "1 control weakened by the catalog `ours`: `encrypt-at-rest`: severity low" in out
    short = Library().editions[0].short
    assert re.search(rf"^catalogs: threatmodel \S+ \({short}\), ours 3 \([0-9a-f]{{12}}\)$", out, re.M)


def test_json_report_and_summary_say_it_too(project: Path) -> None:
    (project / "rules" / "overrides.yaml").write_text(OVERRIDES)
    words = ("-o", "json=a.json", "-o", "markdown=a.md", "-o", "/dev/null")
    assert run("check", "--exit-zero", *words, cwd=project).status == 0
    assert run("report", "-o", "r.md", cwd=project).status == 0
    assert run("report", "-o", "r.html", cwd=project).status == 0
    plain = json.loads((project / "a.json").read_text())
    shipped, ours = plain["catalogs"]
    assert shipped["digest"] == Library().editions[0].digest
    assert (ours["name"], ours["controls"]) == ("rules", ["review-code"])
    assert [(c["control"], c["weaker"], c["reason"]) for c in ours["changes"]] == [
        ("encrypt-at-rest", True, "a vault"),
        ("mfa", True, "passkeys everywhere"),
    ]
    for name in ("a.md", "r.md", "r.html"):
        assert "1 control disabled by the catalog" in (project / name).read_text(), name
    for name in ("r.md", "r.html"):
        assert ours["digest"] in (project / name).read_text()
        assert shipped["digest"] in (project / name).read_text()


def test_the_real_digest_of_the_shipped_catalog_is_printed(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text("threatmodel: 1\nname: x\n")
    digest = Library().editions[0].digest
    assert f'"digest": "{digest}"' in run("check", "--format", "json", cwd=tmp_path).out
    assert f"({digest[7:19]})" in run("check", cwd=tmp_path).out


def test_matrix_and_explain_say_why_a_control_is_not_asked(project: Path) -> None:
    (project / "rules" / "overrides.yaml").write_text(OVERRIDES)
    why = "`mfa` is disabled by the catalog `rules`: passkeys everywhere"
    assert why in " ".join(
        run("matrix", "--framework", "gdpr", "--format", "markdown", cwd=project).out.split()
    )
    assert "Art. 32(1)(b): not-modelled" in run("explain", "Art. 32(1)(b)", cwd=project).out
    assert "by the catalog `rules`: disabled: passkeys everywhere" in run("explain", "mfa", cwd=project).out
    done = run("explain", "mfa@visitor->web", cwd=project)
    assert done.status == 2
    assert "error: `mfa` is disabled by the catalog `rules`" in done.err
    gap = run("explain", "encrypt-at-rest", cwd=project).out
    assert "(data-at-rest, low)" in gap
    assert "severity low instead of high: a vault (rules/overrides.yaml:3:21)" in gap
    plain = json.loads(run("check", "--format", "json", "--exit-zero", cwd=project).out)
    [finding] = [f for f in plain["findings"] if f["control"] == "encrypt-at-rest"]
    assert finding["severity_from"][0] == (
        "control: low (severity low instead of high, by the catalog `rules`)"
    )


def test_text_of_a_catalog_is_escaped_wherever_it_is_written(project: Path) -> None:
    hostile_rules(project / "rules")
    forms = ("text", "json", "sarif", "junit", "gitlab", "github", "csv", "defectdojo", "markdown")
    words = [word for form in forms for word in ("-o", f"{form}={form}.out")]
    assert run("check", "--exit-zero", "-o", "/dev/null", *words, cwd=project).status == 0
    assert run("report", "-o", "report.html", cwd=project).status == 0
    assert run("report", "-o", "report.md", cwd=project).status == 0
    written = {p.name: p.read_text() for p in project.iterdir() if p.suffix in (".out", ".html", ".md")}
    assert len(written) == len(forms) + 2
    for command in (
        "catalog list",
        "catalog show review-code",
        "explain review-code",
        "explain mfa",
        "config",
    ):
        written[command] = run(*command.split(), cwd=project).out
        assert "onerror" in written[command] or command == "config"
    for name, text in written.items():
        assert "\x1b[31m" not in text, name
        assert "\u202e" not in text or json.loads(text), name
        assert "<img" not in text or name.split(".")[-1] not in ("html", "md"), name
    assert "<img" not in written["markdown.out"]
    assert "<img" not in written["junit.out"]
    assert not re.search(r'(^|,)"?=1', written["csv.out"])


def hostile_rules(rules: Path) -> None:
    """Fills every text of a catalog with what breaks terminals, pages, tables and sheets."""
    control = rules / "controls" / "governance" / "review-code.yaml"
    lines = control.read_text().split("\n")
    texts = ("title:", "question:", "gap:", "fix:")
    lines = [f'{line.split(":")[0]}: "{HOSTILE}"' if line.startswith(texts) else line for line in lines]
    control.write_text("\n".join(lines))
    (rules / "catalog.yaml").write_text(f'name: "{HOSTILE}"\nversion: "{HOSTILE}"\n')
    (rules / "overrides.yaml").write_text(f'overrides: {{mfa: {{disable: true, reason: "{HOSTILE}"}}}}\n')


# the lock


def test_a_locked_catalog_that_changes_stops_check_and_diff_until_it_is_locked_again(project: Path) -> None:
    locked = run("catalog", "lock", cwd=project)
    assert (locked.status, locked.err) == (0, "wrote threatmodel.lock: 2 catalogs\n")
    repository(project)
    check, diff, other = ("check", "--exit-zero"), ("diff", "HEAD"), ("matrix",)
    assert [run(*words, cwd=project).status for words in (check, diff, other)] == [0, 0, 0]
    assert run("catalog", "lock", "--check", cwd=project).status == 0
    (project / "rules" / "overrides.yaml").write_text(OVERRIDES)
    for words in (check, diff, ("catalog", "lock", "--check")):
        done = run(*words, cwd=project)
        assert (done.status, done.out) == (2, ""), words
        assert "threatmodel.lock:5:5" in done.err
        assert "the catalog `rules` is not the one that is locked" in done.err
        assert "`threatmodel catalog lock`" in done.err
    assert run(*other, cwd=project).status == 0
    assert run("catalog", "lock", cwd=project).status == 0
    assert [run(*words, cwd=project).status for words in (check, diff)] == [0, 0]


def test_a_lock_holds_below_its_folder_too(project: Path) -> None:
    (project / "app").mkdir()
    (project / "app" / "threatmodel.yaml").write_text(MODEL)
    assert run("catalog", "lock", cwd=project / "app").err == "wrote ../threatmodel.lock: 2 catalogs\n"
    assert run("check", "app", "--exit-zero", cwd=project).status == 0
    (project / "app" / ".threatmodel.yaml").write_text("fail-on: low\n")
    done = run("check", "app", "--exit-zero", cwd=project)
    assert done.status == 2
    assert "the catalog `rules` is locked, but not used here" in done.err


def test_a_lock_is_made_in_the_root_of_a_repository_without_a_policy(project: Path) -> None:
    (project / ".threatmodel.yaml").unlink()
    (project / "app").mkdir()
    assert run("catalog", "lock", cwd=project / "app").err == "wrote ../threatmodel.lock: 1 catalog\n"
    assert run("catalog", "lock", "--check", cwd=project).status == 0
    (project / "threatmodel.lock").unlink()
    missing = run("catalog", "lock", "--check", cwd=project)
    assert missing.status == 2
    assert "there is no `threatmodel.lock`" in missing.err


def test_a_broken_lock_stops_too(project: Path) -> None:
    (project / "threatmodel.lock").write_text("threatmodel-lock: 1\n")
    done = run("check", cwd=project)
    assert done.status == 2
    assert "threatmodel.lock:1:1" in done.err


# the catalog commands


def test_lint_and_test_are_of_your_own_controls(project: Path) -> None:
    rules = project / "rules"
    (rules / "overrides.yaml").write_text("overrides: {patch: {references: [CWE-0, CWE-1104]}}\n")
    tested = run("catalog", "test", cwd=project)
    assert (tested.status, tested.err) == (0, "1 control, 4 marked lines, 0 failures\n")
    linted = run("catalog", "lint", "--catalog", "rules", cwd=project)
    assert linted.status == 1
    assert "rules/overrides.yaml:1:34" in linted.err
    assert "no pinned list has the reference `CWE-0`" in linted.err
    assert "1 control, 1 override, 1 error, 1 warning or note" in linted.err
    control = rules / "controls" / "governance" / "review-code.yaml"
    control.write_text(control.read_text().replace("# satisfied", "# gap"))
    failed = run("catalog", "test", "review-code", cwd=project)
    assert failed.status == 1
    assert "the line is marked `gap`, the verdict is: satisfied" in failed.err
    assert run("catalog", "test", "patch", cwd=project).status == 0


def test_list_and_show_tell_what_is_yours(project: Path) -> None:
    (project / "rules" / "overrides.yaml").write_text(OVERRIDES)
    listed = run("catalog", "list", cwd=project).out
    assert "review-code" in listed
    assert re.search(r"^  mfa .* \(disabled by the catalog `rules`\)$", listed, re.M)
    shown = run("catalog", "show", "encrypt-at-rest", cwd=project).out
    last = "# by the catalog `rules`: severity low instead of high: a vault (rules/overrides.yaml:3:21)"
    assert shown.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("mfa",), "there is a control `mfa` already"),
        (("review-code", "--layer", "access"), "review-code.yaml` exists already"),
        (("Mfa",), "`Mfa` is no id for a control"),
        (("../x",), "`../x` is no id for a control"),
        (("x", "--layer", "acess"), "did you mean `access`?"),
        (("x", "--subject", "stroe"), "did you mean `store`?"),
    ],
)
def test_new_replaces_nothing_and_takes_plain_names(words: tuple[str, ...], told: str, project: Path) -> None:
    before = {p: p.read_text() for p in project.rglob("*.yaml")}
    done = run("catalog", "new", *words, cwd=project)
    assert done.status == 2
    assert told in done.err
    assert {p: p.read_text() for p in project.rglob("*.yaml")} == before


def test_new_writes_to_the_catalog_of_the_policy_even_before_it_is_there(tmp_path: Path) -> None:
    (tmp_path / ".threatmodel.yaml").write_text("catalogs: rules\n")
    assert "rules/controls/access/a.yaml" in run("catalog", "new", "a", "--layer", "access", cwd=tmp_path).err
    assert run("catalog", "test", cwd=tmp_path).err.startswith("1 control, 4 marked lines")
    (tmp_path / ".threatmodel.yaml").unlink()
    assert "wrote catalog/controls/governance/a.yaml" in run("catalog", "new", "a", cwd=tmp_path).err
