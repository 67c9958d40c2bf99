"""Where a data asset goes, and what is made of it: elements that keep it, and flows that move it on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from threatmodel.graph.build import SystemGraph
from threatmodel.graph.classification import sources_first
from threatmodel.model import Actor


class Move(NamedTuple):
    """One asset on one flow, from the element that gives it to the one that takes it."""

    flow: int
    giver: int
    taker: int


class Steered(NamedTuple):
    """An element that an agent calls over a flow, as a model decides that may have read the asset."""

    element: int
    agent: int
    flow: int


class Trail(NamedTuple):
    """Where one asset is: who brings it in, who keeps it, who has it in passing, and how it moves.

    `origins` give the asset without taking it, and actors that give it, who may take it too; of a derived
    asset that nobody brings in, those who have what it is made of. `depth` counts the derivations from the
    asset that was asked for. Moves follow the data from where they come in. `steers` are the tools of
    agents that have it before them.
    """

    asset: str
    depth: int
    origins: tuple[int, ...]
    kept: tuple[int, ...]
    passing: tuple[int, ...]
    moves: tuple[Move, ...]
    steers: tuple[Steered, ...] = ()


def lineage(graph: SystemGraph, asset: str) -> tuple[Trail, ...]:
    """The trail of an asset, then of everything derived from it."""
    return tuple(_trail(graph, name, depth) for name, depth in family(graph, asset).items())


def moves_of(graph: SystemGraph, asset: str) -> tuple[Move, ...]:
    """Every move of an asset, in the order of the flows."""
    return tuple(_moves(graph, asset))


def silent_flows(graph: SystemGraph) -> tuple[int, ...]:
    """The flows that do not say what they carry, and so might carry anything."""
    return tuple(i for i, flow in enumerate(graph.flows) if flow.sends is None or flow.returns is None)


def family(graph: SystemGraph, asset: str) -> Mapping[str, int]:
    """The asset and all that is derived from it, with the fewest derivations between."""
    found = {asset: 0}
    for name in sources_first(graph.model.data):
        depths = [found[s] for s in graph.model.data[name].derived_from or () if s in found]
        if depths and name not in found:
            found[name] = 1 + min(depths)
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))


def with_sources(graph: SystemGraph, assets: Iterable[str]) -> frozenset[str]:
    """Data and all that they are made of."""
    found = set(assets)
    pending = list(found)
    while pending:
        more = [s for s in graph.model.data[pending.pop()].derived_from or () if s not in found]
        found.update(more)
        pending += more
    return frozenset(found)


def _trail(graph: SystemGraph, asset: str, depth: int) -> Trail:
    moves = moves_of(graph, asset)
    givers, takers = {m.giver for m in moves}, {m.taker for m in moves}
    kept = _keeping(graph, asset)
    sources = _having(graph, graph.model.data[asset].derived_from)
    people = {e for e in givers if graph.subject_kind[e] == "actor"}
    origins = sorted((givers - takers) | people) or sorted(givers & sources)
    return Trail(
        asset,
        depth,
        tuple(origins),
        tuple(sorted(kept)),
        tuple(sorted((givers | takers) - kept - set(origins))),
        tuple(_in_order(moves, origins or sorted(kept))),
        tuple(_steered(graph, givers | takers | kept)),
    )


def _steered(graph: SystemGraph, having: set[int]) -> Iterator[Steered]:
    """What agents call, once they or the models that they ask have read an asset; agents hand it on."""
    agents, models = graph.with_trait("ai-agent"), graph.with_trait("ai-model")
    asking = {graph.flow_source[f] for e in having if models[e] for f in graph.flows_in[e]}
    pending = sorted(e for e in having | asking if agents[e])
    seen = set(pending)
    for agent in pending:
        for flow in graph.flows_out[agent]:
            tool = graph.flow_target[flow]
            if not models[tool]:
                yield Steered(tool, agent, flow)
            if agents[tool] and tool not in seen:
                seen.add(tool)
                pending.append(tool)


def _having(graph: SystemGraph, sources: tuple[str, ...] | None) -> set[int]:
    """The elements that take or keep one of these assets, and so can make another of it."""
    takers = {move.taker for source in sources or () for move in _moves(graph, source)}
    return takers | {e for source in sources or () for e in _keeping(graph, source)}


def _keeping(graph: SystemGraph, asset: str) -> set[int]:
    values = enumerate(graph.values)
    return {e for e, value in values if not isinstance(value, Actor) and asset in (value.holds or ())}


def _moves(graph: SystemGraph, asset: str) -> Iterator[Move]:
    for i, flow in enumerate(graph.flows):
        source, target = graph.flow_source[i], graph.flow_target[i]
        if asset in (flow.sends or ()):
            yield Move(i, source, target)
        if asset in (flow.returns or ()):
            yield Move(i, target, source)


def _in_order(moves: Sequence[Move], origins: list[int]) -> Iterator[Move]:
    """The moves as the data go, each once: breadth first from where they come in."""
    by_giver: dict[int, list[Move]] = {}
    for move in moves:
        by_giver.setdefault(move.giver, []).append(move)
    seen: set[int] = set()
    for start in (*origins, *sorted(by_giver)):
        pending = [start]
        for element in pending:
            if element not in seen:
                seen.add(element)
                yield from by_giver.get(element, ())
                pending += [move.taker for move in by_giver.get(element, ())]
