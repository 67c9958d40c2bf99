"""The ways that data take from an own party to others: to which element or ground, over which flows."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from typing import NamedTuple

from threatmodel.graph import SystemGraph
from threatmodel.graph.carried import data_map
from threatmodel.graph.lineage import with_sources
from threatmodel.model import Actor
from threatmodel.records.record import Item


class Way(NamedTuple):
    """How some data reach a party: at an element that it operates, or on ground that it provides.

    `place` is the element or the boundary, `data` what arrives there, `path` the hops that lead there, each
    with its flow's place; `before` are the other parties that had the data on the way, in order.
    """

    party: str
    place: str
    provides: bool
    data: tuple[str, ...]
    path: tuple[Item, ...]
    before: tuple[str, ...]


class _Hop(NamedTuple):
    flow: int
    source: int
    target: int


def ways_to(graph: SystemGraph, owner: str, data: Collection[str]) -> tuple[Way, ...]:
    """Every way on which data of an own party reach another one, by party and place."""
    found = [*_to_operators(graph, owner, data), *_to_providers(graph, owner, data)]
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


def _to_providers(graph: SystemGraph, owner: str, data: Collection[str]) -> Iterator[Way]:
    for zone, provider in _providers(graph):
        if provider in ("", owner):
            continue
        standing = [e for e, z in enumerate(graph.element_zone) if _declaring(graph, z) == zone]
        having = [(e, there) for e in standing if (there := _there(graph, e, data))]
        if having:
            name = graph.zones[zone]
            arrived = {d for _, there in having for d in there}
            words = (
                f"{_standing([graph.elements[e] for e, _ in having])} in `{name}`, whose machines it provides"
            )
            span = graph.model.span(graph.model.boundaries[name].at, "provider")
            operators = {p for e, _ in having if (p := graph.element_party[e])}
            before = tuple(sorted(p for p in operators if p not in (owner, provider, "")))
            yield Way(provider, name, True, _sorted(graph, arrived), (Item(words, span),), before)


def _there(graph: SystemGraph, element: int, data: Collection[str]) -> tuple[str, ...]:
    """What of the data an element has; a person's own data do not make the person a recipient."""
    return _sorted(graph, data_map(graph).element(element).ids.intersection(data))


def _sorted(graph: SystemGraph, found: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in graph.model.data if name in found)


def _standing(names: list[str]) -> str:
    listed = ", ".join(f"`{n}`" for n in names[:-1])
    return f"{listed} and `{names[-1]}` stand" if listed else f"`{names[0]}` stands"


def _providers(graph: SystemGraph) -> Iterator[tuple[int, str]]:
    """The boundaries that name a provider themselves."""
    for zone, name in enumerate(graph.zones):
        declared = graph.model.boundaries.get(name)
        if declared and declared.provider:
            yield zone, declared.provider


def _declaring(graph: SystemGraph, zone: int) -> int:
    """The innermost boundary at or around a zone that names a provider, -1 when none does."""
    while zone >= 0:
        declared = graph.model.boundaries.get(graph.zones[zone])
        if declared and declared.provider:
            return zone
        zone = graph.zone_parent[zone]
    return zone


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
