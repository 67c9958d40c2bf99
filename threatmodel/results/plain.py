"""The assessment as plain data in its versioned JSON form (export/schemas holds its schema)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from threatmodel.catalog.overlay.editions import Edition
from threatmodel.errors import Diagnostic, Span
from threatmodel.results.assessment import Assessment, ResultColumn, result_key
from threatmodel.results.finding import Finding, FrameworkResult, Premise, Question, RequirementResult
from threatmodel.results.threats import FoundThreat, ThreatResult
from threatmodel.results.verdict import Verdict

FORMAT = 1
THREATS_FORMAT = 1


def to_plain(
    assessment: Assessment, *, every: bool = False, baseline: Mapping[str, str] | None = None
) -> dict[str, object]:
    """The JSON form as plain data; `every` adds the verdict of each result, and the threats.

    `baseline` adds to open findings whether it knows them: new, worsened or known.
    """
    plain: dict[str, object] = {
        "threatmodel-assessment": FORMAT,
        "name": assessment.name,
        "as_of": assessment.as_of,
        "catalogs": [plain_edition(edition) for edition in assessment.catalogs],
        "counts": {
            v.word: assessment.count(v)
            for v in (Verdict.GAP, Verdict.UNKNOWN, Verdict.SATISFIED, Verdict.NOT_APPLICABLE)
        },
        "findings": [_finding(f, baseline) for f in assessment.findings],
        "bypasses": [_finding(f) for f in assessment.bypasses],
        "questions": [_question(q) for q in assessment.questions],
        "frameworks": [_framework(f) for f in assessment.frameworks],
        "warnings": [f"{w.span}: {w.message}" for w in assessment.warnings],
        "assumptions": list(assessment.assumptions),
        "notes": [_note(n) for n in assessment.notes],
    }
    if every:
        plain["results"] = [result for column in assessment.columns for result in _results(column)]
        plain["threats"] = [plain_threat(t) for t in assessment.threats]
    return plain


def plain_threat(t: ThreatResult) -> dict[str, object]:
    """One threat to one subject as plain data."""
    return {
        "threat": t.threat,
        "subject_kind": t.subject_kind,
        "subject": t.subject,
        "status": t.status.word,
        "gaps": list(t.gaps),
        "unknown": list(t.unknown),
        "mitigated_by": list(t.mitigated_by),
    }


def plain_found(f: FoundThreat) -> dict[str, object]:
    """A threat that people found as plain data."""
    return {
        "key": f.key,
        "title": f.title,
        "against": list(f.against),
        "threats": list(f.threats),
        "severity": f.severity,
        "status": f.status.word,
        "answered_by": list(f.answered_by),
        "place": plain_place(f.span),
    }


def _results(column: ResultColumn) -> Iterator[dict[str, object]]:
    """The results of a column by verdict; what rests on the perimeter alone says so."""
    alone = {result_key(column.control, column.subject_kind, name) for name in column.perimeter}
    for verdict in Verdict:
        for key in column.keys(verdict):
            yield {"key": key, "verdict": verdict.word} | ({"perimeter_only": True} if key in alone else {})


def plain_edition(edition: Edition) -> dict[str, object]:
    """A catalog that was asked, with what it adds and changes."""
    return {
        "name": edition.name,
        "version": edition.version,
        "digest": edition.digest,
        "controls": list(edition.controls),
        "changes": [
            {
                "control": c.control,
                "change": c.what,
                "weaker": c.weaker,
                "reason": c.reason,
                "place": plain_place(c.span),
            }
            for c in edition.changes
        ],
    }


def _note(n: Diagnostic) -> dict[str, object]:
    return {"name": n.code, "text": n.message, "help": n.help, "place": plain_place(n.span)}


def plain_place(span: Span | None) -> dict[str, object] | None:
    """Where a span begins; None where there is none."""
    return None if span is None else {"file": span.file, "line": span.line, "column": span.column}


def _premises(premises: tuple[Premise, ...]) -> list[dict[str, object]]:
    return [{"text": p.text, "place": plain_place(p.span)} for p in premises]


def _finding(f: Finding, baseline: Mapping[str, str] | None = None) -> dict[str, object]:
    plain: dict[str, object] = f._asdict()
    if baseline is not None:
        plain["baseline"] = baseline.get(f.key)
    del plain["span"]
    for name in ("severity_from", "threats", "references", "path"):
        plain[name] = list(getattr(f, name))
    return plain | {
        "place": plain_place(f.span),
        "premises": _premises(f.premises),
        "overrode": _premises(f.overrode),
    }


def _question(q: Question) -> dict[str, object]:
    return {
        "text": q.text,
        "answer": q.answer,
        "at": q.place,
        "severity": q.severity,
        "place": plain_place(q.span),
        "settles": list(q.settles),
    }


def _framework(f: FrameworkResult) -> dict[str, object]:
    return {
        "id": f.id,
        "title": f.title,
        "law_as_of": f.law_as_of,
        "applies": f.applies,
        "rows": [_row(r) for r in f.rows],
    }


def _row(r: RequirementResult) -> dict[str, object]:
    return {
        "requirement": r.requirement,
        "title": r.title,
        "designation": r.designation,
        "coverage": r.coverage,
        "status": r.status,
        "note": r.note,
        "controls": list(r.controls),
        "satisfied": r.satisfied,
        "unknown": r.unknown,
        "gaps": list(r.gaps),
        "responsible": list(r.responsible),
        "decision": r.decision,
    } | _if_any(disabled=list(r.disabled), inherited_from=r.inherited_from)


def _if_any(**values: object) -> dict[str, object]:
    """The keys that are left out of a row where they say nothing."""
    return {name: value for name, value in values.items() if value}
