"""The decisions file: waivers and requirement decisions, strict like the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from threatmodel.errors import Diagnostic, InputError
from threatmodel.model import Decisions, Evidence, RequirementDecision, Waiver, load_decisions

from .build import model

TOP = "threatmodel-decisions: 1\n"
WAIVER = "{finding: backup@db, reason: r, owner: o, until: 2027-01-01}"
REQUIREMENT = (
    "{framework: hipaa, requirement: 164.312(a)(1), decision: attested, reason: r, owner: o, "
    "date: 2026-01-01}"
)


def inherited(keys: str) -> str:
    return REQUIREMENT.replace("attested", "inherited").replace("owner: o", f"owner: o, {keys}")


def load(folder: Path, text: str) -> Decisions:
    path = folder / "decisions.yaml"
    path.write_text(text, encoding="utf-8")
    return load_decisions(
        path, model("parties: {us: {own: true}, aws: }\nservices: {web: }\nboundaries: {cloud: }")
    )


def refused(folder: Path, text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as caught:
        load(folder, text)
    return caught.value.diagnostics


def test_a_file_may_decide_nothing(tmp_path: Path) -> None:
    for text in (TOP, f"{TOP}waivers:\nrequirements:\n", f"{TOP}waivers: []\nrequirements: []"):
        assert load(tmp_path, text)[1:] == ((), ())


@pytest.mark.parametrize("form", ["{}", "[{}]"])
def test_one_or_many_may_stand(form: str, tmp_path: Path) -> None:
    read = load(tmp_path, f"{TOP}waivers: {form.format(WAIVER)}\nrequirements: {form.format(REQUIREMENT)}")
    assert [w.finding for w in read.waivers] == ["backup@db"]
    assert [r.requirement for r in read.requirements] == ["164.312(a)(1)"]
    assert read.span(read.waivers[0].at).line == 2
    assert read.span(read.requirements[0].at).line == 3


def test_every_key_is_kept(tmp_path: Path) -> None:
    waiver = WAIVER.replace("}", ", compensated_by: mfa@a->b}").replace("backup@db", "'*@e\u0301tat'")
    requirement = REQUIREMENT.replace("attested", "alternative").replace(
        "}", ", scope: [web, cloud], alternative: locks, evidence: [a, {link: b}], review: 2027-01-01}"
    )
    read = load(tmp_path, f"{TOP}waivers: [{waiver}]\nrequirements: [{requirement}]")
    assert read.waivers == (Waiver((0, "waivers", 0), "*@\u00e9tat", "r", "o", "2027-01-01", "mfa@a->b"),)
    assert read.requirements == (
        RequirementDecision(
            (0, "requirements", 0),
            "hipaa",
            "164.312(a)(1)",
            ("web", "cloud"),
            "alternative",
            "r",
            "locks",
            (Evidence("a", None, None), Evidence("b", None, None)),
            "o",
            "2026-01-01",
            "2027-01-01",
        ),
    )


def test_what_is_left_out_is_unknown(tmp_path: Path) -> None:
    read = load(tmp_path, f"{TOP}waivers: {WAIVER}\nrequirements: {REQUIREMENT}")
    assert read.waivers[0].compensated_by is None
    decision = read.requirements[0]
    assert (decision.scope, decision.alternative, decision.evidence, decision.review) == (
        None,
        None,
        (),
        None,
    )


def test_a_row_is_inherited_from_another_party_with_a_link(tmp_path: Path) -> None:
    (read,) = load(tmp_path, f"{TOP}requirements: {inherited('from: aws, evidence: soc2.pdf')}").requirements
    assert (read.decision, read.provider) == ("inherited", "aws")
    assert read.evidence == (Evidence("soc2.pdf", None, None),)


def test_the_party_that_nobody_declared_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yaml"
    path.write_text(f"{TOP}requirements: {inherited('from: x, evidence: y')}", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_decisions(path, model("services: {web: }"))
    assert [d.code for d in caught.value.diagnostics] == ["unknown-reference"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- a", ["wrong-type"]),
        ("a: 1", ["unknown-key", "missing-key"]),
        ("threatmodel-decisions: 2", ["unsupported-version"]),
        ("threatmodel-decisions: one", ["wrong-type"]),
        ("threatmodel-decisions:", ["empty-value"]),
        (f"{TOP}waivers: x", ["wrong-type"]),
        (f"{TOP}waivers: [{{}}]", ["missing-key"] * 4),
        (f"{TOP}waivers: {WAIVER.replace('2027-01-01', '2027-02-30')}", ["bad-date"]),
        (f"{TOP}requirements: [{{}}]", ["missing-key"] * 6),
        (f"{TOP}requirements: {REQUIREMENT.replace('attested', 'alternative')}", ["missing-key"]),
        (
            f"{TOP}requirements: {REQUIREMENT.replace('owner: o', 'owner: o, scope: x')}",
            ["unknown-reference"],
        ),
        (f"{TOP}requirements: {inherited('evidence: x')}", ["missing-key"]),
        (f"{TOP}requirements: {inherited('from: aws')}", ["missing-key"]),
        (f"{TOP}requirements: {inherited('from: aws, evidence: []')}", ["missing-key"]),
        (f"{TOP}requirements: {inherited('from: aws, evidence: {date: 2026-01-01}')}", ["missing-key"]),
        (f"{TOP}requirements: {inherited('from: asw, evidence: x')}", ["unknown-reference"]),
        (f"{TOP}requirements: {inherited('from: cloud, evidence: x')}", ["unknown-reference"]),
        (f"{TOP}requirements: {inherited('from: us, evidence: x')}", ["own-provider"]),
        (f"{TOP}requirements: {REQUIREMENT.replace('owner: o', 'owner: o, from: aws')}", ["key-without-use"]),
        (f"{TOP}requirements: [1]", ["wrong-type"]),
    ],
)
def test_everything_wrong_is_told(text: str, expected: list[str], tmp_path: Path) -> None:
    assert [d.code for d in refused(tmp_path, text)] == expected
