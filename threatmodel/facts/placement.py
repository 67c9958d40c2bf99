"""Facts about services, stores, actors, boundaries and hosts: where they stand, and who gets at them."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from threatmodel.facts.fact import (
    BOOLEAN,
    NUMBER,
    SERVICE_OR_STORE,
    TRUST,
    WORDS,
    Place,
    Placing,
    boolean,
    fact,
    keys,
    perhaps,
    word,
)
from threatmodel.facts.grouping import by_ground
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.paths import UNTRUSTED
from threatmodel.graph.reach import reach
from threatmodel.graph.subject import Subject
from threatmodel.logic.kleene import between
from threatmodel.logic.values import UNKNOWN, Domain, Value, known
from threatmodel.model import words

_PLACED = ("service", "store", "actor", "boundary", "host")


_ENVIRONMENTS = Domain("enum", words.ENVIRONMENTS)


@fact(_PLACED, TRUST, absent="closed", places=keys("boundary", "trust"), groups=by_ground)
def trust(graph: SystemGraph, subject: Subject) -> Value:
    """Trust of the ground it stands on."""
    return known(graph.ground_trust[_ground(graph, subject)])


@fact(_PLACED, BOOLEAN, absent="closed", places=keys("party"))
def external(graph: SystemGraph, subject: Subject) -> Value:
    """Whether another party than ours operates it."""
    match subject.kind:
        case "boundary":
            party: str | None = graph.ground_party[subject.position]
        case "host":
            party = graph.host_party[subject.position]
        case _:
            party = graph.element_party[graph.element_of(subject)]
    return boolean(party not in graph.own)


def _inherited(key: str) -> Placing:
    def places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
        return inherited(graph, _ground(graph, subject), key)

    return places


@fact(
    (*SERVICE_OR_STORE, "boundary", "host"),
    _ENVIRONMENTS,
    absent="unknown",
    places=_inherited("environment"),
    groups=by_ground,
)
def environment(graph: SystemGraph, subject: Subject) -> Value:
    """The environment it belongs to."""
    return word(graph.ground_environment[_ground(graph, subject)])


@fact(
    (*SERVICE_OR_STORE, "boundary", "host"),
    WORDS,
    absent="unknown",
    places=_inherited("region"),
    groups=by_ground,
)
def region(graph: SystemGraph, subject: Subject) -> Value:
    """The region or country it stands in."""
    return word(graph.ground_region[_ground(graph, subject)])


@fact(
    (*SERVICE_OR_STORE, "boundary", "host"),
    BOOLEAN,
    absent="closed",
    places=_inherited("provider"),
    groups=by_ground,
)
def on_provider(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it stands on another party's machines."""
    return boolean(any(p not in graph.own for p in graph.ground_providers[_ground(graph, subject)]))


@fact(SERVICE_OR_STORE, BOOLEAN, absent="closed", places=keys("boundary"))
def exposed(graph: SystemGraph, subject: Subject) -> Value:
    """Whether a flow from untrusted ground ends at it."""
    element = graph.element_of(subject)
    callers = (graph.flow_source[f] for f in graph.flows_in[element])
    return boolean(any(graph.trust(c) == "untrusted" for c in callers))


def _reach_places(origin: str) -> Placing:
    """Places: its own; where it is open whether calls lead to it, the keys that would tell of the relay."""

    def places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
        element, found = graph.element_of(subject), reach(graph, origin)
        flow = found.doubt[element]
        if flow < 0 or found.certain[element] == found.possible[element]:
            return keys("boundary")(graph, subject)
        relay = graph.values[graph.flow_target[flow]]
        known = graph.relays[graph.flow_target[flow]]
        return (*(() if known else ((relay.at, "kind"),)), (graph.flows[flow].at, "data"))

    return places


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=_reach_places(UNTRUSTED))
def reachable_from_untrusted(graph: SystemGraph, subject: Subject) -> Value:
    """Whether calls from untrusted ground lead to it; open while it is unknown what is a relay."""
    return _reachable(graph, subject, UNTRUSTED)


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=_reach_places("third-party"))
def reachable_from_outside(graph: SystemGraph, subject: Subject) -> Value:
    """Whether calls from untrusted or third-party ground lead to it; open while a relay is unknown."""
    return _reachable(graph, subject, "third-party")


@fact(SERVICE_OR_STORE, NUMBER, absent="unknown", places=_reach_places(UNTRUSTED))
def exposure_hops(graph: SystemGraph, subject: Subject) -> Value:
    """The fewest calls that lead to it from untrusted ground; none where none do."""
    element, found = graph.element_of(subject), reach(graph)
    fewest = found.certain[element]
    return known(fewest or None) if fewest == found.possible[element] else UNKNOWN


@fact(SERVICE_OR_STORE, BOOLEAN, absent="closed", places=keys("boundary"))
def called(graph: SystemGraph, subject: Subject) -> Value:
    """Whether a flow ends at it."""
    return boolean(bool(graph.flows_in[graph.element_of(subject)]))


@fact(("boundary",), BOOLEAN, absent="closed", places=keys("trust"))
def entered_from_untrusted(graph: SystemGraph, subject: Subject) -> Value:
    """Whether a flow from untrusted ground enters it."""
    return boolean(subject.position in _entered_grounds(graph))


@fact(("boundary", "host"), BOOLEAN, absent="closed", places=keys("parent"))
def has_elements(graph: SystemGraph, subject: Subject) -> Value:
    """Whether an element stands in it."""
    if subject.kind == "host":
        return boolean(bool(graph.on_host[subject.position]))
    return boolean(subject.position in _occupied(graph))


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


def _ground(graph: SystemGraph, subject: Subject) -> int:
    if subject.kind == "boundary":
        return subject.position
    if subject.kind == "host":
        return graph.host_ground[subject.position]
    return graph.element_ground[graph.element_of(subject)]


def _reachable(graph: SystemGraph, subject: Subject, origin: str) -> Value:
    element, found = graph.element_of(subject), reach(graph, origin)
    return perhaps(between(bool(found.certain[element]), bool(found.possible[element])))


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


@lru_cache(maxsize=2)
def _occupied(graph: SystemGraph) -> frozenset[int]:
    found: set[int] = set()
    for ground in set(graph.element_ground):
        while ground >= 0 and ground not in found:
            found.add(ground)
            ground = graph.ground_parent[ground]
    return frozenset(found)


FACTS: Final = (
    trust,
    external,
    environment,
    region,
    on_provider,
    exposed,
    reachable_from_untrusted,
    reachable_from_outside,
    exposure_hops,
    called,
    entered_from_untrusted,
    has_elements,
)
