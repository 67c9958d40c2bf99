"""Facts about what is kept apart: security services, records from whom they tell of, secrets of services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from threatmodel.facts.element import human, traits_value
from threatmodel.facts.fact import BOOLEAN, FALSE, KINDS, TRUE, Fact, Place, itself, keys, subject_at
from threatmodel.facts.placement import NODES, STANDS
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.logic.values import UNKNOWN, Members, Value

_GUARDS = frozenset({"identity-provider", "key-store", "secret-store"})
_VAULTS = frozenset({"key-store", "secret-store"})
_DEVICES = frozenset({"user-device"})


def _stands_apart(graph: SystemGraph, kind: str, i: int) -> Value:
    neighbours = _neighbours(graph, graph.positions[kind][i])
    return TRUE if all(_has(graph, e, _GUARDS) for e in neighbours) else UNKNOWN


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
    return grounds, data_map(graph).on_host


def _has(graph: SystemGraph, element: int, traits: frozenset[str]) -> bool | None:
    """Whether an element has one of these traits; None while nobody stated its kind."""
    found = traits_value(graph, element)
    assert isinstance(found, Members)
    if found.certain & traits:
        return True
    return None if found.possible is None else False


def _apart_from_writers(graph: SystemGraph, kind: str, i: int) -> Value:
    element = graph.positions[kind][i]
    writers = _writers(graph, element)
    apart = not any(_within(graph, element, other) for other, _ in writers)
    return TRUE if apart and any(sure for _, sure in writers) else UNKNOWN


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


def _given_to_several(graph: SystemGraph, kind: str, i: int) -> Value:
    users = {e: _has(graph, e, _VAULTS) for e in _users(graph, graph.subjects["data"][i])}
    certain = [e for e, vault in users.items() if vault is False]
    if len(certain) > 1:
        return UNKNOWN if graph.subjects["data"][i] in _of_people(graph) else TRUE
    perhaps = [e for e, vault in users.items() if vault is None]
    return UNKNOWN if len(certain) + len(perhaps) > 1 or _open(graph) else FALSE


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
        return human(graph, element) != FALSE
    return _has(graph, element, _DEVICES) is not False


@lru_cache(maxsize=2)
def _open(graph: SystemGraph) -> bool:
    """Whether a flow may carry more than is listed."""
    return any(load.open for load in data_map(graph).flows)


def _user_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    """The data asset, then the services that have it."""
    users = _users(graph, graph.subjects["data"][i])
    return ((subject_at(graph, kind, i), None), *((graph.values[e].at, "kind") for e in users))


APART_FACTS: tuple[Fact, ...] = (
    Fact(
        "stands_apart",
        NODES,
        BOOLEAN,
        "unknown",
        STANDS,
        "True where only identity providers, key and secret stores stand directly in its boundary and on"
        " its host; otherwise not known, never false.",
        _stands_apart,
        itself,
    ),
    Fact(
        "apart_from_writers",
        NODES,
        BOOLEAN,
        "unknown",
        ("flows[].from", "flows[].to", "flows[].sends", "flows[].returns", "flows[].data", *STANDS),
        "True where something certainly writes to it, and nothing that may do so stands in its boundary, in"
        " one around or inside that, or on its host; otherwise not known, never false.",
        _apart_from_writers,
        keys("boundary"),
    ),
    Fact(
        "given_to_several",
        ("data",),
        BOOLEAN,
        "unknown",
        (
            "flows[].sends",
            "flows[].returns",
            "flows[].data",
            "services.*.holds",
            "*.party",
            "actors.*.human",
            *KINDS,
        ),
        "Whether more than one service of ours is drawn to have it, key and secret stores left out. Not known"
        " of what people or devices of theirs send: each may have one of their own.",
        _given_to_several,
        _user_places,
    ),
)
