"""Inheritance: which places beyond the subject and its type speak of a control, and which one is nearest.

`providers` fills whole columns, from the farthest kind of place to the nearest, touching only what somebody
states; `speaking` lists for one subject everything that is said, for the explanation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from threatmodel.catalog import Control
from threatmodel.evaluate.verdicts.statements import Place, Places, Said
from threatmodel.graph import SystemGraph


def providers(graph: SystemGraph, control: Control, kind: str, places: Places) -> dict[int, Said]:
    """For each subject (position in graph.subjects[kind]) that inherits something: what and from where."""
    if not places.own and not places.types:
        return {}
    near = _nearest(graph, places)
    inside = "inside" in control.covered_by.boundary
    match kind:
        case "flow":
            return _of_flows(graph, control, places, near)
        case "service" | "store" | "actor":
            grounds: Sequence[int] = [graph.element_ground[e] for e in graph.positions[kind]]
        case "boundary":
            grounds = graph.ground_parent[: len(graph.subjects["boundary"])]
        case "host":
            grounds = graph.host_ground
        case _:
            return {}
    found = _within(grounds, near) if inside else {}
    if control.covered_by.host and kind in graph.positions:
        found.update(_on_hosts(graph, kind, places))
    return found


def speaking(graph: SystemGraph, control: Control, kind: str, i: int, places: Places) -> list[Said]:
    """All that is said for one subject: by itself, its type, and the places beyond, the nearest first."""
    levels = place_levels(graph, control, kind, i)
    return [s for level in levels for s in sorted(filter(None, map(places.at, level)), key=_rank)]


def _of_flows(graph: SystemGraph, control: Control, places: Places, near: list[_Near]) -> dict[int, Said]:
    covered = control.covered_by
    found = _within(graph.flow_ground, near) if "inside" in covered.boundary else {}
    if any(near) and {"entering", "leaving"} & set(covered.boundary):
        found.update(_crossing(graph, covered.boundary, near))
    if covered.host:
        found.update(_flow_hosts(graph, covered.ends, places))
    if covered.ends:
        elements = graph.of_type
        typed = [
            (e, said)
            for (kind, name), said in places.types.items()
            for e in elements.get((kind.removesuffix(" type"), name), ())
        ]
        own = [(graph.index[name], s) for (kind, name), s in places.own.items() if kind in graph.positions]
        for level in (typed, own):
            found.update(_at_ends(graph, covered.ends, level))
    return found


def _within(grounds: Sequence[int], near: list[_Near]) -> dict[int, Said]:
    if not any(near):
        return {}
    return {i: found[0] for i, ground in enumerate(grounds) if ground >= 0 and (found := near[ground])}


def _on_hosts(graph: SystemGraph, kind: str, places: Places) -> dict[int, Said]:
    order = graph.order[kind]
    return {
        order[graph.elements[e]]: said
        for host, said in _stated_hosts(graph, places)
        for e in graph.on_host[host]
        if graph.subject_kind[e] == kind
    }


def _crossing(graph: SystemGraph, modes: Sequence[str], near: list[_Near]) -> dict[int, Said]:
    """Boundaries that a flow enters or leaves: the fewest steps from its end, the worse of two."""
    found: dict[int, Said] = {}
    depth, ground = graph.ground_depth, graph.element_ground
    sides = [
        ends
        for mode, ends in (("entering", graph.flow_target), ("leaving", graph.flow_source))
        if mode in modes
    ]
    for flow, common in enumerate(graph.flow_ground):
        below = depth[common] if common >= 0 else -1
        level: list[tuple[int, Said]] = []
        for ends in sides:
            end = ground[ends[flow]]
            if (said := near[end]) and said[1] > below:
                level.append((depth[end] - said[1], said[0]))
        if level:
            fewest = min(steps for steps, _ in level)
            found[flow] = min((said for steps, said in level if steps == fewest), key=_rank)
    return found


def _flow_hosts(graph: SystemGraph, sides: Sequence[str], places: Places) -> dict[int, Said]:
    """Hosts of the listed ends; where no end is listed, the one host on which both ends run."""
    stated = _stated_hosts(graph, places)
    if sides:
        return _at_ends(graph, sides, [(e, said) for host, said in stated for e in graph.on_host[host]])
    host_of = graph.element_host
    return {
        flow: said
        for host, said in stated
        for e in graph.on_host[host]
        for flow in graph.flows_out[e]
        if host_of[graph.flow_target[flow]] == host
    }


def _at_ends(graph: SystemGraph, sides: Sequence[str], level: Iterable[tuple[int, Said]]) -> dict[int, Said]:
    """What elements at the listed ends say, the worse where two do."""
    found: dict[int, Said] = {}
    for element, said in level:
        flows = graph.flows_out[element] if "source" in sides else []
        for flow in (*flows, *(graph.flows_in[element] if "target" in sides else [])):
            other = found.get(flow)
            found[flow] = said if other is None else min(said, other, key=_rank)
    return found


def _stated_hosts(graph: SystemGraph, places: Places) -> list[tuple[int, Said]]:
    order = graph.order["host"]
    return [(order[name], said) for (kind, name), said in places.own.items() if kind == "host"]


_Near = tuple[Said, int] | None
"""What the nearest stating boundary says, and that boundary's depth."""


def _nearest(graph: SystemGraph, places: Places) -> list[_Near]:
    """For each ground the statement at it or at the nearest ground around it."""
    found: list[_Near] = [None] * len(graph.grounds)
    if any(kind == "boundary" for kind, _ in places.own):
        for ground in graph.grounds_outermost_first:
            said, parent = places.own.get(("boundary", graph.grounds[ground])), graph.ground_parent[ground]
            if said:
                found[ground] = said, graph.ground_depth[ground]
            elif parent >= 0:
                found[ground] = found[parent]
    return found


def place_levels(graph: SystemGraph, control: Control, kind: str, i: int) -> Iterator[list[Place]]:
    """The places whose statement counts for one subject, by distance, the nearest first; it is the first."""
    covered = control.covered_by
    yield [(kind, graph.subjects[kind][i])]
    match kind:
        case "flow":
            source, target = graph.flow_source[i], graph.flow_target[i]
            ends = [e for side, e in (("source", source), ("target", target)) if side in covered.ends]
            yield [(graph.subject_kind[e], graph.elements[e]) for e in ends]
            yield _types(graph, ends)
            shared = graph.element_host[source] == graph.element_host[target]
            hosted = ends or ([source] if shared else [])
            inside = graph.flow_ground[i]
        case "service" | "store" | "actor":
            element = graph.positions[kind][i]
            yield _types(graph, [element])
            hosted = [element]
            inside = graph.element_ground[element]
        case "boundary":
            hosted, inside = [], graph.ground_parent[i]
        case "host":
            hosted, inside = [], graph.host_ground[i]
        case _:
            return
    if covered.host:
        hosts = dict.fromkeys(h for e in hosted if (h := graph.element_host[e]) >= 0)
        yield [("host", graph.hosts[h]) for h in hosts]
    if kind == "flow":
        entered = _below(graph, target, inside) if "entering" in covered.boundary else []
        left = _below(graph, source, inside) if "leaving" in covered.boundary else []
        for step in range(max(len(entered), len(left))):
            grounds = (*entered[step : step + 1], *left[step : step + 1])
            yield [("boundary", graph.grounds[z]) for z in grounds]
    while inside >= 0 and "inside" in covered.boundary:
        yield [("boundary", graph.grounds[inside])]
        inside = graph.ground_parent[inside]


def _below(graph: SystemGraph, element: int, common: int) -> list[int]:
    """The grounds around an element, from inside out, that lie inside `common`."""
    ground, chain = graph.element_ground[element], []
    while ground not in (-1, common):
        chain.append(ground)
        ground = graph.ground_parent[ground]
    return chain


def _types(graph: SystemGraph, elements: Iterable[int]) -> list[Place]:
    named = ((graph.subject_kind[e], getattr(graph.values[e], "type", None)) for e in elements)
    return [(f"{kind} type", name) for kind, name in dict.fromkeys(named) if name]


def _rank(said: Said) -> tuple[int, str]:
    return said.rank
