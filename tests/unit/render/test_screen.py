"""Widths on a terminal: what is measured without a library is measured as the library would."""

from __future__ import annotations

import sys

import pytest
from rich.cells import cell_len

from threatmodel.render.text.terminal_text import columns


def test_every_character_is_as_wide_as_rich_says() -> None:
    shown = [chr(c) for c in range(0x20, 0x3000) if not 0x7F <= c < 0xA0]
    assert [c for c in shown if columns(c) != cell_len(c)] == []


@pytest.mark.parametrize(
    ("text", "wide"), [("", 0), ("abc", 3), ("■ é · …", 7), ("漢字", 4), ("e\u0301", 1), ("🙂", 2)]
)
def test_a_text_is_as_wide_as_its_characters(text: str, wide: int) -> None:
    assert columns(text) == wide


def test_the_signs_of_a_check_need_no_table_of_widths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.cells", None)
    assert columns("▲ high · a -> b … ◆") == 19
