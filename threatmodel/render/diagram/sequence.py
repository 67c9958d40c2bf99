"""A scenario as a sequence of messages between lifelines: Mermaid text, or SVG that needs no program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from threatmodel.graph import SystemGraph
from threatmodel.model import Scenario
from threatmodel.render.diagram import style
from threatmodel.render.diagram.mermaid import marks_line
from threatmodel.render.diagram.picture import Edge, Group, Node, Picture, picture
from threatmodel.render.text import escape
from threatmodel.render.text.terminal_text import columns
from threatmodel.results import Assessment

_COLUMN: Final = 230
_LEFT: Final = 20
_LINE: Final = 14
_CORNER: Final[Mapping[str, int]] = {"actor": 0, "service": 12, "store": 0}
_NOBODY: Final = Assessment("", "", (), (), (), (), (), ())


class Sequence(NamedTuple):
    """The flows of a scenario in order, and the elements they touch: by frame, as they first occur."""

    title: str
    shown: Picture
    nodes: tuple[int, ...]
    steps: tuple[Edge, ...]


def sequence_mermaid(graph: SystemGraph, scenario: Scenario, assessment: Assessment = _NOBODY) -> str:
    """The scenario as a Mermaid sequence diagram; with an assessment its gaps are marked."""
    found = _sequence(graph, scenario, assessment)
    lines = ["sequenceDiagram", f"title {escape.mermaid(found.title)}"]
    for group, nodes in _by_group(found):
        if group is not None:
            color = ",".join(str(int(style.TRUST[group.trust].fill[i : i + 2], 16)) for i in (1, 3, 5))
            lines.append(f"box rgb({color}) {escape.mermaid(_frame_name(group))}")
        for n in nodes:
            node = found.shown.nodes[n]
            role = "actor" if node.kind == "actor" else "participant"
            lines.append(f"{role} p{n + 1} as {'<br/>'.join(escape.mermaid(t) for t in node.title)}")
        lines += ["end"] if group is not None else []
    for number, edge in enumerate(found.steps, 1):
        ends = f"p{edge.source + 1}", f"p{edge.target + 1}"
        text = "<br/>".join(escape.mermaid(line) for line in _step_lines(number, edge))
        lines.append(f"{ends[0]}->>{ends[1]}: {text}")
    return "\n".join(lines) + "\n"


def sequence_svg(graph: SystemGraph, scenario: Scenario, assessment: Assessment = _NOBODY) -> str:
    """The scenario as an SVG document; with an assessment its gaps are marked."""
    found = _sequence(graph, scenario, assessment)
    column = {n: _LEFT + _COLUMN * i + _COLUMN // 2 for i, n in enumerate(found.nodes)}
    width = max(_LEFT * 2 + _COLUMN * len(found.nodes), int(_text_width(found.title, 20)) + 2 * _LEFT)
    top = 62
    head = top + 44
    lifeline = head + 60
    parts: list[str] = []
    y = lifeline + 16
    for number, edge in enumerate(found.steps, 1):
        lines = _step_lines(number, edge)
        y += _LINE * len(lines) + 6
        parts += _arrow(number, edge, column, y, lines)
        y += 28
    height = y + 34
    frames = [part for group, nodes in _by_group(found) for part in _frame(group, nodes, column, top, y)]
    lines_ = [
        part for n in found.nodes for part in _participant(found.shown.nodes[n], column[n], head, lifeline, y)
    ]
    view = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    font = f'font-family="Helvetica,Arial,sans-serif" font-size="11" fill="{style.TEXT}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {view} {font}>',
            f"<title>{escape.xml(found.title)}</title>",
            _rect(0, 0, width, height, 'fill="#ffffff"'),
            _text(_LEFT, 30, found.title, size=20, bold=True),
            *frames,
            *lines_,
            *parts,
            _text(_LEFT, height - 12, _LEGEND, color=style.MUTED),
            "</svg>",
            "",
        ]
    )


_LEGEND: Final = (
    "thick: crosses a boundary · solid: encrypted · dashed: clear · dotted: nobody says"
    " · ▲ gaps with the worst severity · ? unknown results"
)


def _sequence(graph: SystemGraph, scenario: Scenario, assessment: Assessment) -> Sequence:
    shown = picture(graph, assessment)
    by_id: Mapping[str, Edge] = {edge.id: edge for edge in shown.edges}
    steps = tuple(by_id[step] for step in scenario.steps)
    met = list(dict.fromkeys(n for edge in steps for n in (edge.source, edge.target)))
    groups = list(dict.fromkeys(shown.nodes[n].group for n in met))
    nodes = tuple(sorted(met, key=lambda n: groups.index(shown.nodes[n].group)))
    return Sequence(scenario.title or scenario.id, shown, nodes, steps)


def _by_group(found: Sequence) -> Iterator[tuple[Group | None, list[int]]]:
    """Neighbours in the same frame, with the frame; None for those outside."""
    groups = list(dict.fromkeys(found.shown.nodes[n].group for n in found.nodes))
    for group in groups:
        nodes = [n for n in found.nodes if found.shown.nodes[n].group == group]
        yield found.shown.groups[group] if group >= 0 else None, nodes


def _frame_name(group: Group) -> str:
    return f"{' '.join(group.title)} ({group.trust})"


def _step_lines(number: int, edge: Edge) -> list[str]:
    head = " ".join(word for word in (str(number), edge.protocol, style.transport_word(edge)) if word)
    crossing = {"": "", "boundary": "crosses a boundary", "trust": "crosses into other trust"}[edge.crossing]
    return [line for line in (head, *edge.words, crossing, marks_line(edge.marks)) if line]


def _frame(
    group: Group | None, nodes: list[int], column: Mapping[int, int], top: int, bottom: int
) -> list[str]:
    if group is None:
        return []
    look = style.TRUST[group.trust]
    left, right = column[nodes[0]] - _COLUMN // 2 + 6, column[nodes[-1]] + _COLUMN // 2 - 6
    name = _cut(_frame_name(group), right - left - 16, 12)
    frame = f'fill="{look.fill}" stroke="{look.line}" stroke-width="{look.width}"{_dash(look.dash)}'
    return [
        _rect(left, top - 8, right - left, bottom - top + 8, frame),
        _text(left + 8, top + 10, name, size=12, bold=True),
    ]


def _participant(node: Node, x: int, head: int, lifeline: int, bottom: int) -> list[str]:
    marks = marks_line(node.marks)
    lines = [*node.title, *([marks] if marks else [])]
    red = node.marks.gaps > 0
    line, fill = (style.GAP, style.GAP_FILL) if red else (style.NODE_LINE, style.NODE_FILL)
    left, width = x - _COLUMN // 2 + 18, _COLUMN - 36
    height = lifeline - head + 22
    box = _rect(left, head - 22, width, height, f'fill="{fill}" stroke="{line}" rx="{_CORNER[node.kind]}"')
    inner = _rect(left + 4, head - 18, width - 8, height - 8, f'fill="none" stroke="{line}"')
    start = (head - 22 + lifeline) // 2 - (len(lines) - 1) * _LINE // 2 + 4
    return [
        f'<line x1="{x}" y1="{lifeline}" x2="{x}" y2="{bottom - 10}" stroke="{style.QUIET}"/>',
        box,
        *([inner] if node.kind == "actor" else []),
        *(
            _text(
                x,
                start + i * _LINE,
                _cut(text, width - 14, 12),
                size=12,
                bold=i < len(node.title),
                middle=True,
            )
            for i, text in enumerate(lines)
        ),
    ]


def _arrow(number: int, edge: Edge, column: Mapping[int, int], y: int, lines: list[str]) -> list[str]:
    start, end = column[edge.source], column[edge.target]
    color = style.GAP if edge.marks.gaps else style.EDGE
    width = 2.6 if edge.crossing else 1.3
    stroke = f'stroke="{color}" stroke-width="{width}"{_dash(style.LINE[edge.transport])}'
    way = 1 if end > start else -1
    tip, back = end - way, end - 10 * way
    head = f'<polygon points="{tip},{y} {back},{y - 5} {back},{y + 5}" fill="{color}"/>'
    room = abs(end - start) - 20
    first = y - 6 - _LINE * (len(lines) - 1)
    texts = [
        _text(
            (start + end) // 2, first + i * _LINE, _cut(line, room, 11), bold=i == 0, middle=True, halo=True
        )
        for i, line in enumerate(lines)
    ]
    path = f'<path d="M{start},{y} H{back}" fill="none" {stroke}/>'
    return [f'<g id="step-{number}">{path}{head}', *texts, "</g>"]


def _rect(x: int, y: int, width: int, height: int, attributes: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" {attributes}/>'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 11,
    color: str = "",
    bold: bool = False,
    middle: bool = False,
    halo: bool = False,
) -> str:
    attributes = f'x="{x}" y="{y}" font-size="{size}"'
    attributes += f' fill="{color}"' if color else ""
    attributes += ' font-weight="bold"' if bold else ""
    attributes += ' text-anchor="middle"' if middle else ""
    attributes += ' paint-order="stroke" stroke="#ffffff" stroke-width="4"' if halo else ""
    return f"<text {attributes}>{escape.xml(text)}</text>"


def _dash(dash: str) -> str:
    return f' stroke-dasharray="{style.DASHES[dash]}"' if style.DASHES[dash] else ""


def _cut(text: str, room: float, size: int) -> str:
    """The text as far as there is room, with an ellipsis where it goes on."""
    if _text_width(text, size) <= room:
        return text
    while text and _text_width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def _text_width(text: str, size: int) -> float:
    """About how wide a text is: little more than half an em for each column that it takes."""
    return size * 0.56 * columns(text)
