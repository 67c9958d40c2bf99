"""Mutated catalogs and lock files are taken, or refused with input errors: nothing else comes out."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from threatmodel.api import Library, parse
from threatmodel.catalog.overlay.apply import apply_catalogs
from threatmodel.errors import InputError
from threatmodel.export.assessment import to_json
from threatmodel.policy.lock import check_lock, lock_text, parse_lock
from threatmodel.render.diagnostics import diagnostics_text
from threatmodel.render.terminal import check_text
from threatmodel.resources import resource_dir
from threatmodel.source import parse as parse_yaml
from threatmodel.source import read

from .mutate import mutated

SEED = 20261124
COUNT = 300
HOWTO = Path(__file__).parents[2] / "docs" / "howto"
TINY = resource_dir("samples") / "tiny" / "threatmodel.yaml"


def catalog() -> dict[str, bytes]:
    """The catalog of the how-to, and the framework of the other one."""
    text = (HOWTO / "own-controls.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(# security/catalog/(\S+)\n.*?)```", text, re.S)
    files = {name: block.encode() for block, name in blocks}
    framework = re.search(
        r"```yaml\n(.*?)```", (HOWTO / "own-framework.md").read_text(encoding="utf-8"), re.S
    )
    assert framework
    return {**files, "frameworks/house-rules.yaml": framework[1].encode()}


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)


def test_only_input_errors_come_out_of_a_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shipped, whole, folder = Library().catalog.controls, catalog(), Path("own")
    accepted = 0
    for number in range(COUNT):
        random = Random(f"{SEED}:{number}")
        name = random.choice(sorted(whole))
        write(folder, {**whole, name: mutated(random, whole[name], list(whole.values()))})
        applied = apply_catalogs(shipped, (folder,))
        assert diagnostics_text(applied.problems, color=False) or not applied.problems
        accepted += not applied.problems
        if number % 10 == 0 and not applied.problems:
            assessed(folder)
    assert COUNT / 5 < accepted < COUNT * 0.8, "the texts are too tame or too broken to show anything"


def assessed(folder: Path) -> None:
    """Assesses a model with a catalog, unless its framework is refused beside the shipped ones."""
    try:
        assessment = parse(read(TINY), Library(catalogs=(folder,)), "2026-06-01").assess()
    except InputError:
        return
    assert check_text(assessment, 100, color=False, every=True)
    assert to_json(assessment, every=True)


def test_only_input_errors_come_out_of_a_lock_file() -> None:
    editions = Library().editions
    text = lock_text(editions).encode()
    held = told = 0
    for number in range(COUNT):
        random = Random(f"{SEED}:{number}")
        try:
            check_lock(parse_lock(parse_yaml(mutated(random, text, [text]), "threatmodel.lock")), editions)
            held += 1
        except InputError as refused:
            told += bool(diagnostics_text(refused.diagnostics, color=False))
    assert held + told == COUNT
    assert COUNT / 10 < held < COUNT * 0.9
