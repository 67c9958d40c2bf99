"""Facts about who calls a service or store: outsiders, others, and people with what is in their hands."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import islice

from threatmodel.facts.element import traits_value
from threatmodel.facts.fact import BOOLEAN, FALSE, KINDS, TRUE, Fact, Place, boolean, keys, subject_at
from threatmodel.facts.placement import NODES, STANDS
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.reach import reach
from threatmodel.logic.values import UNKNOWN, Members, Value
from threatmodel.model import Actor

_WAYS_IN = frozenset({"entry-point", "filter"})


def _faces_outside(graph: SystemGraph, kind: str, i: int) -> Value:
    certain, possible = _fronts(graph)
    element = graph.positions[kind][i]
    return TRUE if element in certain else UNKNOWN if element in possible else FALSE


@lru_cache(maxsize=2)
def _fronts(graph: SystemGraph) -> tuple[frozenset[int], frozenset[int]]:
    """Elements that untrusted ground calls directly or through ways in: certainly, and perhaps."""
    outside = [e for e in range(len(graph.elements)) if graph.trust(e) == "untrusted"]
    return _faced(graph, outside, _is_way_in), _faced(graph, outside, _may_be_way_in)


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
    return dict.fromkeys(e for e in found if graph.subject_kind[e] != "actor" and graph.kind_of(e) is None)


def _faces_people(graph: SystemGraph, kind: str, i: int) -> Value:
    certain, possible = _served(graph)
    element = graph.positions[kind][i]
    return TRUE if element in certain else UNKNOWN if element in possible else FALSE


@lru_cache(maxsize=2)
def _served(graph: SystemGraph) -> tuple[frozenset[int], frozenset[int]]:
    """What people, or programs in their hands, call directly or through ways in: certainly, and perhaps."""
    devices = [e for e, held in enumerate(graph.with_trait("user-device")) if held]
    people = {
        human: [e for e, v in enumerate(graph.values) if isinstance(v, Actor) and v.human is human]
        for human in (True, None)
    }
    certain = [*people[True], *devices]
    return _faced(graph, certain, _is_way_in), _faced(graph, [*certain, *people[None]], _may_be_way_in)


def _people_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    """The element, then the people who may call it, of whom nobody said whether they are any."""
    found = ((v.at, "human") for v in graph.values if isinstance(v, Actor) and v.human is None)
    return ((subject_at(graph, kind, i), None), *islice(found, 1))


def _faced(graph: SystemGraph, begin: list[int], passes: Callable[[Value], bool]) -> frozenset[int]:
    found: set[int] = set()
    pending = list(begin)
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


OUTSIDE_FACTS: tuple[Fact, ...] = (
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
        "faces_people",
        NODES,
        BOOLEAN,
        "unknown",
        ("flows[].from", "flows[].to", "actors.*.human", *KINDS),
        "Whether people, or programs in their hands, call it, directly or through entry points.",
        _faces_people,
        _people_places,
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
)
