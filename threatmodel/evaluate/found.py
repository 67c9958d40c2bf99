"""Threats that people found: answered when all named results are satisfied, a gap when one is a gap."""

from __future__ import annotations

from collections.abc import Sequence

from threatmodel.evaluate.engine import Engine
from threatmodel.model import Threat
from threatmodel.results import Finding, Premise, Question, ResultColumn, Verdict, result_key


def found_threats(
    engine: Engine, columns: Sequence[ResultColumn]
) -> tuple[tuple[Finding, ...], tuple[Question, ...]]:
    """A finding for each threat that is a gap, a question for each that is unknown."""
    threats = engine.graph.model.threats.values()
    if not threats:
        return (), ()
    verdicts = _verdicts({a.partition("@")[0] for t in threats for a in t.answered_by or ()}, columns)
    outcomes = [(threat, _outcome(threat, verdicts)) for threat in sorted(threats, key=lambda t: t.id)]
    findings = tuple(_finding(engine, t, verdicts) for t, outcome in outcomes if outcome is Verdict.GAP)
    asked = tuple(_question(engine, t) for t, outcome in outcomes if outcome is Verdict.UNKNOWN)
    return findings, asked


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
    answers = [verdicts.get(key, Verdict.UNKNOWN) for key in threat.answered_by]
    if not answers or Verdict.GAP in answers:
        return Verdict.GAP
    return Verdict.SATISFIED if all(a is Verdict.SATISFIED for a in answers) else Verdict.UNKNOWN


def _finding(engine: Engine, threat: Threat, verdicts: dict[str, Verdict]) -> Finding:
    answers = threat.answered_by or ()
    premises = tuple(
        Premise(f"`{key}` is {verdicts.get(key, Verdict.UNKNOWN).word}", None) for key in answers
    )
    title = threat.title or threat.id
    return Finding(
        key=f"threat:{threat.id}",
        control="",
        subject_kind="threat",
        subject=threat.id,
        layer="found threats",
        title=title,
        message=f"{title}: {'an answer to it is a gap' if answers else 'nothing answers it'}.",
        because="an answer is a gap" if answers else "`answered_by` is empty",
        fix="Close the gaps of the results that answer it, or name others in `answered_by`.",
        severity=threat.severity,
        severity_from=(f"stated: {threat.severity}",),
        threats=threat.category or (),
        references=(),
        span=engine.graph.model.span(threat.at),
        premises=premises,
        overrode=(),
        owner=None,
        due=None,
    )


def _question(engine: Engine, threat: Threat) -> Question:
    title = threat.title or threat.id
    return Question(
        text=f"what answers the threat `{title}`?",
        answer=f"`answered_by` of threat `{threat.id}`",
        place=threat.id,
        severity=threat.severity,
        span=engine.graph.model.span(threat.at),
        settles=(f"threat:{threat.id}",),
    )
