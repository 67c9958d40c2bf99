"""The status of every row of a framework, from the results of the controls that support it.

Precedence: gap > not-modelled > partial > alternative > design-evidence; a row no design can show is
outside-model; not-applicable only where declared facts say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from threatmodel.catalog import Condition, Framework, Requirement
from threatmodel.evaluate import bits
from threatmodel.evaluate.engine import Engine
from threatmodel.model import Decisions, RequirementDecision
from threatmodel.results import FrameworkResult, RequirementResult, result_key

NO_CONTROL = "no control of this catalog supports it yet"


class _Counts(NamedTuple):
    satisfied: int = 0
    unknown: int = 0
    alternative: int = 0
    gaps: tuple[str, ...] = ()


def framework_results(
    engine: Engine, frameworks: Sequence[Framework], decisions: Decisions | None
) -> tuple[FrameworkResult, ...]:
    """Every framework with the status of each row, in official order."""
    return tuple(_framework(engine, f, decisions) for f in frameworks)


def _framework(engine: Engine, framework: Framework, decisions: Decisions | None) -> FrameworkResult:
    applies = _holds(engine, framework.applies_when)
    scopes = {kind: engine.truth(condition, kind) for kind, condition in framework.data.items()}
    rows = tuple(_row(engine, framework, row, applies, scopes, decisions) for row in framework.requirements)
    return FrameworkResult(
        framework.id, framework.title, framework.source, framework.law_as_of, applies, rows
    )


def _holds(engine: Engine, condition: Condition | None) -> bool | None:
    if condition is None:
        return True
    yes, no = engine.truth(condition, "model")
    return True if yes else False if no else None


def _row(
    engine: Engine,
    framework: Framework,
    row: Requirement,
    applies: bool | None,
    scopes: dict[str, tuple[int, int]],
    decisions: Decisions | None,
) -> RequirementResult:
    decision = _decision(framework, row, decisions, engine.graph.as_of)
    counts = _count(engine, row, scopes)
    if applies is True:
        applies = _holds(engine, row.applies_when)
    status, note = _status(row, applies, counts, decision)
    return RequirementResult(
        framework=framework.id,
        requirement=row.id,
        title=row.title,
        designation=row.designation,
        category=row.category,
        coverage=row.coverage,
        status=status,
        note=note or row.note,
        controls=row.controls,
        satisfied=counts.satisfied,
        unknown=counts.unknown,
        gaps=counts.gaps if applies is True else (),
        responsible=tuple(sorted(p for p in engine.graph.own if p)),
        evidence=row.evidence,
        cannot_show=row.cannot_show,
        url=row.url,
        decision=_decided(decision),
    )


def _status(
    row: Requirement, applies: bool | None, counts: _Counts, decision: RequirementDecision | None
) -> tuple[str, str]:
    if applies is False:
        return "not-applicable", "the declared roles put it out of scope"
    if decision and decision.decision == "not-applicable":
        return "not-applicable", decision.reason
    if row.coverage == "outside":
        return "outside-model", ""
    if applies is None:
        return "not-modelled", "whether it applies is not known: declare the roles of the own parties"
    if not row.controls:
        return "not-modelled", NO_CONTROL
    if counts.gaps:
        return "gap", ""
    if decision and decision.decision == "alternative" and row.designation == "addressable":
        return "alternative", decision.alternative or decision.reason
    if counts.unknown:
        return "not-modelled", f"{counts.unknown} results are unknown"
    if not counts.satisfied:
        return "not-modelled", "the model has no subject that its controls are asked of"
    if row.coverage != "full":
        return "partial-evidence", ""
    return ("alternative" if counts.alternative else "design-evidence"), ""


def _count(engine: Engine, row: Requirement, scopes: dict[str, tuple[int, int]]) -> _Counts:
    total = _Counts()
    for name in row.controls:
        control = engine.controls[name]
        for kind in control.subjects:
            total = _add(total, engine, name, kind, scopes.get(kind))
    return total


def _add(total: _Counts, engine: Engine, name: str, kind: str, scope: tuple[int, int] | None) -> _Counts:
    """Subjects certainly in scope count as they are; of those perhaps in scope all but gaps are unknown."""
    d = engine.decide(engine.controls[name], kind)
    sure, perhaps = -1, 0
    if scope is not None:
        sure, perhaps = scope[0], ((1 << d.size) - 1) & ~(scope[0] | scope[1])
    ids = engine.graph.subjects[kind]
    gaps = tuple(result_key(name, kind, ids[i]) for i in bits.indexes(d.gap & sure, d.size))
    alternative = {i for i, said in d.own.items() if said.weight == "alternative"}
    return _Counts(
        total.satisfied + (d.satisfied & sure).bit_count(),
        total.unknown + (d.unknown & (sure | perhaps)).bit_count() + (d.gap & perhaps).bit_count(),
        total.alternative + sum(1 for i in alternative if (d.satisfied & sure) >> i & 1),
        total.gaps + gaps,
    )


def _decision(
    framework: Framework, row: Requirement, decisions: Decisions | None, as_of: str
) -> RequirementDecision | None:
    """The decision in force for a row: an exact number, or a pattern that ends with `*`."""
    for decision in decisions.requirements if decisions else ():
        named = decision.requirement
        matches = row.id.startswith(named[:-1]) if named.endswith("*") else row.id == named
        if decision.framework == framework.id and matches and not (decision.review and decision.review < as_of):
            return decision
    return None


def _decided(decision: RequirementDecision | None) -> str:
    if decision is None:
        return ""
    return f"{decision.decision} ({decision.owner}, {decision.date}): {decision.reason}"
