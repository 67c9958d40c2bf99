"""Which data are where: on a flow, at an element, behind a boundary, with a party."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from threatmodel.graph.build import SystemGraph
from threatmodel.graph.classification import ANY_CATEGORY, ANY_LEVEL, highest, resolve_levels, union
from threatmodel.logic.values import Members, Range
from threatmodel.model import Actor, Flow


class Load(NamedTuple):
    """Data assets somewhere; `open` when there may be others that nobody listed."""

    ids: frozenset[str]
    open: bool


EMPTY = Load(frozenset(), False)


class DataMap:
    """Where the data of one graph are; every answer is computed once."""

    def __init__(self, graph: SystemGraph) -> None:
        self.graph = graph
        self._resolved: dict[str, Mapping[str, Range]] = {}
        self._levels: dict[tuple[Load, str], Range] = {}
        self._categories: dict[Load, Members] = {}
        self._elements: dict[tuple[int, bool], Load] = {}
        self._parties: dict[str, Load] = {}
        self._handlers: dict[tuple[str | None, int, int], frozenset[str]] = {}
        self._grounds: list[Load] | None = None

    @cached_property
    def flows(self) -> list[Load]:
        """What each flow carries."""
        return [_carried(f) for f in self.graph.flows]

    def level(self, load: Load, dimension: str) -> Range:
        """The highest confidentiality, integrity or availability of the data of a load."""
        key = load, dimension
        if key not in self._levels:
            if dimension not in self._resolved:
                self._resolved[dimension] = resolve_levels(self.graph.model.data, dimension)
            levels = [self._resolved[dimension][name] for name in load.ids]
            self._levels[key] = highest([*levels, ANY_LEVEL] if load.open else levels)
        return self._levels[key]

    def categories(self, load: Load) -> Members:
        """The categories of the data of a load together."""
        if load not in self._categories:
            sets = [self.graph.categories[name] for name in load.ids]
            self._categories[load] = union([*sets, ANY_CATEGORY] if load.open else sets)
        return self._categories[load]

    def element(self, element: int) -> Load:
        """What an element sends, receives and, where that is stated or it is a store, holds."""
        key = element, True
        if key not in self._elements:
            g = self.graph
            carried = [self.flows[f] for f in (*g.flows_in[element], *g.flows_out[element])]
            held = self.held(element)
            asked = g.subject_kind[element] == "store" or not held.open
            self._elements[key] = merge([*carried, held] if asked else carried)
        return self._elements[key]

    def held(self, element: int) -> Load:
        """What an element keeps: open where `holds` is not stated."""
        value = self.graph.values[element]
        holds = () if isinstance(value, Actor) else value.holds
        return Load(frozenset(holds or ()), holds is None)

    @cached_property
    def silent_stores(self) -> tuple[int, ...]:
        """The stores of which nobody said what they hold."""
        kinds = enumerate(self.graph.subject_kind)
        return tuple(e for e, kind in kinds if kind == "store" and self.held(e).open)

    def ground(self, ground: int) -> Load:
        """What the elements inside a ground, at any depth, send, receive and hold."""
        if self._grounds is None:
            self._grounds = self._sum_grounds()
        return self._grounds[ground]

    def inside(self, ground: int) -> list[int]:
        """The elements inside a ground at any depth."""
        return self._inside[ground]

    @cached_property
    def _inside(self) -> list[list[int]]:
        g = self.graph
        found: list[list[int]] = [[] for _ in g.grounds]
        for element, ground in enumerate(g.element_ground):
            found[ground].append(element)
        for ground in reversed(g.grounds_outermost_first):
            if g.ground_parent[ground] >= 0:
                found[g.ground_parent[ground]] += found[ground]
        return [sorted(elements) for elements in found]

    def host(self, host: int) -> Load:
        """What the elements on a host send, receive and hold."""
        return merge(self.element(e) for e in self.graph.on_host[host])

    def party(self, party: str) -> Load:
        """What reaches a party: as operator of an element or of its host, or as provider of its ground."""
        if party not in self._parties:
            self._parties[party] = merge(self.element(e) for e in self.with_party.get(party, ()))
        return self._parties[party]

    def handlers(self, element: int) -> frozenset[str]:
        """The parties that get at an element's data: its operator, its host's, and who provides either."""
        g = self.graph
        found = g.element_party[element], g.element_ground[element], g.element_host[element]
        if found not in self._handlers:
            self._handlers[found] = self._at(*found)
        return self._handlers[found]

    def _at(self, operator: str | None, ground: int, host: int) -> frozenset[str]:
        g = self.graph
        parties = {operator, *g.ground_providers[ground]}
        if host >= 0:
            parties |= {g.host_party[host] or None, *g.ground_providers[g.host_ground[host]]}
        return frozenset(p for p in parties if p is not None)

    def holders(self, data: str) -> list[int]:
        """The elements that hold a data asset or have it on a flow."""
        return self.with_data.get(data, [])

    def keepers(self, data: str) -> list[int]:
        """The elements that hold a data asset."""
        return [e for e in self.holders(data) if data in self.held(e).ids]

    @cached_property
    def with_party(self) -> dict[str, list[int]]:
        """The elements whose data each party gets at."""
        found: dict[str, list[int]] = {}
        for element in range(len(self.graph.elements)):
            for party in self.handlers(element):
                found.setdefault(party, []).append(element)
        return found

    @cached_property
    def with_data(self) -> dict[str, list[int]]:
        """The elements that have each data asset."""
        found: dict[str, list[int]] = {}
        for element in range(len(self.graph.elements)):
            for name in self.element(element).ids:
                found.setdefault(name, []).append(element)
        return found

    def _sum_grounds(self) -> list[Load]:
        g = self.graph
        inside: list[list[Load]] = [[] for _ in g.grounds]
        for element, ground in enumerate(g.element_ground):
            inside[ground].append(self.element(element))
        loads = [EMPTY] * len(g.grounds)
        for ground in sorted(range(len(g.grounds)), key=lambda z: -g.ground_depth[z]):
            loads[ground] = merge(inside[ground])
            if g.ground_parent[ground] >= 0:
                inside[g.ground_parent[ground]].append(loads[ground])
        return loads


@lru_cache(maxsize=2)
def data_map(graph: SystemGraph) -> DataMap:
    """The data map of a graph, made once."""
    return DataMap(graph)


def merge(loads: Iterable[Load]) -> Load:
    """Several loads as one."""
    ids: set[str] = set()
    open_ = False
    for load in loads:
        ids |= load.ids
        open_ = open_ or load.open
    return Load(frozenset(ids), open_)


def _carried(flow: Flow) -> Load:
    ids = frozenset((*(flow.sends or ()), *(flow.returns or ())))
    return Load(ids, flow.sends is None or flow.returns is None)
