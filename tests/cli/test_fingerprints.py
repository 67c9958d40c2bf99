"""Whatever only moves, reorders or retitles text keeps every fingerprint that `check` writes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_cli import run
from threatmodel.resources import resource_dir


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The shop as a folder of its own."""
    for file in (resource_dir("samples") / "shop").glob("*.yaml"):
        shutil.copy(file, tmp_path / file.name)
    return tmp_path


def found(shop: Path) -> tuple[dict[str, str], dict[str, int]]:
    """The fingerprint and the line of every result, by its key."""
    words = ("check", ".", "--format", "sarif", "--exit-zero", "--as-of", "2026-11-01", "--no-hygiene")
    done = run(*words, cwd=shop)
    assert done.status == 0, done.err
    results = json.loads(done.out)["runs"][0]["results"]
    prints = {r["properties"]["key"]: r["partialFingerprints"]["primaryLocationLineHash"] for r in results}
    lines = {
        r["properties"]["key"]: r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in results
    }
    return prints, lines


def lower(text: str) -> str:
    return "# one line more\n" * 7 + text


def retitle(text: str) -> str:
    return re.sub(r"title: ([^,}\n]+)", r"title: Another \1", text).replace("name: Harbour", "name: Port")


def turn(text: str) -> str:
    """The sections in the opposite order."""
    head, *sections = re.split(r"^(?=[a-z]+:\n)", text, flags=re.M)
    return head + "".join(s.rstrip("\n") + "\n" for s in reversed(sections))


@pytest.mark.parametrize("change", [lower, retitle, turn])
def test_a_change_of_text_alone_keeps_every_fingerprint(change: Callable[[str], str], shop: Path) -> None:
    before, lines_before = found(shop)
    assert len(set(before.values())) == len(before) >= 6
    path = shop / "threatmodel.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(change(text), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    after, lines_after = found(shop)
    assert after == before
    assert (lines_after != lines_before) == (change is not retitle)


def test_the_layout_of_fmt_keeps_every_fingerprint(shop: Path) -> None:
    before, lines_before = found(shop)
    assert run("fmt", ".", cwd=shop).status == 0
    after, lines_after = found(shop)
    assert after == before
    assert lines_after != lines_before
