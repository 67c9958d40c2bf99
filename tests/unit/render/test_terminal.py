"""The daily screen says what is wrong, worst first, stays short, and reads the same without colour."""

from __future__ import annotations

import re

import pytest

from tests.unit.render.written import HOSTILE, assessment, gap, plain, premise, question, stated
from threatmodel.errors import Diagnostic, Span
from threatmodel.render.terminal import check_text
from threatmodel.render.text.terminal_text import columns
from threatmodel.results import Assessment, DeclareKey, Filled


def screen(made: Assessment, *, width: int = 100, every: bool = False) -> str:
    """The screen without colour."""
    return check_text(made, width, False, every)


def test_a_gap_shows_severity_message_place_key_reason_and_fix() -> None:
    assert screen(assessment(gap(because=stated("absent")))) == (
        "Shop  as of 2026-11-24\n"
        "\n"
        "1 gap: 1 high · 0 questions on 1 unknown · 1 satisfied · 3 not applicable\n"
        "\n"
        "GAPS\n"
        "\n"
        "▲ high      `db` lacks encrypt.\n"
        "            encrypt@db · model.yaml:7:3\n"
        "            why  stated here: absent — the fact is false (line 9)\n"
        "            fix  Add encrypt to `db`.\n"
        "\n"
        "next: threatmodel explain encrypt@db model.yaml\n"
        "      why, down to file and line\n"
    )


def test_the_summary_counts_each_disposition_and_severity() -> None:
    made = assessment(
        gap(severity="critical"),
        gap("b"),
        gap("c", severity="low"),
        gap("d", disposition="planned", owner="ops", due="2030-01-01"),
        gap("e", disposition="waived", waiver="old (sec, until 2030-01-01)"),
        questions=(question(),),
        warnings=(Diagnostic("unmatched-waiver", "x", None, level="warning"),),
    )
    assert screen(made).splitlines()[2:4] == [
        "3 gaps: 1 critical, 1 high, 1 low · 1 planned · 1 waived · 1 question on 1 unknown · 1 satisfied ·",
        "3 not applicable · 1 warning",
    ]


def test_planned_and_waived_gaps_stand_apart_with_who_decided() -> None:
    text = screen(
        assessment(
            gap("open"),
            gap("plan", disposition="planned", owner="ops", due="2030-01-01"),
            gap("waive", disposition="waived", waiver="old (sec, until 2030-01-01)"),
        )
    )
    parts = re.split(r"\n(?=GAPS|PLANNED|WAIVED)", text)
    assert ["open@db" in parts[1], "plan@db" in parts[2], "waive@db" in parts[3]] == [True] * 3
    assert "plan ops, due 2030-01-01" in parts[2]
    assert "waived old (sec, until 2030-01-01)" in parts[3]


def test_alike_gaps_are_told_once_and_listed() -> None:
    text = screen(assessment(*(gap(subject=f"db{i}") for i in range(7))))
    assert "7 gaps: the title of encrypt" in text
    assert text.count("fix ") == 1
    assert [f"encrypt@db{i} ·" in text for i in range(7)] == [True] * 5 + [False] * 2
    assert "… and 2 more (--all)" in text


def test_gaps_of_one_control_with_different_reasons_are_told_apart() -> None:
    text = screen(
        assessment(gap(subject="a", because=stated("absent")), gap(subject="b", because=stated("weak")))
    )
    assert text.count("fix ") == 2


def test_a_milder_gap_in_a_group_says_so() -> None:
    text = screen(assessment(gap(subject="a", severity="critical"), gap(subject="b", severity="medium")))
    assert "■ critical" in text
    assert "encrypt@b · model.yaml:7:3 (medium)" in text


def test_what_is_left_out_is_counted_and_shown_by_all() -> None:
    made = assessment(
        *(gap(f"control{i}") for i in range(20)), questions=tuple(question(f"q{i}?") for i in range(18))
    )
    short, full = screen(made), screen(made, every=True)
    assert "… and 5 more gaps (--all)" in short
    assert "… and 3 more questions (--all)" in short
    assert "--all" not in full
    assert full.count("fix ") == 20
    assert full.count("· settles 2 results ·") == len(re.findall(r"q\d+\?", full)) == 18


def test_all_shows_every_premise_and_what_was_overrode() -> None:
    made = assessment(
        gap(
            premises=(premise("first"), premise("second", Span("other.yaml", 1, 2, 1, 3))),
            overrode=(premise("the mesh says so"), premise("the type says so")),
        )
    )
    assert "second" not in screen(made)
    full = screen(made, every=True)
    assert "second is false (other.yaml:1:2)" in full
    assert "over the type says so" in full


def test_assumptions_are_named() -> None:
    made = assessment(assumptions=tuple(f"boundary `b{i}` is taken for trusted" for i in range(7)))
    assert "  - boundary `b4` is taken for trusted\n  … and 2 more (--all)" in screen(made)
    assert "b6" in screen(made, every=True)


@pytest.mark.parametrize(
    ("made", "command"),
    [
        (assessment(), "threatmodel report"),
        (assessment(questions=(question(),)), "threatmodel explain encrypt@s0 model.yaml"),
        (assessment(gap(subject="a->b")), "threatmodel explain 'encrypt@a->b' model.yaml"),
        (assessment(gap(), file="threatmodel.yaml"), "threatmodel explain encrypt@db"),
        (assessment(gap(), file="<stdin>"), "threatmodel explain encrypt@db"),
        (
            assessment(gap(), file="my models/shop.yaml"),
            "threatmodel explain encrypt@db 'my models/shop.yaml'",
        ),
        (
            assessment(gap("first", disposition="waived", waiver="w"), gap("second")),
            "threatmodel explain second@db model.yaml",
        ),
    ],
)
def test_the_screen_ends_with_a_command_that_a_shell_takes_as_it_is(made: Assessment, command: str) -> None:
    assert f"\nnext: {command}\n" in screen(made)


def test_colour_changes_nothing_but_colour() -> None:
    made = assessment(gap(), gap(subject="b"), gap("c"), questions=(question(),), assumptions=("a `b` c",))
    colored = check_text(made, 100, True, False)
    assert "\x1b[31m" in colored
    assert plain(colored) == screen(made).replace("`", "")


@pytest.mark.parametrize("width", [50, 60, 100])
def test_no_line_is_wider_than_the_screen(width: int) -> None:
    words = "a long message with many short words, 日本語 も あります, " * 4
    made = assessment(
        gap(message=Filled(words, ()), fix=Filled(words, ()), because=stated(words)),
        questions=(question(words),),
        assumptions=(words,),
    )
    for color in (True, False):
        shown, _, _ = plain(check_text(made, width, color, True)).partition("\nnext: ")
        lines = shown.splitlines()
        assert max(columns(line) for line in lines) <= width


def test_a_key_stays_whole_so_that_it_can_be_copied() -> None:
    subject = "a" * 90 + "->" + "b" * 90
    assert f"encrypt@{subject}" in screen(assessment(gap(subject=subject)), width=40)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_moves_and_colours_nothing(hostile: str) -> None:
    made = assessment(
        gap(
            subject=hostile,
            message=Filled(f"`{hostile}` lacks it", ()),
            fix=Filled(hostile, ()),
            because=stated(hostile),
            title=hostile,
            premises=(premise(hostile, Span(hostile, 1, 1, 1, 1)),),
            overrode=(premise(hostile),),
        ),
        gap("b", disposition="waived", waiver=hostile),
        gap("c", disposition="planned", owner=hostile, due="2030-01-01"),
        questions=(question(hostile)._replace(answer=DeclareKey(hostile, (hostile,))),),
        assumptions=(hostile,),
        name=hostile,
    )
    for every in (True, False):
        text = screen(made, every=every)
        assert all(line.isprintable() for line in text.split("\n"))
        assert text.count("encrypt@") == 2
