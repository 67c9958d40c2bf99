"""The graph of a model: integers for elements, flows and grounds, with every default resolved.

A ground is a declared boundary or implied ground: outside (untrusted), the system (trusted), or the ground
of another party (third-party). Everything is ordered by id, so that listing order never matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from threatmodel.graph.classification import Asset, resolve_assets, resolve_purposes
from threatmodel.graph.grounds import Grounds
from threatmodel.graph.subject import Subject
from threatmodel.kinds import Kinds
from threatmodel.logic.values import Members
from threatmodel.model import Actor, Element, Flow, Model


@dataclass(frozen=True, eq=False)
class SystemGraph:
    """Subjects by kind, elements and flows as integers, grounds with what they inherit.

    `grounds` are the declared boundaries by id, then implied ground; `ground_parent` is -1 outermost;
    `element_host` is -1 without one; parties are ids, "" for the unnamed own party.
    """

    model: Model
    kinds: Kinds
    as_of: str
    own: frozenset[str]
    subjects: Mapping[str, tuple[str, ...]]
    elements: tuple[str, ...]
    subject_kind: tuple[str, ...]
    values: tuple[Element, ...]
    index: Mapping[str, int]
    flows: tuple[Flow, ...]
    flow_source: list[int]
    flow_target: list[int]
    grounds: tuple[str, ...]
    ground_parent: list[int]
    ground_depth: list[int]
    ground_trust: list[str]
    ground_party: list[str]
    ground_providers: list[tuple[str, ...]]
    ground_environment: list[str | None]
    ground_region: list[str | None]
    hosts: tuple[str, ...]
    host_ground: list[int]
    host_party: list[str]
    element_ground: list[int]
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

    def every(self, kind: str) -> list[Subject]:
        """Every subject of a kind, in the order of ids."""
        return self._every[kind]

    @cached_property
    def _every(self) -> Mapping[str, list[Subject]]:
        return {kind: [Subject(kind, i) for i in range(len(ids))] for kind, ids in self.subjects.items()}

    def element_of(self, subject: Subject) -> int:
        """The element behind a service, store or actor."""
        return self.positions[subject.kind][subject.position]

    def id_of(self, subject: Subject) -> str:
        """The id of a subject, without the prefix that result keys give it."""
        return self.subjects[subject.kind][subject.position]

    def subject(self, kind: str, id: str) -> Subject:
        """The subject of a kind with an id; raises KeyError where there is none."""
        return Subject(kind, self.order[kind][id])

    def common_ground(self, a: int, b: int) -> int:
        """The innermost ground that holds both grounds, -1 when none does."""
        depth, parent = self.ground_depth, self.ground_parent
        while a != b:
            if a < 0 or b < 0:
                return -1
            if depth[a] >= depth[b]:
                a = parent[a]
            else:
                b = parent[b]
        return a

    def trust(self, element: int) -> str:
        """The trust of the ground an element stands in."""
        return self.ground_trust[self.element_ground[element]]

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
    def grounds_outermost_first(self) -> list[int]:
        """Every ground, each after the one around it."""
        return sorted(range(len(self.grounds)), key=self.ground_depth.__getitem__)

    @cached_property
    def flow_ground(self) -> list[int]:
        """For each flow the innermost ground that holds both of its ends, -1 where none does."""
        ground = self.element_ground
        pairs = [(ground[s], ground[t]) for s, t in zip(self.flow_source, self.flow_target, strict=True)]
        common = {pair: self.common_ground(*pair) for pair in set(pairs)}
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
                found.setdefault((self.subject_kind[element], value.type), []).append(element)
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
    grounds = Grounds(model, kinds, own | {""}, ours)
    merged: dict[str, Element] = {**model.actors, **model.services, **model.stores}
    elements = tuple(sorted(merged))
    index = {name: i for i, name in enumerate(elements)}
    flows = tuple(sorted(model.flows, key=lambda f: f.id))
    hosts = tuple(sorted(model.hosts))
    host_index = {name: i for i, name in enumerate(hosts)}
    host_ground = [grounds.of_host(model, h) for h in hosts]
    values = tuple(merged[e] for e in elements)
    element_host = [host_index.get(getattr(v, "host", None) or "", -1) for v in values]
    element_ground = [
        grounds.of_element(v, host_ground[h] if h >= 0 else -1)
        for v, h in zip(values, element_host, strict=True)
    ]
    return SystemGraph(
        model=model,
        kinds=kinds,
        as_of=as_of,
        own=own | {""},
        subjects=_subjects(model, flows, hosts),
        elements=elements,
        subject_kind=tuple(_kind(model, e) for e in elements),
        values=values,
        index=index,
        flows=flows,
        flow_source=[index[f.source] for f in flows],
        flow_target=[index[f.target] for f in flows],
        grounds=tuple(grounds.names),
        ground_parent=grounds.parent,
        ground_depth=grounds.depth,
        ground_trust=grounds.trust,
        ground_party=grounds.party,
        ground_providers=grounds.providers,
        ground_environment=grounds.environment,
        ground_region=grounds.region,
        hosts=hosts,
        host_ground=host_ground,
        host_party=[
            model.hosts[h].party or grounds.party[z] for h, z in zip(hosts, host_ground, strict=True)
        ],
        element_ground=element_ground,
        element_host=element_host,
        element_party=[_party(v, grounds.party[z]) for v, z in zip(values, element_ground, strict=True)],
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


def _party(value: Element, ground_party: str) -> str | None:
    if isinstance(value, Actor):
        return value.party
    return value.party or ground_party
