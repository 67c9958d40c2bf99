"""From which of several own companies personal data reach another one: each is a recipient like any other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from threatmodel.facts.fact import SET
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.logic.values import truth
from threatmodel.model import Actor, Party

_MAYBE: Final = (True, None)


class _Moves(NamedTuple):
    """How data move on: to whom an element gives an asset, which it has, and where a flow is silent."""

    takers: Mapping[tuple[str, int], list[int]]
    having: list[set[str]]
    silent: list[list[int]]
    made_of: Mapping[str, list[str]]


def givers(graph: SystemGraph, party: str) -> tuple[list[Party], list[Party]]:
    """The own parties from which personal data reach another own party, surely and perhaps.

    By whatever way: over elements of others, as a part or pseudonym, or since it provides the machines.
    """
    own = [p for p in graph.model.parties.values() if p.own and p.id]
    if len(own) < 2 or party not in graph.own:
        return [], []
    reached = [(p, _reached(graph, p.id)) for p in own if p.id != party]
    sure = [p for p, (certain, _) in reached if party in certain]
    unnamed = _reached(graph, "")  # operated by one of ours, and nobody said by which
    perhaps = [
        p
        for p, (_, possible) in reached
        if p not in sure and (possible & {party, ""} or unnamed[1] & {party, ""})
    ]
    return sure, perhaps


@lru_cache(maxsize=64)
def _reached(graph: SystemGraph, giver: str) -> tuple[frozenset[str], frozenset[str]]:
    """The parties that personal data of an own one reach, surely and perhaps."""
    data = data_map(graph)
    sure, perhaps = (
        frozenset[str]().union(
            *(data.handlers(element) for asset, element in places if _personal(graph, asset) in truths)
        )
        for places, truths in ((_spread(graph, giver, False), (True,)), (_spread(graph, giver, True), _MAYBE))
    )
    return sure - {giver}, perhaps - {giver}


def _personal(graph: SystemGraph, asset: str) -> bool | None:
    return truth(SET, "contains", "personal", graph.categories[asset]) if asset else None


def _spread(graph: SystemGraph, giver: str, unsaid: bool) -> set[tuple[str, int]]:
    """Every place where an asset of a party comes to be; with `unsaid` also "", any that nobody names."""
    moves = _moves(graph)
    ours = [e for e, party in enumerate(graph.element_party) if party == giver]
    pending = [(asset, e) for e in ours for asset in moves.having[e]]
    if unsaid:
        pending += [("", e) for e in ours if data_map(graph).element(e).open]
    found = set(pending)
    while pending:
        asset, element = pending.pop()
        value = graph.values[element]
        if isinstance(value, Actor) and not value.party:
            continue  # what people get they do not pass on for us
        for state in _next(moves, asset, element):
            if state not in found and (unsaid or state[0]):
                found.add(state)
                pending.append(state)
    return found


def _next(moves: _Moves, asset: str, element: int) -> Iterator[tuple[str, int]]:
    having = moves.having[element]
    made: Iterable[str] = (b for b in moves.made_of.get(asset, ()) if b in having) if asset else having
    yield from ((b, element) for b in made)
    yield from ((asset, taker) for taker in moves.takers.get((asset, element), ()))
    yield from (("", taker) for taker in moves.silent[element])


@lru_cache(maxsize=2)
def _moves(graph: SystemGraph) -> _Moves:
    data = data_map(graph)
    takers: dict[tuple[str, int], list[int]] = {}
    having = [set(data.held(e).ids) for e in range(len(graph.elements))]
    silent: list[list[int]] = [[] for _ in graph.elements]
    for flow, source, target in zip(graph.flows, graph.flow_source, graph.flow_target, strict=True):
        for giver, taker, assets in ((source, target, flow.sends), (target, source, flow.returns)):
            if assets is None:
                silent[giver].append(taker)
            for asset in assets or ():
                takers.setdefault((asset, giver), []).append(taker)
                having[giver].add(asset)
    made_of: dict[str, list[str]] = {}
    for name, asset_ in graph.model.data.items():
        for source_ in asset_.derived_from or ():
            made_of.setdefault(source_, []).append(name)
    return _Moves(takers, having, silent, made_of)
