"""Layered defence: how many layers of the catalog every path to a sensitive element passes.

A layer is passed where something shows one of its controls (by a statement, or by what the control expects
where it is needed) while none of them is a gap there. At most means: if all that is open were in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from threatmodel.catalog import LAYERS, Leaf
from threatmodel.evaluate.explain.witness import elements_on
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.graph.paths import Hop, Search, Shown, arrivals, calls_of, counted
from threatmodel.graph.weakest_paths import Costs, Weak, weakest_paths, weakest_to_each
from threatmodel.logic import bits
from threatmodel.results.paths import LayerDepth, ShownHop, WeakPath

_KINDS = ("service", "store", "actor", "flow")
_SENSITIVE = Leaf("data.confidentiality", "at_least", "confidential", ())


class Defence:
    """What paths pass in one graph, by layer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._graph = engine.graph
        self._calls = calls_of(engine.graph)
        self._searches: dict[int, Search] = {}

    def depths(self, elements: Iterable[int] | None = None) -> tuple[LayerDepth, ...]:
        """Those of these elements, or of the sensitive ones, that paths lead to: the shallowest first."""
        asked = self.sensitive if elements is None else elements
        found = [d for e in asked if (d := self.depth(e))]
        return tuple(sorted(found, key=lambda d: (len(d.known), d.weakest.controls, d.element)))

    def depth(self, element: int) -> LayerDepth | None:
        """The depth of one element, None where no path leads to it."""
        weakest = self._weakest.get(element)
        if weakest is None:
            return None
        certain, possible = self._arrived[element], self._arrived_at_most[element]
        known = tuple(layer for n, layer in enumerate(LAYERS) if not certain >> 2 * n & 1)
        at_most = tuple(layer for n, layer in enumerate(LAYERS) if not possible >> 2 * n & 1)
        perhaps = tuple(layer for layer in at_most if layer not in known)
        name, path = self._graph.elements[element], self._told(weakest)
        return LayerDepth(name, known, perhaps, path, self._single(weakest, known))

    def detour(self, element: str, layer: str) -> tuple[str, ...]:
        """The shortest path to an element that does not pass a layer, as ids; empty where every one does."""
        g = self._graph
        path = self._round(tuple(LAYERS).index(layer)).to_element(g.index[element])
        return tuple(g.elements[e] for e in elements_on(path)) if path else ()

    @cached_property
    def sensitive(self) -> list[int]:
        """Services and stores of ours on trusted ground that certainly have confidential data."""
        g, engine = self._graph, self._engine
        found = [
            g.positions[kind][i]
            for kind in ("service", "store")
            for i in bits.indexes(engine.truth(_SENSITIVE, kind)[0], engine.size(kind))
        ]
        return sorted(e for e in found if g.trust(e) == "trusted" and g.element_party[e] in g.own)

    @property
    def sensitive_data(self) -> tuple[str, ...]:
        """The data assets that certainly are confidential."""
        ids = self._graph.subjects["data"]
        return tuple(ids[i] for i in bits.indexes(self._engine.truth(_SENSITIVE, "data")[0], len(ids)))

    def paths(self, sources: frozenset[int], target: int, most: int) -> tuple[WeakPath, ...]:
        """At most so many paths to an element, weakest first."""
        return tuple(map(self._told, weakest_paths(self._calls, self._counts, sources, target, most)))

    def paths_to_each(
        self, sources: frozenset[int], targets: Iterable[int], most: int
    ) -> tuple[WeakPath, ...]:
        """The weakest path to each of these elements, the weakest of them first, at most so many."""
        found = self._weakest if sources == self.outside else self._from(sources)
        ranked = sorted((found[e] for e in targets if e in found), key=_weakness)
        return tuple(map(self._told, ranked[:most]))

    @property
    def outside(self) -> frozenset[int]:
        """The elements on untrusted ground."""
        return frozenset(self._calls.sources)

    @cached_property
    def _weakest(self) -> Mapping[int, Weak]:
        return self._from(self.outside)

    def _from(self, sources: frozenset[int]) -> Mapping[int, Weak]:
        return weakest_to_each(self._calls, self._counts, sources)

    def _told(self, weak: Weak) -> WeakPath:
        names, before = self._graph.elements, weak.path.source
        hops: list[ShownHop] = []
        for hop in weak.path.hops:
            flow = self._graph.flows[hop.flow if hop.flow >= 0 else ~hop.flow]
            shown = tuple(name for what in self._passed(hop) for name in self._controls_at(*what))
            span = self._graph.model.span(flow.at)
            source, target = names[before], names[hop.element]
            hops.append(ShownHop(source, target, flow.id, hop.flow < 0, tuple(dict.fromkeys(shown)), span))
            before = hop.element
        return WeakPath(names[weak.path.source], names[before], weak.controls, tuple(hops))

    def _passed(self, hop: Hop) -> Iterator[tuple[str, int]]:
        """The flow and the element of a hop, as kind and position, where what they show counts."""
        g = self._graph
        if hop.flow >= 0 and self._calls.flow_counts[hop.flow]:
            yield "flow", hop.flow
        if self._calls.element_counts[hop.element]:
            kind = g.subject_kind[hop.element]
            yield kind, g.order[kind][g.elements[hop.element]]

    def _controls_at(self, kind: str, i: int) -> tuple[str, ...]:
        """The controls that an element or flow certainly shows, in the order of the catalog."""
        return tuple(name for name, (certain, _) in self._shown[kind].items() if certain >> i & 1)

    def _single(self, weakest: Weak, known: tuple[str, ...]) -> str:
        """The only thing on a path that shows anything."""
        shown = [
            self._graph.subjects[kind][i]
            for hop in weakest.path.hops
            for kind, i in self._passed(hop)
            if self._controls_at(kind, i)
        ]
        return shown[0] if known and len(shown) == 1 else ""

    @cached_property
    def _shown(self) -> Mapping[str, Mapping[str, tuple[int, int]]]:
        """For each kind and control the subjects that show it certainly, and those that may."""
        return {
            kind: {name: pair for name in self._engine.asked if any(pair := self._evidence(name, kind))}
            for kind in _KINDS
        }

    def _evidence(self, name: str, kind: str) -> tuple[int, int]:
        engine, control = self._engine, self._engine.controls[name]
        evidence = engine.evidence
        shown, lacking = evidence.of(name, kind)
        if kind not in control.subjects:
            return shown, shown
        needed, needless = engine.truth(control.when, kind)
        certain = shown & (evidence.stated(name, kind) | needed)
        open_ = ((1 << engine.size(kind)) - 1) & ~(shown | lacking | needless)
        return certain, certain | open_ | shown & ~needless

    @cached_property
    def _arrived(self) -> list[int]:
        return self._arrivals(self._layers_shown)

    @cached_property
    def _arrived_at_most(self) -> list[int]:
        return self._arrivals(self._layers(1))

    def _arrivals(self, shown: Shown) -> list[int]:
        """For each element the bits of the layers that a path to it does not pass."""
        start = sum(1 << 2 * n for n in range(len(LAYERS)))
        return arrivals(self._calls, shown, dict.fromkeys(self._calls.sources, start)).at

    def _round(self, layer: int) -> Search:
        """The shortest paths that do not pass a layer."""
        if layer not in self._searches:
            self._searches[layer] = Search(self._calls, self._layers_shown, 2 * layer, 1)
        return self._searches[layer]

    @cached_property
    def _layers_shown(self) -> Shown:
        return self._layers(0)

    def _layers(self, which: int) -> Shown:
        """The layers that every element and flow certainly (0) or at most (1) stands for; two bits each."""
        layers = {layer: n for n, layer in enumerate(LAYERS)}
        masks: dict[str, list[int]] = {}
        for kind in _KINDS:
            by_layer = [0] * len(layers)
            for name, pair in self._shown[kind].items():
                by_layer[layers[self._engine.controls[name].layer]] |= pair[which]
            by_layer = [shown & ~gap for shown, gap in zip(by_layer, self._gaps(kind), strict=True)]
            size = self._engine.size(kind)
            masks[kind] = bits.stack(
                {2 * n: bits.to_flags(b, size) for n, b in enumerate(by_layer) if b}, size
            )
        return counted(self._calls, Shown(self._by_element(masks), masks["flow"]))

    def _gaps(self, kind: str) -> list[int]:
        """For each layer the subjects at which one of its controls is a gap, be it disabled or not."""
        found = dict.fromkeys(LAYERS, 0)
        for control in self._engine.controls.values():
            if kind in control.subjects:
                found[control.layer] |= self._engine.decide(control, kind).gap
        return list(found.values())

    @cached_property
    def _counts(self) -> Costs:
        """How many controls every element and flow certainly shows; on untrusted ground none counts."""
        totals = {kind: [0] * self._engine.size(kind) for kind in _KINDS}
        for kind, total in totals.items():
            for certain, _ in self._shown[kind].values():
                for i in bits.indexes(certain, len(total)):
                    total[i] += 1
        shown = counted(self._calls, Shown(self._by_element(totals), totals["flow"]))
        return Costs(shown.elements, shown.flows)

    def _by_element(self, of_kind: Mapping[str, list[int]]) -> list[int]:
        g = self._graph
        found = [0] * len(g.elements)
        for kind in ("service", "store", "actor"):
            for element, value in zip(g.positions[kind], of_kind[kind], strict=True):
                found[element] = value
        return found


def _weakness(weak: Weak) -> tuple[int, int, tuple[Hop, ...]]:
    return weak.controls, len(weak.path.hops), weak.path.hops
