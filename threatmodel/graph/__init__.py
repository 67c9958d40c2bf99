"""The graph of a model and the facts about it: what every condition reads."""

from threatmodel.graph.build import SystemGraph, build_graph
from threatmodel.graph.export import to_networkx
from threatmodel.graph.fact import Fact
from threatmodel.graph.facts import ALL_FACTS, FACTS, fact
from threatmodel.graph.values import UNKNOWN, Choice, Column, Domain, Known, Members, Range, Value, truth

__all__ = [
    "ALL_FACTS",
    "FACTS",
    "UNKNOWN",
    "Choice",
    "Column",
    "Domain",
    "Fact",
    "Known",
    "Members",
    "Range",
    "SystemGraph",
    "Value",
    "build_graph",
    "fact",
    "to_networkx",
    "truth",
]
