"""The whole outcome: verdict columns for every control and subject, and what people read of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from threatmodel.catalog.overlay.editions import Edition
from threatmodel.errors import Diagnostic
from threatmodel.results.finding import Finding, FrameworkResult
from threatmodel.results.note import Note
from threatmodel.results.question import Question
from threatmodel.results.threats import ThreatResult
from threatmodel.results.verdict import Verdict

PREFIXED = frozenset({"data", "party", "purpose"})
"""The kinds of subject that have a name space of their own, and so say their kind in keys."""


class ResultColumn(NamedTuple):
    """One control asked of all subjects of one kind: a verdict per subject, in the order of `ids`.

    Found threats are a column too, of the kind "threat" and without a control. `perimeter` are the ids that
    are satisfied by what stands upstream alone.
    """

    control: str
    subject_kind: str
    ids: tuple[str, ...]
    verdicts: bytes
    perimeter: tuple[str, ...] = ()

    def keys(self, verdict: Verdict) -> Iterator[str]:
        """The keys of the results with this verdict, in order."""
        at = self.verdicts.find(verdict)
        while at >= 0:
            yield result_key(self.control, self.subject_kind, self.ids[at])
            at = self.verdicts.find(verdict, at + 1)


class Assessment(NamedTuple):
    """An assessed model: columns of verdicts, findings worst first, questions by what they settle.

    `file` is the model's first file, as it was named. `bypasses` are told as findings but are unknown, never
    gaps: a path may go round what another one passes. `catalogs` are those that were asked, in their order.
    `warnings` are
    on results, or on what a file of decisions says; `threats` and `notes` on the model itself are empty
    unless they were asked for.
    """

    name: str
    as_of: str
    columns: tuple[ResultColumn, ...]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    frameworks: tuple[FrameworkResult, ...]
    warnings: tuple[Note | Diagnostic, ...]
    assumptions: tuple[str, ...]
    file: str = ""
    bypasses: tuple[Finding, ...] = ()
    catalogs: tuple[Edition, ...] = ()
    threats: tuple[ThreatResult, ...] = ()
    notes: tuple[Note, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """How many results have this verdict."""
        return sum(column.verdicts.count(verdict) for column in self.columns)

    def verdict(self, key: str) -> Verdict | None:
        """The verdict of one result key or found threat (`threat:x`), None when no such result exists."""
        for column in self.columns:
            start = result_key(column.control, column.subject_kind, "")
            name = key.removeprefix(start)
            if key.startswith(start) and name in column.ids:
                return Verdict(column.verdicts[column.ids.index(name)])
        return None


def result_key(control: str, subject_kind: str, subject: str) -> str:
    """The readable key of a result: no line number, title or order in it."""
    if subject_kind == "threat":
        return f"threat:{subject}"
    return f"{control}@{subject_key(subject_kind, subject)}"


def subject_key(subject_kind: str, subject: str) -> str:
    """A subject as keys write it: with its kind, where that has a name space of its own."""
    return f"{subject_kind}:{subject}" if subject_kind in PREFIXED else subject


def subject_parts(subject: str) -> tuple[str, str]:
    """The kind that a subject as keys write it names (`data:x`: data), "" where it names none; and its id."""
    kind, colon, name = subject.partition(":")
    return (kind, name) if colon and kind in PREFIXED else ("", subject)
