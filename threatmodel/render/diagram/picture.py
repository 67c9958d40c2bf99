"""What a diagram shows, before it is DOT or Mermaid: groups, nodes and edges with words and marks.

All text here is still as the user wrote it, only shortened; each notation escapes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

from threatmodel.facts import FACTS
from threatmodel.graph import SystemGraph
from threatmodel.graph.grounds import OUTSIDE
from threatmodel.logic import Known
from threatmodel.model.words import SEVERITIES, gravity
from threatmodel.render.diagram.labels import (
    about_element,
    about_frame,
    data_lines,
    element_title,
    frame_title,
    host_line,
    protocol_line,
    wrapped,
)
from threatmodel.render.diagram.transport import Transport, encryption_verdicts, transport
from threatmodel.render.text.wording import counted
from threatmodel.results import Assessment, Verdict

LABELLED_FLOWS: Final = 60
"""Above this many flows labels cover each other: edges show numbers, a table says the rest."""
LABELLED_ELEMENTS: Final = 100

Crossing = Literal["", "boundary", "trust"]
Subject: TypeAlias = tuple[str, str]

_DRAWN: Final = ("flow", "actor", "service", "store", "boundary", "host")


class Marks(NamedTuple):
    """What the assessment says of one subject: gaps with the worst severity, waived gaps, unknown results."""

    gaps: int = 0
    worst: str = ""
    waived: int = 0
    unknown: int = 0


class Group(NamedTuple):
    """A frame around elements: a boundary, or ground that nobody declared: the system's, another party's.

    `parent` is the position of the frame around it, -1 outermost.
    """

    id: str
    title: tuple[str, ...]
    words: tuple[str, ...]
    trust: str
    parent: int
    marks: Marks


class Node(NamedTuple):
    """An element: `words` are the small lines below its title, `host` those that name its runtime.

    `group` is -1 outside every frame.
    """

    id: str
    kind: str
    title: tuple[str, ...]
    words: tuple[str, ...]
    host: tuple[str, ...]
    group: int
    out_of_scope: bool
    marks: Marks
    host_marks: Marks


class Edge(NamedTuple):
    """A flow: ends are positions in `nodes`; `words` are who encrypts it (`claimed`) and its data lines.

    `number` counts flows from 1 by id; 0 stands for several flows.
    `backward`: the target comes first in the order of events: an actor is told, a relay is emptied.
    """

    id: str
    number: int
    source: int
    target: int
    protocol: str
    words: tuple[str, ...]
    crossing: Crossing
    transport: Transport
    claimed: bool
    kind: str
    backward: bool
    marks: Marks


class Picture(NamedTuple):
    """Everything to draw. `numbered`: too many flows for labels; `empty`: boundaries nothing stands in."""

    title: str
    summary: tuple[str, ...]
    groups: tuple[Group, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    numbered: bool
    empty: tuple[str, ...]


def picture(
    graph: SystemGraph,
    assessment: Assessment,
    only: frozenset[str] | None = None,
    hide: frozenset[str] = frozenset(),
) -> Picture:
    """The model as a picture, in the order of the graph: the same input gives the same picture.

    With `only`, these elements, the frames around them and the flows between them; flows of a kind in `hide`
    are left out and counted in the summary.
    """
    encryption = encryption_verdicts(assessment)
    drawn = [e for e, name in enumerate(graph.elements) if only is None or name in only]
    at = {element: position for position, element in enumerate(drawn)}
    ends = zip(graph.flow_source, graph.flow_target, strict=True)
    between = [f for f, (source, target) in enumerate(ends) if source in at and target in at]
    flows = [f for f in between if _flow_kind(graph, f) not in hide]
    among = (
        None if only is None else only.union(graph.grounds, graph.hosts, (graph.flows[f].id for f in between))
    )
    marks = marks_by_subject(assessment, among)
    groups, of_ground = _groups(graph, marks, drawn)
    many = len(flows) > LABELLED_FLOWS or len(drawn) > LABELLED_ELEMENTS
    return Picture(
        title=graph.model.name,
        summary=(*_summary(assessment), *_hidden(graph, marks, sorted({*between}.difference(flows)))),
        groups=groups,
        nodes=tuple(_node(graph, e, of_ground.get(graph.element_ground[e], -1), marks) for e in drawn),
        edges=tuple(_edge(graph, f, at, encryption, marks) for f in flows),
        numbered=many,
        empty=tuple(
            b for i, b in enumerate(graph.subjects["boundary"]) if only is None and i not in of_ground
        ),
    )


def outline(shown: Picture) -> Iterator[tuple[Literal["node", "open", "close"], int]]:
    """Nodes and frames in nesting order: what stands directly in a frame, then the frames in it."""
    nodes: dict[int, list[int]] = {}
    for i, node in enumerate(shown.nodes):
        nodes.setdefault(node.group, []).append(i)
    inner: dict[int, list[int]] = {}
    for i, group in enumerate(shown.groups):
        inner.setdefault(group.parent, []).append(i)
    # a stack and no recursion: nothing limits how deep a model nests its boundaries
    stack: list[tuple[Literal["open", "close"], int]] = [("open", -1)]
    while stack:
        what, frame = stack.pop()
        if frame >= 0:
            yield what, frame
        if what == "open":
            yield from (("node", i) for i in nodes.get(frame, ()))
            stack.append(("close", frame))
            stack += [("open", i) for i in reversed(inner.get(frame, ()))]


def reading_order(shown: Picture) -> list[int]:
    """The nodes as one would tell of them: untrusted ground first, then what is called from there."""
    calls: dict[int, list[int]] = {}
    for edge in shown.edges:
        ends = (edge.target, edge.source) if edge.backward else (edge.source, edge.target)
        calls.setdefault(ends[0], []).append(ends[1])
    starts = [i for i, node in enumerate(shown.nodes) if node.kind == "actor" or not _trusted(shown, node)]
    found = dict.fromkeys(sorted(starts, key=lambda i: shown.nodes[i].kind != "actor"))
    frontier = list(found)
    while frontier:
        reached = dict.fromkeys(t for n in frontier for t in calls.get(n, ()) if t not in found)
        found |= reached
        frontier = list(reached)
    return [*found, *(i for i in range(len(shown.nodes)) if i not in found)]


def _trusted(shown: Picture, node: Node) -> bool:
    return node.group >= 0 and shown.groups[node.group].trust != "untrusted"


def marks_by_subject(assessment: Assessment, among: frozenset[str] | None = None) -> Mapping[Subject, Marks]:
    """The marks of every subject that has any, by its kind and id; with `among`, of these ids only."""
    unknown: Counter[Subject] = Counter()
    for column in assessment.columns:
        at = column.verdicts.find(Verdict.UNKNOWN)
        while at >= 0:
            if among is None or column.ids[at] in among:
                unknown[column.subject_kind, column.ids[at]] += 1
            at = column.verdicts.find(Verdict.UNKNOWN, at + 1)
    open_: dict[Subject, list[str]] = {}
    waived: Counter[Subject] = Counter()
    for finding in assessment.findings:
        where = finding.subject_kind, finding.subject
        if among is not None and finding.subject not in among:
            continue
        if finding.disposition == "waived":
            waived[where] += 1
        else:
            open_.setdefault(where, []).append(finding.severity)
    return {
        subject: Marks(
            len(open_.get(subject, ())), worst(open_.get(subject, ())), waived[subject], unknown[subject]
        )
        for subject in {*unknown, *open_, *waived}
    }


def worst(severities: Iterable[str]) -> str:
    """The highest of some severities, "" of none."""
    return max(severities, key=gravity, default="")


def _groups(
    graph: SystemGraph, marks: Mapping[Subject, Marks], drawn: Iterable[int]
) -> tuple[tuple[Group, ...], dict[int, int]]:
    """Frames, the outer before the inner, and their position by ground; an empty frame is none."""
    occupied: set[int] = set()
    for element in drawn:
        ground = graph.element_ground[element]
        while ground >= 0 and ground not in occupied:
            occupied.add(ground)
            ground = graph.ground_parent[ground]
    occupied -= {z for z, name in enumerate(graph.grounds) if name == OUTSIDE}
    declared = len(graph.subjects["boundary"])
    needed = {
        z: n for n, z in enumerate(dict.fromkeys((*graph.host_ground, *graph.element_ground)), declared)
    }
    grounds = sorted(occupied, key=lambda z: (graph.ground_depth[z], z if z < declared else needed[z]))
    of_ground = {ground: i for i, ground in enumerate(grounds)}
    return tuple(_group(graph, z, of_ground, marks) for z in grounds), of_ground


def _group(
    graph: SystemGraph, ground: int, of_ground: Mapping[int, int], marks: Mapping[Subject, Marks]
) -> Group:
    outer = graph.ground_parent[ground]
    return Group(
        id=graph.grounds[ground],
        title=frame_title(graph, ground),
        words=about_frame(graph, ground),
        trust=graph.ground_trust[ground],
        parent=of_ground[outer] if outer >= 0 else -1,
        marks=marks.get(("boundary", graph.grounds[ground]), Marks()),
    )


def _node(graph: SystemGraph, element: int, group: int, marks: Mapping[Subject, Marks]) -> Node:
    value, kind = graph.values[element], graph.subject_kind[element]
    host = graph.element_host[element]
    return Node(
        id=graph.elements[element],
        kind=kind,
        title=wrapped(element_title(graph, element)),
        words=about_element(graph, element),
        host=host_line(graph, host) if host >= 0 else (),
        group=group,
        out_of_scope=value.out_of_scope is not None,
        marks=marks.get((kind, graph.elements[element]), Marks()),
        host_marks=marks.get(("host", graph.hosts[host]), Marks()) if host >= 0 else Marks(),
    )


def _edge(
    graph: SystemGraph,
    index: int,
    at: Mapping[int, int],
    encryption: Mapping[str, Verdict],
    marks: Mapping[Subject, Marks],
) -> Edge:
    flow = graph.flows[index]
    crossing: Crossing = ""
    if _is(graph, "crosses_trust", index):
        crossing = "trust"
    elif _is(graph, "crosses_boundary", index):
        crossing = "boundary"
    known, claim = transport(graph, index, encryption.get(flow.id))
    return Edge(
        id=flow.id,
        number=index + 1,
        source=at[graph.flow_source[index]],
        target=at[graph.flow_target[index]],
        protocol=protocol_line(graph, flow),
        words=(*(wrapped(claim) if claim else ()), *data_lines(graph, flow)),
        claimed=claim != "",
        crossing=crossing,
        transport=known,
        kind=_flow_kind(graph, index),
        backward=_backward(graph, index),
        marks=marks.get(("flow", flow.id), Marks()),
    )


def _flow_kind(graph: SystemGraph, index: int) -> str:
    kind = FACTS["flow", "flow.kind"].value(graph, graph.every("flow")[index])
    return str(kind.value) if isinstance(kind, Known) else "business"


def _is(graph: SystemGraph, fact: str, flow: int) -> bool | None:
    value = FACTS["flow", fact].value(graph, graph.every("flow")[flow])
    return value.value is True if isinstance(value, Known) else None


def _backward(graph: SystemGraph, index: int) -> bool:
    flow, target = graph.flows[index], graph.flow_target[index]
    if graph.subject_kind[target] == "actor":
        return graph.subject_kind[graph.flow_source[index]] != "actor"
    return graph.relays[target] and bool(flow.returns) and not flow.sends


def _summary(assessment: Assessment) -> tuple[str, ...]:
    open_ = [f for f in assessment.findings if f.disposition != "waived"]
    by_severity = Counter(f.severity for f in open_)
    parts = [f"{by_severity[s]} {s}" for s in reversed(SEVERITIES) if by_severity[s]]
    lines = [counted(len(open_), "gap") + (f": {', '.join(parts)}" if parts else "")]
    if waived := len(assessment.findings) - len(open_):
        lines.append(f"{waived} waived")
    lines.append(counted(assessment.count(Verdict.UNKNOWN), "unknown result"))
    elsewhere = sum(f.subject_kind not in _DRAWN for f in open_)
    if elsewhere:
        lines.append(f"{counted(elsewhere, 'gap')} on data, parties or the whole model not drawn")
    return tuple(lines)


def _hidden(graph: SystemGraph, marks: Mapping[Subject, Marks], flows: Iterable[int]) -> Iterator[str]:
    """The flows that are left out, by kind, with the gaps that they have."""
    by_kind: dict[str, list[int]] = {}
    for flow in flows:
        by_kind.setdefault(_flow_kind(graph, flow), []).append(flow)
    for kind, found in sorted(by_kind.items()):
        gaps = sum(marks.get(("flow", graph.flows[f].id), Marks()).gaps for f in found)
        with_gaps = f" with {counted(gaps, 'gap')}" if gaps else ""
        yield f"not drawn: {counted(len(found), f'{kind} flow')}{with_gaps}"
