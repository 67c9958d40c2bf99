"""The order in which people read an assessment: gaps in blocks, worst first, and the counts above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from threatmodel.model import words
from threatmodel.results import Assessment, Cause, Disposition, Finding, Message, Verdict

SEVERITIES: Final = tuple(reversed(words.SEVERITIES))
"""Worst first."""


class Block(NamedTuple):
    """Gaps that are told together, of one control; the first is the worst."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The worst gap, which lends the block its severity."""
        return self.findings[0]

    @property
    def fix(self) -> Message | None:
        """One fix, when it is the same for all."""
        return self.first.fix if all(f.fix == self.first.fix for f in self.findings) else None


class Tally(NamedTuple):
    """What an assessment counts; `severities` are of open gaps, worst first, without zeros."""

    open: int
    severities: tuple[tuple[str, int], ...]
    planned: int
    waived: int
    questions: int
    unknown: int
    satisfied: int
    not_applicable: int
    warnings: int
    assumptions: int
    bypasses: int = 0
    perimeter: int = 0


def blocks(assessment: Assessment, disposition: Disposition, *, by_reason: bool) -> tuple[Block, ...]:
    """The findings with this disposition in blocks, in the order of their worst; bypasses after gaps.

    With `by_reason` a block holds only gaps that the same step decided, so that one reason speaks for all.
    """
    findings = (*assessment.findings, *assessment.bypasses)
    return _grouped((f for f in findings if f.disposition == disposition), by_reason)


def bypass_blocks(assessment: Assessment) -> tuple[Block, ...]:
    """The possible bypasses of each control together, in the order of their worst."""
    return blocks(assessment, "unknown", by_reason=False)


def _grouped(findings: Iterable[Finding], by_reason: bool) -> tuple[Block, ...]:
    grouped: dict[tuple[str, Cause | None], list[Finding]] = {}
    for finding in findings:
        key = (finding.control or finding.key, finding.because if by_reason else None)
        grouped.setdefault(key, []).append(finding)
    return tuple(Block(tuple(members)) for members in grouped.values())


def tally(assessment: Assessment) -> Tally:
    """The counts of an assessment."""
    dispositions = Counter(f.disposition for f in (*assessment.findings, *assessment.bypasses))
    severities = Counter(f.severity for f in assessment.findings if f.disposition == "open")
    return Tally(
        open=dispositions["open"],
        severities=tuple((s, severities[s]) for s in SEVERITIES if severities[s]),
        planned=dispositions["planned"],
        waived=dispositions["waived"],
        questions=len(assessment.questions),
        unknown=assessment.count(Verdict.UNKNOWN),
        satisfied=assessment.count(Verdict.SATISFIED),
        not_applicable=assessment.count(Verdict.NOT_APPLICABLE),
        warnings=len(assessment.warnings),
        assumptions=len(assessment.assumptions),
        bypasses=dispositions["unknown"],
        perimeter=sum(len(column.perimeter) for column in assessment.columns),
    )
