"""Facts about the system as a whole and about an element's place in it: ways in, and what is there once.

What is counted is what is drawn, so a kind that nobody stated leaves open whether there is one more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from threatmodel.graph.build import SystemGraph
from threatmodel.graph.fact import BOOLEAN, FALSE, NUMBER, SET, TRUE, Fact, Place, boolean, subject_at
from threatmodel.graph.facts_place import NODES, STANDS
from threatmodel.graph.values import UNKNOWN, Known, Members, Value
from threatmodel.model import Actor

MODEL = ("model",)
Fits: TypeAlias = Callable[[str, frozenset[str]], bool]
"""Whether something of this kind, with these traits, is one of those that are looked for."""


class _Found(NamedTuple):
    """Elements that certainly are of a sort, and those whose kind nobody stated."""

    certain: frozenset[int]
    open: frozenset[int]


# what surrounds a subject


def _boundary_kinds(graph: SystemGraph, kind: str, i: int) -> Value:
    match kind:
        case "model":
            words = frozenset(b.kind for b in graph.model.boundaries.values() if b.kind)
        case "flow":
            around = _zone_kinds(graph)
            ends = graph.flow_source[i], graph.flow_target[i]
            words = around[graph.element_zone[ends[0]]] | around[graph.element_zone[ends[1]]]
        case _:
            words = _zone_kinds(graph)[graph.element_zone[graph.positions[kind][i]]]
    return Members(words, words)


@lru_cache(maxsize=2)
def _zone_kinds(graph: SystemGraph) -> list[frozenset[str]]:
    """For each zone its own kind and those of the zones around it."""
    found: list[frozenset[str]] = [frozenset()] * len(graph.zones)
    for zone in graph.zones_outermost_first:
        outer = graph.zone_parent[zone]
        word = (
            graph.model.boundaries[graph.zones[zone]].kind if zone < len(graph.subjects["boundary"]) else None
        )
        found[zone] = (found[outer] if outer >= 0 else frozenset()) | ({word} if word else frozenset())
    return found


# ways in


def _entry_point(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(graph.positions[kind][i] in _entry_points(graph))


def _count_entry_points(graph: SystemGraph, kind: str, i: int) -> Value:
    return Known(len(_entry_points(graph)))


@lru_cache(maxsize=2)
def _entry_points(graph: SystemGraph) -> frozenset[int]:
    """Own services and stores in a demilitarised zone; in a model without one, those that the outside calls."""
    if any(b.kind == "dmz" for b in graph.model.boundaries.values()):
        found = (e for e in _ours(graph) if "dmz" in _zone_kinds(graph)[graph.element_zone[e]])
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
        graph.element_kind[element] != "actor"
        and graph.element_party[element] in graph.own
        and graph.trust(element) != "untrusted"
    )


# what the system has one of


def _is_relay(kind: str, traits: frozenset[str]) -> bool:
    return "relay" in traits


def _is_log_store(kind: str, traits: frozenset[str]) -> bool:
    return "log-store" in traits


def _is_dashboard(kind: str, traits: frozenset[str]) -> bool:
    return {"monitoring", "serves-people"} <= traits or kind == "observability-platform"


def _gathers(kind: str, traits: frozenset[str]) -> bool:
    """What gathers logs and metrics on the way to a dashboard; traces show calls, not the state of a service."""
    return kind in ("search-index", "time-series-database") or (
        bool(traits & {"log-store", "monitoring"}) and kind != "tracing-server"
    )


def _is_registry(kind: str, traits: frozenset[str]) -> bool:
    return kind == "service-registry"


def _keeps_secrets(kind: str, traits: frozenset[str]) -> bool:
    return "secret-store" in traits


def _identifies(kind: str, traits: frozenset[str]) -> bool:
    return "identity-provider" in traits


def _grants(kind: str, traits: frozenset[str]) -> bool:
    return _identifies(kind, traits) and kind != "login-service"


def _only_logs_in(kind: str, traits: frozenset[str]) -> bool:
    return kind == "login-service"


@lru_cache(maxsize=32)
def _find(graph: SystemGraph, fits: Fits) -> _Found:
    known = _kinds(graph)
    return _Found(
        frozenset(e for e, (kind, traits) in known.items() if fits(kind, traits)),
        frozenset(e for e, word in enumerate(graph.element_kind) if word != "actor" and e not in known),
    )


@lru_cache(maxsize=2)
def _kinds(graph: SystemGraph) -> Mapping[int, tuple[str, frozenset[str]]]:
    """Kind and traits of the services and stores whose kind is known."""
    words = ((e, graph.kind_of(e)) for e in range(len(graph.elements)))
    return {e: (word, graph.kinds.kinds[word].traits) for e, word in words if word}


def _single(fits: Fits) -> Callable[[SystemGraph, str, int], Value]:
    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        found = _find(graph, fits)
        if len(found.certain) > 1:
            return FALSE
        return TRUE if found.certain and not found.open else UNKNOWN

    return value


def _single_authentication(graph: SystemGraph, kind: str, i: int) -> Value:
    """Login services count alone; where certainly none is drawn, identity providers do."""
    return _single(_authenticates(graph))(graph, kind, i) if _decided(graph) else UNKNOWN


def _authenticates(graph: SystemGraph) -> Fits:
    return _only_logs_in if _find(graph, _only_logs_in).certain else _identifies


def _decided(graph: SystemGraph) -> bool:
    found = _find(graph, _only_logs_in)
    return bool(found.certain) or not found.open


def _has(fits: Fits) -> Callable[[SystemGraph, str, int], Value]:
    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        return TRUE if _find(graph, fits).certain else UNKNOWN

    return value


def _found_places(fits: Fits) -> Callable[[SystemGraph, str, int], tuple[Place, ...]]:
    """What was found, or all services and stores of ours that were searched in vain."""

    def places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
        return _places(graph, sorted(_find(graph, fits).certain) or _ours(graph))

    return places


def _authentication_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    return _found_places(_authenticates(graph))(graph, kind, i)


def _entry_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    return _places(graph, sorted(_entry_points(graph)) or _ours(graph))


def _places(graph: SystemGraph, elements: Iterable[int]) -> tuple[Place, ...]:
    return tuple((graph.values[e].at, None) for e in elements)


# what an element is joined to


def _keeps_logs(graph: SystemGraph, kind: str, i: int) -> Value:
    value = graph.values[graph.positions[kind][i]]
    if isinstance(value, Actor):
        return FALSE
    return boolean(any("logs" in graph.assets[d].categories.certain for d in value.holds or ()))


def _at_broker(graph: SystemGraph, kind: str, i: int) -> Value:
    element = graph.positions[kind][i]
    return _among((element, *_neighbours(graph, element)), _find(graph, _is_relay))


def _logs_directly(graph: SystemGraph, kind: str, i: int) -> Value:
    flows = graph.flows_out[graph.positions[kind][i]]
    return _among((graph.flow_target[f] for f in flows), _find(graph, _is_log_store))


def _among(elements: Iterable[int], found: _Found) -> Value:
    here = frozenset(elements)
    return TRUE if here & found.certain else UNKNOWN if here & found.open else FALSE


def _at_dashboard(graph: SystemGraph, kind: str, i: int) -> Value:
    certain, possible = _shown(graph)
    element = graph.positions[kind][i]
    return TRUE if element in certain else UNKNOWN if element in possible else FALSE


@lru_cache(maxsize=2)
def _shown(graph: SystemGraph) -> tuple[frozenset[int], frozenset[int]]:
    """Elements joined to a dashboard directly or through what gathers: certainly, and perhaps."""
    dashboards, gatherers = _find(graph, _is_dashboard), _find(graph, _gathers)
    certain = _joined(graph, dashboards.certain, dashboards.certain | gatherers.certain)
    everything = dashboards.certain | dashboards.open
    return certain, _joined(graph, everything, everything | gatherers.certain)


def _joined(graph: SystemGraph, start: frozenset[int], through: frozenset[int]) -> frozenset[int]:
    found, pending = set(start), list(start)
    while pending:
        for neighbour in _neighbours(graph, pending.pop()):
            if neighbour not in found:
                found.add(neighbour)
                if neighbour in through:
                    pending.append(neighbour)
    return frozenset(found)


def _neighbours(graph: SystemGraph, element: int) -> list[int]:
    """Whoever a flow joins with an element, whichever of the two opens it."""
    out = [graph.flow_target[f] for f in graph.flows_out[element]]
    return out + [graph.flow_source[f] for f in graph.flows_in[element]]


def _join_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    """The element, then each of its flows."""
    element = graph.positions[kind][i]
    flows = (*graph.flows_out[element], *graph.flows_in[element])
    return ((subject_at(graph, kind, i), None), *((graph.flows[f].at, None) for f in flows))


def _log_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    """The element, then its flows to log stores."""
    stores = _find(graph, _is_log_store).certain
    flows = (f for f in graph.flows_out[graph.positions[kind][i]] if graph.flow_target[f] in stores)
    return ((subject_at(graph, kind, i), None), *((graph.flows[f].at, None) for f in flows))


def _itself(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    return ((subject_at(graph, kind, i), None),)


_KINDS = ("services.*.kind", "stores.*.kind", "services.*.technology", "stores.*.technology")
_JOINS = ("flows[].from", "flows[].to", *_KINDS)
_WAYS = ("flows[].from", "flows[].to", *STANDS, "boundaries.*.kind", "boundaries.*.trust", "*.party")


def _one(name: str, fits: Fits, meaning: str) -> Fact:
    text = f"Whether exactly one {meaning} is drawn; open while none is, or the kind of an element is."
    return Fact(name, MODEL, BOOLEAN, "unknown", _KINDS, text, _single(fits), _found_places(fits))


def _some(name: str, fits: Fits, meaning: str) -> Fact:
    text = f"True where a {meaning} is drawn; otherwise not known, never false."
    return Fact(name, MODEL, BOOLEAN, "unknown", _KINDS, text, _has(fits), _found_places(fits))


MODEL_FACTS: tuple[Fact, ...] = (
    Fact(
        "boundary_kinds",
        ("flow", *NODES, "model"),
        SET,
        "closed",
        ("boundaries.*.kind", *STANDS),
        "The kinds stated of the boundaries around it, around either end of a flow, or anywhere in the model.",
        _boundary_kinds,
        _itself,
    ),
    Fact(
        "entry_point",
        NODES,
        BOOLEAN,
        "closed",
        _WAYS,
        "Whether it is ours and stands in a demilitarised zone or, where none is drawn, is called from outside.",
        _entry_point,
        _itself,
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
    _one("single_authorization", _grants, "element that grants permissions (an identity provider)"),
    Fact(
        "single_authentication",
        MODEL,
        BOOLEAN,
        "unknown",
        _KINDS,
        "Whether exactly one login service is drawn or, without any, exactly one identity provider.",
        _single_authentication,
        _authentication_places,
    ),
    _one("single_log_store", _is_log_store, "log store"),
    _one("single_registry", _is_registry, "service registry"),
    _one("single_secret_store", _keeps_secrets, "secret store"),
    _some("has_broker", _is_relay, "broker, queue or topic"),
    _some("has_dashboard", _is_dashboard, "monitoring dashboard"),
    Fact(
        "keeps_logs",
        NODES,
        BOOLEAN,
        "false",
        ("services.*.holds", "stores.*.holds", "data.*.categories"),
        "Whether it is said to hold data of the category `logs`.",
        _keeps_logs,
        _itself,
    ),
    Fact(
        "at_broker",
        NODES,
        BOOLEAN,
        "unknown",
        _JOINS,
        "Whether it is a broker, queue or topic or a flow joins it to one.",
        _at_broker,
        _join_places,
    ),
    Fact(
        "logs_directly",
        NODES,
        BOOLEAN,
        "unknown",
        _JOINS,
        "Whether it opens a flow to a log store.",
        _logs_directly,
        _log_places,
    ),
    Fact(
        "at_dashboard",
        NODES,
        BOOLEAN,
        "unknown",
        _JOINS,
        "Whether flows join it to a monitoring dashboard, directly or through what gathers logs and metrics.",
        _at_dashboard,
        _join_places,
    ),
)
