"""The assessment as versioned JSON, one finding, question, row or result per line: quick, and it diffs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from threatmodel.catalog.overlay.editions import Edition
from threatmodel.errors import Diagnostic
from threatmodel.export.outcome import Outcome
from threatmodel.render.text.findings import finding_values
from threatmodel.render.text.notes import diagnostics
from threatmodel.render.text.plain import plain_place
from threatmodel.render.text.questions import Phrased, phrased
from threatmodel.render.text.reasons import premise_text
from threatmodel.results import (
    Assessment,
    Finding,
    FrameworkResult,
    Premise,
    ReportedThreat,
    RequirementResult,
    ResultColumn,
    ThreatResult,
    Verdict,
    result_key,
)

FORMAT: Final = 1
THREATS_FORMAT: Final = 1


def write(outcome: Outcome) -> str:
    """The JSON document; with the verdict of each result, and what the baseline knows, where asked."""
    return to_json(outcome.assessment, every=outcome.every, baseline=outcome.baseline)


def to_json(assessment: Assessment, *, every: bool = False, baseline: Mapping[str, str] | None = None) -> str:
    """The versioned JSON document; `every` and `baseline` add what `to_plain` says."""
    plain = to_plain(assessment, every=every, baseline=baseline)
    return _document(plain)


def threats_to_json(
    name: str, as_of: str, results: Iterable[ThreatResult], found: Iterable[ReportedThreat]
) -> str:
    """Threats as a JSON document of their own, version 1, one threat to one subject a line."""
    plain: dict[str, object] = {
        "threatmodel-threats": THREATS_FORMAT,
        "name": name,
        "as_of": as_of,
        "threats": [plain_threat(r) for r in results],
        "found": [plain_found(f) for f in found],
    }
    return _document(plain)


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
        "questions": [_question(q) for q in phrased(assessment.questions)],
        "frameworks": [_framework(f) for f in assessment.frameworks],
        "warnings": [f"{w.span}: {w.message}" for w in diagnostics(assessment.warnings)],
        "assumptions": list(assessment.assumptions),
        "notes": [_note(n) for n in diagnostics(assessment.notes)],
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


def plain_found(f: ReportedThreat) -> dict[str, object]:
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


def _premises(premises: tuple[Premise, ...]) -> list[dict[str, object]]:
    return [{"text": premise_text(p), "place": plain_place(p.span)} for p in premises]


def _finding(f: Finding, baseline: Mapping[str, str] | None = None) -> dict[str, object]:
    plain = finding_values(f)
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


def _question(q: Phrased) -> dict[str, object]:
    return {
        "text": q.text,
        "answer": q.answer,
        "at": q.question.place,
        "severity": q.question.severity,
        "place": plain_place(q.question.span),
        "settles": list(q.question.settles),
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


def _document(plain: Mapping[str, object]) -> str:
    parts = (f"{_line(key)}: {_part(key, value)}" for key, value in plain.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _part(key: str, value: object) -> str:
    if not isinstance(value, list):
        return _line(value)
    if key == "frameworks":
        return _lines([_framework_text(item) for item in value])
    return _lines([_line(item) for item in value])


def _framework_text(framework: dict[str, object]) -> str:
    head = {key: value for key, value in framework.items() if key != "rows"}
    rows = framework["rows"]
    assert isinstance(rows, list)
    return f'{_line(head)[:-1]}, "rows": {_lines([_line(row) for row in rows])}}}'


def _lines(items: list[str]) -> str:
    return "[\n" + ",\n".join(items) + "\n]" if items else "[]"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
