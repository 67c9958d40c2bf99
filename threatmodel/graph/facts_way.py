"""Facts about ways in, ways out and the ground that elements run on, which controls are asked by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from threatmodel.graph.build import SystemGraph
from threatmodel.graph.fact import BOOLEAN, FALSE, TRUE, TRUST, Fact, Place, boolean, keys, subject_at
from threatmodel.graph.facts_element import traits_value
from threatmodel.graph.facts_place import NODES, STANDS, inherited
from threatmodel.graph.groups import by_environment
from threatmodel.graph.reach import reach
from threatmodel.graph.values import UNKNOWN, Members, Value
from threatmodel.model import Store

_CONTAINERS = frozenset({"container", "orchestrator"})
_WAYS_IN = frozenset({"entry-point", "filter"})


def _grounds(graph: SystemGraph, element: int) -> Iterator[tuple[Place, str | None]]:
    """What an element runs in, from inside out: the place of each kind, and the kind."""
    host = graph.element_host[element]
    if host >= 0:
        declared = graph.model.hosts[graph.hosts[host]]
        yield (declared.at, "kind"), graph.kinds.kind_word(declared.kind, declared.technology)
    zone = graph.element_zone[element]
    while zone >= 0:
        if zone < len(graph.subjects["boundary"]):
            boundary = graph.model.boundaries[graph.zones[zone]]
            yield (boundary.at, "kind"), boundary.kind
        zone = graph.zone_parent[zone]


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


def _faces_outside(graph: SystemGraph, kind: str, i: int) -> Value:
    certain, possible = _fronts(graph)
    element = graph.positions[kind][i]
    return TRUE if element in certain else UNKNOWN if element in possible else FALSE


@lru_cache(maxsize=2)
def _fronts(graph: SystemGraph) -> tuple[frozenset[int], frozenset[int]]:
    """Elements that untrusted ground calls directly or through ways in: certainly, and perhaps."""
    return _faced(graph, _is_way_in), _faced(graph, _may_be_way_in)


def _facing_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    """The element, then the kinds that nobody stated on the way to it, its own callers first."""
    element = graph.positions[kind][i]
    open_ = _open_fronts(graph)
    callers = sorted({graph.flow_source[f] for f in graph.flows_in[element]} & open_.keys())
    ordered = (*callers, *islice(open_, 1))
    return ((subject_at(graph, kind, i), None), *((graph.values[e].at, "kind") for e in ordered))


@lru_cache(maxsize=2)
def _open_fronts(graph: SystemGraph) -> dict[int, None]:
    """What may be a way in because nobody stated its kind, in order."""
    found = sorted(_fronts(graph)[1])
    return dict.fromkeys(e for e in found if graph.element_kind[e] != "actor" and graph.kind_of(e) is None)


def _faced(graph: SystemGraph, passes: Callable[[Value], bool]) -> frozenset[int]:
    found: set[int] = set()
    pending = [e for e in range(len(graph.elements)) if graph.trust(e) == "untrusted"]
    while pending:
        element = pending.pop()
        for flow in graph.flows_out[element]:
            target = graph.flow_target[flow]
            if target not in found:
                found.add(target)
                if passes(traits_value(graph, target)):
                    pending.append(target)
    return frozenset(found)


def _is_way_in(traits: Value) -> bool:
    return isinstance(traits, Members) and bool(traits.certain & _WAYS_IN)


def _may_be_way_in(traits: Value) -> bool:
    return isinstance(traits, Members) and (traits.possible is None or bool(traits.possible & _WAYS_IN))


def _called_from_outside(graph: SystemGraph, kind: str, i: int) -> Value:
    """What others deploy, administer, watch or back up for us is no caller."""
    calls = graph.flows_in[graph.positions[kind][i]]
    grounds = ((graph.trust(graph.flow_source[f]), f) for f in calls)
    return boolean(
        any(t == "untrusted" or (t == "third-party" and graph.flow_kind(f) == "business") for t, f in grounds)
    )


def _filled_from_outside(graph: SystemGraph, kind: str, i: int) -> Value:
    """Whether a call that began outside sends it something; what is deployed to it is ours."""
    element, found = graph.positions[kind][i], reach(graph, "third-party")
    open_ = False
    for flow in graph.flows_in[element]:
        source, sends = graph.flow_source[flow], graph.flows[flow].sends
        outside = graph.trust(source) != "trusted"
        if graph.flow_kind(flow) == "deployment" or sends == () or not (outside or found.possible[source]):
            continue
        if sends and (outside or found.certain[source]):
            return TRUE
        open_ = True
    return UNKNOWN if open_ else FALSE


def _filling_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    flows = graph.flows_in[graph.positions[kind][i]]
    silent = [f for f in flows if graph.flows[f].sends is None]
    return (subject_at(graph, kind, i), None), *((graph.flows[f].at, "data") for f in silent)


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
    """Zones in which an element opens a flow to ground of less trust."""
    found: set[int] = set()
    for source, target in zip(graph.flow_source, graph.flow_target, strict=True):
        if TRUST.words.index(graph.trust(target)) < TRUST.words.index(graph.trust(source)):
            found.add(graph.element_zone[source])
    return frozenset(found)


def _holds_elements(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(i in _inhabited(graph))


@lru_cache(maxsize=2)
def _inhabited(graph: SystemGraph) -> frozenset[int]:
    return frozenset(graph.element_zone)


def _crosses_environment(graph: SystemGraph, kind: str, i: int) -> Value:
    ends = graph.flow_source[i], graph.flow_target[i]
    found = {graph.zone_environment[graph.element_zone[e]] for e in ends}
    return UNKNOWN if None in found else boolean(len(found) > 1)


def _environment_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    ends = graph.flow_target[i], graph.flow_source[i]
    return tuple(p for e in ends for p in inherited(graph, graph.element_zone[e], "environment"))


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
        "faces_outside",
        NODES,
        BOOLEAN,
        "closed",
        ("flows[].from", "flows[].to", *STANDS, "boundaries.*.trust"),
        "Whether untrusted ground calls it, directly or through entry points of known kind.",
        _faces_outside,
        _facing_places,
    ),
    Fact(
        "called_from_outside",
        NODES,
        BOOLEAN,
        "closed",
        ("flows[].from", "flows[].to", "flows[].kind", "flows[].protocol", *STANDS, "boundaries.*.trust"),
        "Whether a flow from untrusted ground, or one of business from third-party ground, ends at it.",
        _called_from_outside,
        keys("boundary"),
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
        "filled_from_outside",
        ("store",),
        BOOLEAN,
        "unknown",
        (
            *("flows[].from", "flows[].to", "flows[].kind", "flows[].protocol"),
            *("flows[].sends", "flows[].returns", "flows[].data", *STANDS, "boundaries.*.trust"),
        ),
        "Whether calls that lead to it from untrusted or third-party ground send it data, deployments apart.",
        _filled_from_outside,
        _filling_places,
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
