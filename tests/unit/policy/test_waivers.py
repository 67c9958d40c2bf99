"""A waiver counts only while it is in force and compensated, and says so when it does not."""

from __future__ import annotations

import pytest

from tests.unit.render.written import assessment, framework, gap, row
from threatmodel.model import Decisions, Waiver
from threatmodel.policy import apply_decisions
from threatmodel.render.text.notes import diagnostics
from threatmodel.results import Assessment, ResultColumn
from threatmodel.source import parse

COLUMNS = (ResultColumn("rate-limit", "service", ("api", "web"), bytes((1, 3))),)


def decide(*waivers: tuple[str, str, str | None]) -> Assessment:
    """The assessment of one gap, as of 2026-11-24, after waivers of a pattern, an end and a compensation."""
    text = "threatmodel-decisions: 1\nwaivers:\n" + "".join(f"- finding: w{i}\n" for i in range(len(waivers)))
    made = tuple(
        Waiver((0, "waivers", i), pattern, "why", "sec", until, by)
        for i, (pattern, until, by) in enumerate(waivers)
    )
    return apply_decisions(assessment(gap(), columns=COLUMNS), Decisions(parse(text), made, ()))


@pytest.mark.parametrize(
    ("waiver", "disposition", "codes"),
    [
        (("encrypt@db", "2027-06-30", None), "waived", []),
        (("*@db", "2027-06-30", None), "waived", []),
        (("encrypt@d", "2027-06-30", None), "open", ["unmatched-waiver"]),
        (("encrypt@db", "2026-11-23", None), "open", ["expired-waiver"]),
        (("encrypt@db", "2026-11-24", None), "waived", ["expiring-waiver"]),
        (("encrypt@db", "2026-12-23", None), "waived", ["expiring-waiver"]),
        (("encrypt@db", "2026-12-24", None), "waived", []),
        (("encrypt@db", "2027-06-30", "rate-limit@api"), "waived", []),
        (("encrypt@db", "2027-06-30", "rate-limit@web"), "open", ["uncompensated-waiver"]),
        (("encrypt@db", "2027-06-30", "rate-limit@gone"), "open", ["dangling-waiver"]),
        (("encrypt@db", "2027-06-30", "no-such@api"), "open", ["dangling-waiver"]),
    ],
)
def test_a_waiver_counts_or_says_why_not(
    waiver: tuple[str, str, str | None], disposition: str, codes: list[str]
) -> None:
    made = decide(waiver)
    assert made.findings[0].disposition == disposition
    assert [w.code for w in made.warnings] == codes


@pytest.mark.parametrize(
    ("pattern", "help"),
    [
        ("encrypt@d", "did you mean `encrypt@db`?"),
        ("encrypt", "a key names its subject, too: `encrypt@*` for all of them"),
        ("zzz", ""),
    ],
)
def test_a_waiver_that_matches_nothing_says_what_was_likely_meant(pattern: str, help: str) -> None:
    assert [w.help for w in diagnostics(decide((pattern, "2027-06-30", None)).warnings)] == [help]


def test_keys_that_a_file_holds_are_told_without_what_could_turn_the_line() -> None:
    hostile = "rate\u202e@x\x1b[1m"
    for finding, by in (("encrypt@db", hostile), (hostile, None), (hostile, "rate-limit@web")):
        warnings = decide((finding, "2027-06-30", by)).warnings
        assert warnings
        assert all(w.message.isprintable() for w in diagnostics(warnings))


def test_the_days_that_are_left_are_told() -> None:
    said = [
        diagnostics(decide(("encrypt@db", day, None)).warnings)[0].message
        for day in ("2026-11-24", "2026-11-25", "2026-12-01")
    ]
    assert said == [
        "waiver `encrypt@db` runs out today, on 2026-11-24",
        "waiver `encrypt@db` runs out tomorrow, on 2026-11-25",
        "waiver `encrypt@db` runs out in 7 days, on 2026-12-01",
    ]


def test_a_row_that_lacks_a_disabled_control_is_not_accepted_with_its_gaps() -> None:
    rows = (row(), row("Art. 32(1)(b)", disabled=("mfa",)), row("Art. 32(1)(c)", status="not-modelled"))
    waiver = Waiver((0, "waivers", 0), "encrypt@db", "why", "sec", "2027-06-30", None)
    text = parse("threatmodel-decisions: 1\nwaivers: [{finding: w}]")
    made = apply_decisions(assessment(gap(), frameworks=(framework(*rows),)), Decisions(text, (waiver,), ()))
    assert [r.status for r in made.frameworks[0].rows] == ["risk-accepted", "not-modelled", "not-modelled"]
    assert made.frameworks[0].rows[0].note.startswith("waived, and open all the same: ")
