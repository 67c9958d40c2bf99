"""Ten pull requests on the shop: each patch gives the comment beside it (`--update-golden` writes them)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from tests.golden.outputs import steady
from threatmodel.cli import cli
from threatmodel.export.schemas import contract, json_schema
from threatmodel.resources import resource_dir

FOLDER = Path(__file__).parent / "pull-requests"
AS_OF = "2026-11-01"
STATUS = {
    "01-new-third-party": 0,
    "02-gateway-bypass": 0,
    "03-transport-turned-permissive": 1,
    "04-cache-added": 0,
    "05-region-moved": 0,
    "06-waiver-expired": 0,
    "07-pure-rename": 0,
    "08-comment-only": 0,
    "09-new-data-on-an-old-flow": 0,
    "10-control-removed-at-the-boundary": 0,
}
"""The exit status of each with `--fail-on high`."""

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not there")


def test_the_list_is_the_folder() -> None:
    assert sorted(STATUS) == sorted(p.name for p in FOLDER.iterdir() if p.is_dir())


@pytest.mark.parametrize("name", STATUS)
def test_a_pull_request_gets_its_comment(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    _repository(tmp_path, FOLDER / name / "change.patch")
    words = ("diff", "main..change", "--format", "markdown", "--fail-on", "high", "--as-of", AS_OF)
    with contextlib.chdir(tmp_path):
        done = CliRunner().invoke(cli, words)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception

    shown = steady(done.stdout)
    golden = FOLDER / name / "comment.md"
    if request.config.getoption("--update-golden"):
        golden.write_text(shown, encoding="utf-8", newline="")
    assert shown == golden.read_text(encoding="utf-8")
    assert done.exit_code == STATUS[name]


@pytest.mark.parametrize("name", STATUS)
def test_its_changes_as_json_follow_the_published_schema(name: str, tmp_path: Path) -> None:
    _repository(tmp_path, FOLDER / name / "change.patch")
    with contextlib.chdir(tmp_path):
        done = CliRunner().invoke(cli, ("diff", "main..change", "--format", "json", "--as-of", AS_OF))
    plain = json.loads(done.stdout)
    contract("changes").model_validate(plain)
    assert list(jsonschema.Draft202012Validator(json_schema("changes")).iter_errors(plain)) == []


def _repository(folder: Path, patch: Path) -> None:
    """A repository with the shop on `main` and the patched shop on `change`."""
    for file in (resource_dir("samples") / "shop").glob("*.yaml"):
        shutil.copy(file, folder / file.name)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _commit(folder)
    _git(folder, "checkout", "--quiet", "-b", "change")
    _git(folder, "apply", "--unidiff-zero", str(patch))
    _commit(folder)


def _commit(folder: Path) -> None:
    _git(folder, "add", ".")
    who = ("-c", "user.name=shop", "-c", "user.email=shop@example.org", "-c", "commit.gpgsign=false")
    _git(folder, *who, "commit", "--quiet", "-m", "state")


def _git(folder: Path, *words: str) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True)
