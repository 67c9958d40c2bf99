"""Findings and requirement rows: what people read of an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from threatmodel.errors import Span
from threatmodel.results.message import Message
from threatmodel.results.reason import Cause, Premise

Disposition = Literal["open", "planned", "waived", "unknown"]


class Finding(NamedTuple):
    """A gap: one control, one subject; `key` is stable under reordering and retitling.

    `because` is the step that decided; `severity_from` lists the formula's inputs;
    `path` is the way round, element by element, where paths decided;
    `disposition` and `waiver` are set by policy; evaluation leaves gaps open and possible bypasses unknown.
    """

    key: str
    control: str
    subject_kind: str
    subject: str
    layer: str
    title: str
    message: Message
    because: Cause
    fix: Message
    severity: str
    severity_from: tuple[str, ...]
    threats: tuple[str, ...]
    references: tuple[str, ...]
    span: Span | None
    premises: tuple[Premise, ...]
    overrode: tuple[Premise, ...]
    owner: str | None
    due: str | None
    disposition: Disposition = "open"
    waiver: str | None = None
    path: tuple[str, ...] = ()


class RequirementResult(NamedTuple):
    """The status of one row of a framework, with the counts and the gap keys behind it.

    `disabled` are those of its controls that a catalog disables: they have no results. `inherited_from` is
    the party whose declared responsibility settles the row, "" for all other rows. `references` are to other
    standards, and pass no status on.
    """

    framework: str
    requirement: str
    title: str
    designation: str
    category: str
    coverage: str
    status: str
    note: str
    controls: tuple[str, ...]
    satisfied: int
    unknown: int
    gaps: tuple[str, ...]
    responsible: tuple[str, ...]
    evidence: str
    cannot_show: str
    url: str
    decision: str
    disabled: tuple[str, ...] = ()
    inherited_from: str = ""
    references: tuple[str, ...] = ()

    @property
    def responsibility(self) -> tuple[str, ...]:
        """Who is responsible, in words: own parties by their roles, and whom the row is inherited from."""
        return (
            *self.responsible,
            *([f"inherited from {self.inherited_from}"] if self.inherited_from else []),
        )


class FrameworkResult(NamedTuple):
    """A framework's rows in official order; `applies` is False only when declared, None when unknown.

    `scope` has, for each kind of subject that the framework limits, a bit for each that is surely in scope.
    """

    id: str
    title: str
    source: str
    law_as_of: str
    applies: bool | None
    rows: tuple[RequirementResult, ...]
    scope: Mapping[str, int] = MappingProxyType({})

    def concerns(self, kind: str, i: int) -> bool:
        """Whether a subject, by its position among those of its kind, is surely in scope."""
        return kind not in self.scope or bool(self.scope[kind] >> i & 1)
