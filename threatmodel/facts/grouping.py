"""Which subjects share a fact's value, so that a value is computed once for all of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache

from threatmodel.facts.data_at import held_of, load_of
from threatmodel.facts.fact import Groups
from threatmodel.graph.build import SystemGraph


@lru_cache(maxsize=2)
def by_source(graph: SystemGraph, kind: str) -> Groups:
    """Flows by the element that opens them."""
    return _grouped(graph.flow_source)


@lru_cache(maxsize=2)
def by_target(graph: SystemGraph, kind: str) -> Groups:
    """Flows by the element that accepts them."""
    return _grouped(graph.flow_target)


@lru_cache(maxsize=2)
def by_trust(graph: SystemGraph, kind: str) -> Groups:
    """Flows by the trust of the ground at both ends."""
    return _by_ends(graph, graph.ground_trust)


@lru_cache(maxsize=2)
def by_environment(graph: SystemGraph, kind: str) -> Groups:
    """Flows by the environments of both ends."""
    return _by_ends(graph, graph.ground_environment)


@lru_cache(maxsize=2)
def by_protocols(graph: SystemGraph, kind: str) -> Groups:
    """Flows by the protocols that they may use."""
    return _grouped([flow.protocols for flow in graph.flows])


@lru_cache(maxsize=2)
def by_flow_kind(graph: SystemGraph, kind: str) -> Groups:
    """Flows by the kind they declare, and the protocols that may imply one."""
    return _grouped([(flow.kind, flow.protocols) for flow in graph.flows])


@lru_cache(maxsize=8)
def by_ground(graph: SystemGraph, kind: str) -> Groups:
    """Elements, hosts and boundaries by the ground in which they stand."""
    match kind:
        case "boundary":
            return _grouped(range(len(graph.subjects["boundary"])))
        case "host":
            return _grouped(graph.host_ground)
        case _:
            return _grouped([graph.element_ground[e] for e in graph.positions[kind]])


@lru_cache(maxsize=16)
def by_load(graph: SystemGraph, kind: str) -> Groups:
    """Subjects by the data that are there; parties each alone, since they differ in more than their data."""
    if kind == "party":
        return _grouped(range(len(graph.subjects[kind])))
    return _grouped([load_of(graph, subject) for subject in graph.every(kind)])


@lru_cache(maxsize=4)
def by_held(graph: SystemGraph, kind: str) -> Groups:
    """Services and stores by the data that they keep."""
    return _grouped([held_of(graph, subject) for subject in graph.every(kind)])


def _by_ends(graph: SystemGraph, of_ground: Sequence[Hashable]) -> Groups:
    found = [of_ground[ground] for ground in graph.element_ground]
    return _grouped([(found[s], found[t]) for s, t in zip(graph.flow_source, graph.flow_target, strict=True)])


def _grouped(keys: Sequence[Hashable]) -> Groups:
    """Subjects with equal keys together."""
    numbers: dict[Hashable, int] = {}
    members = [numbers.setdefault(key, len(numbers)) for key in keys]
    first = dict(zip(reversed(members), range(len(members) - 1, -1, -1), strict=True))
    return Groups([first[n] for n in range(len(numbers))], members)
