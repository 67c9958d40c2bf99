"""Paths, blast radius and lineage as text for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from threatmodel.errors import Span
from threatmodel.graph import SystemGraph
from threatmodel.graph.lineage import Trail
from threatmodel.graph.spread import Reached, Step
from threatmodel.render.escape import terminal
from threatmodel.render.ranking import counted
from threatmodel.render.screen import fold, paint, prose
from threatmodel.results import LayerDepth, WeakPath

Plain: TypeAlias = dict[str, Any]
_HOW: Final = {
    "calls": "over `{}`",
    "relay": "which hands data out over `{}`",
    "delivery": "which delivers code over `{}`",
    "host": "which shares host `{}`",
    "identity": "which runs as `{}` as well",
    "rests": "whose `{}` rests on it",
}
_BACK: Final = _HOW | {"rests": "on which its `{}` rests"}


def paths_text(
    title: str, paths: Sequence[WeakPath], depths: Sequence[LayerDepth], width: int, color: bool
) -> str:
    """The weakest paths hop by hop, then the layers before each element."""
    lines = [paint(terminal(title), "bold", color), ""]
    if not paths:
        lines.append("no path leads there")
    for number, path in enumerate(paths, start=1):
        lines += _path(number, path, width, color)
    if depths:
        note = "layers that every path from untrusted ground passes"
        lines += ["", f"{paint('LAYER DEPTH', 'bold', color)}  {paint(note, 'dim', color)}", ""]
        for depth in depths:
            lines += _depth(depth, width, color)
    return "\n".join(lines) + "\n"


def paths_json(paths: Sequence[WeakPath], depths: Sequence[LayerDepth]) -> str:
    """Paths and depths as JSON, version 1."""
    plain: Plain = {
        "threatmodel-paths": 1,
        "paths": [_plain_path(p) for p in paths],
        "depths": [plain_depth(d) for d in depths],
    }
    return _json(plain)


def plain_depth(depth: LayerDepth) -> Plain:
    """The depth of one element as plain data."""
    return {
        "element": depth.element,
        "known": list(depth.known),
        "perhaps": list(depth.perhaps),
        "single": depth.single or None,
        "weakest": _plain_path(depth.weakest),
    }


def depth_note(depth: LayerDepth) -> str:
    """What is to be said of a depth: no layer, one layer, or all of it in one place; nothing otherwise."""
    if not depth.known:
        return "no layer is known on every path"
    if depth.single:
        return f"a single perimeter: `{depth.single}` is all that stands on its weakest path"
    return "a single layer is no layered defence" if len(depth.known) == 1 else ""


def reach_text(
    graph: SystemGraph, start: int, reached: Sequence[Reached], back: bool, width: int, color: bool
) -> str:
    """What a compromise reaches, or is reached from, nearest first, each with the step that leads there."""
    name = graph.elements[start]
    head = f"`{name}` can be reached from" if back else f"whoever holds `{name}` reaches"
    lines = [*fold(prose(f"{head} {counted(len(reached), 'element')}", color, "bold"), width, color), ""]
    for found in reached:
        other = graph.elements[found.before]
        how = (_BACK if back else _HOW)[found.step.how].format(found.step.name)
        way = f"{'to' if back else 'from'} `{other}` {how}" if found.before != start else how
        text = f"`{graph.elements[found.element]}` {way} ({_place(graph, found.step)})"
        lines += fold(prose(text, color), width, color, f"{found.steps:>3}  ", "     ")
    return "\n".join(lines) + "\n"


def reach_json(graph: SystemGraph, start: int, reached: Sequence[Reached], back: bool) -> str:
    """The same as JSON, version 1."""
    names = graph.elements
    found = [
        {
            "element": names[r.element],
            "steps": r.steps,
            "from": names[r.before],
            "how": r.step.how,
            "name": r.step.name,
            "place": _plain_span(graph.model.span(r.step.at)),
        }
        for r in reached
    ]
    return _json({"threatmodel-reach": 1, "element": names[start], "back": back, "reached": found})


def lineage_text(
    graph: SystemGraph, trails: Sequence[Trail], silent: Sequence[int], width: int, color: bool
) -> str:
    """Every trail: where the asset comes in, who keeps it, who passes it on, and how it moves."""
    lines: list[str] = []
    for trail in trails:
        asset = graph.model.data[trail.asset]
        made = f" ({asset.transform} of {_names(asset.derived_from or ())})" if trail.depth else ""
        lines += fold(prose(f"`{trail.asset}`{made}", color, "bold"), width, color)
        for label, elements in (
            ("is made at" if trail.depth else "comes in at", trail.origins),
            ("is kept by", trail.kept),
            ("passes", trail.passing),
        ):
            listed = _names(graph.elements[e] for e in elements) or "nothing"
            lines += fold(prose(f"{label} {listed}", color), width, color, "  ", "    ")
        for move in trail.moves:
            ends = f"`{graph.elements[move.giver]}` -> `{graph.elements[move.taker]}`"
            flow = graph.flows[move.flow]
            text = f"{ends} over `{flow.id}` ({graph.model.span(flow.at)})"
            lines += fold(prose(text, color), width, color, "    ", "      ")
        lines.append("")
    if silent:
        text = f"{counted(len(silent), 'flow')} of the model do not say what they carry, and may carry it too"
        lines += fold(prose(text, color, "dim"), width, color)
    return "\n".join(lines).rstrip("\n") + "\n"


def lineage_json(graph: SystemGraph, trails: Sequence[Trail], silent: Sequence[int]) -> str:
    """The same as JSON, version 1."""
    names = graph.elements
    found = [
        {
            "asset": t.asset,
            "derivations": t.depth,
            "origins": [names[e] for e in t.origins],
            "kept": [names[e] for e in t.kept],
            "passing": [names[e] for e in t.passing],
            "moves": [
                {"flow": graph.flows[m.flow].id, "from": names[m.giver], "to": names[m.taker]}
                for m in t.moves
            ],
        }
        for t in trails
    ]
    flows = [graph.flows[i].id for i in silent]
    return _json({"threatmodel-lineage": 1, "trails": found, "silent_flows": flows})


def _path(number: int, path: WeakPath, width: int, color: bool) -> Iterator[str]:
    ends = " -> ".join(f"`{name}`" for name in (path.source, *(hop.target for hop in path.hops)))
    head = f"{number:>2}. "
    indent = " " * len(head)
    text = f"{ends}: {counted(path.controls, 'control')}"
    yield from fold(prose(text, color, "bold"), width, color, head, indent)
    for hop in path.hops:
        verb = "hands data out to" if hop.handed else "calls"
        shown = f"passes {', '.join(hop.controls)}" if hop.controls else "passes nothing known"
        line = f"`{hop.source}` {verb} `{hop.target}` ({hop.span}): {shown}"
        yield from fold(prose(line, color), width, color, indent + "  ", indent + "    ")


def _depth(depth: LayerDepth, width: int, color: bool) -> Iterator[str]:
    number = f"{len(depth.known)} known, at most {depth.at_most}"
    layers = f": {', '.join(depth.known)}" if depth.known else ""
    yield from fold(prose(f"`{depth.element}`  {number}{layers}", color), width, color, "  ", "      ")
    if note := depth_note(depth):
        yield from fold(prose(note, color, "warning"), width, color, "      ", "      ")


def _plain_path(path: WeakPath) -> Plain:
    hops = [
        {
            "from": hop.source,
            "to": hop.target,
            "flow": hop.flow,
            "handed": hop.handed,
            "controls": list(hop.controls),
            "place": _plain_span(hop.span),
        }
        for hop in path.hops
    ]
    return {"from": path.source, "to": path.target, "controls": path.controls, "hops": hops}


def _plain_span(span: Span) -> Plain:
    return {"file": span.file, "line": span.line, "column": span.column}


def _place(graph: SystemGraph, step: Step) -> str:
    return str(graph.model.span(step.at))


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _json(plain: Plain) -> str:
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
