"""Facts about services, stores, actors, boundaries and hosts: where they stand, and who gets at them."""

from __future__ import annotations

from functools import lru_cache

from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    KINDS,
    NUMBER,
    TRUE,
    TRUST,
    WORDS,
    Fact,
    Place,
    Placing,
    Reading,
    boolean,
    keys,
)
from threatmodel.facts.grouping import by_ground
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.graph.paths import UNTRUSTED
from threatmodel.graph.reach import reach
from threatmodel.logic.values import UNKNOWN, Domain, Value, known
from threatmodel.model import words

NODES = ("service", "store")
STANDS = (
    "actors.*.boundary",
    "services.*.boundary",
    "stores.*.boundary",
    "services.*.host",
    "stores.*.host",
    "hosts.*.boundary",
    "boundaries.*.parent",
    *KINDS,
    "hosts.*.kind",
    "hosts.*.technology",
)
"""The keys that say where things stand; a kind does for what people hold in their hands."""


def _word(word: str | None) -> Value:
    return UNKNOWN if word is None else known(word)


def inherited(graph: SystemGraph, ground: int, key: str) -> tuple[Place, ...]:
    """Where a ground has a key that boundaries hand down: the nearest that says it, else the outermost."""
    at: Place | None = None
    while 0 <= ground < len(graph.subjects["boundary"]):
        boundary = graph.model.boundaries[graph.grounds[ground]]
        at = boundary.at, key
        if getattr(boundary, key) is not None:
            break
        ground = graph.ground_parent[ground]
    return (at,) if at else ()


def _inherited(key: str) -> Placing:
    def places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
        return inherited(graph, _ground(graph, kind, i), key)

    return places


def _ground(graph: SystemGraph, kind: str, i: int) -> int:
    if kind == "boundary":
        return i
    return graph.host_ground[i] if kind == "host" else graph.element_ground[graph.positions[kind][i]]


def _trust(graph: SystemGraph, kind: str, i: int) -> Value:
    return known(graph.ground_trust[_ground(graph, kind, i)])


def _environment(graph: SystemGraph, kind: str, i: int) -> Value:
    return _word(graph.ground_environment[_ground(graph, kind, i)])


def _region(graph: SystemGraph, kind: str, i: int) -> Value:
    return _word(graph.ground_region[_ground(graph, kind, i)])


def _on_provider(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(any(p not in graph.own for p in graph.ground_providers[_ground(graph, kind, i)]))


def _external(graph: SystemGraph, kind: str, i: int) -> Value:
    match kind:
        case "boundary":
            party: str | None = graph.ground_party[i]
        case "host":
            party = graph.host_party[i]
        case _:
            party = graph.element_party[graph.positions[kind][i]]
    return boolean(party not in graph.own)


def _exposed(graph: SystemGraph, kind: str, i: int) -> Value:
    element = graph.positions[kind][i]
    callers = (graph.flow_source[f] for f in graph.flows_in[element])
    return boolean(any(graph.trust(c) == "untrusted" for c in callers))


def _reachable(origin: str) -> Reading:
    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        element, found = graph.positions[kind][i], reach(graph, origin)
        if found.certain[element]:
            return TRUE
        return UNKNOWN if found.possible[element] else FALSE

    return value


def _hops(graph: SystemGraph, kind: str, i: int) -> Value:
    element, found = graph.positions[kind][i], reach(graph)
    fewest = found.certain[element]
    return known(fewest or None) if fewest == found.possible[element] else UNKNOWN


def _reach_places(origin: str) -> Placing:
    """Places: its own; where it is open whether calls lead to it, the keys that would tell of the relay."""

    def places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
        element, found = graph.positions[kind][i], reach(graph, origin)
        flow = found.doubt[element]
        if flow < 0 or found.certain[element] == found.possible[element]:
            return keys("boundary")(graph, kind, i)
        relay = graph.values[graph.flow_target[flow]]
        known = graph.relays[graph.flow_target[flow]]
        return (*(() if known else ((relay.at, "kind"),)), (graph.flows[flow].at, "data"))

    return places


def _called(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(bool(graph.flows_in[graph.positions[kind][i]]))


def _entered(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(i in _entered_grounds(graph))


@lru_cache(maxsize=2)
def _entered_grounds(graph: SystemGraph) -> set[int]:
    found: set[int] = set()
    seen: set[tuple[int, int]] = set()
    for source, target in zip(graph.flow_source, graph.flow_target, strict=True):
        pair = graph.element_ground[source], graph.element_ground[target]
        if pair in seen or graph.ground_trust[pair[0]] != "untrusted":
            continue
        seen.add(pair)
        ground, common = pair[1], graph.common_ground(*pair)
        while ground not in (-1, common):
            found.add(ground)
            ground = graph.ground_parent[ground]
    return found


def _has_elements(graph: SystemGraph, kind: str, i: int) -> Value:
    if kind == "host":
        return boolean(bool(data_map(graph).on_host[i]))
    return boolean(i in _occupied(graph))


@lru_cache(maxsize=2)
def _occupied(graph: SystemGraph) -> frozenset[int]:
    found: set[int] = set()
    for ground in set(graph.element_ground):
        while ground >= 0 and ground not in found:
            found.add(ground)
            ground = graph.ground_parent[ground]
    return frozenset(found)


_CALLS = ("flows[].from", "flows[].to", "flows[].returns", *STANDS, "boundaries.*.trust")
_REACH = (*_CALLS, "flows[].sends", "flows[].data")
_PLACED = ("service", "store", "actor", "boundary", "host")
_ENVIRONMENTS = Domain("enum", words.ENVIRONMENTS)
PLACE_FACTS: tuple[Fact, ...] = (
    Fact(
        "trust",
        _PLACED,
        TRUST,
        "closed",
        (*STANDS, "boundaries.*.trust", "boundaries.*.kind"),
        "Trust of the ground it stands on.",
        _trust,
        keys("boundary", "trust"),
        by_ground,
    ),
    Fact(
        "external",
        _PLACED,
        BOOLEAN,
        "closed",
        ("*.party", "parties.*.own"),
        "Whether another party than ours operates it.",
        _external,
        keys("party"),
    ),
    Fact(
        "environment",
        (*NODES, "boundary", "host"),
        _ENVIRONMENTS,
        "unknown",
        ("boundaries.*.environment",),
        "The environment it belongs to.",
        _environment,
        _inherited("environment"),
        by_ground,
    ),
    Fact(
        "region",
        (*NODES, "boundary", "host"),
        WORDS,
        "unknown",
        ("boundaries.*.region",),
        "The region or country it stands in.",
        _region,
        _inherited("region"),
        by_ground,
    ),
    Fact(
        "on_provider",
        (*NODES, "boundary", "host"),
        BOOLEAN,
        "closed",
        ("boundaries.*.provider",),
        "Whether it stands on another party's machines.",
        _on_provider,
        _inherited("provider"),
        by_ground,
    ),
    Fact(
        "exposed",
        NODES,
        BOOLEAN,
        "closed",
        _CALLS,
        "Whether a flow from untrusted ground ends at it.",
        _exposed,
        keys("boundary"),
    ),
    Fact(
        "reachable_from_untrusted",
        NODES,
        BOOLEAN,
        "unknown",
        _REACH,
        "Whether calls from untrusted ground lead to it; open while it is unknown what is a relay.",
        _reachable(UNTRUSTED),
        _reach_places(UNTRUSTED),
    ),
    Fact(
        "reachable_from_outside",
        NODES,
        BOOLEAN,
        "unknown",
        _REACH,
        "Whether calls from untrusted or third-party ground lead to it; open while a relay is unknown.",
        _reachable("third-party"),
        _reach_places("third-party"),
    ),
    Fact(
        "exposure_hops",
        NODES,
        NUMBER,
        "unknown",
        _REACH,
        "The fewest calls that lead to it from untrusted ground; none where none do.",
        _hops,
        _reach_places(UNTRUSTED),
    ),
    Fact(
        "called",
        NODES,
        BOOLEAN,
        "closed",
        ("flows[].to",),
        "Whether a flow ends at it.",
        _called,
        keys("boundary"),
    ),
    Fact(
        "entered_from_untrusted",
        ("boundary",),
        BOOLEAN,
        "closed",
        _CALLS,
        "Whether a flow from untrusted ground enters it.",
        _entered,
        keys("trust"),
    ),
    Fact(
        "has_elements",
        ("boundary", "host"),
        BOOLEAN,
        "closed",
        (*STANDS, "services.*.host", "stores.*.host"),
        "Whether an element stands in it.",
        _has_elements,
        keys("parent"),
    ),
)
