"""Facts about separation: of security services, of records from their writers, of services' secrets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from threatmodel.facts.element import has_trait, is_person
from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    SERVICE_OR_STORE,
    TRUE,
    Place,
    fact,
    itself,
    keys,
    subject_at,
)
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.graph.subject import Subject
from threatmodel.logic.values import UNKNOWN, Value

_GUARDS = frozenset({"identity-provider", "key-store", "secret-store"})


_VAULTS = frozenset({"key-store", "secret-store"})


_PERSONAL_DEVICES = frozenset({"user-device"})


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=itself)
def stands_apart(graph: SystemGraph, subject: Subject) -> Value:
    """True where only identity providers, key and secret stores stand directly in its boundary and on its
    host; otherwise not known, never false."""
    neighbours = _neighbours(graph, graph.element_of(subject))
    return TRUE if all(has_trait(graph, e, _GUARDS) for e in neighbours) else UNKNOWN


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=keys("boundary"))
def apart_from_writers(graph: SystemGraph, subject: Subject) -> Value:
    """True where something certainly writes to it, and nothing that may do so stands in its boundary, in one
    around or inside that, or on its host; otherwise not known, never false."""
    element = graph.element_of(subject)
    writers = _writers(graph, element)
    separate = not any(_within(graph, element, other) for other, _ in writers)
    return TRUE if separate and any(sure for _, sure in writers) else UNKNOWN


def _user_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    """The data asset, then the services that have it."""
    users = _users(graph, graph.id_of(subject))
    return ((subject_at(graph, subject), None), *((graph.values[e].at, "kind") for e in users))


@fact(("data",), BOOLEAN, absent="unknown", places=_user_places)
def given_to_several(graph: SystemGraph, subject: Subject) -> Value:
    """Whether more than one service of ours is drawn to have it, key and secret stores left out. Not known of
    what people or devices of theirs send: each may have one of their own."""
    users = {e: has_trait(graph, e, _VAULTS) for e in _users(graph, graph.id_of(subject))}
    certain = [e for e, vault in users.items() if vault is False]
    if len(certain) > 1:
        return UNKNOWN if graph.id_of(subject) in _of_people(graph) else TRUE
    possible = [e for e, vault in users.items() if vault is None]
    return UNKNOWN if len(certain) + len(possible) > 1 or _open(graph) else FALSE


def _neighbours(graph: SystemGraph, element: int) -> Iterator[int]:
    """Services and stores that stand directly in the same boundary, or run on the same host."""
    grounds, hosts = _together(graph)
    yield from grounds[graph.element_ground[element]]
    if graph.element_host[element] >= 0:
        yield from hosts[graph.element_host[element]]


@lru_cache(maxsize=2)
def _together(graph: SystemGraph) -> tuple[Sequence[Sequence[int]], Sequence[Sequence[int]]]:
    """The services and stores directly in each ground, and on each host."""
    grounds: list[list[int]] = [[] for _ in graph.grounds]
    for element, ground in enumerate(graph.element_ground):
        if graph.subject_kind[element] != "actor":
            grounds[ground].append(element)
    return grounds, graph.on_host


def _writers(graph: SystemGraph, element: int) -> list[tuple[int, bool]]:
    """Whoever puts data into an element, and whether for sure: its callers, and those whom it asks."""
    called = ((graph.flow_source[f], graph.flows[f].sends) for f in graph.flows_in[element])
    fetched = ((graph.flow_target[f], graph.flows[f].returns) for f in graph.flows_out[element])
    return [(other, bool(moved)) for other, moved in (*called, *fetched) if moved != ()]


def _within(graph: SystemGraph, one: int, other: int) -> bool:
    """Whether one of two elements stands in the boundary of the other, or both run on one host."""
    grounds = graph.element_ground[one], graph.element_ground[other]
    host = graph.element_host[one]
    return graph.common_ground(*grounds) in grounds or (host >= 0 and host == graph.element_host[other])


def _users(graph: SystemGraph, name: str) -> list[int]:
    """Services of ours that keep a data asset or have it on a flow."""
    holders = data_map(graph).holders(name)
    return [e for e in holders if graph.subject_kind[e] == "service" and graph.element_party[e] in graph.own]


@lru_cache(maxsize=2)
def _of_people(graph: SystemGraph) -> frozenset[str]:
    """What people and their devices send, or may: each may have one of their own, which services pass on."""
    people = (e for e in range(len(graph.elements)) if _may_be_people(graph, e))
    flows = (graph.flows[f] for e in people for f in graph.flows_out[e])
    return frozenset(name for flow in flows for name in flow.sends or ())


def _may_be_people(graph: SystemGraph, element: int) -> bool:
    if graph.subject_kind[element] == "actor":
        return is_person(graph, element) != FALSE
    return has_trait(graph, element, _PERSONAL_DEVICES) is not False


@lru_cache(maxsize=2)
def _open(graph: SystemGraph) -> bool:
    """Whether a flow may carry more than is listed."""
    return any(load.open for load in data_map(graph).flows)


FACTS: Final = (
    stands_apart,
    apart_from_writers,
    given_to_several,
)
