"""Looks up single verdicts of an assessment by control and subject."""

from __future__ import annotations

from collections.abc import Mapping

from threatmodel.results import Assessment, ResultColumn, Verdict


class Verdicts:
    """The verdicts of one assessment; the ids of a column are indexed when it is first asked for."""

    def __init__(self, assessment: Assessment) -> None:
        self._columns = {(c.control, c.subject_kind): c for c in assessment.columns}
        self._places: dict[tuple[str, str], Mapping[str, int]] = {}

    def of(self, control: str, kind: str, subject: str) -> Verdict | None:
        """The verdict of one control for one subject, None where there is no such result."""
        column = self._columns.get((control, kind))
        if column is None:
            return None
        at = self._index(column).get(subject)
        return None if at is None else Verdict(column.verdicts[at])

    def _index(self, column: ResultColumn) -> Mapping[str, int]:
        key = column.control, column.subject_kind
        if key not in self._places:
            self._places[key] = {name: i for i, name in enumerate(column.ids)}
        return self._places[key]
