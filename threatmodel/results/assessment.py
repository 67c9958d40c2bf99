"""The whole outcome: verdict columns for every control and subject, and what people read of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from threatmodel.errors import Diagnostic
from threatmodel.results.finding import Finding, FrameworkResult, Question
from threatmodel.results.verdict import Verdict

_PREFIXED = {"data", "party", "purpose"}


class ResultColumn(NamedTuple):
    """One control asked of all subjects of one kind: a verdict per subject, in the order of `ids`."""

    control: str
    subject_kind: str
    ids: tuple[str, ...]
    verdicts: bytes

    def keys(self, verdict: Verdict) -> Iterator[str]:
        """The keys of the results with this verdict, in order."""
        at = self.verdicts.find(verdict)
        while at >= 0:
            yield result_key(self.control, self.subject_kind, self.ids[at])
            at = self.verdicts.find(verdict, at + 1)


class Assessment(NamedTuple):
    """An assessed model: columns of verdicts, findings worst first, questions by what they settle."""

    name: str
    as_of: str
    columns: tuple[ResultColumn, ...]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    frameworks: tuple[FrameworkResult, ...]
    warnings: tuple[Diagnostic, ...]
    assumptions: tuple[str, ...]

    def count(self, verdict: Verdict) -> int:
        """How many results have this verdict."""
        return sum(column.verdicts.count(verdict) for column in self.columns)

    def verdict(self, key: str) -> Verdict | None:
        """The verdict of one result key, None when no such result exists."""
        control, _, subject = key.partition("@")
        for column in self.columns:
            if column.control == control:
                prefix = f"{column.subject_kind}:" if column.subject_kind in _PREFIXED else ""
                if subject.startswith(prefix) and subject[len(prefix) :] in column.ids:
                    return Verdict(column.verdicts[column.ids.index(subject[len(prefix) :])])
        return None


def result_key(control: str, subject_kind: str, subject: str) -> str:
    """The readable key of a result: no line number, title or order in it."""
    prefix = f"{subject_kind}:" if subject_kind in _PREFIXED else ""
    return f"{control}@{prefix}{subject}"
