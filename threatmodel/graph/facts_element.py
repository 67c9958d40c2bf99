"""Facts about services, stores, actors, boundaries and hosts: what they are and where they stand."""

from __future__ import annotations

from functools import lru_cache

from threatmodel.graph.build import SystemGraph
from threatmodel.graph.carried import data_map
from threatmodel.graph.fact import (
    BOOLEAN,
    FALSE,
    LEVEL,
    NUMBER,
    SET,
    TRUE,
    TRUST,
    WORDS,
    Fact,
    Reading,
    boolean,
    keys,
)
from threatmodel.graph.reach import hops
from threatmodel.graph.values import UNKNOWN, Domain, Known, Members, Range, Value
from threatmodel.model import Actor, Element, Service, Store

NODES = ("service", "store")
ELEMENTS = ("service", "store", "actor")
_STANDS = ("actors.*.boundary", "services.*.boundary", "stores.*.boundary", "boundaries.*.parent")


def kind_value(graph: SystemGraph, element: int) -> Value:
    """The kind of an element: declared, or implied by its technology; an actor has none."""
    if graph.element_kind[element] == "actor":
        return Known(None)
    return _word(graph.kind_of(element))


def traits_value(graph: SystemGraph, element: int) -> Value:
    """The traits of an element's kind; open while the kind is unknown."""
    if graph.element_kind[element] == "actor":
        return _NO_TRAITS
    return _traits(graph, graph.kind_of(element))


def custom_code(graph: SystemGraph, element: int) -> Value:
    """Whether we write the code of an element; only services run code of ours."""
    value = graph.values[element]
    return _declared(value.custom_code) if isinstance(value, Service) else FALSE


def human(graph: SystemGraph, element: int) -> Value:
    """Whether an element is a person."""
    value = graph.values[element]
    return _declared(value.human) if isinstance(value, Actor) else FALSE


_NO_TRAITS = Members(frozenset(), frozenset())


def _word(word: str | None) -> Value:
    return UNKNOWN if word is None else Known(word)


def _declared(value: bool | None) -> Value:
    return UNKNOWN if value is None else boolean(value)


def _traits(graph: SystemGraph, kind: str | None) -> Value:
    if kind is None:
        return Members(frozenset(), None)
    traits = graph.kinds.kinds[kind].traits
    return Members(traits, traits)


def _node(graph: SystemGraph, kind: str, i: int) -> Element:
    return graph.values[graph.positions[kind][i]]


def _level(word: str | None) -> Value:
    return UNKNOWN if word is None else Range(LEVEL.words.index(word), LEVEL.words.index(word))


def _kind(graph: SystemGraph, kind: str, i: int) -> Value:
    if kind == "boundary":
        return _word(graph.model.boundaries[graph.zones[i]].kind)
    if kind == "host":
        host = graph.model.hosts[graph.hosts[i]]
        return _word(graph.kind_word(host.kind, host.technology))
    return kind_value(graph, graph.positions[kind][i])


def _kind_traits(graph: SystemGraph, kind: str, i: int) -> Value:
    found = _kind(graph, kind, i)
    return _traits(graph, str(found.value) if isinstance(found, Known) else None)


def _technology(graph: SystemGraph, kind: str, i: int) -> Value:
    if kind == "host":
        return _word(graph.model.hosts[graph.hosts[i]].technology)
    value = _node(graph, kind, i)
    return _word(value.technology) if isinstance(value, (Service, Store)) else UNKNOWN


def _managed(graph: SystemGraph, kind: str, i: int) -> Value:
    technology = _technology(graph, kind, i)
    if not isinstance(technology, Known):
        return UNKNOWN
    return _declared(graph.kinds.technologies[str(technology.value)].managed)


def _zone(graph: SystemGraph, kind: str, i: int) -> int:
    if kind == "boundary":
        return i
    return graph.host_zone[i] if kind == "host" else graph.element_zone[graph.positions[kind][i]]


def _trust(graph: SystemGraph, kind: str, i: int) -> Value:
    return Known(graph.zone_trust[_zone(graph, kind, i)])


def _environment(graph: SystemGraph, kind: str, i: int) -> Value:
    return _word(graph.zone_environment[_zone(graph, kind, i)])


def _region(graph: SystemGraph, kind: str, i: int) -> Value:
    return _word(graph.zone_region[_zone(graph, kind, i)])


def _on_provider(graph: SystemGraph, kind: str, i: int) -> Value:
    provider = graph.zone_provider[_zone(graph, kind, i)]
    return boolean(provider is not None and provider not in graph.own)


def _external(graph: SystemGraph, kind: str, i: int) -> Value:
    match kind:
        case "boundary":
            party: str | None = graph.zone_party[i]
        case "host":
            party = graph.host_party[i]
        case _:
            party = graph.element_party[graph.positions[kind][i]]
    return boolean(party not in graph.own)


def _exposed(graph: SystemGraph, kind: str, i: int) -> Value:
    element = graph.positions[kind][i]
    callers = (graph.flow_source[f] for f in graph.flows_in[element])
    return boolean(any(graph.trust(c) == "untrusted" for c in callers))


def _reachable(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(hops(graph)[graph.positions[kind][i]] > 0)


def _hops(graph: SystemGraph, kind: str, i: int) -> Value:
    return Known(hops(graph)[graph.positions[kind][i]] or None)


def _called(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(bool(graph.flows_in[graph.positions[kind][i]]))


def _entered(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(i in _entered_zones(graph))


@lru_cache(maxsize=2)
def _entered_zones(graph: SystemGraph) -> set[int]:
    found: set[int] = set()
    seen: set[tuple[int, int]] = set()
    for source, target in zip(graph.flow_source, graph.flow_target, strict=True):
        pair = graph.element_zone[source], graph.element_zone[target]
        if pair in seen or graph.zone_trust[pair[0]] != "untrusted":
            continue
        seen.add(pair)
        zone, common = pair[1], graph.lca(*pair)
        while zone not in (-1, common):
            found.add(zone)
            zone = graph.zone_parent[zone]
    return found


def _has_elements(graph: SystemGraph, kind: str, i: int) -> Value:
    if kind == "host":
        return boolean(bool(data_map(graph).on_host[i]))
    return boolean(i in _occupied(graph))


@lru_cache(maxsize=2)
def _occupied(graph: SystemGraph) -> frozenset[int]:
    found: set[int] = set()
    for zone in set(graph.element_zone):
        while zone >= 0 and zone not in found:
            found.add(zone)
            zone = graph.zone_parent[zone]
    return frozenset(found)


def _attribute(name: str) -> Reading:
    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        owner: object = graph.model.hosts[graph.hosts[i]] if kind == "host" else _node(graph, kind, i)
        found = getattr(owner, name)
        return _declared(found) if isinstance(found, bool) else _word(found)

    return value


def _criticality(graph: SystemGraph, kind: str, i: int) -> Value:
    value = _node(graph, kind, i)
    return _level(value.criticality) if isinstance(value, (Service, Store)) else UNKNOWN


def _hosted(graph: SystemGraph, kind: str, i: int) -> Value:
    return TRUE if graph.element_host[graph.positions[kind][i]] >= 0 else UNKNOWN


def _identity_declared(graph: SystemGraph, kind: str, i: int) -> Value:
    value = _node(graph, kind, i)
    return TRUE if isinstance(value, (Service, Store)) and value.identity else UNKNOWN


def _identity_shared(graph: SystemGraph, kind: str, i: int) -> Value:
    value = _node(graph, kind, i)
    identity = value.identity if isinstance(value, (Service, Store)) else None
    if identity is None:
        return UNKNOWN
    counts = _identities(graph)
    if counts[identity] > 1:
        return TRUE
    return UNKNOWN if counts[None] else FALSE


@lru_cache(maxsize=2)
def _identities(graph: SystemGraph) -> dict[str | None, int]:
    found: dict[str | None, int] = {None: 0}
    for value in graph.values:
        if isinstance(value, (Service, Store)):
            found[value.identity] = found.get(value.identity, 0) + 1
    return found


def _custom_code(graph: SystemGraph, kind: str, i: int) -> Value:
    return custom_code(graph, graph.positions[kind][i])


def _human(graph: SystemGraph, kind: str, i: int) -> Value:
    return human(graph, graph.positions[kind][i])


def _workforce(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(graph.element_party[graph.positions[kind][i]] in graph.own)


_KIND = ("services.*.kind", "services.*.technology", "stores.*.kind", "stores.*.technology", "boundaries.*.kind", "hosts.*.kind", "hosts.*.technology")
_CALLS = ("flows[].from", "flows[].to", "flows[].returns", *_STANDS, "boundaries.*.trust")
_WITH_KIND = ("service", "store", "boundary", "host")
_PLACED = ("service", "store", "actor", "boundary", "host")
_ENVIRONMENTS = Domain("enum", ("production", "staging", "test", "development"))
_TENANCY = Domain("enum", ("single", "shared"))
ELEMENT_FACTS: tuple[Fact, ...] = (
    Fact("kind", _WITH_KIND, WORDS, "unknown", _KIND, "Its kind, declared or implied by its technology.", _kind, keys("kind", "technology")),
    Fact("traits", _WITH_KIND, SET, "unknown", _KIND, "What its kind implies.", _kind_traits, keys("kind", "technology")),
    Fact("technology", ("service", "store", "host"), WORDS, "unknown", ("services.*.technology", "stores.*.technology", "hosts.*.technology"), "The product it is made of.", _technology, keys("technology")),
    Fact("managed", ("service", "store", "host"), BOOLEAN, "unknown", ("services.*.technology", "stores.*.technology", "hosts.*.technology"), "Whether the technology's vendor runs it.", _managed, keys("technology")),
    Fact("trust", _PLACED, TRUST, "closed", (*_STANDS, "boundaries.*.trust", "boundaries.*.kind"), "Trust of the ground it stands on.", _trust, keys("boundary", "trust")),
    Fact("external", _PLACED, BOOLEAN, "closed", ("*.party", "parties.*.own"), "Whether another party than ours operates it.", _external, keys("party")),
    Fact("environment", (*NODES, "boundary", "host"), _ENVIRONMENTS, "unknown", ("boundaries.*.environment",), "The environment it belongs to.", _environment, keys("environment", "boundary")),
    Fact("region", (*NODES, "boundary", "host"), WORDS, "unknown", ("boundaries.*.region",), "The region or country it stands in.", _region, keys("region", "boundary")),
    Fact("on_provider", (*NODES, "boundary", "host"), BOOLEAN, "closed", ("boundaries.*.provider",), "Whether it stands on another party's machines.", _on_provider, keys("provider", "boundary")),
    Fact("exposed", NODES, BOOLEAN, "closed", _CALLS, "Whether a flow from untrusted ground ends at it.", _exposed, keys("boundary")),
    Fact("reachable_from_untrusted", NODES, BOOLEAN, "closed", _CALLS, "Whether a chain of calls from untrusted ground leads to it.", _reachable, keys("boundary")),
    Fact("exposure_hops", NODES, NUMBER, "closed", _CALLS, "The fewest calls that lead to it from untrusted ground; none where none do.", _hops, keys("boundary")),
    Fact("called", NODES, BOOLEAN, "closed", ("flows[].to",), "Whether a flow ends at it.", _called, keys("boundary")),
    Fact("entered_from_untrusted", ("boundary",), BOOLEAN, "closed", _CALLS, "Whether a flow from untrusted ground enters it.", _entered, keys("trust")),
    Fact("has_elements", ("boundary", "host"), BOOLEAN, "closed", (*_STANDS, "services.*.host", "stores.*.host"), "Whether an element stands in it.", _has_elements, keys("parent")),
    Fact("tenancy", (*NODES, "host"), _TENANCY, "unknown", ("services.*.tenancy", "stores.*.tenancy", "hosts.*.tenancy"), "Whether others share it.", _attribute("tenancy"), keys("tenancy")),
    Fact("criticality", NODES, LEVEL, "unknown", ("services.*.criticality", "stores.*.criticality"), "How much depends on it.", _criticality, keys("criticality")),
    Fact("hosted", NODES, BOOLEAN, "unknown", ("services.*.host", "stores.*.host"), "Whether it runs on a declared host.", _hosted, keys("host")),
    Fact("identity.declared", NODES, BOOLEAN, "unknown", ("services.*.identity", "stores.*.identity"), "Whether its workload identity is declared.", _identity_declared, keys("identity")),
    Fact("identity.shared", NODES, BOOLEAN, "unknown", ("services.*.identity", "stores.*.identity"), "Whether another element runs as the same identity.", _identity_shared, keys("identity")),
    Fact("custom_code", ("service",), BOOLEAN, "unknown", ("services.*.custom_code",), "Whether we write its code.", _custom_code, keys("custom_code")),
    Fact("tls_passthrough", ("service",), BOOLEAN, "false", ("services.*.tls_passthrough",), "Whether it forwards TLS without ending it.", _attribute("tls_passthrough"), keys("tls_passthrough")),
    Fact("human", ("actor",), BOOLEAN, "unknown", ("actors.*.human",), "Whether it is a person or a group of people.", _human, keys("human")),
    Fact("workforce", ("actor",), BOOLEAN, "closed", ("actors.*.party", "parties.*.own"), "Whether an own party employs it.", _workforce, keys("party")),
)  # fmt: skip
