"""The graph as a networkx multigraph, for analyses of the user's own; `check` never imports it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from threatmodel.graph.build import SystemGraph

if TYPE_CHECKING:
    import networkx


def to_networkx(graph: SystemGraph) -> networkx.MultiDiGraph[str]:
    """Elements as nodes (kind, ground, trust), flows as edges keyed by flow id (protocols, data)."""
    import networkx as nx

    result: networkx.MultiDiGraph[str] = nx.MultiDiGraph(name=graph.model.name)
    for i, name in enumerate(graph.elements):
        ground = graph.element_ground[i]
        result.add_node(
            name,
            element=graph.subject_kind[i],
            boundary=graph.grounds[ground],
            trust=graph.ground_trust[ground],
        )
    for flow in graph.flows:
        data = sorted({*(flow.sends or ()), *(flow.returns or ())})
        result.add_edge(
            flow.source, flow.target, key=flow.id, protocols=list(flow.protocols or ()), data=data
        )
    return result


def node_link(graph: SystemGraph) -> dict[str, Any]:
    """The same as plain data: lists of nodes and edges, which `networkx.node_link_graph` reads back."""
    import networkx as nx

    found: dict[str, Any] = nx.node_link_data(to_networkx(graph), edges="edges")
    return found
