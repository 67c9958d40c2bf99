"""The whole model: every section by id, and the documents that its places point into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from threatmodel.errors import Span
from threatmodel.model.elements import (
    Actor,
    Boundary,
    DataAsset,
    Flow,
    Host,
    Party,
    Purpose,
    RequirementDecision,
    Scenario,
    Service,
    Statements,
    Store,
    Threat,
    Type,
    Waiver,
)
from threatmodel.source import Document
from threatmodel.source.document import Path


class Decisions(NamedTuple):
    """The decisions file: kept apart from the model, read by policy and requirements."""

    document: Document
    waivers: tuple[Waiver, ...]
    requirements: tuple[RequirementDecision, ...]

    def span(self, path: Path) -> Span:
        """Where a waiver or decision stands."""
        return self.document.span(path[1:])


class Model(NamedTuple):
    """A valid model. Mappings are in the order of the files and must not be changed."""

    name: str
    description: str | None
    owner: str | None
    documents: tuple[Document, ...]
    parties: Mapping[str, Party]
    purposes: Mapping[str, Purpose]
    data: Mapping[str, DataAsset]
    boundaries: Mapping[str, Boundary]
    hosts: Mapping[str, Host]
    actors: Mapping[str, Actor]
    services: Mapping[str, Service]
    stores: Mapping[str, Store]
    flows: tuple[Flow, ...]
    service_types: Mapping[str, Type]
    store_types: Mapping[str, Type]
    baseline: Statements
    scenarios: Mapping[str, Scenario]
    threats: Mapping[str, Threat]

    def span(self, path: Path, key: str | None = None) -> Span:
        """Where the value at `path` stands: its key where it has one; with `key`, that entry of it."""
        file, *rest = path
        document = self.documents[int(file)]
        return document.span((*rest, key) if key is not None else tuple(rest))

    def declares(self, path: Path, key: str) -> bool:
        """Whether the mapping at `path` itself has `key`."""
        file, *rest = path
        value = self.documents[int(file)].at(tuple(rest))
        return isinstance(value, dict) and key in value


SECTIONS = {
    "service": "services",
    "store": "stores",
    "actor": "actors",
    "boundary": "boundaries",
    "host": "hosts",
    "data": "data",
    "party": "parties",
    "purpose": "purposes",
}
"""The section of a model that holds each kind of subject; flows are a list."""


def stated(model: Model) -> Iterator[tuple[str, str, Statements]]:
    """Every place that states something: its kind ("service type" for a template), its id, what it says."""
    for flow in model.flows:
        if flow.controls:
            yield "flow", flow.id, flow.controls
    for kind, section in SECTIONS.items():
        for value in getattr(model, section).values():
            if value.controls:
                yield kind, value.id, value.controls
    for kind, types in (("service type", model.service_types), ("store type", model.store_types)):
        for template in types.values():
            yield kind, template.id, template.controls
    yield "baseline", "", model.baseline
