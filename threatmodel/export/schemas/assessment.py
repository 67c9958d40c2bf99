"""The contract of the JSON of `check` and `threats`: what each key holds."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from threatmodel.export.schemas.part import Part, Place, Severity


class PremiseDocument(Part):
    """One thing that a verdict rests on."""

    text: str
    place: Place | None


class FindingDocument(Part):
    """A gap in full, or an unknown bypass, with its path."""

    key: str
    control: str
    subject_kind: str
    subject: str
    layer: str
    title: str
    message: str
    because: str
    fix: str
    severity: Severity
    severity_from: list[str]
    threats: list[str]
    references: list[str]
    path: list[str]
    disposition: Literal["open", "planned", "waived", "unknown"]
    waiver: str | None
    owner: str | None
    due: str | None
    place: Place | None
    premises: list[PremiseDocument]
    overrode: list[PremiseDocument]
    baseline: Literal["new", "worsened", "known"] | None = None


class QuestionDocument(Part):
    """Unknown results that one answer settles."""

    text: str
    answer: str
    at: str
    severity: Severity
    place: Place | None
    settles: list[str]


class RowDocument(Part):
    """One row of a framework."""

    requirement: str
    title: str
    designation: str
    coverage: str
    status: str
    note: str
    controls: list[str]
    satisfied: int
    unknown: int
    gaps: list[str]
    responsible: list[str]
    decision: str
    disabled: tuple[str, ...] = ()
    inherited_from: str = ""


class FrameworkDocument(Part):
    """A framework and its rows."""

    id: str
    title: str
    law_as_of: str
    applies: bool | None
    rows: list[RowDocument]


class ResultDocument(Part):
    """One result, listed with `--all` only."""

    key: str
    verdict: Literal["satisfied", "gap", "unknown", "not-applicable"]
    perimeter_only: bool | None = None


class ChangeDocument(Part):
    """What a catalog of a user changes in a control; `weaker` means that less is found."""

    control: str
    change: str
    weaker: bool
    reason: str
    place: Place


class CatalogDocument(Part):
    """A catalog that was asked: the first is whole, the others add controls to it and override some."""

    name: str
    version: str
    digest: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    controls: list[str]
    changes: list[ChangeDocument]


class NoteDocument(Part):
    """What in the model itself looks forgotten or repeated; never a finding."""

    name: str = Field(pattern=r"^hygiene:[a-z-]+$")
    text: str
    help: str
    place: Place | None


class ThreatDocument(Part):
    """One threat to one subject, with the keys of the results behind it."""

    threat: str
    subject_kind: str
    subject: str
    status: Literal["open", "unknown", "mitigated", "not-applicable", "no-control"]
    gaps: list[str]
    unknown: list[str]
    mitigated_by: list[str]


class FoundThreatDocument(Part):
    """A threat that people found."""

    key: str
    title: str
    against: list[str]
    threats: list[str]
    severity: Severity
    status: Literal["open", "unknown", "mitigated"]
    answered_by: list[str]
    place: Place


class ThreatsDocument(Part):
    """The file of `threatmodel threats`: every threat to every subject, then those that people found."""

    threatmodel_threats: Literal[1] = Field(alias="threatmodel-threats")
    name: str
    as_of: str
    threats: list[ThreatDocument]
    found: list[FoundThreatDocument]


class AssessmentDocument(Part):
    """The file: gaps in full, unknowns by question, the rest as counts."""

    threatmodel_assessment: Literal[1] = Field(alias="threatmodel-assessment")
    name: str
    as_of: str
    catalogs: list[CatalogDocument]
    counts: dict[str, int]
    findings: list[FindingDocument]
    bypasses: list[FindingDocument]
    questions: list[QuestionDocument]
    frameworks: list[FrameworkDocument]
    warnings: list[str]
    assumptions: list[str]
    notes: list[NoteDocument]
    results: list[ResultDocument] | None = None
    threats: list[ThreatDocument] | None = None
