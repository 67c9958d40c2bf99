"""One command writes what is stale, takes away what is left over, and names both when it only checks."""

from __future__ import annotations

from pathlib import Path

from tools.update import changes, write

OWNED = ("made/*.md",)


def test_what_is_stale_missing_or_left_over_is_a_change(tmp_path: Path) -> None:
    wanted = {"made/a.md": "a\n", "made/b.md": "b\n", "c.md": "c\r\n"}
    write(tmp_path / "made" / "a.md", "a\n")
    write(tmp_path / "made" / "b.md", "old\n")
    write(tmp_path / "made" / "old.md", "\n")
    write(tmp_path / "made" / "kept.txt", "\n")

    found = dict(changes(tmp_path, wanted, OWNED))

    assert found == {"made/b.md": "b\n", "c.md": "c\r\n", "made/old.md": None}


def test_after_the_changes_are_written_there_is_none(tmp_path: Path) -> None:
    wanted = {"made/a.md": "a\n", "c.md": "c\r\n"}
    write(tmp_path / "made" / "old.md", "\n")

    for path, text in list(changes(tmp_path, wanted, OWNED)):
        write(tmp_path / path, text)

    assert list(changes(tmp_path, wanted, OWNED)) == []
    assert not (tmp_path / "made" / "old.md").exists()
