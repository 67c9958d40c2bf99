"""The picture of a change: what came, went or is otherwise, with its neighbours, from both versions at once.

Signs and words say what changed, so that a print without colour says the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Generic, NamedTuple, TypeVar

from threatmodel.diff import Changes, Version
from threatmodel.diff.results import WORSE
from threatmodel.graph import SystemGraph
from threatmodel.render.changes.wording import SIGNS
from threatmodel.render.diagram import mermaid
from threatmodel.render.diagram.picture import Edge, Group, Node, Picture, picture

MOST_ELEMENTS: Final = 60
"""Above this many elements a picture of a change shows nothing that its list does not show better."""
_CROWD: Final = 12  # a changed boundary is drawn with what stands in it, up to so many elements
_ELEMENTS: Final = ("actor", "service", "store")
_DRAWN: Final = ("added", "removed", "changed", "moved", "renamed")
_LEGEND: Final = " · ".join((*(f"{SIGNS[how]} {how}" for how in _DRAWN), "the rest stands around it"))

What = TypeVar("What", Group, Node)


class _Marked(NamedTuple):
    """How the elements, boundaries and flows changed, by their later ids, of what is gone by the earlier."""

    elements: Mapping[str, str]
    boundaries: Mapping[str, str]
    flows: Mapping[str, str]


def change_picture(before: Version, after: Version, changes: Changes) -> Picture | None:
    """What to draw, None when nothing that can be drawn changed or too much did."""
    marked = _marked(changes)
    later = {r.before: r.after for r in changes.renames if r.kind in (*_ELEMENTS, "boundary")}
    wanted = _chosen(before.graph, marked, later) | _chosen(after.graph, marked, {})
    if not 0 < len(wanted) <= MOST_ELEMENTS:
        return None
    both = _both(before, after, changes, marked, wanted)
    shown = sorted(both.nodes)
    frames = _frames(both, shown)
    groups = {name: g for g, name in enumerate(frames)}
    nodes = {name: n for n, name in enumerate(shown)}
    return Picture(
        title=changes.name,
        summary=(_LEGEND,),
        groups=tuple(_group(both.groups[name], groups, marked.boundaries.get(name, "")) for name in frames),
        nodes=tuple(_node(both.nodes[name], groups, marked.elements.get(name, "")) for name in shown),
        edges=tuple(
            _edge(both.edges[name], nodes, number) for number, name in enumerate(sorted(both.edges), start=1)
        ),
        numbered=False,
        empty=(),
    )


def change_mermaid(before: Version, after: Version, changes: Changes) -> str | None:
    """The picture as a Mermaid flowchart."""
    shown = change_picture(before, after, changes)
    return None if shown is None else mermaid.write(shown)


class _Inside(NamedTuple, Generic[What]):
    """A frame or an element, and the later id of the frame around it, "" for none."""

    what: What
    frame: str


class _Arrow(NamedTuple):
    """A flow, the later ids of its ends, and how it changed."""

    edge: Edge
    source: str
    target: str
    how: str


class _Both(NamedTuple):
    """Frames, elements and flows of both versions by their later ids."""

    groups: dict[str, _Inside[Group]]
    nodes: dict[str, _Inside[Node]]
    edges: dict[str, _Arrow]


def _marked(changes: Changes) -> _Marked:
    marks: dict[str, dict[str, str]] = {"element": {}, "boundary": {}, "flow": {}}

    def mark(kind: str, name: str, how: str) -> None:
        space = "element" if kind in _ELEMENTS else kind
        if space in marks:
            marks[space].setdefault(name, how)

    for thing in changes.things:
        mark(thing.kind, thing.id, thing.how)
    for rename in changes.renames:
        mark(rename.kind, rename.after, "renamed")
    for move in changes.moves:
        mark(move.kind, move.id, "moved")
    for attribute in changes.attributes:
        mark(attribute.kind, attribute.id, "changed")
    for statement in changes.statements:
        mark(statement.kind, statement.id, "changed")
    for gap in changes.gaps:
        if gap.how in WORSE:
            mark(gap.finding.subject_kind, gap.finding.subject, "changed")
    return _Marked(marks["element"], marks["boundary"], marks["flow"])


def _both(
    before: Version, after: Version, changes: Changes, marked: _Marked, wanted: frozenset[str]
) -> _Both:
    """The pictures of both versions in one, by later ids; what both have looks as it does later."""
    later = {r.before: r.after for r in changes.renames if r.kind in (*_ELEMENTS, "boundary")}
    flows = {r.before: r.after for r in changes.renames if r.kind == "flow"}
    found = _Both({}, {}, {})
    for version, names, moved in ((before, later, flows), (after, {}, {})):
        graph, assessment = version.graph, version.assessment
        only = frozenset(e for e in graph.elements if names.get(e, e) in wanted)
        shown = picture(graph, assessment, only)
        ids = [names.get(node.id, node.id) for node in shown.nodes]
        frames = [names.get(group.id, group.id) for group in shown.groups]
        for group, name in zip(shown.groups, frames, strict=True):
            found.groups[name] = _Inside(group, frames[group.parent] if group.parent >= 0 else "")
        for node, name in zip(shown.nodes, ids, strict=True):
            found.nodes[name] = _Inside(node, frames[node.group] if node.group >= 0 else "")
        for edge in shown.edges:
            source, target = ids[edge.source], ids[edge.target]
            _, colon, called = edge.id.partition(":")
            name = moved.get(edge.id) or f"{source}->{target}{colon}{called}"
            how = marked.flows.get(name) or marked.flows.get(edge.id, "")
            found.edges[name] = _Arrow(edge, source, target, how)
    return found


def _chosen(graph: SystemGraph, marked: _Marked, later: Mapping[str, str]) -> frozenset[str]:
    """The elements to draw by their later ids: what changed, ends of changed flows, what a frame holds."""
    wanted = {name for name in marked.elements if name in graph.index}
    for flow in graph.flows:
        if flow.id in marked.flows:
            wanted |= {later.get(end, end) for end in (flow.source, flow.target)}
    inside: dict[str, list[str]] = {}
    for element, ground in enumerate(graph.element_ground):
        inside.setdefault(graph.grounds[ground], []).append(graph.elements[element])
    for frame in marked.boundaries:
        held = inside.get(frame, ())
        wanted.update(later.get(e, e) for e in (held if len(held) <= _CROWD else ()))
    return frozenset(wanted)


def _frames(both: _Both, shown: list[str]) -> list[str]:
    """The frames around what is drawn, the outer before the inner."""
    depths: dict[str, int] = {}
    for name in shown:
        chain = []
        frame = both.nodes[name].frame
        while frame and frame not in chain:
            chain.append(frame)
            frame = both.groups[frame].frame
        depths.update((inner, depth) for depth, inner in enumerate(reversed(chain)))
    return sorted(depths, key=lambda frame: (depths[frame], frame))


def _group(inside: _Inside[Group], places: Mapping[str, int], how: str) -> Group:
    group = inside.what
    return group._replace(parent=places.get(inside.frame, -1), title=_signed(group.title, how))


def _node(inside: _Inside[Node], places: Mapping[str, int], how: str) -> Node:
    node = inside.what
    words = (*([how] if how else []), *node.words)
    return node._replace(group=places.get(inside.frame, -1), title=_signed(node.title, how), words=words)


def _edge(arrow: _Arrow, nodes: Mapping[str, int], number: int) -> Edge:
    edge = arrow.edge
    text = f"{SIGNS[arrow.how]} {arrow.how} · {edge.protocol}" if arrow.how else edge.protocol
    return edge._replace(number=number, source=nodes[arrow.source], target=nodes[arrow.target], protocol=text)


def _signed(title: tuple[str, ...], how: str) -> tuple[str, ...]:
    return (f"{SIGNS[how]} {title[0]}", *title[1:]) if how else title
