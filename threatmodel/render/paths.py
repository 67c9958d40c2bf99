"""Paths, blast radius and lineage as text for a terminal and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from threatmodel.facts.privacy_budget import spending
from threatmodel.graph import SystemGraph
from threatmodel.graph.blast_radius import Reached, Step
from threatmodel.graph.data_at_stake import Stake
from threatmodel.graph.lineage import Trail
from threatmodel.render.text.escape import terminal
from threatmodel.render.text.plain import plain_place
from threatmodel.render.text.terminal_text import fold, paint, prose
from threatmodel.render.text.wording import counted
from threatmodel.results.paths import LayerDepth, Protection, WeakPath

Plain: TypeAlias = dict[str, Any]
_HOW: Final = {
    "calls": "over `{}`",
    "relay": "which hands data out over `{}`",
    "delivery": "which delivers code over `{}`",
    "host": "which shares host `{}`",
    "identity": "which runs as `{}` as well",
    "rests": "whose `{}` rests on it",
    "decides": "which acts on its answers over `{}`",
}
STAKES: Final = 10
_END_TO_END: Final = {True: "holds", False: "is broken", None: "is not known"}
_BACK: Final = _HOW | {"rests": "on which its `{}` rests", "decides": "whose answers over `{}` it acts on"}


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


def stakes_text(graph: SystemGraph, stakes: Sequence[Stake], width: int, color: bool) -> str:
    """The elements at which most sensitive data are at stake; nothing where none are."""
    if not stakes:
        return ""
    note = "sensitive data that whoever holds an element gets at"
    lines = ["", f"{paint('DATA AT STAKE', 'bold', color)}  {paint(note, 'dim', color)}", ""]
    for stake in stakes[:STAKES]:
        lines += fold(prose(stake_line(graph, stake), color), width, color, "  ", "      ")
    if len(stakes) > STAKES:
        rest = counted(len(stakes) - STAKES, "more element")
        lines.append(paint(f"  … and {rest} (--format json)", "dim", color))
    return "\n".join(lines) + "\n"


def stake_line(graph: SystemGraph, stake: Stake) -> str:
    """One element with the number of assets at stake, those that are there and those within its reach."""
    words = [f"there {_names(stake.there)}"] if stake.there else []
    words += [f"within reach {_names(stake.within_reach)}"] if stake.within_reach else []
    total = len(stake.there) + len(stake.within_reach)
    return f"`{graph.elements[stake.element]}` {total}: {'; '.join(words)}"


def paths_json(
    graph: SystemGraph, paths: Sequence[WeakPath], depths: Sequence[LayerDepth], stakes: Sequence[Stake]
) -> str:
    """Paths, depths and what is at stake as JSON, version 1."""
    at_stake = [
        {"element": graph.elements[s.element], "there": list(s.there), "within_reach": list(s.within_reach)}
        for s in stakes
    ]
    plain: Plain = {
        "threatmodel-paths": 1,
        "paths": [_plain_path(path) for path in paths],
        "depths": [plain_depth(depth) for depth in depths],
        "at_stake": at_stake,
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
            "place": plain_place(graph.model.span(r.step.at)),
        }
        for r in reached
    ]
    return _json({"threatmodel-reach": 1, "element": names[start], "back": back, "reached": found})


def lineage_text(
    graph: SystemGraph,
    trails: Sequence[Trail],
    protections: Mapping[str, Sequence[Protection]],
    silent: Sequence[int],
    width: int,
    color: bool,
) -> str:
    """Every trail: where the asset comes in, who keeps and passes it, how it is protected, how it moves."""
    lines: list[str] = []
    for trail in trails:
        asset = graph.model.data[trail.asset]
        made = f" ({asset.transform} of {_names(asset.derived_from or ())})" if trail.depth else ""
        lines += fold(prose(f"`{trail.asset}`{made}", color, "bold"), width, color)
        for label, elements, nothing in (
            ("is made at" if trail.depth else "comes in at", trail.origins, "nothing that a flow shows"),
            ("is kept by", trail.kept, "nothing"),
            ("passes", trail.passing, "nothing"),
        ):
            listed = _names(graph.elements[e] for e in elements) or nothing
            lines += fold(prose(f"{label} {listed}", color), width, color, "  ", "    ")
        if text := _privacy(graph, trail.asset):
            lines += fold(prose(text, color), width, color, "  ", "    ")
        for found in protections[trail.asset]:
            for text in (f"{found.aspect} {hop_by_hop(found)}", f"  end to end {end_to_end(found)}"):
                lines += fold(prose(text, color), width, color, "  ", "    ")
        for steered in trail.steers:
            agent, flow = graph.elements[steered.agent], graph.flows[steered.flow]
            text = (
                f"may steer `{graph.elements[steered.element]}`: `{agent}` lets a model decide whom it calls"
            )
            text += f" over `{flow.id}` ({graph.model.span(flow.at)})"
            lines += fold(prose(text, color), width, color, "  ", "    ")
        for move in trail.moves:
            ends = f"`{graph.elements[move.giver]}` -> `{graph.elements[move.taker]}`"
            flow = graph.flows[move.flow]
            text = f"{ends} over `{flow.id}` ({graph.model.span(flow.at)})"
            lines += fold(prose(text, color), width, color, "    ", "      ")
        lines.append("")
    if silent:
        text = f"{counted(len(silent), 'flow')} of the model without `data`: each may carry it too"
        lines += fold(prose(text, color, "dim"), width, color)
    return "\n".join(lines).rstrip("\n") + "\n"


def _privacy(graph: SystemGraph, asset: str) -> str:
    """What releases made of an asset spend of its privacy; empty where there are none."""
    spent, budget = spending(graph, asset), graph.model.data[asset].epsilon_budget
    if not spent.releases:
        return ""
    said = len(spent.releases) - len(spent.unsaid)
    text = f"{counted(said, 'release')} made of it spend epsilon {spent.epsilon:g}"
    text += f" of a budget of {budget:g}" if budget is not None else "; nobody says how much they may"
    return text + (f"; nobody says what {_names(spent.unsaid)} spends" if spent.unsaid else "")


def hop_by_hop(found: Protection) -> str:
    """On how many hops an aspect is known to hold, and where it does not."""
    words = [f"holds on {found.kept} of {counted(found.hops, 'hop')}"]
    words += [f"not on {_names(found.unprotected)}"] if found.unprotected else []
    words += [f"nobody says it of {_names(found.unsaid)}"] if found.unsaid else []
    return "; ".join(words)


def end_to_end(found: Protection) -> str:
    """Whether an aspect holds between those who need the data, and at whom it ends."""
    words = [_END_TO_END[found.end_to_end]]
    words += [f"it ends at {_names(found.broken_at)}"] if found.broken_at else []
    if found.unsaid_at:
        sealed = "encrypts" if found.aspect == "confidentiality" else "signs"
        words.append(f"unless the sender {sealed} them, it ends at {_names(found.unsaid_at)}")
    words += [f"rightly open at {_names(found.used_by)}"] if found.used_by else []
    return "; ".join(words)


def lineage_json(
    graph: SystemGraph,
    trails: Sequence[Trail],
    protections: Mapping[str, Sequence[Protection]],
    silent: Sequence[int],
) -> str:
    """The same as JSON, version 1."""
    names = graph.elements
    found = [
        {
            "asset": t.asset,
            "derivations": t.depth,
            "origins": [names[e] for e in t.origins],
            "kept": [names[e] for e in t.kept],
            "passing": [names[e] for e in t.passing],
            "privacy": _plain_privacy(graph, t.asset),
            "protection": [{**p._asdict(), "end_to_end": p.end_to_end} for p in protections[t.asset]],
            "moves": [
                {"flow": graph.flows[m.flow].id, "from": names[m.giver], "to": names[m.taker]}
                for m in t.moves
            ],
            "steers": [
                {"element": names[s.element], "agent": names[s.agent], "flow": graph.flows[s.flow].id}
                for s in t.steers
            ],
        }
        for t in trails
    ]
    flows = [graph.flows[i].id for i in silent]
    return _json({"threatmodel-lineage": 1, "trails": found, "silent_flows": flows})


def _plain_privacy(graph: SystemGraph, asset: str) -> Plain:
    return spending(graph, asset)._asdict() | {"budget": graph.model.data[asset].epsilon_budget}


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
            "place": plain_place(hop.span),
        }
        for hop in path.hops
    ]
    return {"from": path.source, "to": path.target, "controls": path.controls, "hops": hops}


def _place(graph: SystemGraph, step: Step) -> str:
    return str(graph.model.span(step.at))


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _json(plain: Plain) -> str:
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
