"""A catalog folder is loaded whole, or refused with the faults of all its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.catalog.build import text
from tests.unit.catalog.test_lint import FRAMEWORK
from threatmodel.catalog import load_catalog, load_frameworks
from threatmodel.errors import InputError


def write(folder: Path, name: str, content: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def test_controls_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    write(tmp_path, "controls/perimeter/lock-doors.yaml", text())
    write(tmp_path, "controls/access/check-badges.yaml", text(id="id: check-badges", layer="layer: access"))
    assert list(load_catalog(tmp_path).controls) == ["check-badges", "lock-doors"]


def test_an_empty_folder_is_an_empty_catalog(tmp_path: Path) -> None:
    catalog = load_catalog(tmp_path)
    assert catalog.controls == {}
    assert load_frameworks(tmp_path, catalog) == ()


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "controls/perimeter/lock-doors.yaml", text(severity="severity: severe"))
    write(tmp_path, "controls/perimeter/bar-windows.yaml", "id: [")
    write(tmp_path, "controls/access/check-badges.yaml", text(id="id: check-badges"))
    with pytest.raises(InputError) as caught:
        load_catalog(tmp_path)
    found = [(d.span.file.rpartition("/")[2], d.code) for d in caught.value.diagnostics if d.span]
    assert found == [
        ("bar-windows.yaml", "yaml-syntax"),
        ("lock-doors.yaml", "unknown-word"),
        ("check-badges.yaml", "control-file"),
    ]


def test_frameworks_are_checked_against_the_controls(tmp_path: Path) -> None:
    write(tmp_path, "controls/perimeter/lock-doors.yaml", text())
    write(tmp_path, "frameworks/rules.yaml", FRAMEWORK.replace("{controls}", "[lock-doors]"))
    catalog = load_catalog(tmp_path)
    assert [f.id for f in load_frameworks(tmp_path, catalog)] == ["rules"]
    write(tmp_path, "frameworks/rules.yaml", FRAMEWORK.replace("{controls}", "[lock-windows]"))
    with pytest.raises(InputError, match="no control `lock-windows`"):
        load_frameworks(tmp_path, catalog)


def test_a_faulty_framework_of_a_user_is_told_with_its_place(tmp_path: Path) -> None:
    write(tmp_path, "own.yaml", "id: [")
    with pytest.raises(InputError) as caught:
        load_frameworks(tmp_path, load_catalog(tmp_path), (tmp_path / "own.yaml",))
    assert [(d.code, d.span.line) for d in caught.value.diagnostics if d.span] == [("yaml-syntax", 1)]
