"""Inheritance: the nearest place beyond the subject and its type that says something of a control.

One walk over the boundary tree per control that somebody states; nothing for all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from threatmodel.catalog import Control
from threatmodel.evaluate.statements import Places, Said
from threatmodel.graph import SystemGraph


def providers(graph: SystemGraph, control: Control, kind: str, places: Places) -> dict[int, Said]:
    """For each subject (index in graph.subjects[kind]) that inherits something: what and from where."""
    if not any(where != kind or kind in ("boundary", "service", "store") for where, _ in places.own) and not (
        kind == "flow" and places.types
    ):
        return {}
    return _Walk(graph, control, places).of(kind)


def without_bare(places: Places) -> Places:
    """The same places, less the bare statements, which count for nothing against a false expectation."""
    firm = {k: s for k, s in places.own.items() if s.weight != "bare"}
    types = {k: s for k, s in places.types.items() if s.weight != "bare"}
    baseline = places.baseline if places.baseline and places.baseline.weight != "bare" else None
    return Places(firm, types, baseline)


class _Walk:
    def __init__(self, graph: SystemGraph, control: Control, places: Places) -> None:
        self.graph = graph
        self.covered = control.covered_by
        self.zones = [places.own.get(("boundary", zone)) for zone in graph.zones]
        self.hosts = [places.own.get(("host", host)) for host in graph.hosts]
        pairs = zip(graph.element_kind, graph.elements, strict=True)
        self.ends = [places.own.get(pair) for pair in pairs]
        self.types = [self._type(places.types, i) for i in range(len(graph.elements))]
        self.nearest = self._nearest()
        self.pairs: dict[tuple[int, int], Said | None] = {}

    def of(self, kind: str) -> dict[int, Said]:
        ask: Callable[[int], Said | None]
        match kind:
            case "flow":
                ask = self._flow
            case "service" | "store" | "actor":
                positions = [self.graph.index[i] for i in self.graph.subjects[kind]]
                return {n: s for n, i in enumerate(positions) if (s := self._element(i))}
            case "boundary":
                zones = self.graph.zone_parent[: len(self.graph.subjects[kind])]
                return {n: s for n, z in enumerate(zones) if (s := self._inside(z))}
            case "host":
                zones = self.graph.host_zone
                return {n: s for n, z in enumerate(zones) if (s := self._inside(z))}
            case _:
                return {}
        return {n: s for n in range(len(self.graph.flows)) if (s := ask(n))}

    def _type(self, types: Mapping[tuple[str, str], Said], element: int) -> Said | None:
        value = self.graph.values[element]
        name = getattr(value, "type", None)
        return types.get((f"{self.graph.element_kind[element]} type", name)) if types and name else None

    def _nearest(self) -> list[Said | None]:
        """For each zone the statement at it or at the nearest zone around it."""
        found: list[Said | None] = [None] * len(self.zones)
        for zone in sorted(range(len(self.zones)), key=self.graph.zone_depth.__getitem__):
            parent = self.graph.zone_parent[zone]
            found[zone] = self.zones[zone] or (found[parent] if parent >= 0 else None)
        return found

    def _inside(self, zone: int) -> Said | None:
        return self.nearest[zone] if zone >= 0 and "inside" in self.covered.boundary else None

    def _element(self, element: int) -> Said | None:
        host = self.graph.element_host[element]
        if self.covered.host and host >= 0 and (said := self.hosts[host]):
            return said
        return self._inside(self.graph.element_zone[element])

    def _flow(self, flow: int) -> Said | None:
        source, target = self.graph.flow_source[flow], self.graph.flow_target[flow]
        ends = [i for side, i in (("source", source), ("target", target)) if side in self.covered.ends]
        for level in (self.ends, self.types):
            if said := _worse(level[i] for i in ends):
                return said
        if self.covered.host and (said := self._flow_host(source, target, ends)):
            return said
        if not self.covered.boundary:
            return None
        pair = self.graph.element_zone[source], self.graph.element_zone[target]
        if pair not in self.pairs:
            self.pairs[pair] = self._between(*pair)
        return self.pairs[pair]

    def _flow_host(self, source: int, target: int, ends: list[int]) -> Said | None:
        hosts = [self.graph.element_host[i] for i in (ends or (source, target))]
        if not ends and hosts[0] != hosts[1]:
            return None
        return _worse(self.hosts[h] for h in hosts if h >= 0)

    def _between(self, source: int, target: int) -> Said | None:
        """Boundaries that the flow enters or leaves, from inside out, then those that hold both ends."""
        common = self.graph.lca(source, target)
        entered = self._below(target, common) if "entering" in self.covered.boundary else []
        left = self._below(source, common) if "leaving" in self.covered.boundary else []
        for step in range(max(len(entered), len(left))):
            zones = (*entered[step : step + 1], *left[step : step + 1])
            if said := _worse(self.zones[z] for z in zones):
                return said
        return self._inside(common)

    def _below(self, zone: int, common: int) -> list[int]:
        chain = []
        while zone not in (-1, common):
            chain.append(zone)
            zone = self.graph.zone_parent[zone]
        return chain


def _worse(said: Iterable[Said | None]) -> Said | None:
    found = [s for s in said if s]
    return min(found, key=lambda s: s.rank) if found else None
