"""Applies decisions to an assessment: waived and planned findings keep their verdict, but are decided."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, TypeAlias

from threatmodel.errors import nearest
from threatmodel.model import Decisions, Waiver
from threatmodel.results import (
    Assessment,
    DaysLeft,
    Finding,
    FrameworkResult,
    Note,
    NoteArgument,
    RequirementResult,
    ResultKey,
    Verdict,
)

_SOON: Final = 30  # days before its end in which a waiver is told to run out
_Live: TypeAlias = list[tuple[Waiver, re.Pattern[str]]]


def apply_decisions(assessment: Assessment, decisions: Decisions | None) -> Assessment:
    """The assessment with dispositions set; expired, unmatched and uncompensated waivers become warnings."""
    waivers = decisions.waivers if decisions else ()
    problems: list[Note] = []
    live = [
        (w, _pattern(w.finding))
        for w in waivers
        if decisions and _in_force(w, assessment, decisions, problems)
    ]
    used: set[int] = set()
    findings = tuple(_disposed(f, live, used, assessment.as_of) for f in assessment.findings)
    bypasses = tuple(_waived(f, live, used) or f for f in assessment.bypasses)
    for n, (waiver, _) in enumerate(live):
        if n not in used and decisions:
            meant = _meant(waiver.finding, (f.key for f in (*findings, *bypasses)))
            note = _warning(decisions, waiver, "unmatched-waiver", ResultKey(waiver.finding))
            problems.append(note._replace(meant=meant))
    waived = {f.key for f in findings if f.disposition == "waived"}
    return assessment._replace(
        findings=findings,
        bypasses=bypasses,
        warnings=(*assessment.warnings, *problems),
        frameworks=tuple(_accepted(f, waived) for f in assessment.frameworks),
    )


def _meant(pattern: str, keys: Iterable[str]) -> tuple[str, ...]:
    """The finding that a waiver which matches none was likely meant for, for the help of its warning.

    The name of a control is a pattern that lacks its subjects, else the nearest key is meant, if any.
    """
    known = list(keys)
    if "@" not in pattern and any(key.partition("@")[0] == pattern for key in known):
        return "", f"{pattern}@*"
    return (nearest(pattern, known) or "",)


def _in_force(waiver: Waiver, assessment: Assessment, decisions: Decisions, problems: list[Note]) -> bool:
    if waiver.until < assessment.as_of:
        finding = ResultKey(waiver.finding)
        problems.append(_warning(decisions, waiver, "expired-waiver", finding, waiver.until))
        return False
    if waiver.compensated_by:
        keys = ResultKey(waiver.finding), ResultKey(waiver.compensated_by)
        verdict = assessment.verdict(waiver.compensated_by)
        if verdict is not Verdict.SATISFIED:
            code = "dangling-waiver" if verdict is None else "uncompensated-waiver"
            problems.append(_warning(decisions, waiver, code, *keys))
            return False
    if (left := _days(assessment.as_of, waiver.until)) < _SOON:
        runs_out = ResultKey(waiver.finding), waiver.until, DaysLeft(left)
        problems.append(_warning(decisions, waiver, "expiring-waiver", *runs_out))
    return True


def _days(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def _disposed(finding: Finding, live: _Live, used: set[int], as_of: str) -> Finding:
    if waived := _waived(finding, live, used):
        return waived
    if finding.owner and finding.due and finding.due >= as_of:
        return finding._replace(disposition="planned")
    return finding


def _waived(finding: Finding, live: _Live, used: set[int]) -> Finding | None:
    """The finding as the first waiver that matches it leaves it, None where none does."""
    for n, (waiver, pattern) in enumerate(live):
        if pattern.fullmatch(finding.key):
            used.add(n)
            text = f"{waiver.reason} ({waiver.owner}, until {waiver.until})"
            return finding._replace(disposition="waived", waiver=text)
    return None


def _accepted(framework: FrameworkResult, waived: set[str]) -> FrameworkResult:
    return framework._replace(rows=tuple(_row(r, waived) for r in framework.rows))


def _row(row: RequirementResult, waived: set[str]) -> RequirementResult:
    accepted = row.status == "gap" and all(key in waived for key in row.gaps)
    if not accepted:
        return row
    open_ = f"waived, and open all the same: {len(row.gaps)} gap{'s' * (len(row.gaps) != 1)}"
    note = f"{open_}; {row.note}" if row.note else open_
    return row._replace(status="not-modelled" if row.disabled else "risk-accepted", note=note)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")))


def _warning(decisions: Decisions, waiver: Waiver, code: str, *arguments: NoteArgument) -> Note:
    span = decisions.span(waiver.at)
    return Note(code, arguments, span, decisions.document.excerpt(span.line))
