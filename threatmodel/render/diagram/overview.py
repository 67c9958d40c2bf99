"""The picture of a model too large to draw: one node a boundary, flows between two of them as one edge."""

from __future__ import annotations

from collections.abc import Iterable

from threatmodel.render.diagram.picture import Crossing, Edge, Marks, Node, Picture, worst
from threatmodel.render.diagram.transport import Transport
from threatmodel.render.text.wording import counted

_CROSSING: tuple[Crossing, ...] = ("", "boundary", "trust")
_TRANSPORT: tuple[Transport, ...] = ("encrypted", "unknown", "clear")


def overview(shown: Picture) -> Picture:
    """The same frames, each with one node for the elements that stand directly in it; marks are summed.

    Flows between elements of the same frame are counted in its node.
    """
    inside: dict[int, list[Node]] = {}
    for node in shown.nodes:
        inside.setdefault(node.group, []).append(node)
    places = {group: i for i, group in enumerate(sorted(inside))}
    between: dict[tuple[int, int], list[Edge]] = {}
    within: dict[int, list[Edge]] = {}
    for edge in shown.edges:
        ends = places[shown.nodes[edge.source].group], places[shown.nodes[edge.target].group]
        if ends[0] == ends[1]:
            within.setdefault(ends[0], []).append(edge)
        else:
            between.setdefault(ends, []).append(edge)
    nodes = tuple(_node(shown, group, inside[group], within.get(i, [])) for group, i in places.items())
    edges = tuple(_edge(nodes, ends, between[ends]) for ends in sorted(between))
    return shown._replace(nodes=nodes, edges=edges, numbered=False)


def flat(shown: Picture) -> Picture:
    """An overview without frames: each node carries the name and the trust of the frame it stood in."""
    nodes = []
    for node in shown.nodes:
        if node.group >= 0:
            group = shown.groups[node.group]
            node = node._replace(title=group.title, words=(group.trust, *node.title, *node.words), group=-1)
        nodes.append(node)
    return shown._replace(nodes=tuple(nodes), groups=())


def total(marks: Iterable[Marks]) -> Marks:
    """Several marks as one."""
    found = list(marks)
    return Marks(
        sum(m.gaps for m in found),
        worst(m.worst for m in found if m.worst),
        sum(m.waived for m in found),
        sum(m.unknown for m in found),
    )


def _node(shown: Picture, group: int, nodes: list[Node], within: list[Edge]) -> Node:
    words = [counted(len(within), "flow") + " inside"] if within else []
    return Node(
        id=shown.groups[group].id if group >= 0 else "",
        kind="service",
        title=(counted(len(nodes), "element"),),
        words=tuple(words),
        host=(),
        group=group,
        out_of_scope=False,
        marks=total([n.marks for n in nodes] + [e.marks for e in within]),
        host_marks=Marks(),
    )


def _edge(nodes: tuple[Node, ...], ends: tuple[int, int], edges: list[Edge]) -> Edge:
    source, target = ends
    return Edge(
        id=f"{nodes[source].id}->{nodes[target].id}",
        number=0,
        source=source,
        target=target,
        protocol=counted(len(edges), "flow"),
        words=(),
        crossing=max((e.crossing for e in edges), key=_CROSSING.index),
        transport=max((e.transport for e in edges), key=_TRANSPORT.index),
        claimed=False,
        kind="business",
        backward=False,
        marks=total(e.marks for e in edges),
    )
