"""The catalog that the how-to writes is sound and does what it says; its digest is what a shell makes."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from threatmodel.api import Library
from threatmodel.cli import cli

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "howto" / "own-controls.md").read_text(encoding="utf-8")
CATALOG = Path("security/catalog")


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The catalog of the page, and the policy file that names it."""
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```yaml\n(# (security/\S+)\n.*?)```", PAGE, re.S)
    assert len(blocks) == 4
    for text, name in blocks:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    Path(".threatmodel.yaml").write_text(re.findall(r"```yaml\n(catalogs: .*\n)```", PAGE)[0])
    return Library(catalogs=(CATALOG,))


def test_lint_and_test_are_content(library: Library) -> None:
    for command, said in (("lint", "4 overrides, 0 errors"), ("test", "6 marked lines, 0 failures")):
        done = CliRunner().invoke(cli, ["catalog", command])
        assert done.exit_code == 0, done.output
        assert said in done.output


def test_it_changes_what_the_page_says(library: Library) -> None:
    controls = library.catalog.controls
    assert "review-code" in controls
    assert controls["encrypt-at-rest"].severity == "critical"
    assert ("captcha", "only") in controls["rate-limit"].weak
    assert controls["mfa"].disabled
    assert {c.control: c.weaker for c in library.editions[1].changes} == {
        "encrypt-at-rest": False,
        "rate-limit": False,
        "patch": True,
        "mfa": True,
    }


def test_every_key_of_an_override_is_explained() -> None:
    from threatmodel.catalog.overlay.overrides import OVERRIDE

    table = PAGE[PAGE.index("| key | does |") :]
    assert all(re.search(rf"`{key}[`:]", table) for key in OVERRIDE.fields)


@pytest.mark.skipif(not (shutil.which("sha256sum") and shutil.which("bash")), reason="no sha256sum here")
def test_the_digest_is_what_the_explanation_computes(library: Library) -> None:
    text = (DOCS / "explanation" / "own-catalogs.md").read_text(encoding="utf-8")
    [script] = re.findall(r"```sh\n(cd security/catalog .*?)```", text, re.S)
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert f"sha256:{done.stdout.split()[0]}" == library.editions[1].digest
