"""Of which subjects nothing is asked, and which ones own parties operate."""

from __future__ import annotations

from threatmodel.graph import Subject, SystemGraph


def left_out(graph: SystemGraph, kind: str) -> list[int]:
    """The subjects that are out of scope: flows when both of their ends are."""
    out = graph.element_out_of_scope
    match kind:
        case "flow":
            pairs = zip(graph.flow_source, graph.flow_target, strict=True)
            return [i for i, (source, target) in enumerate(pairs) if out[source] and out[target]]
        case "service" | "store" | "actor":
            return [i for i, element in enumerate(graph.positions[kind]) if out[element]]
        case _:
            return []


def is_ours(graph: SystemGraph, subject: Subject) -> bool:
    """Whether the baseline can cover a subject, because own parties operate it."""
    g, (kind, i) = graph, subject
    match kind:
        case "flow":
            ends = [e for e in (g.flow_source[i], g.flow_target[i]) if g.subject_kind[e] != "actor"]
            return bool(ends) and all(g.element_party[e] in g.own for e in ends)
        case "service" | "store":
            return g.element_party[g.positions[kind][i]] in g.own
        case "boundary":
            return g.ground_party[i] in g.own
        case "host":
            return g.host_party[i] in g.own
        case "actor" | "party":
            return False
        case _:
            return True
