"""The action, the hooks, the GitLab job and the examples in the docs are what their platforms accept."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.test_cli import ONE_HIGH_GAP, run

ROOT = Path(__file__).parents[3]
HOWTO = ROOT / "docs" / "howto"


def blocks(page: str) -> list[str]:
    """The YAML in a page."""
    return re.findall(r"```yaml\n(.*?)```", (HOWTO / page).read_text(encoding="utf-8"), re.DOTALL)


def accepted(schema: str, path: Path) -> None:
    pytest.importorskip("check_jsonschema", reason="the schemas of the platforms come with check-jsonschema")
    words = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_is_valid() -> None:
    accepted("github-actions", ROOT / "action.yml")


def test_the_gitlab_job_is_valid() -> None:
    accepted("gitlab-ci", ROOT / "templates" / "gitlab-ci.yml")


@pytest.mark.parametrize("number", range(len(blocks("github-actions.md"))))
def test_an_example_workflow_is_valid(number: int, tmp_path: Path) -> None:
    path = tmp_path / "workflow.yml"
    path.write_text(blocks("github-actions.md")[number])
    accepted("github-workflows", path)


def test_the_example_of_gitlab_is_valid(tmp_path: Path) -> None:
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(blocks("gitlab.md")[0])
    accepted("gitlab-ci", path)


def test_the_example_policy_is_one() -> None:
    from threatmodel.policy import parse_settings
    from threatmodel.source import parse

    settings = parse_settings(parse(blocks("ci.md")[0]))
    assert settings.fail_on == "high"
    assert settings.frameworks == {"hipaa": "medium"}


def test_no_input_of_the_action_is_put_into_a_script() -> None:
    steps: list[dict[str, Any]] = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    scripts = [step["run"] for step in steps if "run" in step]
    assert len(scripts) == 3
    assert not any("${{" in script for script in scripts)


def action(tmp_path: Path, **inputs: str) -> tuple[int, dict[str, str], str, str]:
    """The check of the action: its status, its outputs, its annotations and its step summary."""
    for name, words in (("python", ""), ("threatmodel", "-m threatmodel ")):
        program = tmp_path / "threatmodel" / "bin" / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}"$@"\n')
        program.chmod(0o755)
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    script = next(step["run"] for step in steps if step.get("id") == "check")
    given = {"MODEL": ".", "FAIL_ON": "", "BASELINE": "", "AS_OF": "", "OUTPUT": "out", **inputs}
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    environment = {
        "PATH": os.environ["PATH"],
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(outputs),
        "GITHUB_STEP_SUMMARY": str(summary),
        **given,
    }
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = outputs.read_text().splitlines() if outputs.exists() else []
    said = dict(line.split("=", 1) for line in lines)
    return done.returncode, said, done.stdout, summary.read_text() if summary.exists() else ""


def test_the_action_annotates_writes_and_leaves_failing_to_its_last_step(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(ONE_HIGH_GAP)
    status, said, annotations, summary = action(tmp_path)
    assert status == 0
    assert said == {"status": "1", "gaps": "1", "sarif": "out/threatmodel.sarif", "summary": "out/summary.md"}
    assert annotations.startswith("::error file=threatmodel.yaml,line=")
    assert "encrypt-at-rest@db" in summary
    assert json.loads((tmp_path / "out" / "threatmodel.sarif").read_text())["version"] == "2.1.0"


def test_the_action_takes_a_baseline_and_a_day(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(ONE_HIGH_GAP)
    assert run("baseline", "create", cwd=tmp_path).status == 0
    status, said, _, _ = action(tmp_path, BASELINE="baseline.yaml", AS_OF="2026-11-24")
    assert (status, said["status"], said["gaps"]) == (0, "0", "0")


def test_the_action_stops_at_an_invalid_model(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text("threatmodel: 1\nname: x\nwhat: 1\n")
    status, said, annotations, summary = action(tmp_path)
    assert (status, said) == (2, {"status": "2"})
    assert annotations.startswith("::error file=threatmodel.yaml,line=3,")
    assert summary == "The threat model could not be checked: see the annotations and the log.\n"


def test_two_models_of_one_job_share_no_folder(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "threatmodel.yaml").write_text(ONE_HIGH_GAP)
    first, second = (action(tmp_path, MODEL=name, OUTPUT="")[1] for name in ("a", "b"))
    assert first["sarif"] != second["sarif"]
    for name, said in (("a", first), ("b", second)):
        assert f"{name}/threatmodel.yaml" in Path(said["sarif"]).read_text()
        assert Path(said["summary"]).parent.parent == tmp_path


@pytest.mark.parametrize("name", ["MODEL", "FAIL_ON", "BASELINE", "AS_OF", "OUTPUT"])
@pytest.mark.parametrize("text", ["x\nstatus=0", "x\rstatus=0"])
def test_no_input_of_the_action_writes_an_output(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(ONE_HIGH_GAP)
    status, said, annotations, _ = action(tmp_path, **{name: text})
    assert (status, said) == (2, {})
    assert "an input of the action holds a line break" in annotations


def test_text_in_an_input_is_never_run(tmp_path: Path) -> None:
    (tmp_path / "threatmodel.yaml").write_text(ONE_HIGH_GAP)
    status, _, _, _ = action(tmp_path, MODEL="$(touch owned); --help", FAIL_ON="`touch owned`")
    assert status == 2
    assert not (tmp_path / "owned").exists()


def test_the_hooks_name_commands_that_exist_and_see_files_of_every_name() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [h["id"] for h in hooks] == ["threatmodel", "threatmodel-fmt"]
    for hook in hooks:
        assert run(*hook["entry"].split()[1:], "--help").status == 0
        assert (hook["always_run"], hook["pass_filenames"]) == (True, False)
        assert not {"files", "types", "exclude"} & hook.keys()


def test_the_hooks_take_the_folder_of_a_model_and_reach_what_it_includes(tmp_path: Path) -> None:
    (tmp_path / "docs" / "services").mkdir(parents=True)
    (tmp_path / "docs" / "threatmodel.yaml").write_text(ONE_HIGH_GAP + "include: services/edge.yaml\n")
    edge = tmp_path / "docs" / "services" / "edge.yaml"
    edge.write_text("threatmodel: 1\nservices: {edge: {}}\n")
    assert run("fmt", "docs", cwd=tmp_path).status == 0
    assert edge.read_text().splitlines()[-2:] == ["services:", "  edge: {}"]
    assert run("check", "docs", cwd=tmp_path).status == 1
    edge.write_text("threatmodel: 1\nservices: {edge: {colour: red}}\n")
    assert run("check", "docs", cwd=tmp_path).status == 2
