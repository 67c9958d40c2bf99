"""Threats per subject, as they follow from controls: open, unknown, or mitigated and by what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from threatmodel.errors import Span


class ThreatStatus(IntEnum):
    """What the controls that counter a threat say of it; the first four are numbered like verdicts."""

    NOT_APPLICABLE = 0
    MITIGATED = 1
    OPEN = 2
    UNKNOWN = 3
    NO_CONTROL = 4

    @property
    def word(self) -> str:
        """The status as people and files spell it."""
        return self.name.lower().replace("_", "-")


class ThreatColumn(NamedTuple):
    """One threat to all subjects of one kind: a status per subject, in the order of `ids`."""

    threat: str
    subject_kind: str
    ids: tuple[str, ...]
    statuses: bytes


class ThreatResult(NamedTuple):
    """One threat to one subject, with the keys of the results that leave it open, unknown or mitigated."""

    threat: str
    subject_kind: str
    subject: str
    status: ThreatStatus
    gaps: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    mitigated_by: tuple[str, ...] = ()


class ThreatRow(NamedTuple):
    """A subject as keys write it, with one result for each threat of its table: None where none belongs."""

    subject: str
    results: tuple[ThreatResult | None, ...]


class ThreatGroup(NamedTuple):
    """The subjects of one kind, those with most open threats first.

    `more` rows are left out of a long table, `quiet` subjects because no control is asked there;
    `no_control` are the threats that the catalog has no control against on some subject of the kind.
    """

    subject_kind: str
    rows: tuple[ThreatRow, ...]
    more: int
    quiet: int
    no_control: tuple[str, ...]


class ThreatTable(NamedTuple):
    """Threats of one method against subjects, and how many of them have each status."""

    method: str
    threats: tuple[str, ...]
    groups: tuple[ThreatGroup, ...]
    counts: Mapping[ThreatStatus, int]


class ReportedThreat(NamedTuple):
    """A threat that people found, with what its answers come to; it is unknown while nobody named any."""

    key: str
    title: str
    against: tuple[str, ...]
    threats: tuple[str, ...]
    severity: str
    status: ThreatStatus
    answered_by: tuple[str, ...]
    span: Span


STATUS_MEANINGS = {
    ThreatStatus.OPEN: "a control that counters it is a gap",
    ThreatStatus.UNKNOWN: "nobody said whether a control that counters it is in place",
    ThreatStatus.MITIGATED: "every control that counters it and is needed is in place",
    ThreatStatus.NOT_APPLICABLE: "no control that counters it is needed",
    ThreatStatus.NO_CONTROL: "the catalog has no control that counters it",
}
"""What each status says of a subject, the gravest first."""
