"""The comments on ten pull requests on the shop, each a patch of the sample."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from click.testing import CliRunner

from tests.golden.outputs import AS_OF, judging, steady
from threatmodel.cli import cli
from threatmodel.resources import resource_dir

FOLDER: Final = Path(__file__).parent / "pull-requests"
OWNED: Final = ("tests/corpus/pull-requests/*/comment.md",)
STATUS: Final = {
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


def texts() -> dict[str, str]:
    """Every comment by its path from the root of the checkout."""
    return {f"tests/corpus/pull-requests/{name}/comment.md": comment(name)[0] for name in STATUS}


def comment(name: str, form: str = "markdown") -> tuple[str, int]:
    """What is said of a pull request under the pinned catalog of the golden files, and the exit status."""
    words = ("diff", "main..change", "--format", form, "--fail-on", "high", "--as-of", AS_OF)
    with judging(pinned=True) as catalog, tempfile.TemporaryDirectory() as folder:
        _repository(Path(folder), FOLDER / name / "change.patch")
        with contextlib.chdir(folder):
            done = CliRunner(env={"THREATMODEL_CATALOG": str(catalog)}).invoke(cli, words)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return steady(done.stdout, catalog), done.exit_code


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
