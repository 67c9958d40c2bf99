"""The ground that things stand on: declared boundaries, then implied ground as it is needed.

What people hold in their hands stands where they do: outside, untrusted, unless the model places it.
"""

from __future__ import annotations

from threatmodel.kinds import Kinds
from threatmodel.model import Actor, Element, Host, Model, Service, Store

OUTSIDE, SYSTEM = "(outside)", "(system)"


class Grounds:
    """Declared boundaries, outermost first in the walk, then implied ground as it is needed."""

    def __init__(self, model: Model, kinds: Kinds, own: frozenset[str], ours: str) -> None:
        self.model = model
        self.kinds = kinds
        self.own = own
        self.ours = ours
        self.names = sorted(model.boundaries)
        self.index = {name: i for i, name in enumerate(self.names)}
        count = len(self.names)
        self.parent = [self.index.get(model.boundaries[n].parent or "", -1) for n in self.names]
        self.depth = [-1] * count
        self.trust = [""] * count
        self.party = [""] * count
        self.providers: list[tuple[str, ...]] = [()] * count
        self.environment: list[str | None] = [None] * count
        self.region: list[str | None] = [None] * count
        for ground in range(count):
            self._resolve(ground)

    def of_host(self, model: Model, host: str) -> int:
        """The ground of a host: its boundary, else outside for a device, else its operator's ground."""
        value = model.hosts[host]
        if value.boundary:
            return self.index[value.boundary]
        return self._outside() if self._is_device(value) else self._ground(value.party)

    def of_element(self, value: Element, host_ground: int) -> int:
        """The ground of an element: its boundary, its host's, outside for a person and their devices,
        else its operator's ground."""
        if value.boundary:
            return self.index[value.boundary]
        if isinstance(value, Actor):
            return self._outside()
        if host_ground >= 0:
            return host_ground
        return self._outside() if self._is_device(value) else self._ground(value.party)

    def _is_device(self, value: Service | Store | Host) -> bool:
        """Whether it runs on, or is, a device in the hands of a person."""
        return self.kinds.implies(value.kind, value.technology, "user-device")

    def _outside(self) -> int:
        return self._implied(OUTSIDE, "untrusted", self.ours)

    def _ground(self, party: str | None) -> int:
        if party is None or party in self.own:
            return self._implied(SYSTEM, "trusted", self.ours)
        return self._implied(f"({party})", "third-party", party)

    def _implied(self, name: str, trust: str, party: str) -> int:
        if name not in self.index:
            self.index[name] = len(self.names)
            self.names.append(name)
            self.parent.append(-1)
            self.depth.append(0)
            self.trust.append(trust)
            self.party.append(party)
            self.providers.append(())
            self.environment.append(None)
            self.region.append(None)
        return self.index[name]

    def _resolve(self, ground: int) -> None:
        """Fills a ground and, without recursion, the unresolved grounds around it."""
        chain = []
        while ground >= 0 and self.depth[ground] < 0:
            chain.append(ground)
            ground = self.parent[ground]
        for inner in reversed(chain):
            self._fill(inner, self.parent[inner])

    def _fill(self, ground: int, outer: int) -> None:
        declared = self.model.boundaries[self.names[ground]]
        kind = self.kinds.kinds.get(declared.kind or "")
        nested = outer >= 0
        self.depth[ground] = self.depth[outer] + 1 if nested else 0
        self.party[ground] = declared.party or (self.party[outer] if nested else self.ours)
        around = self.providers[outer] if nested else ()
        named = (declared.provider,) if declared.provider else ()
        self.providers[ground] = tuple(dict.fromkeys((*named, *around)))
        self.environment[ground] = declared.environment or (self.environment[outer] if nested else None)
        self.region[ground] = declared.region or (self.region[outer] if nested else None)
        implied = "trusted" if self.party[ground] in self.own else "third-party"
        inherited = self.trust[outer] if nested else None
        self.trust[ground] = declared.trust or inherited or (kind and kind.trust) or implied
