"""Facts about the architecture: the kinds of boundaries, the entry points, and what the system has one of.

What is counted is what is drawn, so a kind that nobody stated leaves open whether there is one more.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    NUMBER,
    SERVICE_OR_STORE,
    SET,
    TRUE,
    Fact,
    Place,
    Placing,
    boolean,
    fact,
    itself,
)
from threatmodel.facts.roles import (
    Role,
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
from threatmodel.graph.subject import Subject
from threatmodel.logic.values import UNKNOWN, Known, Value, exactly

MODEL = ("model",)


@fact(("flow", *SERVICE_OR_STORE, "model"), SET, absent="closed", places=itself)
def boundary_kinds(graph: SystemGraph, subject: Subject) -> Value:
    """The kinds stated of the boundaries around it (of a flow: around either end; of the model: of all)."""
    match subject.kind:
        case "model":
            words = frozenset(b.kind for b in graph.model.boundaries.values() if b.kind)
        case "flow":
            around = _ground_kinds(graph)
            ends = graph.flow_source[subject.position], graph.flow_target[subject.position]
            words = around[graph.element_ground[ends[0]]] | around[graph.element_ground[ends[1]]]
        case _:
            words = _ground_kinds(graph)[graph.element_ground[graph.element_of(subject)]]
    return exactly(words)


@fact(SERVICE_OR_STORE, BOOLEAN, absent="closed", places=itself)
def entry_point(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it is ours and stands in a demilitarised zone or, without one, is called from outside."""
    return boolean(graph.element_of(subject) in _entry_points(graph))


def _entry_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    return _places(graph, sorted(_entry_points(graph)) or _ours(graph))


@fact(MODEL, NUMBER, absent="closed", places=_entry_places)
def entry_points(graph: SystemGraph, subject: Subject) -> Value:
    """How many entry points there are."""
    return Known(len(_entry_points(graph)))


def _authentication_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    return _holder_places(_authenticates(graph))(graph, subject)


@fact(MODEL, BOOLEAN, absent="unknown", places=_authentication_places)
def single_authentication(graph: SystemGraph, subject: Subject) -> Value:
    """Whether exactly one login service is drawn or, without any, exactly one identity provider.

    Login services count alone; where certainly none is drawn, identity providers do.
    """
    return _single(graph, _authenticates(graph)) if _decided(graph) else UNKNOWN


@lru_cache(maxsize=2)
def _ground_kinds(graph: SystemGraph) -> list[frozenset[str]]:
    """For each ground its own kind and those of the grounds around it."""
    found: list[frozenset[str]] = [frozenset()] * len(graph.grounds)
    for ground in graph.grounds_outermost_first:
        outer = graph.ground_parent[ground]
        declared = ground < len(graph.subjects["boundary"])
        word = graph.model.boundaries[graph.grounds[ground]].kind if declared else None
        found[ground] = (found[outer] if outer >= 0 else frozenset()) | ({word} if word else frozenset())
    return found


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


def _single(graph: SystemGraph, role: Role) -> Value:
    holders = find(graph, role)
    if len(holders.certain) > 1:
        return FALSE
    return TRUE if holders.certain and not holders.open else UNKNOWN


def _authenticates(graph: SystemGraph) -> Role:
    return only_logs_in if find(graph, only_logs_in).certain else identifies


def _decided(graph: SystemGraph) -> bool:
    found = find(graph, only_logs_in)
    return bool(found.certain) or not found.open


def _holder_places(role: Role) -> Placing:
    """What was found, or all services and stores of ours that were searched in vain."""

    def places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
        return _places(graph, sorted(find(graph, role).certain) or _ours(graph))

    return places


def _places(graph: SystemGraph, elements: Iterable[int]) -> tuple[Place, ...]:
    return tuple((graph.values[e].at, None) for e in elements)


def _one(name: str, role: Role, what: str) -> Fact:
    """The fact that the system has exactly one element of a role."""
    meaning = f"Whether exactly one {what} is drawn; open while none is, or the kind of an element is."

    @fact(MODEL, BOOLEAN, name=name, meaning=meaning, absent="unknown", places=_holder_places(role))
    def single(graph: SystemGraph, subject: Subject) -> Value:
        return _single(graph, role)

    return single


def _some(name: str, role: Role, what: str) -> Fact:
    """The fact that the system has an element of a role."""
    meaning = f"True where a {what} is drawn; otherwise not known, never false."

    @fact(MODEL, BOOLEAN, name=name, meaning=meaning, absent="unknown", places=_holder_places(role))
    def some(graph: SystemGraph, subject: Subject) -> Value:
        return TRUE if find(graph, role).certain else UNKNOWN

    return some


FACTS: Final = (
    boundary_kinds,
    entry_point,
    entry_points,
    _one("single_authorization", grants, "element that grants permissions (an identity provider)"),
    single_authentication,
    _one("single_log_store", is_log_store, "log store"),
    _one("single_registry", is_registry, "service registry"),
    _one("single_secret_store", keeps_secrets, "secret store"),
    _some("has_broker", is_relay, "broker, queue or topic"),
    _some("has_dashboard", is_dashboard, "monitoring dashboard"),
)
