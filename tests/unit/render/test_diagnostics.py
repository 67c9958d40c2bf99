"""A diagnostic points at its place, whatever the line holds."""

from __future__ import annotations

import pytest

from tests.unit.render.written import HOSTILE, plain
from threatmodel.errors import Diagnostic, Level, Span
from threatmodel.render.terminal import diagnostics_text
from threatmodel.render.text.terminal_text import columns


def at(line: int, column: int, end: int, excerpt: str) -> Diagnostic:
    """An error on one line."""
    return Diagnostic("unknown-key", "unknown key `x`", Span("m.yaml", line, column, line, end), "", excerpt)


def test_a_diagnostic_reads_like_that_of_a_compiler() -> None:
    d = Diagnostic(
        "duplicate-id",
        "`db` is listed twice",
        Span("shop/model.yaml", 12, 3, 12, 5),
        "give one of them another id",
        "  db: {}",
        related=(("first listed here", Span("shop/model.yaml", 9, 3, 9, 5)),),
    )
    assert diagnostics_text((d,), color=False) == (
        "error[duplicate-id]: `db` is listed twice\n"
        "  --> shop/model.yaml:12:3\n"
        "   |\n"
        "12 |   db: {}\n"
        "   |   ^^\n"
        "   = help: give one of them another id\n"
        "   = see: first listed here (shop/model.yaml:9:3)\n"
    )


def test_several_are_separated_by_a_blank_line_and_none_is_nothing() -> None:
    two = diagnostics_text((at(1, 1, 2, "a"), at(2, 1, 2, "b")), color=False)
    assert two.split("\n\n")[1].startswith("error[unknown-key]")
    assert diagnostics_text((), color=False) == ""


@pytest.mark.parametrize(
    ("excerpt", "column", "end", "shown", "mark"),
    [
        ("abc: d", 6, 7, "abc: d", "     ^"),
        ("\tkey: v", 2, 5, "    key: v", "    ^^^"),
        ("日本: v", 5, 6, "日本: v", "      ^"),
        ("日本: v", 1, 3, "日本: v", "^^^^"),
        ("e\u0301: v", 5, 6, "e\u0301: v", "   ^"),
        ("a\u202eb: v", 3, 4, "a<U+202E>b: v", "         ^"),
        ("abc", 4, 4, "abc", "   ^"),
        ("abc", 9, 12, "abc", "   ^"),
    ],
)
def test_the_mark_stands_under_its_text(excerpt: str, column: int, end: int, shown: str, mark: str) -> None:
    lines = diagnostics_text((at(1, column, end, excerpt),), color=False).splitlines()
    assert lines[-2:] == [f"1 | {shown}", f"  | {mark}"]


def test_a_mark_over_several_lines_ends_with_the_first() -> None:
    d = Diagnostic("c", "m", Span("m.yaml", 1, 4, 3, 2), "", "ab: [c,   ")
    assert diagnostics_text((d,), color=False).splitlines()[-1] == "  |    ^^^^"


@pytest.mark.parametrize("column", [1, 60, 150, 5_000, 9_998, 10_000])
def test_a_long_line_is_cut_around_the_column(column: int) -> None:
    excerpt = "".join(f"{i:05} " for i in range(2_000))[:9_999] + "é"
    end = min(column + 500, 10_001)
    *_, line, mark = diagnostics_text((at(1, column, end, excerpt),), color=False).splitlines()
    assert columns(line) <= 4 + 2 + 120 + 2
    assert columns(mark.rstrip()) <= columns(line)
    shown = line[mark.index("^") : len(mark)]
    assert shown == excerpt[column - 1 : column - 1 + len(shown)]


@pytest.mark.parametrize("level", ["error", "warning", "note"])
def test_colour_changes_nothing_but_colour(level: Level) -> None:
    d = at(1, 1, 2, "abc")._replace(level=level, help="h")
    colored = diagnostics_text((d,), color=True)
    assert colored != plain(colored) == diagnostics_text((d,), color=False)


def test_without_a_place_the_message_stands_alone() -> None:
    d = Diagnostic("too-large", "the file is too large", None, "split it")
    assert diagnostics_text((d,), color=False) == (
        "error[too-large]: the file is too large\n  = help: split it\n"
    )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_on_its_line(hostile: str) -> None:
    span = Span(hostile, 1, 1, 1, 3)
    d = Diagnostic("c", hostile, span, hostile, hostile.splitlines()[0], related=((hostile, span),))
    lines = diagnostics_text((d,), color=False).split("\n")
    assert len(lines) == 8
    assert all(line.isprintable() for line in lines)
