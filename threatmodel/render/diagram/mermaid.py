"""A picture as a Mermaid flowchart: generated ids, quoted labels, nested subgraphs, within its limits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from threatmodel.render.diagram import style
from threatmodel.render.diagram.overview import flat, overview
from threatmodel.render.diagram.picture import Edge, Group, Marks, Node, Picture, outline
from threatmodel.render.text import escape
from threatmodel.render.text.wording import counted

MOST_EDGES: Final = 500
MOST_CHARACTERS: Final = 50_000
"""Mermaid's own limits (`maxEdges`, `maxTextSize`): above them viewers show an error and no picture."""

_SHAPES: Final[Mapping[str, tuple[str, str]]] = {
    "actor": ('[["', '"]]'),
    "service": ('("', '")'),
    "store": ('[("', '")]'),
}
_CLASSES: Final = (
    f"classDef actor fill:{style.NODE_FILL},stroke:{style.NODE_LINE},color:{style.TEXT}",
    f"classDef service fill:{style.NODE_FILL},stroke:{style.NODE_LINE},color:{style.TEXT}",
    f"classDef store fill:{style.NODE_FILL},stroke:{style.NODE_LINE},color:{style.TEXT}",
    f"classDef gap fill:{style.GAP_FILL},stroke:{style.GAP},stroke-width:3px,color:{style.TEXT}",
    f"classDef outOfScope stroke-dasharray:4 4,color:{style.TEXT}",
    f"classDef legend fill:{style.NODE_FILL},stroke:{style.QUIET},color:{style.TEXT},text-align:left",
    *(
        f"classDef {name} fill:{look.fill},stroke:{look.line},stroke-width:2px,color:{style.TEXT}"
        + (f",stroke-dasharray:{style.DASHES[look.dash]}" if look.dash != "solid" else "")
        for name, look in style.TRUST.items()
    ),
)
_LEGEND: Final = (
    "red, ▲ 2 high: 2 gaps, the worst high",
    "? 3: 3 results unknown",
    "thick: crosses a boundary",
    "solid: encrypted",
    "dashed, clear: not encrypted",
    "dotted, encrypted?: nobody says",
    "frame: trusted solid, third-party dashed, untrusted dotted",
)


def write(shown: Picture) -> str:
    """The flowchart; above Mermaid's limits first without texts on flows, then one node a boundary."""
    text = _flowchart(shown._replace(numbered=False), ())
    if _fits(text, shown):
        return text
    flows = counted(len(shown.edges), "flow")
    note = f"too large for Mermaid with texts on its {flows}: they show their number, counted by id"
    text = _flowchart(shown._replace(numbered=True), (note,))
    if _fits(text, shown):
        return text
    small = overview(shown)
    what = f"{counted(len(shown.nodes), 'element')} and {flows}"
    note = f"too large for Mermaid ({what}): one node a boundary, flows between two of them as one arrow"
    text = _flowchart(small, (note,))
    if _fits(text, small):
        return text
    kept = flat(small)
    text = _flowchart(kept, (note,))
    while not _fits(text, kept):
        kept = _smaller(kept)
        left = f"{len(small.nodes) - len(kept.nodes)} nodes and {len(small.edges) - len(kept.edges)} arrows"
        text = _flowchart(kept, (note, f"left out, fewest gaps first: {left}"))
    return text


def marks_line(marks: Marks) -> str:
    """The marks of a subject in plain text, "" when there are none."""
    parts = [f"▲ {marks.gaps} {marks.worst}"] if marks.gaps else []
    return "  ".join([*parts, *([f"? {marks.unknown}"] if marks.unknown else [])])


def _fits(text: str, shown: Picture) -> bool:
    return len(shown.edges) <= MOST_EDGES and len(text) <= MOST_CHARACTERS


def _smaller(shown: Picture) -> Picture:
    """At most the limit of edges and half the nodes: those with most gaps, then most edges, stay."""
    degree = [0] * len(shown.nodes)
    for edge in shown.edges:
        degree[edge.source] += 1
        degree[edge.target] += 1
    ranked = sorted(
        range(len(shown.nodes)), key=lambda n: (-shown.nodes[n].marks.gaps, -degree[n], shown.nodes[n].id)
    )
    stay = sorted(ranked[: len(ranked) // 2 if len(shown.edges) <= MOST_EDGES else len(ranked)])
    place = {old: new for new, old in enumerate(stay)}
    edges = [
        e._replace(source=place[e.source], target=place[e.target])
        for e in shown.edges
        if e.source in place and e.target in place
    ]
    edges.sort(key=lambda e: (-e.marks.gaps, e.id))
    return shown._replace(nodes=tuple(shown.nodes[n] for n in stay), edges=tuple(edges[:MOST_EDGES]))


def _flowchart(shown: Picture, notes: Iterable[str]) -> str:
    lines = [
        "---",
        f"title: {_title(shown.title)}",
        "---",
        "flowchart LR",
        *(f"%% {note}" for note in notes),
        *_CLASSES,
        *_frames(shown),
        *(_edge(shown, edge) for edge in shown.edges),
        *_link_styles(shown.edges),
        f'legend["{"<br/>".join((" · ".join(shown.summary), *_LEGEND))}"]:::legend',
    ]
    return "\n".join(lines) + "\n"


def _title(text: str) -> str:
    """A quoted YAML string; without per cent signs, which could begin a directive."""
    return json.dumps(escape.one_line(text), ensure_ascii=False).replace("%", "\\u0025")


def _frames(shown: Picture) -> Iterator[str]:
    for what, i in outline(shown):
        match what:
            case "node":
                yield _node(i, shown.nodes[i])
            case "open":
                yield f'subgraph b{i + 1}["{_frame_label(shown.groups[i])}"]'
            case "close":
                yield "end"
                yield f"class b{i + 1} {shown.groups[i].trust}"


def _frame_label(group: Group) -> str:
    """One line: Mermaid leaves room for no second one above what stands in a subgraph."""
    words = [" ".join(group.title), group.trust, marks_line(group.marks)]
    return " · ".join(escape.mermaid(word) for word in words if word)


def _node(position: int, node: Node) -> str:
    opening, closing = _SHAPES[node.kind]
    host = [*node.host, marks_line(node.host_marks)] if node.host else []
    label = _lines([*node.title, *node.words, *host, marks_line(node.marks)])
    classes = [
        node.kind,
        *(["gap"] if node.marks.gaps else []),
        *(["outOfScope"] if node.out_of_scope else []),
    ]
    classed = "".join(f"\nclass n{position + 1} {name}" for name in classes)
    return f"n{position + 1}{opening}{label}{closing}{classed}"


def _edge(shown: Picture, edge: Edge) -> str:
    head = str(edge.number or "")
    if not shown.numbered:
        head = " ".join(w for w in (head, edge.protocol, style.transport_word(edge)) if w)
    label = _lines([head, *([] if shown.numbered else edge.words), marks_line(edge.marks)])
    arrow = "==>" if edge.crossing else "-->"
    return f'n{edge.source + 1} {arrow}|"{label}"| n{edge.target + 1}'


def _link_styles(edges: tuple[Edge, ...]) -> list[str]:
    """One line for each look, listing the edges that have it by their position."""
    found: dict[str, list[int]] = {}
    for i, edge in enumerate(edges):
        dash = style.DASHES[style.LINE[edge.transport]]
        drawn = f"stroke:{style.GAP if edge.marks.gaps else style.EDGE}" + (
            f",stroke-dasharray:{dash}" if dash else ""
        )
        found.setdefault(drawn, []).append(i)
    return [f"linkStyle {','.join(map(str, at))} {style}" for style, at in sorted(found.items())]


def _lines(lines: Iterable[str]) -> str:
    return "<br/>".join(escape.mermaid(line) for line in lines if line)
