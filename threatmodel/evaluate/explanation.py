"""One result as people read it: its reason, with what an assessment says of it and what would settle it."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.catalog import All, Any, Condition, Control, Leaf, Not
from threatmodel.evaluate.explain.reasons import fill, reason, subject_span
from threatmodel.evaluate.questions.keys import open_key
from threatmodel.evaluate.questions.questions import stating_places
from threatmodel.evaluate.severity import Risk
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.graph import Subject
from threatmodel.results import Assessment, DeclareKey, Finding, Verdict, result_key
from threatmodel.results.explanation import Explanation


def explanation(engine: Engine, control: Control, kind: str, i: int, assessment: Assessment) -> Explanation:
    """The explanation of one control on subject `i` of its kind, in an assessment with decisions applied."""
    why = reason(engine, control, kind, i)
    key = result_key(control.id, kind, engine.graph.subjects[kind][i])
    found = next((f for f in (*assessment.findings, *assessment.bypasses) if f.key == key), None)
    asks = why.verdict in (Verdict.GAP, Verdict.UNKNOWN)
    severity, inputs = Risk(engine, control, kind).of(i) if asks else ("", ())
    unknown = why.verdict is Verdict.UNKNOWN
    return Explanation(
        key=key,
        title=control.title,
        verdict=why.verdict,
        severity=severity,
        severity_from=inputs,
        disposition=found.disposition if found else None,
        decision=_decision(found) if found else "",
        planned=why.statement is not None and why.statement.status == "planned",
        span=subject_span(engine, kind, i),
        because=why.because,
        rests_on=why.rests_on,
        needed=why.needed,
        overrode=why.overrode,
        fix=fill(engine, control.fix, kind, i) if found else None,
        questions=tuple(q for q in assessment.questions if key in q.settles),
        keys=tuple(dict.fromkeys(_keys(engine, control.expect, kind, i))) if unknown else (),
        places=tuple(stating_places(engine, control, Subject(kind, i))) if unknown and why.needed else (),
    )


def _decision(found: Finding) -> str:
    if found.disposition == "waived":
        return found.waiver or ""
    return f"{found.owner}, due {found.due}" if found.disposition == "planned" else ""


def _keys(engine: Engine, condition: Condition | None, kind: str, i: int) -> Iterator[DeclareKey]:
    """The keys without which a condition stays open for a subject."""
    if condition is None or engine.outcome(condition, kind, i) is not None:
        return
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _keys(engine, part, kind, i)
        case Not(part):
            yield from _keys(engine, part, kind, i)
        case Leaf():
            if key := open_key(engine, condition.fact, kind, i):
                yield key
        case _:
            return  # what is known of other controls and of paths is asked for by questions
