"""Who answers for a subject when the statement behind a finding names nobody."""

from __future__ import annotations

from threatmodel.graph import SystemGraph
from threatmodel.model import SECTIONS


def owner_of(graph: SystemGraph, kind: str, i: int) -> str | None:
    """The subject's `owner`, else that of the nearest boundary around it, else the model's.

    A flow belongs to whoever owns its target, which can refuse it; where we do not operate the target, to
    whoever owns its source.
    """
    if kind == "flow":
        return _of_element(graph, _responsible(graph, i)) or graph.model.owner
    if kind in graph.positions:
        return _of_element(graph, graph.positions[kind][i]) or graph.model.owner
    if kind == "model":
        return graph.model.owner
    value = getattr(graph.model, SECTIONS[kind])[graph.subjects[kind][i]]
    ground = {"boundary": lambda: graph.ground_parent[i], "host": lambda: graph.host_ground[i]}.get(kind)
    return value.owner or _around(graph, ground() if ground else -1) or graph.model.owner


def _responsible(graph: SystemGraph, flow: int) -> int:
    target = graph.flow_target[flow]
    ours = graph.subject_kind[target] != "actor" and graph.element_party[target] in graph.own
    return target if ours else graph.flow_source[flow]


def _of_element(graph: SystemGraph, element: int) -> str | None:
    return graph.values[element].owner or _around(graph, graph.element_ground[element])


def _around(graph: SystemGraph, ground: int) -> str | None:
    while ground >= 0:
        if ground < len(graph.subjects["boundary"]):
            owner = graph.model.boundaries[graph.grounds[ground]].owner
            if owner:
                return owner
        ground = graph.ground_parent[ground]
    return None
