"""The contract of the JSON of `export graph`: node-link, as networkx reads it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from threatmodel.export.schemas.part import Part


class NodeDocument(Part):
    """An element: what it is, where it stands, and how that ground is trusted."""

    id: str
    element: Literal["actor", "service", "store"]
    boundary: str
    trust: str


class EdgeDocument(Part):
    """A flow from `source` to `target`; `key` is its id."""

    source: str
    target: str
    key: str
    protocols: list[str]
    data: list[str]


class NameDocument(Part):
    """What is said of the whole graph."""

    name: str


class GraphDocument(Part):
    """Elements and flows of a model; `networkx.node_link_graph` reads it."""

    threatmodel_graph: Literal[1] = Field(alias="threatmodel-graph")
    directed: Literal[True]
    multigraph: Literal[True]
    graph: NameDocument
    nodes: list[NodeDocument]
    edges: list[EdgeDocument]
