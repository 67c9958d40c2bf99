"""Threats that people found: answered when all named results are satisfied, a gap when one is a gap.

A disabled control has no results: whether it would have answered a threat is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from threatmodel.evaluate.ownership import owner_of
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.model import Threat
from threatmodel.results import (
    PREFIXED,
    Answer,
    AnswerStep,
    AnswerThreat,
    Cause,
    Finding,
    NameAnswers,
    OpenThreat,
    Premise,
    Question,
    ResultColumn,
    ThreatOpen,
    Verdict,
    result_key,
)


class ReportedThreats(NamedTuple):
    """A finding for each threat that is a gap, a question for each unknown one, and all their verdicts."""

    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    columns: tuple[ResultColumn, ...]


def reported_threats(engine: Engine, columns: Sequence[ResultColumn]) -> ReportedThreats:
    """The outcome of every threat that the model lists, from the results of its controls."""
    threats = sorted(engine.graph.model.threats.values(), key=lambda t: t.id)
    if not threats:
        return ReportedThreats((), (), ())
    verdicts = _verdicts({a.partition("@")[0] for t in threats for a in t.answered_by or ()}, columns)
    outcomes = [(threat, _outcome(threat, verdicts)) for threat in threats]
    column = ResultColumn(
        "", "threat", tuple(t.id for t in threats), bytes(outcome for _, outcome in outcomes)
    )
    return ReportedThreats(
        tuple(_finding(engine, t, verdicts) for t, outcome in outcomes if outcome is Verdict.GAP),
        tuple(_question(engine, t, verdicts) for t, outcome in outcomes if outcome is Verdict.UNKNOWN),
        (column,),
    )


def _verdicts(controls: set[str], columns: Sequence[ResultColumn]) -> dict[str, Verdict]:
    return {
        result_key(c.control, c.subject_kind, subject): Verdict(verdict)
        for c in columns
        if c.control in controls
        for subject, verdict in zip(c.ids, c.verdicts, strict=True)
    }


def _outcome(threat: Threat, verdicts: dict[str, Verdict]) -> Verdict:
    if threat.answered_by is None:
        return Verdict.UNKNOWN
    answers = {verdicts.get(key, Verdict.UNKNOWN) for key in threat.answered_by}
    if not answers or Verdict.GAP in answers:
        return Verdict.GAP
    return Verdict.SATISFIED if answers == {Verdict.SATISFIED} else Verdict.UNKNOWN


def _finding(engine: Engine, threat: Threat, verdicts: dict[str, Verdict]) -> Finding:
    answers = threat.answered_by or ()
    decisive = sorted(answers, key=lambda key: verdicts.get(key) is not Verdict.GAP)
    premises = tuple(Premise(Answer(key, verdicts.get(key)), None) for key in decisive)
    title = threat.title or threat.id
    return Finding(
        key=f"threat:{threat.id}",
        control="",
        subject_kind="threat",
        subject=threat.id,
        layer="found threats",
        title=title,
        message=ThreatOpen(title, bool(answers)),
        because=Cause(AnswerStep.ANSWER_IS_GAP if answers else AnswerStep.NO_ANSWER),
        fix=AnswerThreat(threat.id),
        severity=threat.severity,
        severity_from=(f"stated: {threat.severity}",),
        threats=threat.category or (),
        references=(),
        span=engine.graph.model.span(threat.at),
        premises=premises,
        overrode=(),
        owner=_owner(engine, threat),
        due=None,
    )


def _owner(engine: Engine, threat: Threat) -> str | None:
    """The owner of the first subject that the threat is against."""
    g = engine.graph
    keys = {kind: f"{kind}:" if kind in PREFIXED else "" for kind in g.order}
    kind, name = next(
        (kind, name)
        for kind, start in keys.items()
        if (name := threat.against[0].removeprefix(start)) in g.order[kind]
        and threat.against[0].startswith(start)
    )
    return owner_of(g, kind, g.order[kind][name])


def _question(engine: Engine, threat: Threat, verdicts: dict[str, Verdict]) -> Question:
    answers = (Answer(key, verdicts.get(key)) for key in threat.answered_by or ())
    unmet = tuple(answer for answer in answers if answer.verdict is not Verdict.SATISFIED)
    return Question(
        asks=OpenThreat(threat.title or threat.id, unmet),
        answer=NameAnswers(threat.id),
        place=threat.id,
        severity=threat.severity,
        span=engine.graph.model.span(threat.at),
        settles=(f"threat:{threat.id}",),
    )
