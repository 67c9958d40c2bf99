"""The graph of a model: integers for elements, flows and zones, with every default resolved.

A zone is a declared boundary or implied ground: outside (untrusted), the system (trusted), or the ground
of another party (third-party). Everything is ordered by id, so that listing order never matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from threatmodel.graph.assets import Asset, resolve_assets, resolve_purposes
from threatmodel.graph.values import Members
from threatmodel.graph.zones import Zones
from threatmodel.kinds import Kinds
from threatmodel.model import Actor, Element, Flow, Model


@dataclass(frozen=True, eq=False)
class SystemGraph:
    """Subjects by kind, elements and flows as integers, zones with what they inherit.

    `zones` are the declared boundaries by id, then implied ground; `zone_parent` is -1 outermost;
    `element_host` is -1 without one; parties are ids, "" for the unnamed own party.
    """

    model: Model
    kinds: Kinds
    as_of: str
    own: frozenset[str]
    subjects: Mapping[str, tuple[str, ...]]
    elements: tuple[str, ...]
    element_kind: tuple[str, ...]
    values: tuple[Element, ...]
    index: Mapping[str, int]
    flows: tuple[Flow, ...]
    flow_source: list[int]
    flow_target: list[int]
    zones: tuple[str, ...]
    zone_parent: list[int]
    zone_depth: list[int]
    zone_trust: list[str]
    zone_party: list[str]
    zone_providers: list[tuple[str, ...]]
    zone_environment: list[str | None]
    zone_region: list[str | None]
    hosts: tuple[str, ...]
    host_zone: list[int]
    host_party: list[str]
    element_zone: list[int]
    element_host: list[int]
    element_party: list[str | None]
    element_out_of_scope: list[bool]

    @cached_property
    def assets(self) -> Mapping[str, Asset]:
        """Every data asset with what it takes from its sources."""
        return resolve_assets(self.model.data)

    @cached_property
    def positions(self) -> Mapping[str, list[int]]:
        """For services, stores and actors the element behind each subject."""
        return {k: [self.index[name] for name in self.subjects[k]] for k in ("service", "store", "actor")}

    @cached_property
    def purposes(self) -> Mapping[str, Members]:
        """What every data asset may be used for, with what it takes from its sources."""
        return resolve_purposes(self.model.data)

    def lca(self, a: int, b: int) -> int:
        """The innermost zone that holds both zones, -1 when none does."""
        depth, parent = self.zone_depth, self.zone_parent
        while a != b:
            if a < 0 or b < 0:
                return -1
            if depth[a] >= depth[b]:
                a = parent[a]
            else:
                b = parent[b]
        return a

    def trust(self, element: int) -> str:
        """The trust of the zone an element stands in."""
        return self.zone_trust[self.element_zone[element]]

    @cached_property
    def flows_in(self) -> list[list[int]]:
        """For each element the flows that it accepts."""
        found: list[list[int]] = [[] for _ in self.elements]
        for flow, target in enumerate(self.flow_target):
            found[target].append(flow)
        return found

    @cached_property
    def flows_out(self) -> list[list[int]]:
        """For each element the flows that it opens."""
        found: list[list[int]] = [[] for _ in self.elements]
        for flow, source in enumerate(self.flow_source):
            found[source].append(flow)
        return found

    @cached_property
    def order(self) -> Mapping[str, Mapping[str, int]]:
        """For each kind of subject the position of every id."""
        return {kind: {name: i for i, name in enumerate(ids)} for kind, ids in self.subjects.items()}

    @cached_property
    def zones_outermost_first(self) -> list[int]:
        """Every zone, each after the one around it."""
        return sorted(range(len(self.zones)), key=self.zone_depth.__getitem__)

    @cached_property
    def flow_zone(self) -> list[int]:
        """For each flow the innermost zone that holds both of its ends, -1 where none does."""
        zone = self.element_zone
        pairs = [(zone[s], zone[t]) for s, t in zip(self.flow_source, self.flow_target, strict=True)]
        common = {pair: self.lca(*pair) for pair in set(pairs)}
        return [common[pair] for pair in pairs]

    @cached_property
    def on_host(self) -> list[list[int]]:
        """For each host the elements on it."""
        found: list[list[int]] = [[] for _ in self.hosts]
        for element, host in enumerate(self.element_host):
            if host >= 0:
                found[host].append(element)
        return found

    @cached_property
    def of_type(self) -> Mapping[tuple[str, str], list[int]]:
        """The elements of each type, by "service" or "store" and the type's id."""
        found: dict[tuple[str, str], list[int]] = {}
        for element, value in enumerate(self.values):
            if not isinstance(value, Actor) and value.type:
                found.setdefault((self.element_kind[element], value.type), []).append(element)
        return found

    def kind_of(self, element: int) -> str | None:
        """The declared kind of a service or store, else the kind of its technology."""
        value = self.values[element]
        return None if isinstance(value, Actor) else self.kinds.kind_word(value.kind, value.technology)

    def flow_kind(self, flow: int) -> str:
        """What a flow is for: as declared, else as its protocols imply, else business."""
        declared = self.flows[flow]
        if declared.kind:
            return declared.kind
        implied = {self.kinds.protocols[p].flow_kind for p in declared.protocols or ()}
        return (implied.pop() if len(implied) == 1 else None) or "business"

    @cached_property
    def relays(self) -> list[bool]:
        """Whether each element passes on what it is sent."""
        return self.with_trait("relay")

    def with_trait(self, trait: str) -> list[bool]:
        """Whether the stated or implied kind of each element has a trait."""
        return [
            not isinstance(v, Actor) and self.kinds.implies(v.kind, v.technology, trait) for v in self.values
        ]


def build_graph(model: Model, kinds: Kinds, as_of: str) -> SystemGraph:
    """The graph of a valid model; `as_of` is the day on which dated things count."""
    own = frozenset(p.id for p in model.parties.values() if p.own)
    ours = next(iter(own)) if len(own) == 1 else ""
    zones = Zones(model, kinds, own | {""}, ours)
    merged: dict[str, Element] = {**model.actors, **model.services, **model.stores}
    elements = tuple(sorted(merged))
    index = {name: i for i, name in enumerate(elements)}
    flows = tuple(sorted(model.flows, key=lambda f: f.id))
    hosts = tuple(sorted(model.hosts))
    host_index = {name: i for i, name in enumerate(hosts)}
    host_zone = [zones.of_host(model, h) for h in hosts]
    values = tuple(merged[e] for e in elements)
    element_host = [host_index.get(getattr(v, "host", None) or "", -1) for v in values]
    element_zone = [
        zones.of_element(v, host_zone[h] if h >= 0 else -1) for v, h in zip(values, element_host, strict=True)
    ]
    return SystemGraph(
        model=model,
        kinds=kinds,
        as_of=as_of,
        own=own | {""},
        subjects=_subjects(model, flows, hosts),
        elements=elements,
        element_kind=tuple(_kind(model, e) for e in elements),
        values=values,
        index=index,
        flows=flows,
        flow_source=[index[f.source] for f in flows],
        flow_target=[index[f.target] for f in flows],
        zones=tuple(zones.names),
        zone_parent=zones.parent,
        zone_depth=zones.depth,
        zone_trust=zones.trust,
        zone_party=zones.party,
        zone_providers=zones.providers,
        zone_environment=zones.environment,
        zone_region=zones.region,
        hosts=hosts,
        host_zone=host_zone,
        host_party=[model.hosts[h].party or zones.party[z] for h, z in zip(hosts, host_zone, strict=True)],
        element_zone=element_zone,
        element_host=element_host,
        element_party=[_party(v, zones.party[z]) for v, z in zip(values, element_zone, strict=True)],
        element_out_of_scope=[v.out_of_scope is not None for v in values],
    )


def _subjects(model: Model, flows: tuple[Flow, ...], hosts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {
        "flow": tuple(f.id for f in flows),
        "service": tuple(sorted(model.services)),
        "store": tuple(sorted(model.stores)),
        "actor": tuple(sorted(model.actors)),
        "boundary": tuple(sorted(model.boundaries)),
        "host": hosts,
        "data": tuple(sorted(model.data)),
        "party": tuple(sorted(p for p in model.parties if p)),
        "purpose": tuple(sorted(model.purposes)),
        "model": ("model",),
    }


def _kind(model: Model, element: str) -> str:
    return "actor" if element in model.actors else "service" if element in model.services else "store"


def _party(value: Element, zone_party: str) -> str | None:
    if isinstance(value, Actor):
        return value.party
    return value.party or zone_party
