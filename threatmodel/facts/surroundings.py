"""Facts about ways in, ways out and the ground that elements run on, which controls are asked by."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from threatmodel.facts.fact import BOOLEAN, FALSE, TRUE, TRUST, Fact, Place, boolean, keys
from threatmodel.facts.grouping import by_environment
from threatmodel.facts.placement import NODES, STANDS, inherited
from threatmodel.graph.build import SystemGraph
from threatmodel.logic.values import UNKNOWN, Value
from threatmodel.model import Store

_CONTAINERS = frozenset({"container", "orchestrator"})


def _grounds(graph: SystemGraph, element: int) -> Iterator[tuple[Place, str | None]]:
    """What an element runs in, from inside out: the place of each kind, and the kind."""
    host = graph.element_host[element]
    if host >= 0:
        declared = graph.model.hosts[graph.hosts[host]]
        yield (declared.at, "kind"), graph.kinds.kind_word(declared.kind, declared.technology)
    ground = graph.element_ground[element]
    while ground >= 0:
        if ground < len(graph.subjects["boundary"]):
            boundary = graph.model.boundaries[graph.grounds[ground]]
            yield (boundary.at, "kind"), boundary.kind
        ground = graph.ground_parent[ground]


def _containerised(graph: SystemGraph, kind: str, i: int) -> Value:
    kinds = [word for _, word in _grounds(graph, graph.positions[kind][i])]
    if any(word and graph.kinds.kinds[word].traits & _CONTAINERS for word in kinds):
        return TRUE
    return UNKNOWN if None in kinds else FALSE


def _container_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    found = list(_grounds(graph, graph.positions[kind][i]))
    silent = [place for place, word in found if word is None]
    decided = [place for place, word in found if word and graph.kinds.kinds[word].traits & _CONTAINERS]
    return (*decided, *reversed(silent), *(place for place, _ in found))


def _inspects_requests(graph: SystemGraph, kind: str, i: int) -> Value:
    return TRUE if graph.kind_of(graph.positions[kind][i]) == "waf" else UNKNOWN


def _shared_by_tenants(graph: SystemGraph, kind: str, i: int) -> Value:
    if kind == "boundary":
        return FALSE
    value = graph.values[graph.positions[kind][i]]
    tenancy = value.tenancy if isinstance(value, Store) else None
    return boolean(tenancy == "shared") if tenancy else UNKNOWN


def _calls_out(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(i in _outward(graph))


@lru_cache(maxsize=2)
def _outward(graph: SystemGraph) -> frozenset[int]:
    """Grounds in which an element opens a flow to ground of less trust."""
    found: set[int] = set()
    for source, target in zip(graph.flow_source, graph.flow_target, strict=True):
        if TRUST.words.index(graph.trust(target)) < TRUST.words.index(graph.trust(source)):
            found.add(graph.element_ground[source])
    return frozenset(found)


def _holds_elements(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(i in _inhabited(graph))


@lru_cache(maxsize=2)
def _inhabited(graph: SystemGraph) -> frozenset[int]:
    return frozenset(graph.element_ground)


def _crosses_environment(graph: SystemGraph, kind: str, i: int) -> Value:
    ends = graph.flow_source[i], graph.flow_target[i]
    found = {graph.ground_environment[graph.element_ground[e]] for e in ends}
    return UNKNOWN if None in found else boolean(len(found) > 1)


def _environment_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    ends = graph.flow_target[i], graph.flow_source[i]
    return tuple(p for e in ends for p in inherited(graph, graph.element_ground[e], "environment"))


WAY_FACTS: tuple[Fact, ...] = (
    Fact(
        "containerised",
        NODES,
        BOOLEAN,
        "closed",
        ("boundaries.*.kind", *STANDS),
        "Whether its host or a boundary around it runs containers; open while the kind of one is unknown.",
        _containerised,
        _container_places,
    ),
    Fact(
        "shared_by_tenants",
        ("boundary", "store"),
        BOOLEAN,
        "unknown",
        ("stores.*.tenancy",),
        "Whether a store keeps what belongs to several customers side by side; a boundary keeps nothing.",
        _shared_by_tenants,
        keys("tenancy"),
    ),
    Fact(
        "inspects_requests",
        ("service",),
        BOOLEAN,
        "unknown",
        ("services.*.kind", "services.*.technology"),
        "True where it is a firewall for web applications; otherwise not known, never false.",
        _inspects_requests,
        keys("kind", "technology"),
    ),
    Fact(
        "calls_out",
        ("boundary",),
        BOOLEAN,
        "closed",
        ("flows[].from", "flows[].to", *STANDS, "boundaries.*.trust"),
        "Whether an element directly in it opens a flow to ground of less trust.",
        _calls_out,
        keys("trust"),
    ),
    Fact(
        "holds_elements",
        ("boundary",),
        BOOLEAN,
        "closed",
        STANDS,
        "Whether an element stands directly in it, not only in a boundary inside.",
        _holds_elements,
        keys("parent"),
    ),
    Fact(
        "crosses_environment",
        ("flow",),
        BOOLEAN,
        "unknown",
        ("boundaries.*.environment", *STANDS),
        "Whether its ends belong to different environments, such as test and production.",
        _crosses_environment,
        _environment_places,
        by_environment,
    ),
)
