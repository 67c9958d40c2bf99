"""The ways that data take from an own party to others: to which element or ground, over which flows."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from typing import NamedTuple

from threatmodel.errors import Span
from threatmodel.graph import SystemGraph
from threatmodel.graph.carried import data_map
from threatmodel.graph.lineage import with_sources
from threatmodel.model import Actor
from threatmodel.records.record import Item


class Way(NamedTuple):
    """How some data reach a party: at an element that it operates, or on machines that it provides.

    `place` is the element, or the boundary or host, `data` what arrives there, `path` the hops that lead
    there, each with its flow's place; `before` are the other parties that had the data on the way, in order.
    """

    party: str
    place: str
    provides: bool
    data: tuple[str, ...]
    path: tuple[Item, ...]
    before: tuple[str, ...]


class _Machines(NamedTuple):
    """Machines of a party on which elements of others stand, and where the model says so."""

    party: str
    place: str
    span: Span
    words: str
    elements: list[int]


class _Hop(NamedTuple):
    flow: int
    source: int
    target: int


def ways_to(graph: SystemGraph, owner: str, data: Collection[str]) -> tuple[Way, ...]:
    """Every way on which data of an own party reach another one, by party and place."""
    found = [*_to_operators(graph, owner, data), *_to_machines(graph, owner, data)]
    return tuple(sorted(found, key=lambda w: (w.party, w.provides, w.place)))


def _to_operators(graph: SystemGraph, owner: str, data: Collection[str]) -> Iterator[Way]:
    for element, party in enumerate(graph.element_party):
        if party in (None, "", owner):
            continue
        there = _there(graph, element, data)
        if there:
            hops = _hops(graph, owner, element, there)
            if party in graph.own and not _from(graph, owner, hops):
                continue  # a sister company has these data from elsewhere
            yield Way(
                party or "",
                graph.elements[element],
                False,
                there,
                _path(graph, hops, element),
                _before(graph, owner, party or "", hops),
            )


def _to_machines(graph: SystemGraph, owner: str, data: Collection[str]) -> Iterator[Way]:
    for machines in (*_provided(graph), *_hosting(graph)):
        if machines.party in ("", owner):
            continue
        having = [(e, there) for e in machines.elements if (there := _there(graph, e, data))]
        if having:
            arrived = {d for _, there in having for d in there}
            words = f"{_standing([graph.elements[e] for e, _ in having])} {machines.words}"
            operators = {p for e, _ in having if (p := graph.element_party[e])}
            before = tuple(sorted(p for p in operators if p not in (owner, machines.party, "")))
            path = (Item(words, machines.span),)
            yield Way(machines.party, machines.place, True, _sorted(graph, arrived), path, before)


def _provided(graph: SystemGraph) -> Iterator[_Machines]:
    """Boundaries that name a provider, with what stands in them, at any depth, and on hosts that do."""
    inside = data_map(graph).inside
    for zone, name in enumerate(graph.zones):
        declared = graph.model.boundaries.get(name)
        if declared and declared.provider:
            hosts = [h for h, at in enumerate(graph.host_zone) if _within(graph, at, zone)]
            elements = sorted({*inside(zone), *(e for h in hosts for e in graph.on_host[h])})
            span = graph.model.span(declared.at, "provider")
            words = f"in `{name}`, whose machines it provides"
            yield _Machines(declared.provider, name, span, words, elements)


def _hosting(graph: SystemGraph) -> Iterator[_Machines]:
    """Hosts with what stands on them and is operated by another party than the host."""
    for host, name in enumerate(graph.hosts):
        party = graph.host_party[host]
        elements = [e for e in graph.on_host[host] if graph.element_party[e] != party]
        span = graph.model.span(graph.model.hosts[name].at, "party")
        yield _Machines(party, name, span, f"on `{name}`, which it operates", elements)


def _within(graph: SystemGraph, zone: int, outer: int) -> bool:
    while zone not in (-1, outer):
        zone = graph.zone_parent[zone]
    return zone == outer


def _there(graph: SystemGraph, element: int, data: Collection[str]) -> tuple[str, ...]:
    """What of the data an element has; a person's own data do not make the person a recipient."""
    return _sorted(graph, data_map(graph).element(element).ids.intersection(data))


def _sorted(graph: SystemGraph, found: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in graph.model.data if name in found)


def _standing(names: list[str]) -> str:
    listed = ", ".join(f"`{n}`" for n in names[:-1])
    return f"{listed} and `{names[-1]}` stand" if listed else f"`{names[0]}` stands"


def _hops(graph: SystemGraph, owner: str, element: int, arrived: tuple[str, ...]) -> tuple[_Hop, ...]:
    """Every hop from the owner's hands straight to an element, else the shortest way over others.

    What arrives may have been made of other data on the way. Where no way leads there from the owner, the
    shortest from anybody outside every party: data collected on the spot.
    """
    made_of = with_sources(graph, arrived)
    edges = _edges(graph, made_of)
    ours = [e for e, p in enumerate(graph.element_party) if p in (owner, "")]
    direct = tuple(hop for e in ours for hop in edges[e] if hop.target == element)
    people = [e for e, value in enumerate(graph.values) if isinstance(value, Actor) and not value.party]
    return direct or _search(graph, edges, ours, element) or _search(graph, edges, people, element)


def _edges(graph: SystemGraph, carried: frozenset[str]) -> list[list[_Hop]]:
    """For each element the hops on which some of the data leave it."""
    edges: list[list[_Hop]] = [[] for _ in graph.elements]
    for i, flow in enumerate(graph.flows):
        source, target = graph.flow_source[i], graph.flow_target[i]
        if carried.intersection(flow.sends or ()):
            edges[source].append(_Hop(i, source, target))
        if carried.intersection(flow.returns or ()):
            edges[target].append(_Hop(i, target, source))
    return edges


def _search(graph: SystemGraph, edges: list[list[_Hop]], starts: list[int], target: int) -> tuple[_Hop, ...]:
    came: dict[int, _Hop | None] = {e: None for e in starts if e != target}
    pending = deque(came)
    while pending:
        here = pending.popleft()
        value = graph.values[here]
        if came[here] and isinstance(value, Actor) and not value.party:
            continue  # what people get they do not pass on for us
        for hop in edges[here]:
            if hop.target not in came:
                came[hop.target] = hop
                pending.append(hop.target)
    hops: list[_Hop] = []
    at: _Hop | None = came.get(target)
    while at:
        hops.append(at)
        at = came[at.source]
    return tuple(reversed(hops))


def _from(graph: SystemGraph, owner: str, hops: tuple[_Hop, ...]) -> bool:
    """Whether hops begin in the hands of an own party."""
    return bool(hops) and graph.element_party[hops[0].source] in (owner, "")


def _path(graph: SystemGraph, hops: tuple[_Hop, ...], element: int) -> tuple[Item, ...]:
    if not hops:
        return (Item(f"at `{graph.elements[element]}`", graph.model.span(graph.values[element].at)),)
    return tuple(
        Item(
            f"`{graph.elements[hop.source]}` to `{graph.elements[hop.target]}`",
            graph.model.span(graph.flows[hop.flow].at),
        )
        for hop in hops
    )


def _before(graph: SystemGraph, owner: str, party: str, hops: tuple[_Hop, ...]) -> tuple[str, ...]:
    through = [graph.element_party[hop.source] for hop in hops]
    return tuple(dict.fromkeys(p for p in through if p and p not in (owner, party)))
