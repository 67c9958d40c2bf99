"""Facts about exposure: which outsiders, third parties and people call a service or store."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import Final

from threatmodel.facts.element import has_trait
from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    SERVICE_OR_STORE,
    TRUE,
    Place,
    boolean,
    fact,
    keys,
    perhaps,
    subject_at,
)
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.reach import reach
from threatmodel.graph.subject import Subject
from threatmodel.logic.kleene import between
from threatmodel.logic.values import UNKNOWN, Value
from threatmodel.model import Actor

_WAYS_IN = frozenset({"entry-point", "filter"})


def _facing_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    """The element, then the kinds that nobody stated on the way to it, its own callers first."""
    element = graph.element_of(subject)
    open_ = _open_fronts(graph)
    callers = sorted({graph.flow_source[f] for f in graph.flows_in[element]} & open_.keys())
    ordered = (*callers, *islice(open_, 1))
    return ((subject_at(graph, subject), None), *((graph.values[e].at, "kind") for e in ordered))


@fact(SERVICE_OR_STORE, BOOLEAN, absent="closed", places=_facing_places)
def faces_outside(graph: SystemGraph, subject: Subject) -> Value:
    """Whether untrusted ground calls it, directly or through entry points of known kind."""
    certain, possible = _fronts(graph)
    element = graph.element_of(subject)
    return perhaps(between(element in certain, element in possible))


def _people_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    """The element, then the people who may call it, of whom nobody said whether they are any."""
    found = ((v.at, "human") for v in graph.values if isinstance(v, Actor) and v.human is None)
    return ((subject_at(graph, subject), None), *islice(found, 1))


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=_people_places)
def faces_people(graph: SystemGraph, subject: Subject) -> Value:
    """Whether people, or programs in their hands, call it, directly or through entry points."""
    certain, possible = _served(graph)
    element = graph.element_of(subject)
    return perhaps(between(element in certain, element in possible))


@fact(SERVICE_OR_STORE, BOOLEAN, absent="closed", places=keys("boundary"))
def called_from_outside(graph: SystemGraph, subject: Subject) -> Value:
    """Whether a flow from untrusted ground, or one of business from third-party ground, ends at it.

    What others deploy, administer, watch or back up for us is no caller.
    """
    calls = graph.flows_in[graph.element_of(subject)]
    grounds = ((graph.trust(graph.flow_source[f]), f) for f in calls)
    return boolean(
        any(t == "untrusted" or (t == "third-party" and graph.flow_kind(f) == "business") for t, f in grounds)
    )


def _filling_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    flows = graph.flows_in[graph.element_of(subject)]
    silent = [f for f in flows if graph.flows[f].sends is None]
    return (subject_at(graph, subject), None), *((graph.flows[f].at, "data") for f in silent)


@fact(("store",), BOOLEAN, absent="unknown", places=_filling_places)
def filled_from_outside(graph: SystemGraph, subject: Subject) -> Value:
    """Whether calls that lead to it from untrusted or third-party ground send it data, deployments apart."""
    element, found = graph.element_of(subject), reach(graph, "third-party")
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


@lru_cache(maxsize=2)
def _fronts(graph: SystemGraph) -> tuple[frozenset[int], frozenset[int]]:
    """Elements that untrusted ground calls directly or through ways in: certainly, and perhaps."""
    outside = [e for e in range(len(graph.elements)) if graph.trust(e) == "untrusted"]
    return _called_through(graph, outside, perhaps=False), _called_through(graph, outside, perhaps=True)


@lru_cache(maxsize=2)
def _open_fronts(graph: SystemGraph) -> dict[int, None]:
    """What may be a way in because nobody stated its kind, in order."""
    found = sorted(_fronts(graph)[1])
    return dict.fromkeys(e for e in found if graph.subject_kind[e] != "actor" and graph.kind_of(e) is None)


@lru_cache(maxsize=2)
def _served(graph: SystemGraph) -> tuple[frozenset[int], frozenset[int]]:
    """What people, or programs in their hands, call directly or through ways in: certainly, and perhaps."""
    devices = [e for e, held in enumerate(graph.with_trait("user-device")) if held]
    people = {
        human: [e for e, v in enumerate(graph.values) if isinstance(v, Actor) and v.human is human]
        for human in (True, None)
    }
    certain = [*people[True], *devices]
    possible = [*certain, *people[None]]
    return _called_through(graph, certain, perhaps=False), _called_through(graph, possible, perhaps=True)


def _called_through(graph: SystemGraph, begin: list[int], *, perhaps: bool) -> frozenset[int]:
    """What elements call directly or through ways in, with `perhaps` through what may be one, too."""
    found: set[int] = set()
    pending = list(begin)
    while pending:
        element = pending.pop()
        for flow in graph.flows_out[element]:
            target = graph.flow_target[flow]
            if target not in found:
                found.add(target)
                passes = has_trait(graph, target, _WAYS_IN)
                if passes or (perhaps and passes is None):
                    pending.append(target)
    return frozenset(found)


FACTS: Final = (
    faces_outside,
    faces_people,
    called_from_outside,
    filled_from_outside,
)
