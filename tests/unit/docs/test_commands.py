"""The commands of the README and the how-to pages do what these pages say, as they are written there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from threatmodel.resources import resource_dir
from tools import readme

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text("utf-8")
SHOP = ("ci", "editor", "explain", "fix")


def commands(text: str) -> list[str]:
    """Every `threatmodel ...` line of the shell blocks, continued lines joined."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [line for line in lines if line.startswith("threatmodel ")]


def status(line: str, folder: Path) -> int:
    words = shlex.split(line, comments=True)[1:]
    done = subprocess.run([sys.executable, "-m", "threatmodel", *words], cwd=folder, capture_output=True)
    assert b"error" not in done.stderr, f"{line}: {done.stderr.decode()}"
    return done.returncode


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The sample that the how-to pages speak of, also under the name that they give it."""
    shutil.copytree(resource_dir("samples") / "shop", tmp_path, dirs_exist_ok=True)
    shutil.copy(tmp_path / "threatmodel.yaml", tmp_path / "shop.yaml")
    return tmp_path


def test_the_ten_lines_of_the_readme_take_every_command_below_them(tmp_path: Path) -> None:
    [model] = re.findall(r"```yaml\n(threatmodel: 1\n.*?)```", README, re.DOTALL)
    (tmp_path / "guestbook.yaml").write_text(model, "utf-8")
    ten = commands(README)
    assert len(ten) >= 8
    assert [status(line, tmp_path) for line in ten] == [1] + [0] * (len(ten) - 1)


def test_the_readme_shows_what_the_commands_print() -> None:
    assert readme.texts()["README.md"] == README, "run `python -m tools.update`"


@pytest.mark.parametrize("page", SHOP)
def test_every_command_of_a_page_works_on_the_sample(page: str, shop: Path) -> None:
    listed = commands((ROOT / "docs" / "howto" / f"{page}.md").read_text("utf-8"))
    assert listed
    for line in listed:
        fails = line.startswith("threatmodel check") and "--baseline" not in line
        assert status(line, shop) == int(fails), line
