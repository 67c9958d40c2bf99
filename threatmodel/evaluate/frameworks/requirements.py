"""The status of every row of a framework, from the results of its controls and from decisions.

Precedence: gap, not-modelled, risk-accepted, partial-evidence, alternative, inherited, design-evidence. A row
that no design can show is outside-model; where a design gives the context only, results are no evidence;
not-applicable needs declared facts, or a decision on a conditional row with nothing against it; inherited
needs a decision with evidence in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from threatmodel.catalog import Condition, Control, Framework, Leaf, Requirement, leaves
from threatmodel.catalog.frameworks import SCOPED
from threatmodel.evaluate.frameworks.decisions import Decided, covered, decided
from threatmodel.evaluate.verdicts.verdicts import Decision, Engine
from threatmodel.graph import SystemGraph
from threatmodel.logic import bits
from threatmodel.logic.description import describe
from threatmodel.model import Decisions, RequirementDecision
from threatmodel.results import FrameworkResult, RequirementResult, result_key

NO_CONTROL = "no control of this catalog supports it yet"
CONTEXT = "a design gives its context only: attest the row in the decisions"
EQUIVALENT = (
    "is an equivalent alternative measure reasonable and appropriate (164.306(d)(3)(ii)(B)(2))? decide "
    "`alternative`, or say in the reason why there is none"
)
NOTHING_ASKED = "the model has nothing in scope that its controls are asked of"
NOTHING_IN_SCOPE = "as declared, nothing that its controls are asked of has data in scope"


class _Asked(NamedTuple):
    """One control asked of one kind of subject, as bitsets of what certainly or perhaps is in scope."""

    control: str
    kind: str
    scope: int
    satisfied: int
    gap: int
    unknown: int
    out: int
    alternative: int


class _Tally(NamedTuple):
    """What the controls of a row come to: counts of results, and the keys of the gaps that stand.

    `replaced` and `refused` are gaps and unknowns that a decision settled; `out` are results that are not
    applicable though their subject is in scope; `open` says that something is or may be in scope.
    """

    satisfied: int = 0
    unknown: int = 0
    out: int = 0
    alternative: int = 0
    replaced: int = 0
    refused: int = 0
    gaps: tuple[str, ...] = ()
    subjects: int = 0
    open: bool = False


def framework_results(
    engine: Engine, frameworks: Sequence[Framework], decisions: Decisions | None
) -> tuple[FrameworkResult, ...]:
    """Every framework with the status of each row, in official order."""
    return tuple(_framework(engine, f, decisions) for f in frameworks)


def _framework(engine: Engine, framework: Framework, decisions: Decisions | None) -> FrameworkResult:
    named = {(n, row.data) for row in framework.requirements for n in row.controls if n in engine.asked}
    asked = {(n, data): _asked(engine, data or framework.data, engine.asked[n]) for n, data in named}
    rows = tuple(_row(engine, framework, row, asked, decisions) for row in framework.requirements)
    applies = _holds(engine, framework.applies_when)
    scope = {kind: engine.truth(framework.data, kind)[0] for kind in SCOPED} if framework.data else {}
    return FrameworkResult(
        framework.id, framework.title, framework.source, framework.law_as_of, applies, rows, scope
    )


def _row(
    engine: Engine,
    framework: Framework,
    row: Requirement,
    asked: Mapping[tuple[str, Condition | None], tuple[_Asked, ...]],
    decisions: Decisions | None,
) -> RequirementResult:
    applies, why = _applies(engine, framework, row)
    here = [a for name in row.controls for a in asked.get((name, row.data), ())]
    said = decided(framework, row, decisions, engine.graph.as_of)
    said = said.without(_contradicted(engine.graph, here, said) if applies is not False else {})
    tally = _tally(engine, here, said) if applies else _Tally()
    disabled = tuple(name for name in row.controls if name not in engine.asked)
    as_of = engine.graph.as_of
    status, note = _status(row, applies, why, tally, said, as_of, disabled)
    inherited = said.inheritance(as_of) if status == "inherited" else None
    voids = (*said.void, *said.unfounded(as_of)) if applies is not False else ()
    told = f"`threatmodel {row.record}` tells what the model says of it" if row.record and applies else ""
    return RequirementResult(
        framework=framework.id,
        requirement=row.id,
        title=row.title,
        designation=row.designation,
        category=row.category,
        coverage=row.coverage,
        status=status,
        note="; ".join(text for text in (note, told, *_whys(engine, disabled), *voids, row.note) if text),
        controls=row.controls,
        satisfied=tally.satisfied,
        unknown=tally.unknown,
        gaps=tally.gaps,
        responsible=_responsible(engine, framework, row, applies),
        evidence=row.evidence,
        cannot_show=row.cannot_show,
        url=row.url,
        decision=said.text(),
        disabled=disabled,
        references=row.references,
        inherited_from=(inherited and inherited.provider) or "",
    )


def _whys(engine: Engine, disabled: Sequence[str]) -> tuple[str, ...]:
    """Why controls that support a row are asked of nothing."""
    changes = (engine.controls[name].disabled for name in disabled)
    return tuple(f"`{c.control}` is disabled by the catalog `{c.catalog}`: {c.reason}" for c in changes if c)


def _status(
    row: Requirement,
    applies: bool | None,
    why: str,
    tally: _Tally,
    said: Decided,
    as_of: str,
    disabled: Sequence[str],
) -> tuple[str, str]:
    """The status of a row, and why: the first of these that holds.

    Nobody knows what a disabled control would have found: only a decision for the whole model settles that.
    """
    if applies is False:
        return "not-applicable", f"out of scope: {why}"
    if exempt := said.whole("not-applicable"):
        condition = f"; the row applies only if {row.only_if}" if row.only_if else ""
        return "not-applicable", f"decided: {exempt.reason}{condition}"
    if row.coverage == "outside":
        return "outside-model", ""
    if applies is None:
        return "not-modelled", f"whether it applies is not known: {why}"
    if tally.gaps:
        return "gap", ""
    if tally.unknown:
        return "not-modelled", ""
    if disabled:
        return _without(row, said)
    if tally.refused:
        return (
            "risk-accepted",
            f"decided to be not reasonable and appropriate: {tally.refused}; {EQUIVALENT}",
        )
    if row.coverage == "context" or not (tally.satisfied or tally.replaced):
        return _undecided(row, tally, said, as_of)
    note = f"resting on a decision: {tally.replaced}" if tally.replaced else ""
    if tally.out:
        note = "; ".join(filter(None, (note, f"in scope but not applicable: {tally.out}")))
    if row.coverage == "partial":
        return "partial-evidence", note
    return ("alternative" if tally.alternative or tally.replaced else "design-evidence"), note


def _without(row: Requirement, said: Decided) -> tuple[str, str]:
    """The status of a row one of whose controls is disabled: what was decided instead, else not-modelled."""
    if refused := said.whole("not-reasonable-and-appropriate"):
        return "risk-accepted", f"{refused.reason}; {EQUIVALENT}"
    if replaced := said.whole("alternative"):
        status = "partial-evidence" if row.coverage == "partial" else "alternative"
        return status, replaced.alternative or replaced.reason
    return "not-modelled", ""


def _undecided(row: Requirement, tally: _Tally, said: Decided, as_of: str) -> tuple[str, str]:
    """The status of a row that results cannot settle: what was decided for the whole model, else why not."""
    if refused := said.whole("not-reasonable-and-appropriate"):
        return "risk-accepted", f"{refused.reason}; {EQUIVALENT}"
    if replaced := said.whole("alternative"):
        return "alternative", replaced.alternative or replaced.reason
    if attested := said.attestation(as_of):
        return "partial-evidence", f"attested: {attested.reason}"
    if inherited := said.inheritance(as_of):
        return "inherited", f"declared responsibility of `{inherited.provider}`"
    if row.coverage == "context":
        return "not-modelled", CONTEXT if row.controls else f"{NO_CONTROL}; {CONTEXT}"
    if not row.controls:
        return "not-modelled", NO_CONTROL
    if tally.subjects and not tally.open:
        return "not-applicable", NOTHING_IN_SCOPE
    return "not-modelled", NOTHING_ASKED


def _applies(engine: Engine, framework: Framework, row: Requirement) -> tuple[bool | None, str]:
    """Whether a row applies, and the facts that say so, or leave it open; the framework is asked first."""
    for condition in (framework.applies_when, row.applies_when):
        truth = _holds(engine, condition)
        if truth is not True:
            return truth, _facts(engine, condition, truth)
    return True, ""


def _holds(engine: Engine, condition: Condition | None) -> bool | None:
    yes, no = engine.truth(condition, "model")
    return True if yes else False if no else None


def _facts(engine: Engine, condition: Condition | None, truth: bool | None) -> str:
    """The facts of the model that decide a condition, or leave it open, each with its value."""
    found = [leaf for leaf in leaves(condition) if isinstance(leaf, Leaf)]
    deciding = [leaf for leaf in found if _holds(engine, leaf) is truth]
    values = (engine.column("model", leaf.fact).table[0] for leaf in deciding)
    return ", ".join(
        f"{leaf.fact} is {describe(value, engine.fact('model', leaf.fact).domain)}"
        for leaf, value in zip(deciding, values, strict=True)
    )


def _responsible(
    engine: Engine, framework: Framework, row: Requirement, applies: bool | None
) -> tuple[str, ...]:
    """The own parties whose declared roles the framework and the row ask for.

    A row may apply by the role of somebody else: then all of them are.
    """
    own = [p for p in engine.graph.model.parties.values() if p.own and p.id]
    for condition in (framework.applies_when, row.applies_when):
        for leaf in leaves(condition):
            if isinstance(leaf, Leaf) and leaf.fact in ("own.gdpr", "own.hipaa"):
                wanted = leaf.operand if isinstance(leaf.operand, frozenset) else {leaf.operand}
                with_role = [p for p in own if wanted & {p.gdpr, *(p.hipaa or ())}]  # the laws share no role
                own = with_role or (own if applies else [])
    return tuple(sorted(p.id for p in own))


def _asked(engine: Engine, data: Condition | None, control: Control) -> tuple[_Asked, ...]:
    return tuple(_in_scope(engine, data, control, kind) for kind in control.subjects)


def _in_scope(engine: Engine, data: Condition | None, control: Control, kind: str) -> _Asked:
    """Subjects certainly in scope count as they are; a gap of one that is perhaps in scope is an unknown."""
    d = engine.decide(control, kind)
    everything = (1 << d.size) - 1
    sure, perhaps = everything, 0
    if data and kind in SCOPED:
        sure, never = engine.truth(data, kind)
        perhaps = everything & ~(sure | never)
    scope = sure | perhaps
    replaced = (i for i in bits.indexes(d.satisfied & scope, d.size) if _by_alternative(d, i))
    return _Asked(
        control=control.id,
        kind=kind,
        scope=scope,
        satisfied=d.satisfied & sure,
        gap=d.gap & sure,
        unknown=d.unknown & scope | d.gap & perhaps,
        out=d.not_applicable & sure,
        alternative=bits.from_indexes(replaced, d.size),
    )


def _contradicted(
    graph: SystemGraph, asked: Sequence[_Asked], said: Decided
) -> Mapping[RequirementDecision, str]:
    """Decisions that a row does not apply, against which gaps or unknown results stand.

    That holds for what is unknown, too: else a gap would go away by saying less.
    """
    found: dict[RequirementDecision, str] = {}
    for decision in said.of("not-applicable"):
        gaps = sum((a.gap & covered(graph, [decision], a.kind)).bit_count() for a in asked)
        unknown = sum((a.unknown & covered(graph, [decision], a.kind)).bit_count() for a in asked)
        if gaps or unknown:
            found[decision] = (
                f"`not-applicable` counts for nothing against results: {gaps} gap, {unknown} unknown"
            )
    return found


def _by_alternative(d: Decision, i: int) -> bool:
    said = d.nearest(i)
    return said is not None and said.weight == "alternative"


def _tally(engine: Engine, asked: Sequence[_Asked], said: Decided) -> _Tally:
    total = _Tally()
    for a in asked:
        total = _add(total, engine, a, said)
    return total


def _add(total: _Tally, engine: Engine, a: _Asked, said: Decided) -> _Tally:
    graph = engine.graph
    ids = graph.subjects[a.kind]
    kept = ~covered(graph, said.of("not-applicable"), a.kind)
    replaced = covered(graph, said.of("alternative"), a.kind)
    refused = covered(graph, said.of("not-reasonable-and-appropriate"), a.kind) & ~replaced
    stands = kept & ~(replaced | refused)
    lacking = (a.gap | a.unknown) & kept
    gaps = bits.indexes(a.gap & stands, len(ids))
    return _Tally(
        satisfied=total.satisfied + (a.satisfied & kept).bit_count(),
        unknown=total.unknown + (a.unknown & stands).bit_count(),
        out=total.out + (a.out & kept).bit_count(),
        alternative=total.alternative + (a.alternative & kept).bit_count(),
        replaced=total.replaced + (lacking & replaced).bit_count(),
        refused=total.refused + (lacking & refused).bit_count(),
        gaps=total.gaps + tuple(result_key(a.control, a.kind, ids[i]) for i in gaps),
        subjects=total.subjects + len(ids),
        open=total.open or bool(a.scope & kept),
    )
