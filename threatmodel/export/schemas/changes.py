"""The contract of the JSON of `diff` and `what-if`: every typed change, in the order of the fields."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from threatmodel.export.schemas.assessment import CatalogDocument
from threatmodel.export.schemas.part import Part, Place, Severity

State = Literal["", "open", "planned", "waived", "unknown"]


class BesideDocument(Part):
    """A catalog, lock, policy or baseline that judges the model differs."""

    kind: Literal["catalog", "lock", "policy", "baseline"]
    name: str
    how: Literal["added", "removed", "changed"]
    key: str
    before: str
    after: str
    effect: Literal["looser", "stricter", ""]
    counted: Literal["before", "after", "neither", ""]


class ChangedFinding(Part):
    """The later finding there is of a gap that came, went or stands otherwise."""

    control: str
    subject_kind: str
    subject: str
    layer: str
    message: str
    because: str
    fix: str
    place: Place | None


class GapDocument(Part):
    """A gap came, went, or stands otherwise; a state is "" where there is no gap."""

    how: Literal[
        "opened", "re-opened", "worsened", "planned", "waived", "eased", "unanswered", "unasked", "closed"
    ]
    key: str
    severity: Severity
    before: State
    after: State
    severity_before: str
    severity_after: str
    finding: ChangedFinding


class ReachDocument(Part):
    """How many calls lead from untrusted ground to an element; 0 is never."""

    how: Literal["new", "nearer", "farther", "lost"]
    kind: str
    id: str
    before: int = Field(ge=0)
    after: int = Field(ge=0)
    stayed: bool
    ground: str
    path: list[str]
    level: str


class WayRoundDocument(Part):
    """A layer that a path does not pass, and the path."""

    layer: str
    path: list[str]


class DepthDocument(Part):
    """Fewer, other or more layers of defence on every path to an element."""

    how: Literal["lowered", "changed", "raised"]
    id: str
    before: list[str]
    after: list[str]
    ways: list[WayRoundDocument]


class TransferDocument(Part):
    """Personal data go to a party under the law of a third country, or no longer do."""

    how: Literal["new", "ended"]
    party: str
    countries: list[str]
    data: list[str]


class RecipientDocument(Part):
    """A party that is not ours gets data for the first time, or no more."""

    how: Literal["new", "gone"]
    party: str
    data: list[str]
    level: str
    personal: bool
    of_people: list[str]


class RegionDocument(Part):
    """Data stand in another region."""

    before: str
    after: str
    elements: list[str]
    data: list[str]
    level: str
    personal: bool
    of_people: list[str]


class DataDocument(Part):
    """Data that are at an element or a party and were not, or the reverse."""

    how: Literal["new", "gone"]
    kind: str
    id: str
    data: list[str]
    level: str
    personal: bool
    stayed: bool
    reached: bool
    of_people: list[str]


class MoveDocument(Part):
    """An element, host or boundary stands inside another boundary."""

    kind: str
    id: str
    before: str
    after: str
    trust_before: str
    trust_after: str


class StatementDocument(Part):
    """What is said of one control at one place; "" where nothing is said."""

    how: Literal["removed", "weakened", "changed", "strengthened", "added"]
    kind: str
    id: str
    control: str
    before: str
    after: str
    place: str


class AttributeDocument(Part):
    """A key has another value: null was not said, an empty list is none."""

    kind: str
    id: str
    key: str
    before: list[str] | None
    after: list[str] | None


class ThingDocument(Part):
    """Something of the model came or went."""

    how: Literal["added", "removed"]
    kind: str
    id: str


class RenameDocument(Part):
    """Something has another id and else the same structure."""

    kind: str
    before: str
    after: str


class UnknownDocument(Part):
    """Results of one question that became unknown, or are so no longer."""

    how: Literal["new", "settled"]
    question: str
    answer: str
    severity: Severity
    keys: list[str]
    satisfied: int
    gaps: int
    absent: int
    unasked: int


class RequirementDocument(Part):
    """A row of a framework has another status; null is no order between the two."""

    framework: str
    requirement: str
    title: str
    before: str
    after: str
    better: bool | None


class WarningDocument(Part):
    """A warning that there was not before, or is no more."""

    how: Literal["new", "gone"]
    code: str
    message: str
    place: Place | None


class ChangesDocument(Part):
    """What a change does to security: every change of one kind in its list, worst first."""

    threatmodel_diff: Literal[1] = Field(alias="threatmodel-diff")
    name: str
    as_of: str
    empty: bool
    text_differs: bool
    catalogs: list[CatalogDocument]
    beside: list[BesideDocument]
    title: list[str]
    gaps: list[GapDocument]
    reach: list[ReachDocument]
    depths: list[DepthDocument]
    transfers: list[TransferDocument]
    recipients: list[RecipientDocument]
    regions: list[RegionDocument]
    data: list[DataDocument]
    moves: list[MoveDocument]
    statements: list[StatementDocument]
    attributes: list[AttributeDocument]
    things: list[ThingDocument]
    renames: list[RenameDocument]
    unknowns: list[UnknownDocument]
    requirements: list[RequirementDocument]
    warnings: list[WarningDocument]
