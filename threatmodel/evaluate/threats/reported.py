"""Threats that people found: answered when all named results are satisfied, a gap when one is a gap.

A disabled control has no results: whether it would have answered a threat is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from threatmodel.evaluate.ownership import owner_of
from threatmodel.evaluate.verdicts.engine import Engine
from threatmodel.model import Threat
from threatmodel.results import PREFIXED, Finding, Premise, Question, ResultColumn, Verdict, result_key


class FoundThreats(NamedTuple):
    """A finding for each threat that is a gap, a question for each unknown one, and all their verdicts."""

    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    columns: tuple[ResultColumn, ...]


def found_threats(engine: Engine, columns: Sequence[ResultColumn]) -> FoundThreats:
    """The outcome of every threat that the model lists, from the results of its controls."""
    threats = sorted(engine.graph.model.threats.values(), key=lambda t: t.id)
    if not threats:
        return FoundThreats((), (), ())
    verdicts = _verdicts({a.partition("@")[0] for t in threats for a in t.answered_by or ()}, columns)
    outcomes = [(threat, _outcome(threat, verdicts)) for threat in threats]
    column = ResultColumn(
        "", "threat", tuple(t.id for t in threats), bytes(outcome for _, outcome in outcomes)
    )
    return FoundThreats(
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
    premises = tuple(Premise(f"`{key}` is {_word(verdicts, key)}", None) for key in decisive)
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


def _word(verdicts: dict[str, Verdict], key: str) -> str:
    return verdicts[key].word if key in verdicts else "disabled"


def _question(engine: Engine, threat: Threat, verdicts: dict[str, Verdict]) -> Question:
    title = threat.title or threat.id
    open_ = [
        f"`{key}` is {_word(verdicts, key)}"
        for key in threat.answered_by or ()
        if verdicts.get(key) is not Verdict.SATISFIED
    ]
    text = (
        f"what else answers the threat `{title}`, since {', '.join(open_)}?"
        if open_
        else f"what answers the threat `{title}`?"
    )
    return Question(
        text=text,
        group="",
        asks=text,
        answer=f"`answered_by` of threat `{threat.id}`",
        place=threat.id,
        severity=threat.severity,
        span=engine.graph.model.span(threat.at),
        settles=(f"threat:{threat.id}",),
    )
