"""The CSV for CISO Assistant: its columns, its numbers, and no result that a person has to give."""

from __future__ import annotations

import csv
import io

from tests.unit.export.dossiers import LIBRARY, of_framework, sample
from threatmodel.export.ciso import write

FRAMEWORKS = {f.id: f for f in LIBRARY.frameworks}


def rows(name: str) -> list[dict[str, str]]:
    text = write(of_framework(sample("clinic"), name))
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_every_row_of_the_framework_is_there_and_says_what_the_design_shows() -> None:
    for name, framework in FRAMEWORKS.items():
        found = rows(name)
        assert len(found) == len(framework.requirements)
        assert all(r["observations"].startswith("threat model: ") for r in found)
        assert all("a design cannot show: " in r["observations"] for r in found)


def test_results_and_scores_are_blank() -> None:
    found = [*rows("gdpr"), *rows("hipaa")]
    assert {(r["compliance_result"], r["score"]) for r in found} == {("", "")}
    assert {r["requirement_progress"] for r in found} == {"to_do", "in_progress"}
    assert {r["assessable"] for r in found} == {"x"}


def test_articles_are_numbered_as_its_library_numbers_them() -> None:
    numbers = {r["name"]: r["ref_id"] for r in rows("gdpr")}
    assert "32.1.a" in numbers.values()
    assert "44" in numbers.values()
    assert rows("gdpr")[0]["urn"] == f"urn:intuitem:risk:req_node:gdpr:{rows('gdpr')[0]['ref_id']}"
    assert "164.312(a)(1)" in {r["ref_id"] for r in rows("hipaa")}
