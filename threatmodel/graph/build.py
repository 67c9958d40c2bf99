"""The graph of a model: integers for elements, flows and grounds, with every default resolved.

A ground is a declared boundary or implied ground: outside (untrusted), the system (trusted), or the ground
of another party (third-party). Everything is ordered by id, so that listing order never matters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from threatmodel.graph.classification import Asset, resolve_assets, resolve_categories, resolve_purposes
from threatmodel.graph.grounds import OUTSIDE, SYSTEM, depths
from threatmodel.graph.subject import Subject
from threatmodel.kinds import Kinds
from threatmodel.logic.values import Members
from threatmodel.model import Actor, Boundary, Element, Flow, Host, Model

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class SystemGraph:
    """Subjects by kind, elements and flows as integers, grounds with what they inherit.

    Parties are ids, "" for the unnamed own party. A column is computed when it is first read, from those keys
    of the model alone that decide it.
    """

    model: Model
    kinds: Kinds
    as_of: str

    def restated(self, model: Model) -> SystemGraph:
        """The graph of a model that differs in statements alone: what is computed already stays."""
        other = SystemGraph(model, self.kinds, self.as_of)
        vars(other).update({**vars(self), "model": model})
        return other

    @cached_property
    def own(self) -> frozenset[str]:
        """The own parties, "" for the unnamed one among them."""
        return frozenset(p.id for p in self.model.parties.values() if p.own) | {""}

    @cached_property
    def ours(self) -> str:
        """The own party, where there is exactly one, else ""."""
        named = self.own - {""}
        return next(iter(named)) if len(named) == 1 else ""

    @cached_property
    def subjects(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of the subjects of each kind, in order."""
        model = self.model
        return {
            "flow": tuple(f.id for f in self.flows),
            "service": tuple(sorted(model.services)),
            "store": tuple(sorted(model.stores)),
            "actor": tuple(sorted(model.actors)),
            "boundary": tuple(sorted(model.boundaries)),
            "host": self.hosts,
            "data": tuple(sorted(model.data)),
            "party": tuple(sorted(p for p in model.parties if p)),
            "purpose": tuple(sorted(model.purposes)),
            "model": ("model",),
        }

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """The ids of actors, services and stores."""
        return tuple(sorted((*self.model.actors, *self.model.services, *self.model.stores)))

    @cached_property
    def subject_kind(self) -> tuple[str, ...]:
        """For each element whether it is an "actor", a "service" or a "store"."""
        kinds = {
            **dict.fromkeys(self.model.actors, "actor"),
            **dict.fromkeys(self.model.services, "service"),
            **dict.fromkeys(self.model.stores, "store"),
        }
        return tuple(kinds[name] for name in self.elements)

    @cached_property
    def values(self) -> tuple[Element, ...]:
        """For each element what the model declares of it."""
        merged: dict[str, Element] = {**self.model.actors, **self.model.services, **self.model.stores}
        return tuple(merged[name] for name in self.elements)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The number of each element."""
        return {name: i for i, name in enumerate(self.elements)}

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """What the model declares of each flow."""
        return tuple(sorted(self.model.flows, key=lambda f: f.id))

    @cached_property
    def flow_source(self) -> list[int]:
        """For each flow the element that opens it."""
        return [self.index[f.source] for f in self.flows]

    @cached_property
    def flow_target(self) -> list[int]:
        """For each flow the element that accepts it."""
        return [self.index[f.target] for f in self.flows]

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """The ids of the hosts."""
        return tuple(sorted(self.model.hosts))

    @cached_property
    def host_ground(self) -> list[int]:
        """For each host its boundary, else outside for a device, else its operator's ground."""
        return [self._ground_of(self.model.hosts[name]) for name in self.hosts]

    @cached_property
    def host_party(self) -> list[str]:
        """For each host who operates it."""
        hosts = zip(self.hosts, self.host_ground, strict=True)
        return [self.model.hosts[h].party or self.ground_party[z] for h, z in hosts]

    @cached_property
    def element_host(self) -> list[int]:
        """For each element the host on which it runs, -1 without one."""
        order = {name: i for i, name in enumerate(self.hosts)}
        return [-1 if isinstance(v, Actor) else order.get(v.host or "", -1) for v in self.values]

    @cached_property
    def element_ground(self) -> list[int]:
        """For each element its boundary, its host's, outside for a person and their devices, else its
        operator's ground."""
        hosts = zip(self.values, self.element_host, strict=True)
        return [self._ground_of(v, h) for v, h in hosts]

    @cached_property
    def element_party(self) -> list[str | None]:
        """For each element who operates it; of an actor who employs it, None for nobody."""
        grounds = zip(self.values, self.element_ground, strict=True)
        return [v.party if isinstance(v, Actor) else v.party or self.ground_party[z] for v, z in grounds]

    @cached_property
    def element_out_of_scope(self) -> list[bool]:
        """For each element whether nothing is asked of it."""
        return [v.out_of_scope is not None for v in self.values]

    @cached_property
    def grounds(self) -> tuple[str, ...]:
        """The boundaries by id, then implied ground: outside, the system, and that of each party."""
        return (*self.subjects["boundary"], OUTSIDE, SYSTEM, *(f"({p})" for p in self.subjects["party"]))

    @cached_property
    def ground_parent(self) -> list[int]:
        """For each ground the one around it, -1 outermost."""
        order, boundaries = self.order["boundary"], self.model.boundaries
        parents = [order.get(boundaries[name].parent or "", -1) for name in self.subjects["boundary"]]
        return [*parents, *(-1 for _ in self.grounds[len(parents) :])]

    @cached_property
    def ground_depth(self) -> list[int]:
        """For each ground how many are around it."""
        return depths(self.ground_parent)

    @cached_property
    def ground_party(self) -> list[str]:
        """For each ground who operates what stands there, unless that says otherwise."""
        implied = (self.ours, self.ours, *self.subjects["party"])
        return self._handed_down(lambda declared, outer, _: declared.party or outer or self.ours, implied)

    @cached_property
    def ground_providers(self) -> list[tuple[str, ...]]:
        """For each ground on whose machines it stands, from inside out."""

        def named(declared: Boundary, outer: tuple[str, ...] | None, ground: int) -> tuple[str, ...]:
            own = (declared.provider,) if declared.provider else ()
            return tuple(dict.fromkeys((*own, *(outer or ()))))

        return self._handed_down(named, [()] * self._implied)

    @cached_property
    def ground_environment(self) -> list[str | None]:
        """For each ground its environment, such as production."""
        return self._handed_down(
            lambda declared, outer, _: declared.environment or outer, [None] * self._implied
        )

    @cached_property
    def ground_region(self) -> list[str | None]:
        """For each ground its region or country."""
        return self._handed_down(lambda declared, outer, _: declared.region or outer, [None] * self._implied)

    @cached_property
    def ground_trust(self) -> list[str]:
        """For each ground its trust: as declared, its parent's, its kind's, else by who operates it."""

        def trust(declared: Boundary, outer: str | None, ground: int) -> str:
            return declared.trust or outer or self._trust_of_kind(declared) or self._trust_of_party(ground)

        implied = ("untrusted", "trusted", *("third-party" for _ in self.subjects["party"]))
        return self._handed_down(trust, implied)

    def _handed_down(self, value: Callable[[Boundary, T | None, int], T], implied: Sequence[T]) -> list[T]:
        """A column of the grounds: of each boundary by what it says and what the one around it has."""
        names, found = self.subjects["boundary"], dict[int, T]()
        for ground in self.grounds_outermost_first:
            if ground < len(names):
                declared = self.model.boundaries[names[ground]]
                found[ground] = value(declared, found.get(self.ground_parent[ground]), ground)
        return [*(found[ground] for ground in range(len(names))), *implied]

    @property
    def _implied(self) -> int:
        """How many grounds are implied."""
        return len(self.grounds) - len(self.subjects["boundary"])

    def _trust_of_kind(self, declared: Boundary) -> str | None:
        kind = self.kinds.kinds.get(declared.kind or "")
        return kind.trust if kind else None

    def _trust_of_party(self, ground: int) -> str:
        return "trusted" if self.ground_party[ground] in self.own else "third-party"

    def _ground_of(self, value: Element | Host, host: int = -1) -> int:
        if value.boundary:
            return self.order["boundary"][value.boundary]
        outside = len(self.subjects["boundary"])
        if isinstance(value, Actor):
            return outside
        if host >= 0:
            return self.host_ground[host]
        if self.kinds.implies(value.kind, value.technology, "user-device"):
            return outside
        if value.party is None or value.party in self.own:
            return outside + 1
        return outside + 2 + self.order["party"][value.party]

    @cached_property
    def assets(self) -> Mapping[str, Asset]:
        """Every data asset with what it takes from its sources."""
        return resolve_assets(self.model.data)

    @cached_property
    def categories(self) -> Mapping[str, Members]:
        """The categories of every asset, with what it takes from its sources."""
        return resolve_categories(self.model.data)

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
    return SystemGraph(model, kinds, as_of)
