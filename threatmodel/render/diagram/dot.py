"""A picture in the DOT language: one node an element, one edge a flow, nested clusters.

The `graphviz` package writes the statements. It takes any text from `<` to `>` for an HTML-like label, so
every text is marked as plain here, but for the labels, which are made of escaped pieces.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from graphviz import Digraph, nohtml

from threatmodel.render.diagram import legend, style
from threatmodel.render.diagram.picture import Edge, Group, Node, Picture, outline, reading_order
from threatmodel.render.diagram.style import font, html, mark_text
from threatmodel.render.text import escape

_MANY_FLOWS: Final = 300


def write(shown: Picture) -> str:
    """The DOT text of a picture; ids are `element-N`, `flow-N` and `frame-N`, counted from 1 in its order."""
    text = {"fontname": style.FONT, "fontcolor": style.TEXT}
    graph = Digraph(
        graph_attr=_plain(_settings(shown) | text | {"fontsize": "12"}),
        node_attr=_plain(text | {"fontsize": "12", "margin": "0.18,0.09"}),
        edge_attr=_plain(text | {"fontsize": "10"}),
    )
    for n in reading_order(shown):
        # dot breaks cycles where it meets them: from the outside in, actors stay on the left
        graph.node(_name(shown.nodes[n]))
    _frames(shown, graph)
    for edge in shown.edges:
        first, last = (edge.target, edge.source) if edge.backward else (edge.source, edge.target)
        graph.edge(_name(shown.nodes[first]), _name(shown.nodes[last]), _attributes=_edge(shown, edge))
    source: str = graph.source
    return source


def _settings(shown: Picture) -> dict[str, str]:
    # newrank: with it no edge is lost, whoever draws the text (see drawing.py)
    settings = {
        "newrank": "true",
        "rankdir": "LR",
        "labelloc": "b",
        "labeljust": "l",
        "label": legend.caption(shown),
        "nodesep": "0.35",
        "ranksep": "0.55",
        "pad": "0.2",
        "bgcolor": "#ffffff",
        "outputorder": "edgesfirst",  # a line that passes behind an element leaves its text legible
        "compound": "true",
    }
    if len(shown.edges) > _MANY_FLOWS:
        settings |= {"nslimit": "2", "nslimit1": "2", "mclimit": "0.3", "splines": "line"}
    return settings


def _frames(shown: Picture, graph: Digraph) -> None:
    # frames are opened and closed here: the package's own subgraphs copy what is in them at every level
    for what, i in outline(shown):
        match what:
            case "node":
                graph.node(_name(shown.nodes[i]), _attributes=_node(i, shown.nodes[i]))
            case "open":
                graph.body.append(f"\tsubgraph cluster_{i} {{\n")
                graph.attr(_attributes=_group(i, shown.groups[i]))
            case "close":
                graph.body.append("\t}\n")


def _group(position: int, group: Group) -> dict[str, str]:
    look = style.TRUST[group.trust]
    title = [f"<B>{html(line)}</B>" for line in group.title]
    words = [font(line, 10, color=style.MUTED) for line in group.words]
    return _plain(
        {
            "id": f"frame-{position + 1}",
            "class": _class("boundary", group.trust, gap=group.marks.gaps > 0),
            "peripheries": "1",
            "labelloc": "t",
            "labeljust": "l",
            "margin": "14",
            "style": f"filled,{look.dash}",
            "color": look.line,
            "fillcolor": look.fill,
            "penwidth": look.width,
            "tooltip": group.id,
            "label": _label([*title, *words, *mark_text(group.marks)], align="LEFT"),
        }
    )


def _node(position: int, node: Node) -> dict[str, str]:
    title = [f"<B>{html(line)}</B>" for line in node.title]
    words = [font(line, 9.5, color=style.MUTED) for line in node.words]
    host = [font(line, 9.5, color=style.MUTED) for line in node.host]
    if host:
        host[-1] += "".join(f" {m}" for m in mark_text(node.host_marks))
    line, fill = style.NODE_LINE, style.NODE_FILL
    if node.marks.gaps:
        line, fill = style.GAP, style.GAP_FILL
    shape_style = {"actor": "filled", "service": "filled,rounded", "store": "filled"}[node.kind]
    return _plain(
        {
            "id": f"element-{position + 1}",
            "class": _class(node.kind, gap=node.marks.gaps > 0, unknown=node.marks.unknown > 0),
            "shape": "cylinder" if node.kind == "store" else "box",
            "peripheries": "2" if node.kind == "actor" else "1",
            "style": shape_style + (",dashed" if node.out_of_scope else ""),
            "color": line,
            "fillcolor": fill,
            "penwidth": "2" if node.marks.gaps else "1.1",
            "tooltip": node.id,
            "label": _label([*title, *words, *host, *mark_text(node.marks)]),
        }
    )


def _edge(shown: Picture, edge: Edge) -> dict[str, str]:
    color = style.GAP if edge.marks.gaps else style.EDGE
    if edge.kind == "telemetry" and not edge.marks.gaps:
        color = style.QUIET
    crossing = edge.crossing != ""
    attributes = {
        "id": f"flow-{edge.number}",
        "class": _class("flow", edge.transport, crossing=crossing, gap=edge.marks.gaps > 0),
        "color": color,
        "style": style.LINE[edge.transport],
        "penwidth": {"": "1.3", "boundary": "2.2", "trust": "2.8"}[edge.crossing],
        "arrowhead": "normal" if crossing else "vee",
        "arrowsize": "0.9" if crossing else "0.7",
        "edgetooltip": edge.id,
        "labeltooltip": edge.id,
        "label": _edge_label(shown, edge),
    }
    attributes["weight"] = "2" if edge.kind == "business" else "0"
    if edge.backward:
        attributes |= {"dir": "back", "arrowtail": attributes.pop("arrowhead")}
    return _plain(attributes)


def _edge_label(shown: Picture, edge: Edge) -> str:
    number = f"<B>{edge.number}</B>"
    if shown.numbered:
        return _on_ground(["  ".join([number, *mark_text(edge.marks, short=True)])])
    head = f"{number} {html(edge.protocol)}"
    if word := style.transport_word(edge):
        head += f"  {font(word, 9, color=style.MUTED)}"
    words = [font(line, 9.5, color=style.MUTED) for line in edge.words]
    return _on_ground([head, *words, *mark_text(edge.marks)])


def _on_ground(lines: list[str]) -> str:
    """A label on a light patch, so that lines which pass behind it leave it legible."""
    text = "<BR/>".join(lines)
    cell = f'<TD BGCOLOR="#ffffffd8">{text}</TD>'
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="3" CELLPADDING="1"><TR>{cell}</TR></TABLE>>'


def _label(lines: Iterable[str], align: str = "") -> str:
    end = f'<BR ALIGN="{align}"/>' if align else "<BR/>"
    text = end.join(lines)
    return f"<{text}{end if align else ''}>"


def _class(*words: str, **flags: bool) -> str:
    return " ".join([*words, *(name for name, on in flags.items() if on)])


def _plain(attributes: dict[str, str]) -> dict[str, str]:
    """Labels are HTML-like text made here; everything else is plain text."""
    return {name: value if name == "label" else _text(value) for name, value in attributes.items()}


def _name(node: Node) -> str:
    return _text(node.id)


def _text(text: str) -> str:
    plain: str = nohtml(escape.dot(text))
    return plain
