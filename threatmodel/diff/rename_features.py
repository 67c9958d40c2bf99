"""The features by which something is recognised under another id: its keys, statements and neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

from threatmodel.graph import SystemGraph
from threatmodel.model import SECTIONS, Flow, Statements, stated

SPACES: Final[Mapping[str, str]] = dict.fromkeys(
    ("actor", "service", "store", "boundary", "host", "element"), "element"
)
"""The name space of the kinds that share one; every other kind has its own."""
REFERENCES: Final[Mapping[str, str]] = {
    "holds": "data",
    "needs": "data",
    "sends": "data",
    "returns": "data",
    "derived_from": "data",
    "purposes": "purpose",
    "subjects": "element",
    "host": "element",
    "party": "party",
    "provider": "party",
    "boundary": "element",
    "parent": "element",
}
"""The keys that name something, and the name space of what they name."""
CONTRADICTING: Final = ("kind", "technology", "human", "transform")
"""Keys that say what something is: with another value it is something else."""
_QUIET: Final = frozenset(
    {"id", "at", "title", "description", "controls", "owner", "source", "target", "name"}
)
_HOLDS: Final = 2.0
_SAYS: Final = 1.0


class Lost(NamedTuple):
    """By kind, the ids that only the earlier and only the later version has."""

    old: Mapping[str, frozenset[str]]
    new: Mapping[str, frozenset[str]]

    @property
    def both(self) -> bool:
        """Whether any kind has some on both sides."""
        return any(self.old[kind] and self.new[kind] for kind in self.old)


class Features(NamedTuple):
    """Features with their weights; `anchors` are those that hang on something which kept its name."""

    weights: Mapping[object, float]
    anchors: frozenset[object]
    keys: Mapping[str, object]


class Indexed:
    """A graph with what features need to find: everything by kind, and who names whom."""

    def __init__(self, graph: SystemGraph) -> None:
        self.graph = graph
        model = graph.model
        self.things: dict[str, Mapping[str, Any]] = {k: getattr(model, s) for k, s in SECTIONS.items()}
        self.things["party"] = {name: party for name, party in model.parties.items() if name}
        self.things |= {"service type": model.service_types, "store type": model.store_types}

    @cached_property
    def named_by(self) -> Mapping[tuple[str, str], list[tuple[str, str, str]]]:
        """Everything that names an id: by name space and id, the kind, id and key of who does."""
        found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
        for kind, things in self.things.items():
            for name, value in things.items():
                for key, space, named in _references(kind, value):
                    found.setdefault((space, named), []).append((kind, name, key))
        for kind, name, statements in stated(self.graph.model):
            for statement in statements.values():
                for named in statement.by or ():
                    found.setdefault(("element", named), []).append((kind, name, statement.control))
        for flow in self.graph.flows:
            for key in ("sends", "returns"):
                for named in getattr(flow, key) or ():
                    found.setdefault(("data", named), []).append(("flow", flow.id, key))
        return found

    @cached_property
    def ends(self) -> Mapping[str, Flow]:
        """Every flow by its id."""
        return {flow.id: flow for flow in self.graph.flows}


def features(
    side: Indexed,
    kind: str,
    name: str,
    names: Mapping[str, Mapping[str, str]],
    lost: Mapping[str, frozenset[str]],
) -> Features:
    """The features of one thing, in the names of the later version; what is lost itself has none."""
    gather = _Gather(names, frozenset().union(*(lost[k] for k in lost if k in SPACES)), lost)
    value = side.things[kind][name]
    gather.keys(kind, value)
    gather.statements(value.controls)
    for by, id_, key in side.named_by.get((SPACES.get(kind, kind), name), ()):
        if by == "flow":
            flow = side.ends[id_]
            ends = gather.name("element", flow.source), gather.name("element", flow.target)
            gather.add(("on", key, *ends), _HOLDS, "?" not in ends)
        elif by == "baseline":
            gather.add((by, key), _HOLDS, anchored=True)
        else:
            other = gather.name(by, id_)
            gather.add(("named", by, other, key), _HOLDS, other != "?")
    if kind in ("actor", "service", "store"):
        for direction, flow in _flows(side.graph, side.graph.index[name]):
            gather.neighbour(direction, flow)
    return gather.done()


def flow_features(flow: Flow, names: Mapping[str, Mapping[str, str]]) -> Features:
    """The features of a flow, besides its name."""
    gather = _Gather(names, frozenset(), {})
    ends = gather.name("element", flow.source), gather.name("element", flow.target)
    gather.add(("ends", *ends), _HOLDS, anchored=True)
    gather.keys("flow", flow)
    gather.statements(flow.controls)
    return gather.done()


class _Gather:
    """Collects the features of one thing."""

    def __init__(
        self,
        names: Mapping[str, Mapping[str, str]],
        lost: frozenset[str],
        by_kind: Mapping[str, frozenset[str]],
    ) -> None:
        self.names = names
        self.lost = lost
        self.by_kind = by_kind
        self.weights: dict[object, float] = {}
        self.anchors: set[object] = set()
        self.plain: dict[str, object] = {}

    def name(self, kind: str, name: str) -> str:
        """The later name of a neighbour, `?` when it is lost itself."""
        space = SPACES.get(kind, kind)
        if name in (self.lost if space == "element" else self.by_kind.get(space, ())):
            return "?"
        return self.names.get(space, {}).get(name, name)

    def add(self, feature: object, weight: float, anchored: bool) -> None:
        self.weights[feature] = weight
        if anchored:
            self.anchors.add(feature)

    def keys(self, kind: str, value: Any) -> None:
        for key, content in zip(value._fields, value, strict=True):
            if key in _QUIET or content is None:
                continue
            space = f"{kind} type" if key == "type" else REFERENCES.get(key)
            if space is not None:
                for named in content if isinstance(content, tuple) else (content,):
                    other = self.name(space, named)
                    known = other not in ("?", "")
                    self.add((key, other), _HOLDS if space == "data" else _SAYS, known)
            elif isinstance(content, tuple) and content and not isinstance(content[0], (str, int)):
                for item in content:
                    self.add((key, *item[1:]), _SAYS, anchored=False)
            elif isinstance(content, (str, bool, tuple, int, float)) and content is not False:
                self.plain[key] = content
                said = tuple(sorted(map(str, content))) if isinstance(content, tuple) else content
                self.add((key, said), _SAYS, anchored=False)

    def statements(self, statements: Statements) -> None:
        for statement in statements.values():
            self.add(("says", statement.control), _SAYS / 2, anchored=False)
            said = statement.control, statement.status, statement.mechanism
            self.add(("says", *said), _SAYS / 2, anchored=False)

    def neighbour(self, direction: str, flow: Flow) -> None:
        other = self.name("element", flow.target if direction == "to" else flow.source)
        known = other != "?"
        self.add((direction, other, flow.name), _HOLDS, known)
        self.add((direction, other, flow.name, flow.protocols, flow.kind), _SAYS, known)
        for key in ("sends", "returns"):
            for data in getattr(flow, key) or ():
                self.add((direction, other, key, self.name("data", data)), _SAYS / 2, known)

    def done(self) -> Features:
        return Features(self.weights, frozenset(self.anchors), self.plain)


def _flows(graph: SystemGraph, element: int) -> Iterator[tuple[str, Flow]]:
    for flow in graph.flows_out[element]:
        yield "to", graph.flows[flow]
    for flow in graph.flows_in[element]:
        yield "from", graph.flows[flow]


def _references(kind: str, value: Any) -> Iterator[tuple[str, str, str]]:
    """What a thing names in its keys: key, name space, id."""
    for key, content in zip(value._fields, value, strict=True):
        space = f"{kind} type" if key == "type" and kind in ("service", "store") else REFERENCES.get(key)
        if space is None or not content:
            continue
        for named in content if isinstance(content, tuple) else (content,):
            yield key, space, named
