"""A framework as a whole says where it stands and where to go on; a row what it counts and what to ask."""

from __future__ import annotations

import pytest

from tests.unit.export.dossiers import sample
from threatmodel.render.framework_rows import Standing, framework_text, row_text
from threatmodel.render.matrix import DISCLAIMER
from threatmodel.results import FrameworkResult, RequirementResult

WIDTH = 100
CLINIC = sample("clinic")


def framework(name: str) -> FrameworkResult:
    return next(f for f in CLINIC.assessment.frameworks if f.id == name)


def row(name: str) -> RequirementResult:
    rows = (r for f in CLINIC.assessment.frameworks for r in f.rows)
    return next(r for r in rows if r.requirement == name)


def told(name: str, most: int | None = None) -> str:
    (law,) = (f for f in CLINIC.frameworks if f.id == row(name).framework)
    counted = [
        Standing(r.key, r.verdict, r.span) for r in CLINIC.counted(law) if r.control in row(name).controls
    ]
    return row_text(row(name), counted[:most], CLINIC.assessment.questions, WIDTH, False)


def unfolded(name: str) -> str:
    """The text of a row without its line ends: where a line folds depends on where the checkout stands."""
    return " ".join(told(name).split())


@pytest.mark.parametrize("name", ["gdpr", "hipaa"])
def test_a_framework_counts_its_rows_by_status_and_tells_the_worst_first(name: str) -> None:
    law = framework(name)
    text = framework_text(law, CLINIC.assessment.findings, "samples/clinic", "", WIDTH, False)
    lines = text.splitlines()
    assert law.law_as_of.partition(":")[0] in text
    counts = lines[lines.index(f"{len(law.rows)} ROWS") + 1 :]
    counts = counts[: counts.index("")]
    assert sum(int(line.split()[0]) for line in counts) == len(law.rows)
    worst = [line.split()[0] for line in lines if line.startswith(("  gap  ", "  not-modelled  "))]
    gaps = sum(r.status == "gap" for r in law.rows)
    assert worst == ["gap"] * min(gaps, 10) + ["not-modelled"] * max(0, 10 - gaps)
    assert f"  next: threatmodel matrix samples/clinic --framework {name}" in lines
    assert any(line.startswith("  next: threatmodel explain '") for line in lines)
    assert DISCLAIMER.split(":")[0] in text
    assert max(map(len, lines)) <= WIDTH


def test_the_row_of_the_worst_gap_comes_first_and_is_the_one_to_go_on_with() -> None:
    law, worst = framework("hipaa"), CLINIC.assessment.findings
    text = framework_text(law, worst, "", "", WIDTH, False)
    first = next(f for f in worst if any(f.key in r.gaps for r in law.rows))
    shown = next(line for line in text.splitlines() if line.startswith("  gap"))
    assert first.key in next(r.gaps for r in law.rows if f" {r.requirement} " in shown)
    number = next(r.requirement for r in law.rows if f" {r.requirement} " in shown)
    assert f"  next: threatmodel explain '{number}'" in text.splitlines()


def test_a_framework_that_is_asked_for_by_name_is_named_in_the_commands() -> None:
    law = framework("gdpr")._replace(rows=(), applies=None)
    lines = framework_text(law, (), "m.yaml", "rules.yaml", WIDTH, False).splitlines()
    assert "  next: threatmodel matrix m.yaml --framework rules.yaml" in lines
    assert "  in this model   whether it applies is not declared" in lines
    assert not any("WORST" in line or "explain" in line for line in lines)
    shown = framework("gdpr")
    whole = framework_text(shown, (), "m.yaml", "rules.yaml", WIDTH, False)
    assert " m.yaml --framework rules.yaml\n        one row" in whole


def test_a_row_lists_what_it_counts_with_the_places_and_asks_what_settles_most() -> None:
    text = unfolded("164.312(a)(1)")
    assert " unknown authorize@ehr-us · " in text
    assert " satisfied authenticate-caller@records-us->ehr-us · " in text
    asked = text[text.index("ASK FIRST") :]
    settled = [int(part.split()[0]) for part in asked.split("settles ")[2:]]
    assert settled == sorted(settled, reverse=True)
    assert len(settled) == 3
    assert "ASK FIRST" not in told("164.312(a)(1)", 0)


def test_every_gap_is_listed_and_a_flood_of_others_is_counted() -> None:
    text = told("Art. 32(1)(b)")
    assert "more satisfied" in text
    assert "more unknown" in text
    for key in row("164.312(b)").gaps:
        assert f" gap {key} · " in unfolded("164.312(b)")


def test_a_row_without_controls_has_no_results_and_names_the_provider() -> None:
    text = told("164.310(d)(2)(i)")
    assert "RESULTS" not in text
    assert "responsible     clinic-us, inherited from aws" in text
    assert "legal/aws-soc2-2026.pdf" in text
