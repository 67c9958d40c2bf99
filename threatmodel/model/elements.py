"""The parts of a model as frozen values. `None` is unknown, an empty tuple is "none".

`at` is the path of a value in the model's files: the file's index, then keys and list positions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias

from threatmodel.source.document import Path

Names: TypeAlias = tuple[str, ...] | None
Status = Literal["implemented", "partial", "planned", "absent", "alternative", "not-applicable"]
Trust = Literal["untrusted", "third-party", "trusted"]


class Evidence(NamedTuple):
    """A link that shows a statement, from its `date` on and until `until` (ISO dates)."""

    link: str
    date: str | None
    until: str | None

    def in_force(self, day: str) -> bool:
        """Whether it has been made by a day, and has not run out before it."""
        return not (self.until and self.until < day) and not (self.date and self.date > day)


class Statement(NamedTuple):
    """What a model says of one control at one place; `bare` is a lone `true` or `implemented`."""

    control: str
    at: Path
    status: Status
    mechanism: str | None
    by: Names
    evidence: tuple[Evidence, ...]
    reason: str | None
    owner: str | None
    due: str | None

    @property
    def bare(self) -> bool:
        """Whether nothing beside the status is said: no mechanism, no `by`, no evidence."""
        return not (self.mechanism or self.by or self.evidence)


Statements: TypeAlias = Mapping[str, Statement]


class Agreement(NamedTuple):
    """A contract or transfer mechanism between a party and its counterpart."""

    at: Path
    type: str
    counterpart: str | None
    date: str | None
    until: str | None
    ref: str | None
    assessment: str | None


class Party(NamedTuple):
    """An organisation: ours or another. `contacts` maps who is told, such as `privacy` or `dpo`, to text."""

    id: str
    at: Path
    title: str | None
    description: str | None
    owner: str | None
    controls: Statements
    own: bool
    jurisdiction: Names
    gdpr: str | None
    hipaa: Names
    agreements: tuple[Agreement, ...] | None
    contacts: Mapping[str, str] | None


class Purpose(NamedTuple):
    """A processing activity: a row of the record under Article 30 GDPR."""

    id: str
    at: Path
    title: str | None
    description: str | None
    owner: str | None
    controls: Statements
    legal_basis: str | None
    condition: str | None
    hipaa_use: str | None
    automated_decision: bool | None
    large_scale: bool | None


class DataAsset(NamedTuple):
    """A data asset as declared; what a derived one does not say it takes from its sources (see graph)."""

    id: str
    at: Path
    title: str | None
    description: str | None
    owner: str | None
    controls: Statements
    confidentiality: str | None
    integrity: str | None
    availability: str | None
    categories: Names
    subjects: Names
    purposes: Names
    retention: str | None
    derived_from: Names
    transform: str | None
    epsilon: float | None
    delta: float | None
    epsilon_budget: float | None


class Boundary(NamedTuple):
    """A trust boundary as declared; inherited keys are resolved in graph."""

    id: str
    at: Path
    title: str | None
    description: str | None
    owner: str | None
    controls: Statements
    parent: str | None
    kind: str | None
    trust: Trust | None
    party: str | None
    provider: str | None
    region: str | None
    environment: str | None


class Host(NamedTuple):
    """A runtime that several elements share."""

    id: str
    at: Path
    title: str | None
    description: str | None
    owner: str | None
    controls: Statements
    boundary: str | None
    kind: str | None
    technology: str | None
    party: str | None
    tenancy: str | None


class Actor(NamedTuple):
    """A DFD external entity, person or system."""

    id: str
    at: Path
    title: str | None
    description: str | None
    owner: str | None
    controls: Statements
    boundary: str | None
    party: str | None
    needs: Names
    purposes: Names
    out_of_scope: str | None
    human: bool | None
    jurisdiction: Names


class Service(NamedTuple):
    """A DFD process. A type's keys are merged in, its statements are not: they stand farther away."""

    id: str
    at: Path
    title: str | None
    description: str | None
    owner: str | None
    controls: Statements
    boundary: str | None
    party: str | None
    needs: Names
    purposes: Names
    out_of_scope: str | None
    host: str | None
    type: str | None
    kind: str | None
    technology: str | None
    identity: str | None
    holds: Names
    retention: str | None
    tenancy: str | None
    criticality: str | None
    deployed_as: Names
    custom_code: bool | None
    tls_passthrough: bool


class Store(NamedTuple):
    """A DFD data store. A type's keys are merged in, its statements are not: they stand farther away."""

    id: str
    at: Path
    title: str | None
    description: str | None
    owner: str | None
    controls: Statements
    boundary: str | None
    party: str | None
    needs: Names
    purposes: Names
    out_of_scope: str | None
    host: str | None
    type: str | None
    kind: str | None
    technology: str | None
    identity: str | None
    holds: Names
    retention: str | None
    tenancy: str | None
    criticality: str | None
    deployed_as: Names


class Flow(NamedTuple):
    """One data flow between two elements; a list of ends in the file has become one flow per pair.

    `sends` and `returns` hold what `data` adds to both; `None` is unknown, `()` is nothing.
    """

    id: str
    at: Path
    source: str
    target: str
    name: str | None
    kind: str | None
    protocols: Names
    ports: tuple[int, ...] | None
    sends: Names
    returns: Names
    title: str | None
    description: str | None
    controls: Statements


class Type(NamedTuple):
    """A template of services or stores: here only its statements matter, its keys are merged already."""

    id: str
    at: Path
    controls: Statements


class Scenario(NamedTuple):
    """Ordered flows; with `rights`, the procedure for a data subject's right or emergency access."""

    id: str
    at: Path
    title: str | None
    description: str | None
    steps: tuple[str, ...]
    rights: Names


class Threat(NamedTuple):
    """A threat that people found; `answered_by` are result keys, `()` is nothing: a gap."""

    id: str
    at: Path
    title: str | None
    description: str | None
    against: tuple[str, ...]
    category: Names
    severity: str
    answered_by: Names


class Waiver(NamedTuple):
    """A decision to live with a finding until a date; `finding` is a key or a pattern with `*`."""

    at: Path
    finding: str
    reason: str
    owner: str
    until: str
    compensated_by: str | None


class RequirementDecision(NamedTuple):
    """A decision on a requirement: addressable specification, attestation, inheritance or not-applicable.

    `provider` is the party that an inherited one rests on.
    """

    at: Path
    framework: str
    requirement: str
    scope: Names
    decision: str
    reason: str
    alternative: str | None
    evidence: tuple[Evidence, ...]
    owner: str
    date: str
    review: str | None
    provider: str | None = None


Element: TypeAlias = Actor | Service | Store
