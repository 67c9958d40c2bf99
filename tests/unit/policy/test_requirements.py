"""A requirement decision that has no effect says so, at its place and with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from threatmodel.api import Library, load
from threatmodel.render.text.notes import diagnostics

MODEL = "threatmodel: 1\nname: m\nparties: {host: }\nservices: {web: }\n"
PROCESSED = """
threatmodel: 1
name: m
parties: {us: {own: true, gdpr: controller}, them: {gdpr: processor, agreements: []}}
data: {x: {categories: personal}}
services: {web: , out: {party: them}}
flows: [{from: web, to: out, sends: x}]
"""
EVIDENCE = "evidence: {link: x.pdf, until: 2027-01-01}"
OLD = "evidence: {link: x.pdf, until: 2026-05-01}"


@pytest.mark.parametrize(
    ("decision", "code", "words"),
    [
        (
            "framework: hippa, requirement: 164.308(a)(2), decision: not-applicable",
            "dangling-decision",
            "`hippa`",
        ),
        ("framework: house, requirement: R1, decision: not-applicable", "dangling-decision", "`house`"),
        ("framework: hipaa, requirement: 164.308(a)(9), decision: attested", "dangling-decision", "(a)(9)"),
        ("framework: gdpr, requirement: 'Art. 99*', decision: attested", "dangling-decision", "Art. 99*"),
        (
            f"framework: hipaa, requirement: 164.308(a)(2), decision: implemented, {EVIDENCE}",
            "void-decision",
            "addr",
        ),
        (
            "framework: gdpr, requirement: Art. 22, decision: not-applicable, review: 2026-05-01",
            "void-decision",
            "rev",
        ),
        (
            "framework: gdpr, requirement: 'Art. 5*', decision: not-applicable",
            "void-decision",
            "on 7 of 7 rows, such as `Art. 5(1)(a)`: a mandatory row",
        ),
        (
            "framework: hipaa, requirement: '*', decision: not-applicable",
            "void-decision",
            "of 118 rows, such as `164.306(a)`: a mandatory row",
        ),
        (
            "framework: hipaa, requirement: 164.312(c)(2), decision: not-applicable",
            "void-decision",
            "decide `alternative`",
        ),
        (
            "framework: gdpr, requirement: Art. 37, decision: attested",
            "void-decision",
            "no evidence in force",
        ),
        (
            f"framework: gdpr, requirement: Art. 37, decision: attested, {OLD}",
            "void-decision",
            "no evidence in force",
        ),
        (
            f"framework: gdpr, requirement: Art. 37, decision: attested, scope: web, {EVIDENCE}",
            "void-decision",
            "scope",
        ),
        (
            f"framework: gdpr, requirement: Art. 37, decision: inherited, from: host, {OLD}",
            "void-decision",
            "inherited on 2026-01-01 has no evidence in force",
        ),
        (
            f"framework: gdpr, requirement: Art. 37, decision: inherited, from: host, scope: web, {EVIDENCE}",
            "void-decision",
            "scope",
        ),
    ],
)
def test_a_decision_without_effect_is_told(tmp_path: Path, decision: str, code: str, words: str) -> None:
    (warning,) = warnings(tmp_path, decision)
    assert warning[0] == code
    assert words in warning[1]


def test_a_decision_against_a_gap_is_told(tmp_path: Path) -> None:
    decision = "framework: gdpr, requirement: Art. 28(3), decision: not-applicable"
    assert warnings(tmp_path, decision) == []
    ((code, message),) = warnings(tmp_path, decision, PROCESSED)
    assert code == "void-decision"
    assert "gaps or unknown results stand against it" in message


@pytest.mark.parametrize(
    "decision",
    [
        "framework: gdpr, requirement: Art. 22, decision: not-applicable",
        f"framework: gdpr, requirement: Art. 37, decision: attested, {EVIDENCE}",
        f"framework: gdpr, requirement: Art. 37, decision: inherited, from: host, {EVIDENCE}",
        "framework: hipaa, requirement: 164.312(*, decision: not-reasonable-and-appropriate",
        "framework: nist-800-53, requirement: AC-99, decision: not-applicable",  # not asked for, so not read
    ],
)
def test_a_decision_that_counts_or_of_which_nobody_asked_is_not_told(tmp_path: Path, decision: str) -> None:
    assert warnings(tmp_path, decision) == []


def test_without_frameworks_nothing_is_told(tmp_path: Path) -> None:
    write(tmp_path, "framework: hippa, requirement: x, decision: attested")
    found = load(tmp_path / "threatmodel.yaml", Library(), as_of="2026-06-01").assess(frameworks=False)
    assert not found.warnings


def write(folder: Path, decision: str, model: str = MODEL) -> None:
    (folder / "threatmodel.yaml").write_text(model, encoding="utf-8")
    common = "reason: why, owner: me, date: 2026-01-01"
    text = f"threatmodel-decisions: 1\nrequirements: [{{{decision}, {common}}}]\n"
    (folder / "decisions.yaml").write_text(text, encoding="utf-8")


def warnings(folder: Path, decision: str, model: str = MODEL) -> list[tuple[str, str]]:
    write(folder, decision, model)
    found = load(folder / "threatmodel.yaml", Library(), as_of="2026-06-01").assess()
    return [(w.code, w.message) for w in diagnostics(found.warnings)]
