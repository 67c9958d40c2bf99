"""Asks every control of every subject and gathers the assessment: findings worst first, then questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from threatmodel.catalog import Control, Framework, Satisfied, leaves
from threatmodel.evaluate.explain.reasons import fill, reason, subject_span
from threatmodel.evaluate.explain.witness import obligation_path, round_what
from threatmodel.evaluate.frameworks.requirements import framework_results
from threatmodel.evaluate.notes.contradicted import contradicted
from threatmodel.evaluate.ownership import owner_of
from threatmodel.evaluate.questions.bypasses import bypassed
from threatmodel.evaluate.questions.questions import questions, ranked_questions
from threatmodel.evaluate.severity import Risk
from threatmodel.evaluate.threats.reported import reported_threats
from threatmodel.evaluate.verdicts.obligations import required_routes
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.logic import bits
from threatmodel.model import Decisions, Statement
from threatmodel.model.words import gravity
from threatmodel.results import Assessment, Finding, MayBypass, Place, ResultColumn, result_key


def assess(
    engine: Engine, frameworks: Sequence[Framework] = (), decisions: Decisions | None = None
) -> Assessment:
    """The assessment of a graph by a catalog; every gap is open until policy has spoken."""
    columns = tuple(_column(engine, c, kind) for c in engine.asked.values() for kind in c.subjects)
    findings = [f for c in engine.asked.values() for kind in c.subjects for f in _findings(engine, c, kind)]
    bypasses = [f for c in engine.asked.values() for kind in c.subjects for f in _bypasses(engine, c, kind)]
    reported = reported_threats(engine, columns)
    ranked = sorted((*findings, *reported.findings), key=lambda f: (-gravity(f.severity), f.key))
    return Assessment(
        name=engine.graph.model.name,
        as_of=engine.graph.as_of,
        columns=(*columns, *reported.columns),
        findings=tuple(ranked),
        questions=ranked_questions((*questions(engine), *reported.questions)),
        frameworks=framework_results(engine, frameworks, decisions),
        warnings=(*engine.statements.warnings, *contradicted(engine)),
        assumptions=_assumptions(engine),
        bypasses=tuple(sorted(bypasses, key=lambda f: (-gravity(f.severity), f.key))),
        file=engine.graph.model.documents[0].file,
    )


def _column(engine: Engine, control: Control, kind: str) -> ResultColumn:
    d = engine.decide(control, kind)
    ids = engine.graph.subjects[kind]
    perimeter = tuple(ids[i] for i in bits.indexes(d.perimeter, d.size))
    return ResultColumn(control.id, kind, ids, d.verdicts, perimeter)


def _findings(engine: Engine, control: Control, kind: str) -> Iterator[Finding]:
    d = engine.decide(control, kind)
    risk = Risk(engine, control, kind) if d.gap else None
    for i in bits.indexes(d.gap, d.size):
        assert risk is not None
        yield _finding(engine, control, kind, i, risk)


def _bypasses(engine: Engine, control: Control, kind: str) -> Iterator[Finding]:
    found = bypassed(engine, control, kind)
    risk = Risk(engine, control, kind) if found else None
    for i in bits.indexes(found, engine.size(kind)):
        assert risk is not None
        finding = _finding(engine, control, kind, i, risk)
        message = MayBypass(Place(kind, finding.subject), round_what(engine, control, kind, i))
        yield finding._replace(message=message, disposition="unknown")


def _finding(engine: Engine, control: Control, kind: str, i: int, risk: Risk) -> Finding:
    why = reason(engine, control, kind, i)
    said = why.statement or _plan(engine, control, kind, i)
    severity, inputs = risk.of(i)
    subject = engine.graph.subjects[kind][i]
    return Finding(
        key=result_key(control.id, kind, subject),
        control=control.id,
        subject_kind=kind,
        subject=subject,
        layer=control.layer,
        title=control.title,
        message=fill(engine, control.gap, kind, i),
        because=why.because,
        fix=fill(engine, control.fix, kind, i),
        severity=severity,
        severity_from=inputs,
        threats=control.threats,
        references=control.references,
        span=subject_span(engine, kind, i),
        premises=why.premises,
        overrode=why.overrode,
        owner=(said.owner if said else None) or owner_of(engine.graph, kind, i),
        path=obligation_path(engine, control, kind, i) if required_routes(control) else (),
        due=said.due if said and said.status == "planned" else None,
    )


def _plan(engine: Engine, control: Control, kind: str, i: int) -> Statement | None:
    """What the nearest place that covers a subject plans, while the model's facts decide.

    Where these read whether another control holds, a plan for that one is meant as well.
    """
    read = (leaf.control for leaf in leaves(control.expect) if isinstance(leaf, Satisfied))
    for name in (control.id, *read):
        d = engine.decide(engine.controls[name], kind)
        said = d.nearest(i)
        if said and said.weight == "planned":
            return said.statement
    return None


def _assumptions(engine: Engine) -> tuple[str, ...]:
    """Boundaries taken for trusted because nothing says otherwise, or, while a party of ours operates
    them, for ground of others because their kind is."""
    graph = engine.graph
    found = []
    for i, name in enumerate(graph.subjects["boundary"]):
        boundary = graph.model.boundaries[name]
        if boundary.trust is None and boundary.parent is None:
            kind = graph.kinds.kinds.get(boundary.kind or "")
            implied = kind.trust if kind else None
            if graph.ground_trust[i] == "trusted" and not implied:
                found.append(f"boundary `{name}` is taken for trusted")
            if implied == "third-party" and graph.ground_party[i] in graph.own:
                found.append(
                    f"boundary `{name}` is taken for third-party ground, as its kind is `{boundary.kind}`"
                )
    return tuple(found)
