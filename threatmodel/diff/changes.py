"""What changed between two versions of a model, as typed values: what `compare` gives and writers show.

Ids are those of the version after the change, of the version before for what is gone.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from threatmodel.catalog.overlay.editions import Edition
from threatmodel.errors import Diagnostic
from threatmodel.model import Agreement, Statement
from threatmodel.results import Finding, Note, Question

Values: TypeAlias = tuple[str | Agreement, ...] | None
"""The value of a key: `None` was not said, `()` is none."""

GapHow = Literal[
    "opened", "re-opened", "worsened", "planned", "waived", "eased", "unanswered", "unasked", "closed"
]
StatementHow = Literal["removed", "weakened", "changed", "strengthened", "added"]
ReachHow = Literal["new", "nearer", "farther", "lost"]
State = Literal["", "open", "planned", "waived", "unknown"]


class ThingChange(NamedTuple):
    """An element, flow, boundary, host, data asset, party, purpose, scenario or threat came or went."""

    how: Literal["added", "removed"]
    kind: str
    id: str


class Rename(NamedTuple):
    """Something has another id and else the same structure: each the other's only best match."""

    kind: str
    before: str
    after: str


class Move(NamedTuple):
    """An element, host or boundary stands inside another boundary; "" is outermost.

    Ground that nobody declared is named in parentheses, as in the graph.
    """

    kind: str
    id: str
    before: str
    after: str
    trust_before: str
    trust_after: str


class AttributeChange(NamedTuple):
    """A key of something that stayed has another value."""

    kind: str
    id: str
    key: str
    before: Values
    after: Values


class StatementChange(NamedTuple):
    """What is said of one control at one place, without where it stands; None where nothing is said.

    `id` is "" for the baseline. `place` is where the same is said now, or was said, of what is removed or
    added: the statement moved, and wherever of the two the control is asked, it is satisfied on both sides.
    Else it is None.
    """

    how: StatementHow
    kind: str
    id: str
    control: str
    before: Statement | None
    after: Statement | None
    place: str | None = None


class GapChange(NamedTuple):
    """A gap came, went, or stands otherwise; `finding` is the later one there is.

    A new gap is `opened` though it be waived or planned from its first day: `after` says so. `re-opened` was
    planned or waived and is open. `closed` is satisfied, or gone with its subject; of what is `unasked` the
    control is not asked any more, and nobody knows what is `unanswered`. A state is "" where there is no gap.
    """

    how: GapHow
    key: str
    severity: str
    before: State
    after: State
    severity_before: str
    severity_after: str
    finding: Finding


class UnknownChange(NamedTuple):
    """Results of one question that became unknown, or are so no longer, by the later names of their subjects.

    `asked` is the question, or the possible bypasses of one control, the shortest path first. `satisfied`
    counts those that are satisfied on the other side: shown before and lost, or shown now; `gaps` those that
    are gaps there, `absent` those whose subject is not there at all, and `unasked` those that the control is
    not asked of there.
    """

    how: Literal["new", "settled"]
    asked: Question | tuple[Finding, ...]
    severity: str
    keys: tuple[str, ...]
    satisfied: int
    gaps: int
    absent: int
    unasked: int


class RequirementChange(NamedTuple):
    """A row of a framework has another status; `better` is None where the two have no order."""

    framework: str
    requirement: str
    title: str
    before: str
    after: str
    better: bool | None


class ReachChange(NamedTuple):
    """How many calls lead from untrusted ground to an element: 0 is never, as when it does not exist.

    `path` is a shortest one, element by element, on the side that has the shorter one; `level` is the highest
    confidentiality known of the data there.
    """

    how: ReachHow
    kind: str
    id: str
    before: int
    after: int
    stayed: bool
    ground: str
    path: tuple[str, ...]
    level: str


class Detour(NamedTuple):
    """A layer that a path to an element does not pass, and the shortest such path, element by element."""

    layer: str
    path: tuple[str, ...]


class DepthChange(NamedTuple):
    """Fewer, other or more layers of defence on every path to an element that stayed and has sensitive data.

    `before` and `after` are those known to be passed; `detours` has one for each that is lost.
    """

    how: Literal["lowered", "changed", "raised"]
    id: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    detours: tuple[Detour, ...]


class DataChange(NamedTuple):
    """Data that are at an element or a party and were not, or the reverse; `stayed`: the place did.

    `of_people` are personal. `reached`: calls lead from untrusted ground to the element, on the side where
    the data are.
    """

    how: Literal["new", "gone"]
    kind: str
    id: str
    data: tuple[str, ...]
    level: str
    personal: bool
    stayed: bool
    reached: bool
    of_people: tuple[str, ...]


class RecipientChange(NamedTuple):
    """A party that is not ours gets data for the first time, or no more; `of_people` are personal."""

    how: Literal["new", "gone"]
    party: str
    data: tuple[str, ...]
    level: str
    personal: bool
    of_people: tuple[str, ...]


class TransferChange(NamedTuple):
    """Personal data go to a party under the law of a third country, or no longer do."""

    how: Literal["new", "ended"]
    party: str
    countries: tuple[str, ...]
    data: tuple[str, ...]


class RegionChange(NamedTuple):
    """Data at elements that stayed stand in another region; "" where none is said.

    `of_people` are personal.
    """

    before: str
    after: str
    elements: tuple[str, ...]
    data: tuple[str, ...]
    level: str
    personal: bool
    of_people: tuple[str, ...]


class WarningChange(NamedTuple):
    """A warning about the model or its decisions that there was not before, or is no more."""

    how: Literal["new", "gone"]
    warning: Note | Diagnostic


class ContextChange(NamedTuple):
    """What stands beside the model and judges it differs: a catalog, the lock, the policy or the baseline.

    `how` is said of the whole file or catalog. `key` is that of a policy, or of a gap in a baseline. `before`
    and `after` are editions, words or severities, "" where there is none. `effect` says whether more or less
    is let through, where that is known. Both versions are judged by what stands here: `counted` says whose
    it is, "" where it does not decide.
    """

    kind: Literal["catalog", "lock", "policy", "baseline"]
    name: str
    how: Literal["added", "removed", "changed"]
    key: str
    before: str
    after: str
    effect: Literal["looser", "stricter", ""]
    counted: Literal["before", "after", "neither", ""]


class Changes(NamedTuple):
    """Every change of one kind in its field, worst first, then by id.

    `text_differs`: the files differ, though perhaps only in titles, descriptions, comments or order.
    `catalogs` are those that both versions were assessed with, `context` what differs around the models.
    """

    name: str
    as_of: str
    text_differs: bool
    catalogs: tuple[Edition, ...]
    context: tuple[ContextChange, ...]
    gaps: tuple[GapChange, ...]
    reach: tuple[ReachChange, ...]
    depths: tuple[DepthChange, ...]
    transfers: tuple[TransferChange, ...]
    recipients: tuple[RecipientChange, ...]
    regions: tuple[RegionChange, ...]
    data: tuple[DataChange, ...]
    moves: tuple[Move, ...]
    statements: tuple[StatementChange, ...]
    attributes: tuple[AttributeChange, ...]
    things: tuple[ThingChange, ...]
    renames: tuple[Rename, ...]
    unknowns: tuple[UnknownChange, ...]
    requirements: tuple[RequirementChange, ...]
    warnings: tuple[WarningChange, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing that matters to security changed."""
        return not any(self[5:])
