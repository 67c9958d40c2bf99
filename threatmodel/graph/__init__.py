"""The graph of a model: elements, flows and the grounds they stand on, and what moves and calls over it."""

from threatmodel.graph.build import SystemGraph, build_graph
from threatmodel.graph.subject import Subject
from threatmodel.graph.to_networkx import to_networkx

__all__ = ["Subject", "SystemGraph", "build_graph", "to_networkx"]
