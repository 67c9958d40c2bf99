"""Facts about what flows join an element to: brokers, log stores and dashboards."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from threatmodel.facts.fact import BOOLEAN, FALSE, KINDS, TRUE, Fact, Place, boolean, itself, subject_at
from threatmodel.facts.placement import NODES
from threatmodel.facts.roles import (
    Found,
    find,
    gathers,
    is_dashboard,
    is_log_store,
    is_relay,
    keeps_dead_letters,
)
from threatmodel.graph.build import SystemGraph
from threatmodel.logic.values import UNKNOWN, Value
from threatmodel.model import Actor


def _keeps_logs(graph: SystemGraph, kind: str, i: int) -> Value:
    value = graph.values[graph.positions[kind][i]]
    if isinstance(value, Actor):
        return FALSE
    return boolean(any("logs" in graph.assets[d].categories.certain for d in value.holds or ()))


def _at_broker(graph: SystemGraph, kind: str, i: int) -> Value:
    element = graph.positions[kind][i]
    return _among((element, *_neighbours(graph, element)), find(graph, is_relay))


def _logs_directly(graph: SystemGraph, kind: str, i: int) -> Value:
    flows = graph.flows_out[graph.positions[kind][i]]
    return _among((graph.flow_target[f] for f in flows), find(graph, is_log_store))


def _among(elements: Iterable[int], found: Found) -> Value:
    here = frozenset(elements)
    return TRUE if here & found.certain else UNKNOWN if here & found.open else FALSE


def _at_dead_letters(graph: SystemGraph, kind: str, i: int) -> Value:
    neighbours = _neighbours(graph, graph.positions[kind][i])
    return TRUE if find(graph, keeps_dead_letters).certain.intersection(neighbours) else UNKNOWN


def _at_dashboard(graph: SystemGraph, kind: str, i: int) -> Value:
    certain, possible = _shown(graph)
    element = graph.positions[kind][i]
    return TRUE if element in certain else UNKNOWN if element in possible else FALSE


@lru_cache(maxsize=2)
def _shown(graph: SystemGraph) -> tuple[frozenset[int], frozenset[int]]:
    """Elements joined to a dashboard directly or through what gathers: certainly, and perhaps."""
    dashboards, gatherers = find(graph, is_dashboard), find(graph, gathers)
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
    stores = find(graph, is_log_store).certain
    flows = (f for f in graph.flows_out[graph.positions[kind][i]] if graph.flow_target[f] in stores)
    return ((subject_at(graph, kind, i), None), *((graph.flows[f].at, None) for f in flows))


_JOINS = ("flows[].from", "flows[].to", *KINDS)
JOINED_FACTS: tuple[Fact, ...] = (
    Fact(
        "keeps_logs",
        NODES,
        BOOLEAN,
        "false",
        ("services.*.holds", "stores.*.holds", "data.*.categories"),
        "Whether it is said to hold data of the category `logs`.",
        _keeps_logs,
        itself,
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
    Fact(
        "at_dead_letters",
        NODES,
        BOOLEAN,
        "unknown",
        _JOINS,
        "True where a flow joins it to a dead letter queue; otherwise not known, never false.",
        _at_dead_letters,
        _join_places,
    ),
)
