"""The digest of a model is that of its files and decisions: the same anywhere, another when they change."""

from __future__ import annotations

import shutil
from pathlib import Path

from threatmodel.api import Library, load

LIBRARY = Library()


def written(folder: Path, *, part: str = "services: {web: }\n", decisions: str = "") -> Path:
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    (folder / "threatmodel.yaml").write_text("threatmodel: 1\nname: m\ninclude: parts/a.yaml\n")
    (folder / "parts" / "a.yaml").write_text(f"threatmodel: 1\n{part}")
    if decisions:
        (folder / "decisions.yaml").write_text(decisions)
    return folder


def digest(folder: Path) -> str:
    return load(folder / "threatmodel.yaml", LIBRARY, "2026-06-01").digest


def test_it_is_the_same_wherever_the_files_stand(tmp_path: Path) -> None:
    first = written(tmp_path / "one")
    found = digest(first)
    assert found.startswith("sha256:")
    shutil.copytree(first, tmp_path / "deep" / "two")
    assert digest(tmp_path / "deep" / "two") == found


def test_what_is_included_and_what_was_decided_changes_it(tmp_path: Path) -> None:
    plain = digest(written(tmp_path / "a"))
    other = digest(written(tmp_path / "b", part="services: {web: , api: }\n"))
    decided = digest(written(tmp_path / "c", decisions="threatmodel-decisions: 1\n"))
    assert len({plain, other, decided}) == 3
