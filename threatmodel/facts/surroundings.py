"""Facts about what surrounds a subject: what it runs in, who shares it, which flows leave its ground."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    SERVICE_OR_STORE,
    TRUE,
    TRUST,
    Place,
    boolean,
    fact,
    keys,
    perhaps,
)
from threatmodel.facts.grouping import by_environment
from threatmodel.facts.placement import inherited
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.subject import Subject
from threatmodel.logic.kleene import any_of
from threatmodel.logic.values import UNKNOWN, Value
from threatmodel.model import Store

_CONTAINERS = frozenset({"container", "orchestrator"})


def _container_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    found = list(_grounds(graph, graph.element_of(subject)))
    silent = [place for place, word in found if word is None]
    decided = [place for place, word in found if word and graph.kinds.kinds[word].traits & _CONTAINERS]
    return (*decided, *reversed(silent), *(place for place, _ in found))


@fact(SERVICE_OR_STORE, BOOLEAN, absent="closed", places=_container_places)
def containerised(graph: SystemGraph, subject: Subject) -> Value:
    """Whether its host or a boundary around it runs containers; open while the kind of one is unknown."""
    kinds = [word for _, word in _grounds(graph, graph.element_of(subject))]
    runs = (bool(graph.kinds.kinds[word].traits & _CONTAINERS) if word else None for word in kinds)
    return perhaps(any_of(runs))


@fact(("boundary", "store"), BOOLEAN, absent="unknown", places=keys("tenancy"))
def shared_by_tenants(graph: SystemGraph, subject: Subject) -> Value:
    """Whether a store keeps what belongs to several customers side by side; a boundary keeps nothing."""
    if subject.kind == "boundary":
        return FALSE
    value = graph.values[graph.element_of(subject)]
    tenancy = value.tenancy if isinstance(value, Store) else None
    return boolean(tenancy == "shared") if tenancy else UNKNOWN


@fact(("service",), BOOLEAN, absent="unknown", places=keys("kind", "technology"))
def inspects_requests(graph: SystemGraph, subject: Subject) -> Value:
    """True where it is a firewall for web applications; otherwise not known, never false."""
    return TRUE if graph.kind_of(graph.element_of(subject)) == "waf" else UNKNOWN


@fact(("boundary",), BOOLEAN, absent="closed", places=keys("trust"))
def calls_out(graph: SystemGraph, subject: Subject) -> Value:
    """Whether an element directly in it opens a flow to ground of less trust."""
    return boolean(subject.position in _outward(graph))


@fact(("boundary",), BOOLEAN, absent="closed", places=keys("parent"))
def holds_elements(graph: SystemGraph, subject: Subject) -> Value:
    """Whether an element stands directly in it, not only in a boundary inside."""
    return boolean(subject.position in _inhabited(graph))


def _environment_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    ends = graph.flow_target[subject.position], graph.flow_source[subject.position]
    return tuple(p for e in ends for p in inherited(graph, graph.element_ground[e], "environment"))


@fact(("flow",), BOOLEAN, absent="unknown", places=_environment_places, groups=by_environment)
def crosses_environment(graph: SystemGraph, subject: Subject) -> Value:
    """Whether its ends belong to different environments, such as test and production."""
    ends = graph.flow_source[subject.position], graph.flow_target[subject.position]
    found = {graph.ground_environment[graph.element_ground[e]] for e in ends}
    return UNKNOWN if None in found else boolean(len(found) > 1)


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


@lru_cache(maxsize=2)
def _outward(graph: SystemGraph) -> frozenset[int]:
    """Grounds in which an element opens a flow to ground of less trust."""
    found: set[int] = set()
    for source, target in zip(graph.flow_source, graph.flow_target, strict=True):
        if TRUST.words.index(graph.trust(target)) < TRUST.words.index(graph.trust(source)):
            found.add(graph.element_ground[source])
    return frozenset(found)


@lru_cache(maxsize=2)
def _inhabited(graph: SystemGraph) -> frozenset[int]:
    return frozenset(graph.element_ground)


FACTS: Final = (
    containerised,
    shared_by_tenants,
    inspects_requests,
    calls_out,
    holds_elements,
    crosses_environment,
)
