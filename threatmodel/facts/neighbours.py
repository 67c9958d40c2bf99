"""Facts about the neighbours of an element: the brokers, log stores and dashboards that flows join it to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    SERVICE_OR_STORE,
    TRUE,
    Place,
    boolean,
    fact,
    itself,
    perhaps,
    subject_at,
)
from threatmodel.facts.roles import (
    Holders,
    find,
    gathers,
    is_dashboard,
    is_log_store,
    is_relay,
    keeps_dead_letters,
)
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.subject import Subject
from threatmodel.logic.kleene import between
from threatmodel.logic.values import UNKNOWN, Value
from threatmodel.model import Actor


@fact(SERVICE_OR_STORE, BOOLEAN, absent="false", places=itself)
def keeps_logs(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it is said to hold data of the category `logs`."""
    value = graph.values[graph.element_of(subject)]
    if isinstance(value, Actor):
        return FALSE
    return boolean(any("logs" in graph.categories[d].certain for d in value.holds or ()))


def _join_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    """The element, then each of its flows."""
    element = graph.element_of(subject)
    flows = (*graph.flows_out[element], *graph.flows_in[element])
    return ((subject_at(graph, subject), None), *((graph.flows[f].at, None) for f in flows))


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=_join_places)
def at_broker(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it is a broker, queue or topic or a flow joins it to one."""
    element = graph.element_of(subject)
    return _among((element, *_neighbours(graph, element)), find(graph, is_relay))


def _log_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    """The element, then its flows to log stores."""
    stores = find(graph, is_log_store).certain
    flows = (f for f in graph.flows_out[graph.element_of(subject)] if graph.flow_target[f] in stores)
    return ((subject_at(graph, subject), None), *((graph.flows[f].at, None) for f in flows))


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=_log_places)
def logs_directly(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it opens a flow to a log store."""
    flows = graph.flows_out[graph.element_of(subject)]
    return _among((graph.flow_target[f] for f in flows), find(graph, is_log_store))


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=_join_places)
def at_dashboard(graph: SystemGraph, subject: Subject) -> Value:
    """Whether flows join it to a monitoring dashboard, directly or through what gathers logs and metrics."""
    certain, possible = _near_dashboard(graph)
    element = graph.element_of(subject)
    return perhaps(between(element in certain, element in possible))


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=_join_places)
def at_dead_letters(graph: SystemGraph, subject: Subject) -> Value:
    """True where a flow joins it to a dead letter queue; otherwise not known, never false."""
    neighbours = _neighbours(graph, graph.element_of(subject))
    return TRUE if find(graph, keeps_dead_letters).certain.intersection(neighbours) else UNKNOWN


def _among(elements: Iterable[int], holders: Holders) -> Value:
    here = frozenset(elements)
    return perhaps(between(bool(here & holders.certain), bool(here & holders.open)))


@lru_cache(maxsize=2)
def _near_dashboard(graph: SystemGraph) -> tuple[frozenset[int], frozenset[int]]:
    """Elements connected to a dashboard directly or through what gathers: certainly, and perhaps."""
    dashboards, gatherers = find(graph, is_dashboard), find(graph, gathers)
    certain = _connected(graph, dashboards.certain, dashboards.certain | gatherers.certain)
    everything = dashboards.certain | dashboards.open
    return certain, _connected(graph, everything, everything | gatherers.certain)


def _connected(graph: SystemGraph, start: frozenset[int], through: frozenset[int]) -> frozenset[int]:
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


FACTS: Final = (
    keeps_logs,
    at_broker,
    logs_directly,
    at_dashboard,
    at_dead_letters,
)
