"""The framework that the how-to writes loads, has no fault, and gives a matrix of every sort of row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from threatmodel.api import Library
from threatmodel.cli import cli
from threatmodel.resources import resource_dir

PAGE = Path(__file__).parents[3] / "docs" / "howto" / "own-framework.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    found = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert found
    path = tmp_path / "house-rules.yaml"
    path.write_text(found[1], encoding="utf-8")
    return path


def test_it_has_ten_rows_and_no_fault(example: Path) -> None:
    (framework,) = (f for f in Library(None, (example,)).frameworks if f.id == "house-rules")
    assert len(framework.requirements) == 10
    result = CliRunner().invoke(cli, ["catalog", "lint", str(example)])
    assert result.exit_code == 0, result.output


def test_its_matrix_tells_every_sort_of_row(example: Path) -> None:
    words = [
        "matrix",
        str(resource_dir("samples") / "shop"),
        "--as-of",
        "2026-11-01",
        "--framework",
        str(example),
    ]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0, result.output
    statuses = dict(re.findall(r"^(7\.\d+) +(\S+)", result.stdout, re.M))
    assert statuses["7.9"] == "gap"
    assert statuses["7.8"] == "not-modelled"
    assert statuses["7.10"] == "outside-model"
    assert len(statuses) == 10
