"""Facts about the system as a whole and about an element's place in it: ways in, and what is there once.

What is counted is what is drawn, so a kind that nobody stated leaves open whether there is one more.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    KINDS,
    NUMBER,
    SET,
    TRUE,
    Fact,
    Place,
    Placing,
    Reading,
    boolean,
    itself,
)
from threatmodel.facts.placement import NODES, STANDS
from threatmodel.facts.roles import (
    Fits,
    find,
    grants,
    identifies,
    is_dashboard,
    is_log_store,
    is_registry,
    is_relay,
    keeps_secrets,
    only_logs_in,
)
from threatmodel.graph.build import SystemGraph
from threatmodel.logic.values import UNKNOWN, Known, Value, exactly

MODEL = ("model",)


# what surrounds a subject


def _boundary_kinds(graph: SystemGraph, kind: str, i: int) -> Value:
    match kind:
        case "model":
            words = frozenset(b.kind for b in graph.model.boundaries.values() if b.kind)
        case "flow":
            around = _ground_kinds(graph)
            ends = graph.flow_source[i], graph.flow_target[i]
            words = around[graph.element_ground[ends[0]]] | around[graph.element_ground[ends[1]]]
        case _:
            words = _ground_kinds(graph)[graph.element_ground[graph.positions[kind][i]]]
    return exactly(words)


@lru_cache(maxsize=2)
def _ground_kinds(graph: SystemGraph) -> list[frozenset[str]]:
    """For each ground its own kind and those of the grounds around it."""
    found: list[frozenset[str]] = [frozenset()] * len(graph.grounds)
    for ground in graph.grounds_outermost_first:
        outer = graph.ground_parent[ground]
        word = (
            graph.model.boundaries[graph.grounds[ground]].kind
            if ground < len(graph.subjects["boundary"])
            else None
        )
        found[ground] = (found[outer] if outer >= 0 else frozenset()) | ({word} if word else frozenset())
    return found


# ways in


def _entry_point(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(graph.positions[kind][i] in _entry_points(graph))


def _count_entry_points(graph: SystemGraph, kind: str, i: int) -> Value:
    return Known(len(_entry_points(graph)))


@lru_cache(maxsize=2)
def _entry_points(graph: SystemGraph) -> frozenset[int]:
    """What of ours stands in a demilitarised zone; in a model without one, what the outside calls."""
    if any(b.kind == "dmz" for b in graph.model.boundaries.values()):
        found = (e for e in _ours(graph) if "dmz" in _ground_kinds(graph)[graph.element_ground[e]])
    else:
        called = (
            target
            for source, target in zip(graph.flow_source, graph.flow_target, strict=True)
            if graph.trust(source) == "untrusted"
        )
        found = (e for e in called if _is_ours(graph, e))
    return frozenset(found)


def _ours(graph: SystemGraph) -> list[int]:
    return [e for e in range(len(graph.elements)) if _is_ours(graph, e)]


def _is_ours(graph: SystemGraph, element: int) -> bool:
    """A service or store of ours on ground that is not untrusted."""
    return (
        graph.subject_kind[element] != "actor"
        and graph.element_party[element] in graph.own
        and graph.trust(element) != "untrusted"
    )


# what the system has one of


def _single(fits: Fits) -> Reading:
    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        found = find(graph, fits)
        if len(found.certain) > 1:
            return FALSE
        return TRUE if found.certain and not found.open else UNKNOWN

    return value


def _single_authentication(graph: SystemGraph, kind: str, i: int) -> Value:
    """Login services count alone; where certainly none is drawn, identity providers do."""
    return _single(_authenticates(graph))(graph, kind, i) if _decided(graph) else UNKNOWN


def _authenticates(graph: SystemGraph) -> Fits:
    return only_logs_in if find(graph, only_logs_in).certain else identifies


def _decided(graph: SystemGraph) -> bool:
    found = find(graph, only_logs_in)
    return bool(found.certain) or not found.open


def _has(fits: Fits) -> Reading:
    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        return TRUE if find(graph, fits).certain else UNKNOWN

    return value


def _found_places(fits: Fits) -> Placing:
    """What was found, or all services and stores of ours that were searched in vain."""

    def places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
        return _places(graph, sorted(find(graph, fits).certain) or _ours(graph))

    return places


def _authentication_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    return _found_places(_authenticates(graph))(graph, kind, i)


def _entry_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    return _places(graph, sorted(_entry_points(graph)) or _ours(graph))


def _places(graph: SystemGraph, elements: Iterable[int]) -> tuple[Place, ...]:
    return tuple((graph.values[e].at, None) for e in elements)


_WAYS = ("flows[].from", "flows[].to", *STANDS, "boundaries.*.kind", "boundaries.*.trust", "*.party")


def _one(name: str, fits: Fits, meaning: str) -> Fact:
    text = f"Whether exactly one {meaning} is drawn; open while none is, or the kind of an element is."
    return Fact(name, MODEL, BOOLEAN, "unknown", KINDS, text, _single(fits), _found_places(fits))


def _some(name: str, fits: Fits, meaning: str) -> Fact:
    text = f"True where a {meaning} is drawn; otherwise not known, never false."
    return Fact(name, MODEL, BOOLEAN, "unknown", KINDS, text, _has(fits), _found_places(fits))


MODEL_FACTS: tuple[Fact, ...] = (
    Fact(
        "boundary_kinds",
        ("flow", *NODES, "model"),
        SET,
        "closed",
        ("boundaries.*.kind", *STANDS),
        "The kinds stated of the boundaries around it (of a flow: around either end; of the model: of all).",
        _boundary_kinds,
        itself,
    ),
    Fact(
        "entry_point",
        NODES,
        BOOLEAN,
        "closed",
        _WAYS,
        "Whether it is ours and stands in a demilitarised zone or, without one, is called from outside.",
        _entry_point,
        itself,
    ),
    Fact(
        "entry_points",
        MODEL,
        NUMBER,
        "closed",
        _WAYS,
        "How many entry points there are.",
        _count_entry_points,
        _entry_places,
    ),
    _one("single_authorization", grants, "element that grants permissions (an identity provider)"),
    Fact(
        "single_authentication",
        MODEL,
        BOOLEAN,
        "unknown",
        KINDS,
        "Whether exactly one login service is drawn or, without any, exactly one identity provider.",
        _single_authentication,
        _authentication_places,
    ),
    _one("single_log_store", is_log_store, "log store"),
    _one("single_registry", is_registry, "service registry"),
    _one("single_secret_store", keeps_secrets, "secret store"),
    _some("has_broker", is_relay, "broker, queue or topic"),
    _some("has_dashboard", is_dashboard, "monitoring dashboard"),
)
