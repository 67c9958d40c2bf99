"""Threats that people found are results: answered, a gap, or a question."""

from __future__ import annotations

import pytest

from tests.unit.evaluate.build import control, engine
from threatmodel.evaluate import assess
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.questions import phrased
from threatmodel.render.text.reasons import premise_text, reason_text
from threatmodel.results import Assessment, Verdict

STORES = """
owner: chief
data: {x: {owner: privacy}}
services: {s: }
stores:
  good: {owner: team, controls: {c: vault}}
  bad: {controls: {c: false}}
  open:
  out: {controls: {c: {status: not-applicable, reason: x}}}
flows: [{from: s, to: good}]
"""


def assessed(threat: str) -> Assessment:
    return assess(engine(f"{STORES}threats: {{t: {threat}}}", control()))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("", Verdict.UNKNOWN),
        (", answered_by: []", Verdict.GAP),
        (", answered_by: c@good", Verdict.SATISFIED),
        (", answered_by: c@bad", Verdict.GAP),
        (", answered_by: c@open", Verdict.UNKNOWN),
        (", answered_by: c@out", Verdict.UNKNOWN),
        (", answered_by: [c@good, c@bad]", Verdict.GAP),
        (", answered_by: [c@open, c@bad]", Verdict.GAP),
        (", answered_by: [c@good, c@open]", Verdict.UNKNOWN),
        (", answered_by: [c@good, c@out]", Verdict.UNKNOWN),
    ],
)
def test_a_threat_is_answered_when_all_its_results_are_satisfied(answers: str, expected: Verdict) -> None:
    found = assessed(f"{{against: good{answers}}}")
    assert found.verdict("threat:t") is expected
    assert ("threat:t" in [f.key for f in found.findings]) == (expected is Verdict.GAP)
    assert (("threat:t",) in [q.settles for q in found.questions]) == (expected is Verdict.UNKNOWN)
    assert found.count(Verdict.GAP) == len(found.findings)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("", "what answers the threat `Replay`?"),
        (
            ", answered_by: [c@good, c@open, c@out]",
            "what else answers the threat `Replay`, since `c@open` is unknown, `c@out` is not-applicable?",
        ),
    ],
)
def test_an_open_threat_asks_for_what_is_missing(answers: str, expected: str) -> None:
    questions = assessed(f"{{title: Replay, against: good, severity: high{answers}}}").questions
    (found,) = [q for q in phrased(questions) if q.question.settles == ("threat:t",)]
    assert (found.text, found.question.severity, found.question.place) == (expected, "high", "t")


def test_an_unanswered_threat_is_a_finding_with_its_answers_as_premises() -> None:
    found = assessed("{against: good, severity: critical, category: tampering, answered_by: [c@good, c@bad]}")
    finding = found.findings[0]
    assert (finding.key, finding.severity, finding.threats) == ("threat:t", "critical", ("tampering",))
    assert [premise_text(p) for p in finding.premises] == ["`c@bad` is gap", "`c@good` is satisfied"]
    assert message_text(finding.message) == "t: an answer to it is a gap."
    empty = assessed("{against: good, answered_by: []}").findings
    assert [reason_text(f.because) for f in empty if f.key == "threat:t"] == ["`answered_by` is empty"]


@pytest.mark.parametrize(
    ("against", "owner"),
    [("good", "team"), ("[data:x, good]", "privacy"), ("s->good", "team"), ("model", "chief")],
)
def test_a_threat_belongs_to_the_owner_of_what_it_is_against_first(against: str, owner: str) -> None:
    found = assessed(f"{{against: {against}, answered_by: []}}").findings
    assert [f.owner for f in found if f.key == "threat:t"] == [owner]


def test_without_threats_there_is_no_column_of_them() -> None:
    found = assess(engine(STORES, control()))
    assert [c.subject_kind for c in found.columns] == ["store"]
    assert found.verdict("threat:t") is None
