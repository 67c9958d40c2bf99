"""How far a compromise spreads: over flows, and over what elements share, rest on and are delivered by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from threatmodel.graph.build import SystemGraph
from threatmodel.model import Actor, Path, stated

How: TypeAlias = Literal["calls", "relay", "delivery", "host", "identity", "rests", "decides"]


class Step(NamedTuple):
    """How one element gives another away: the flow, host, identity or control, and where that is written."""

    how: How
    name: str
    at: Path


class Reached(NamedTuple):
    """An element within reach: in how many steps, the element before it, and the step between them."""

    element: int
    steps: int
    before: int
    step: Step


def spread(graph: SystemGraph, start: int, *, back: bool = False) -> tuple[Reached, ...]:
    """What a compromise of an element reaches, nearest first, or with `back` what it is reached from."""
    links = Links(graph)
    found: dict[int, Reached] = {}
    frontier, steps = [start], 0
    while frontier:
        steps += 1
        ahead: list[int] = []
        for element in frontier:
            for other, step in sorted(links.back(element) if back else links.onward(element)):
                if other != start and other not in found:
                    found[other] = Reached(other, steps, element, step)
                    ahead.append(other)
        frontier = sorted(ahead)
    return tuple(found.values())


class Links:
    """The ways between elements that a compromise takes; what many share is gone through once."""

    def __init__(self, graph: SystemGraph) -> None:
        self.graph = graph
        self._used: set[tuple[str, str]] = set()

    def onward(self, element: int) -> Iterator[tuple[int, Step]]:
        """Whom a compromised element gives away."""
        yield from self.apart(element)
        yield from self._sharing(element)

    def apart(self, element: int) -> Iterator[tuple[int, Step]]:
        """The same without what shares a host or an identity with it."""
        g = self.graph
        for flow in g.flows_out[element]:
            yield g.flow_target[flow], Step("calls", g.flows[flow].id, g.flows[flow].at)
        for flow in g.flows_in[element]:
            if step := self._handed(element, flow):
                yield g.flow_source[flow], step
        yield from self._resting.get(element, ())

    def shared(self) -> tuple[list[int], ...]:
        """The groups of elements that share a host, and those that run under one identity."""
        return (*self.graph.on_host, *self._running_as.values())

    def back(self, element: int) -> Iterator[tuple[int, Step]]:
        """Who gives an element away."""
        g = self.graph
        for flow in g.flows_in[element]:
            yield g.flow_source[flow], Step("calls", g.flows[flow].id, g.flows[flow].at)
        for flow in g.flows_out[element]:
            if step := self._handed(g.flow_target[flow], flow):
                yield g.flow_target[flow], step
        yield from self._sharing(element)
        yield from self._rested_on.get(element, ())

    def _handed(self, element: int, flow: int) -> Step | None:
        """How the target of a flow gets at its source.

        A relay hands data out, a registry delivers code, a model decides what an agent does.
        """
        g = self.graph
        if g.flows[flow].returns == ():
            return None
        if g.relays[element]:
            return Step("relay", g.flows[flow].id, g.flows[flow].at)
        if self._models[element] and self._agents[g.flow_source[flow]]:
            return Step("decides", g.flows[flow].id, g.flows[flow].at)
        delivers = g.flows[flow].kind == "deployment" and bool(g.flows[flow].returns)
        return Step("delivery", g.flows[flow].id, g.flows[flow].at) if delivers else None

    def _sharing(self, element: int) -> Iterator[tuple[int, Step]]:
        g, value = self.graph, self.graph.values[element]
        host = g.element_host[element]
        if host >= 0 and ("host", g.hosts[host]) not in self._used:
            self._used.add(("host", g.hosts[host]))
            at = g.model.hosts[g.hosts[host]].at
            yield from ((e, Step("host", g.hosts[host], at)) for e in g.on_host[host])
        word = None if isinstance(value, Actor) else value.identity
        if word and ("identity", word) not in self._used:
            self._used.add(("identity", word))
            yield from ((e, Step("identity", word, g.values[e].at)) for e in self._running_as[word])

    @cached_property
    def _models(self) -> list[bool]:
        return self.graph.with_trait("ai-model")

    @cached_property
    def _agents(self) -> list[bool]:
        return self.graph.with_trait("ai-agent")

    @cached_property
    def _running_as(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for element, value in enumerate(self.graph.values):
            if not isinstance(value, Actor) and value.identity:
                found.setdefault(value.identity, []).append(element)
        return found

    @cached_property
    def _resting(self) -> Mapping[int, list[tuple[int, Step]]]:
        """For each element those whose safeguards rest on it."""
        found: dict[int, list[tuple[int, Step]]] = {}
        for subject, on, step in self._rests():
            found.setdefault(on, []).append((subject, step))
        return found

    @cached_property
    def _rested_on(self) -> Mapping[int, list[tuple[int, Step]]]:
        found: dict[int, list[tuple[int, Step]]] = {}
        for subject, on, step in self._rests():
            found.setdefault(subject, []).append((on, step))
        return found

    def _rests(self) -> Iterator[tuple[int, int, Step]]:
        """Each element with what a statement of it, its type, its host or a flow to it names as `by`."""
        g = self.graph
        for kind, name, statements in stated(g.model):
            for statement in statements.values():
                resting = [g.index[by] for by in statement.by or () if by in g.index]
                for subject in self._elements(kind, name) if resting else ():
                    for on in resting:
                        if on != subject:
                            yield subject, on, Step("rests", statement.control, statement.at)

    def _elements(self, kind: str, name: str) -> list[int]:
        g = self.graph
        match kind:
            case "service" | "store" | "actor":
                return [g.index[name]]
            case "service type" | "store type":
                return g.of_type.get((kind.removesuffix(" type"), name), [])
            case "host":
                return g.on_host[g.order["host"][name]]
            case "flow":
                return [g.flow_target[g.order["flow"][name]]]
            case _:
                return []
