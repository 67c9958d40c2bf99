"""The ways that data take from an own party to others: to which element or ground, over which flows."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from threatmodel.errors import Span
from threatmodel.graph import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.graph.lineage import with_sources
from threatmodel.model import Actor
from threatmodel.records.record import Item


class DisclosurePath(NamedTuple):
    """How some data reach a party: at an element that it operates, or on machines that it provides.

    `place` is the element, the boundary or the host, `data` what arrives there, `hops` those that lead
    there, each with its flow's place; `through` are the other parties that had the data on the way, in order.
    """

    party: str
    place: str
    provides: bool
    data: tuple[str, ...]
    hops: tuple[Item, ...]
    through: tuple[str, ...]


class _Hop(NamedTuple):
    """Data that move over a flow, from who gives them to who takes them."""

    source: int
    flow: int
    target: int
    data: frozenset[str]


class _Hops(NamedTuple):
    """The hops that leave each element, and those that come in."""

    out: list[list[_Hop]]
    into: list[list[_Hop]]


def disclosure_paths(
    graph: SystemGraph, owner: str, data: Collection[str], ending: Collection[str] = ()
) -> tuple[DisclosurePath, ...]:
    """Every way on which data of an own party reach another one, by party and place.

    What another own party has from elsewhere and passes on is no way of this one. Nor is what one of `ending`
    passes on, wherever it has it from.
    """
    search = _Search(graph, owner, frozenset(ending))
    found = [*_to_operators(search, data), *_to_providers(search, data)]
    return tuple(sorted(found, key=lambda w: (w.party, w.provides, w.place)))


def _to_operators(search: _Search, data: Collection[str]) -> Iterator[DisclosurePath]:
    graph = search.graph
    reached: dict[str, set[str]] = {}
    again = []
    for element, party in enumerate(graph.element_party):
        there = _there(graph, element, data) if party not in (None, "", search.owner) else ()
        hops = search.to(element, there) if there else None
        if not party or hops is None:
            continue
        path = DisclosurePath(party, graph.elements[element], False, there, _path(graph, hops, element), ())
        path = path._replace(through=_through(graph, search.owner, party, hops))
        if hops and graph.element_party[hops[-1].source] == party:
            again.append(path)
        else:
            reached.setdefault(party, set()).update(there)
            yield path
    for path in again:  # what a party moves within its own house it has already
        if not reached.get(path.party, set()).issuperset(path.data):
            yield path


def _to_providers(search: _Search, data: Collection[str]) -> Iterator[DisclosurePath]:
    graph = search.graph
    standing: dict[tuple[str, str], list[tuple[int, tuple[str, ...]]]] = {}
    for element, operator in enumerate(graph.element_party):
        there = _there(graph, element, data)
        if there and (operator in (None, "", search.owner) or search.to(element, there) is not None):
            for ground in _grounds(graph, element):
                if ground[0] not in ("", search.owner, operator) and operator not in search.ending:
                    standing.setdefault(ground, []).append((element, there))
    for (provider, name), having in standing.items():
        arrived = {d for _, there in having for d in there}
        operators = {p for e, _ in having if (p := graph.element_party[e])}
        before = tuple(sorted(p for p in operators if p not in (search.owner, provider, "")))
        words = Item(_words(graph, name, [graph.elements[e] for e, _ in having]), _declared(graph, name))
        yield DisclosurePath(provider, name, True, _sorted(graph, arrived), (words,), before)


def _grounds(graph: SystemGraph, element: int) -> Iterator[tuple[str, str]]:
    """Whose machines an element stands on, and which: its host, and every provider around, nearest first."""
    host = graph.element_host[element]
    grounds = [graph.element_ground[element]]
    found: dict[str, str] = {}
    if host >= 0:
        found[graph.host_party[host]] = graph.hosts[host]
        grounds.append(graph.host_ground[host])
    for ground in grounds:
        while ground >= 0:
            declared = graph.model.boundaries.get(graph.grounds[ground])
            if declared and declared.provider:
                found.setdefault(declared.provider, declared.id)
            ground = graph.ground_parent[ground]
    yield from found.items()


def _words(graph: SystemGraph, name: str, elements: list[str]) -> str:
    listed = ", ".join(f"`{n}`" for n in elements[:-1])
    who = f"{listed} and `{elements[-1]}`" if listed else f"`{elements[-1]}`"
    on_host = name in graph.model.hosts
    where = f"on `{name}`, which it operates" if on_host else f"in `{name}`, whose machines it provides"
    return f"{who} {'stand' if listed else 'stands'} {where}"


def _declared(graph: SystemGraph, name: str) -> Span:
    if name not in graph.model.hosts:
        return graph.model.span(graph.model.boundaries[name].at, "provider")
    at = graph.model.hosts[name].at
    return graph.model.span(at, "party" if graph.model.declares(at, "party") else None)


def _there(graph: SystemGraph, element: int, data: Collection[str]) -> tuple[str, ...]:
    """What of the data an element has; a person's own data do not make the person a recipient."""
    return _sorted(graph, data_map(graph).element(element).ids.intersection(data))


def _sorted(graph: SystemGraph, found: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in graph.model.data if name in found)


class _Search:
    """The ways from the hands of one own party, which those of other own parties are not."""

    def __init__(self, graph: SystemGraph, owner: str, ending: frozenset[str]) -> None:
        self.graph = graph
        self.owner = owner
        self.ending = ending
        parties = list(enumerate(graph.element_party))
        self.ours = [e for e, p in parties if p in (owner, "")]
        self.affiliates = [e for e, p in parties if p in graph.own - {owner, ""}]
        self.people = [e for e, v in enumerate(graph.values) if isinstance(v, Actor) and not v.party]

    def to(self, element: int, arrived: tuple[str, ...]) -> tuple[_Hop, ...] | None:
        """Every hop from the owner's hands straight to an element, else the shortest way over others.

        What arrives may have been made of other data on the way. Where no way leads there from the owner, the
        shortest from anybody outside every party: data collected on the spot. Nothing, where these are no
        data of the owner's: they come from another own party, or go to whom that one has a contract with.
        """
        graph = self.graph
        made_of = with_sources(graph, arrived)
        found = self._straight(element, made_of) or _search(graph, made_of, self.ours, element, self.ending)
        if found:
            return found
        party = graph.element_party[element]
        if party in graph.own:
            return None
        found = _search(graph, made_of, self.people, element, graph.own - {self.owner, ""})
        if not found and _search(graph, made_of, self.affiliates, element, frozenset()):
            return None
        return None if self._contracted_elsewhere(party or "") else found

    def _straight(self, element: int, made_of: frozenset[str]) -> tuple[_Hop, ...]:
        hops = _hops(self.graph).into[element]
        ours = (hop for hop in hops if self.graph.element_party[hop.source] in (self.owner, ""))
        return tuple(sorted(hop for hop in ours if not hop.data.isdisjoint(made_of)))

    def _contracted_elsewhere(self, party: str) -> bool:
        """Whether other own parties have agreements with a party, and the owner has none."""
        parties = self.graph.model.parties
        bound = {a.counterpart for a in parties[party].agreements or ()}
        bound |= {p.id for p in parties.values() if any(a.counterpart == party for a in p.agreements or ())}
        return self.owner not in bound and bool(bound & self.graph.own - {""})


@lru_cache(maxsize=2)
def _hops(graph: SystemGraph) -> _Hops:
    out: list[list[_Hop]] = [[] for _ in graph.elements]
    into: list[list[_Hop]] = [[] for _ in graph.elements]
    for i, flow in enumerate(graph.flows):
        source, target = graph.flow_source[i], graph.flow_target[i]
        for giver, taker, data in ((source, target, flow.sends), (target, source, flow.returns)):
            hop = _Hop(giver, i, taker, frozenset(data or ()))
            out[giver].append(hop)
            into[taker].append(hop)
    return _Hops(out, into)


def _search(
    graph: SystemGraph,
    carried: frozenset[str],
    starts: list[int],
    target: int,
    ending: Collection[str],
) -> tuple[_Hop, ...]:
    """The shortest way of data from some elements to another, over none that a party of `ending` operates."""
    came: dict[int, _Hop | None] = {e: None for e in starts if e != target}
    pending = deque(came)
    while pending and target not in came:
        here = pending.popleft()
        value = graph.values[here]
        if came[here] and isinstance(value, Actor) and not value.party:
            continue  # what people get they do not pass on for us
        if came[here] and graph.element_party[here] in ending:
            continue
        for hop in _hops(graph).out[here]:
            if hop.target not in came and not hop.data.isdisjoint(carried):
                came[hop.target] = hop
                pending.append(hop.target)
    hops: list[_Hop] = []
    at: _Hop | None = came.get(target)
    while at:
        hops.append(at)
        at = came[at.source]
    return tuple(reversed(hops))


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


def _through(graph: SystemGraph, owner: str, party: str, hops: tuple[_Hop, ...]) -> tuple[str, ...]:
    through = [graph.element_party[hop.source] for hop in hops]
    return tuple(dict.fromkeys(p for p in through if p and p not in (owner, party)))
