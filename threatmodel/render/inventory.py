"""What a report lists of the system itself: elements, boundaries, data and flows as plain rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from threatmodel.graph import SystemGraph
from threatmodel.graph.classification import LEVELS
from threatmodel.graph.grounds import OUTSIDE, SYSTEM
from threatmodel.logic import Range
from threatmodel.model import Actor


class ElementRow(NamedTuple):
    """An element: what it is, where it stands and whose it is; empty text is unknown."""

    id: str
    title: str
    description: str
    what: str
    kind: str
    technology: str
    boundary: str
    trust: str
    party: str
    holds: tuple[str, ...]
    out_of_scope: str


class FlowRow(NamedTuple):
    """A flow with what moves each way; `carries` is False when nobody said what it carries."""

    id: str
    title: str
    description: str
    source: str
    target: str
    protocols: tuple[str, ...]
    sends: tuple[str, ...]
    returns: tuple[str, ...]
    known: bool


class DataRow(NamedTuple):
    """A data asset with its levels and categories, those it takes from its sources included."""

    id: str
    title: str
    description: str
    confidentiality: str
    integrity: str
    availability: str
    categories: tuple[str, ...]
    subjects: tuple[str, ...]
    retention: str


class Inventory(NamedTuple):
    """The system as rows, each list ordered by id."""

    description: str
    owner: str
    elements: tuple[ElementRow, ...]
    flows: tuple[FlowRow, ...]
    data: tuple[DataRow, ...]
    boundaries: int


def inventory(graph: SystemGraph) -> Inventory:
    """The rows of a graph."""
    return Inventory(
        description=graph.model.description or "",
        owner=graph.model.owner or "",
        elements=tuple(_elements(graph)),
        flows=tuple(_flows(graph)),
        data=tuple(_data(graph)),
        boundaries=len(graph.model.boundaries),
    )


def _elements(graph: SystemGraph) -> Iterator[ElementRow]:
    for i, (name, value) in enumerate(zip(graph.elements, graph.values, strict=True)):
        actor = isinstance(value, Actor)
        yield ElementRow(
            id=name,
            title=value.title or "",
            description=value.description or "",
            what=graph.subject_kind[i],
            kind=graph.kind_of(i) or "",
            technology="" if isinstance(value, Actor) else value.technology or "",
            boundary=_ground(graph, graph.element_ground[i]),
            trust=graph.trust(i),
            party=graph.element_party[i] or ("" if actor else "ours"),
            holds=() if isinstance(value, Actor) else value.holds or (),
            out_of_scope=value.out_of_scope or "",
        )


def _ground(graph: SystemGraph, ground: int) -> str:
    """A declared boundary by its id, implied ground in words."""
    name = graph.grounds[ground]
    if name in graph.model.boundaries:
        return name
    return {OUTSIDE: "outside", SYSTEM: "this system"}.get(name, f"ground of {graph.ground_party[ground]}")


def _flows(graph: SystemGraph) -> Iterator[FlowRow]:
    for flow in graph.flows:
        yield FlowRow(
            id=flow.id,
            title=flow.title or "",
            description=flow.description or "",
            source=flow.source,
            target=flow.target,
            protocols=flow.protocols or (),
            sends=flow.sends or (),
            returns=flow.returns or (),
            known=flow.sends is not None,
        )


def _data(graph: SystemGraph) -> Iterator[DataRow]:
    for name in sorted(graph.model.data):
        value, asset = graph.model.data[name], graph.assets[name]
        yield DataRow(
            id=name,
            title=value.title or "",
            description=value.description or "",
            confidentiality=_level(asset.confidentiality, "confidentiality"),
            integrity=_level(asset.integrity, "integrity"),
            availability=_level(asset.availability, "availability"),
            categories=tuple(sorted(asset.categories.certain)),
            subjects=value.subjects or (),
            retention=value.retention or "",
        )


def _level(value: Range, dimension: str) -> str:
    """A level in a word; empty when it is not known for certain."""
    return LEVELS[dimension][value.low] if value.low == value.high >= 0 else ""
