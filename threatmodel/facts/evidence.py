"""Facts that show a measure by what is drawn, derived or known of a product.

Several are true or unknown, never false: a drawn log flow shows logging, its absence shows nothing.
"""

from __future__ import annotations

from threatmodel.facts.element import traits_value
from threatmodel.facts.fact import BOOLEAN, FALSE, KINDS, TRUE, Fact, Place, boolean, itself, keys
from threatmodel.facts.placement import NODES
from threatmodel.facts.privacy_budget import spending, within_budget
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.logic.values import UNKNOWN, Domain, Members, Value
from threatmodel.model import Actor, Service, Store

_BACKUP_KINDS = frozenset({"backup-service", "backup-store"})
_DEVICES = frozenset({"user-device", "field-device"})
_VAULTS = frozenset({"secret-store", "key-store"})


def _element(graph: SystemGraph, kind: str, i: int) -> int:
    return graph.positions[kind][i]


def _vendor_run(graph: SystemGraph, kind: str, i: int) -> Value:
    """The vendor of a runtime runs it, and not the code that others bring along."""
    if kind == "host":
        technology = graph.model.hosts[graph.hosts[i]].technology
        brought = False
    else:
        value = graph.values[_element(graph, kind, i)]
        technology = value.technology if isinstance(value, (Service, Store)) else None
        brought = isinstance(value, Service) and value.custom_code is not False
    product = graph.kinds.technologies[technology] if technology else None
    return TRUE if product and product.managed and not (product.runs_code and brought) else UNKNOWN


def _vendor_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    return keys(*(("technology", "custom_code") if kind == "service" else ("technology",)))(graph, kind, i)


def _telemetry(graph: SystemGraph, kind: str, i: int) -> Value:
    """Where it is drawn to send data, or telemetry of whatever data; nobody draws all of it."""
    found: frozenset[str] = frozenset()
    for flow in graph.flows_out[_element(graph, kind, i)]:
        if graph.flows[flow].sends or graph.flow_kind(flow) == "telemetry":
            traits = traits_value(graph, graph.flow_target[flow])
            found |= traits.certain if isinstance(traits, Members) else frozenset()
    return Members(found & frozenset({"log-store", "monitoring"}), None)


def _backed_up(graph: SystemGraph, kind: str, i: int) -> Value:
    """Whether data of a store leave it by a backup, for an element that does not share its host."""
    element = _element(graph, kind, i)
    given = [(f, graph.flow_target[f], graph.flows[f].sends) for f in graph.flows_out[element]]
    taken = [(f, graph.flow_source[f], _pulled(graph, f)) for f in graph.flows_in[element]]
    host = graph.element_host[element]
    for flow, other, moved in (*given, *taken):
        apart = host < 0 or graph.element_host[other] != host
        if graph.flow_kind(flow) == "backup" and apart and (moved is None or _kept(graph, element, moved)):
            return TRUE
    return UNKNOWN


def _pulled(graph: SystemGraph, flow: int) -> tuple[str, ...] | None:
    """What a flow fetches for its source; what moves both ways is fetched by what makes backups only."""
    moved = graph.flows[flow]
    if graph.kind_of(graph.flow_source[flow]) in _BACKUP_KINDS:
        return moved.returns
    return tuple(name for name in moved.returns or () if name not in (moved.sends or ()))


def _kept(graph: SystemGraph, element: int, moved: tuple[str, ...]) -> bool:
    """Whether some of what moves is said to be kept in a store, or is made of what is."""
    held = data_map(graph).held(element).ids
    pending = list(moved)
    for name in pending:
        pending += [s for s in graph.model.data[name].derived_from or () if s not in pending]
    return not held.isdisjoint(pending)


def _beyond_needs(graph: SystemGraph, kind: str, i: int) -> Value:
    """Whether something reaches it that is neither among its `needs` nor made of them alone."""
    element = _element(graph, kind, i)
    needs = graph.values[element].needs
    if needs is None:
        return UNKNOWN
    parts = [graph.flows[f].sends for f in graph.flows_in[element]]
    parts += [graph.flows[f].returns for f in graph.flows_out[element]]
    arriving = {name for part in parts for name in part or ()}
    if any(not within_needs(graph, name, frozenset(needs)) for name in arriving):
        return TRUE
    return UNKNOWN if None in parts else FALSE


def within_needs(graph: SystemGraph, name: str, needs: frozenset[str]) -> bool:
    """Whether an asset is among some needs, or made of nothing else."""
    seen = {name}
    pending = [name]
    while pending:
        here = pending.pop()
        if here not in needs:
            sources = graph.model.data[here].derived_from
            if not sources:
                return False
            pending += [s for s in sources if s not in seen]
            seen.update(sources)
    return True


def _handles(graph: SystemGraph, kind: str, i: int) -> Value:
    element = _element(graph, kind, i)
    if isinstance(graph.values[element], Actor):
        return boolean(graph.element_party[element] in graph.own)
    return TRUE


def _in_secret_store(graph: SystemGraph, kind: str, i: int) -> Value:
    """Whether all that keeps it is a vault; open while nothing is said to keep it, or a store is silent, and
    for what a device keeps: it may have a vault of its own."""
    data = data_map(graph)
    name = graph.subjects["data"][i]
    keepers = [e for e in data.holders(name) if name in data.held(e).ids]
    found = {_is_vault(traits_value(graph, e)) for e in keepers}
    if False in found:
        return FALSE
    return TRUE if found == {True} and not data.silent_stores else UNKNOWN


def _is_vault(traits: Value) -> bool | None:
    assert isinstance(traits, Members)
    if traits.certain & _VAULTS:
        return True
    return None if traits.possible is None or traits.certain & _DEVICES else False


def _keeper_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    data = data_map(graph)
    name = graph.subjects["data"][i]
    keepers = [e for e in data.holders(name) if name in data.held(e).ids]
    kinds = tuple((graph.values[e].at, "kind") for e in keepers)
    return (*kinds, *((graph.values[e].at, "holds") for e in data.silent_stores))


def _protection(graph: SystemGraph, kind: str, i: int) -> Value:
    countries = graph.model.parties[graph.subjects["party"][i]].jurisdiction
    if countries is None:
        return Members(frozenset(), None)
    words = frozenset(graph.kinds.jurisdictions.protection(c, graph.as_of) for c in countries)
    return Members(words, words)


def _epsilon(graph: SystemGraph, kind: str, i: int) -> Value:
    return TRUE if graph.model.data[graph.subjects["data"][i]].epsilon is not None else UNKNOWN


def _releases(graph: SystemGraph, kind: str, i: int) -> Value:
    return TRUE if spending(graph, graph.subjects["data"][i]).releases else FALSE


def _within_budget(graph: SystemGraph, kind: str, i: int) -> Value:
    kept = within_budget(graph, graph.subjects["data"][i])
    return UNKNOWN if kept is None else TRUE if kept else FALSE


def _budget_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    name = graph.subjects["data"][i]
    releases = spending(graph, name).releases
    return (
        (graph.model.data[name].at, "epsilon_budget"),
        *((graph.model.data[release].at, "epsilon") for release in releases),
    )


def _release_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    releases = spending(graph, graph.subjects["data"][i]).releases
    return tuple((graph.model.data[release].at, "transform") for release in releases)


_TECHNOLOGY = ("services.*.technology", "stores.*.technology", "hosts.*.technology")
_FLOWS = ("flows[].from", "flows[].to", "flows[].sends", "flows[].returns", "flows[].data")
_KEPT = ("stores.*.holds", "data.*.derived_from", "services.*.host", "stores.*.host")
SHOWN_FACTS: tuple[Fact, ...] = (
    Fact(
        "vendor_run",
        (*NODES, "host"),
        BOOLEAN,
        "unknown",
        (*_TECHNOLOGY, "services.*.custom_code"),
        "True where the vendor of its technology runs it, and no code of ours on it; otherwise not known.",
        _vendor_run,
        _vendor_places,
    ),
    Fact(
        "telemetry.to",
        NODES,
        Domain("set", ("log-store", "monitoring")),
        "unknown",
        (*_FLOWS, "flows[].kind", "flows[].protocol", *KINDS),
        "Log stores and monitoring that it is drawn to send to; there may always be others.",
        _telemetry,
        itself,
    ),
    Fact(
        "backed_up",
        ("store",),
        BOOLEAN,
        "unknown",
        (*_FLOWS, "flows[].kind", "flows[].protocol", *KINDS, *_KEPT),
        "True where a backup flow takes data of it to an element on another host; otherwise not known.",
        _backed_up,
        itself,
    ),
    Fact(
        "beyond_needs",
        (*NODES, "actor"),
        BOOLEAN,
        "unknown",
        ("services.*.needs", "stores.*.needs", "actors.*.needs", "data.*.derived_from", *_FLOWS),
        "Whether it is sent data that are neither among its `needs` nor made of them alone.",
        _beyond_needs,
        keys("needs"),
    ),
    Fact(
        "handles_data",
        ("service", "actor"),
        BOOLEAN,
        "closed",
        ("actors.*.party", "parties.*.own"),
        "Whether it is a service, or an actor whom an own party employs: not somebody served.",
        _handles,
        keys("party"),
    ),
    Fact(
        "in_secret_store",
        ("data",),
        BOOLEAN,
        "unknown",
        ("services.*.holds", "stores.*.holds", *KINDS),
        "Whether all that keeps it is a secret or key store; open while a store is silent, and for devices.",
        _in_secret_store,
        _keeper_places,
    ),
    Fact(
        "jurisdiction.protection",
        ("party",),
        Domain("set", ("eea", "adequate", "other")),
        "unknown",
        ("parties.*.jurisdiction",),
        "How the law it is subject to protects personal data, as Chapter V of the GDPR sees it.",
        _protection,
        keys("jurisdiction"),
    ),
    Fact(
        "epsilon.declared",
        ("data",),
        BOOLEAN,
        "unknown",
        ("data.*.epsilon",),
        "True where it says how much privacy each release spends; otherwise not known, never false.",
        _epsilon,
        keys("epsilon"),
    ),
    Fact(
        "epsilon.released",
        ("data",),
        BOOLEAN,
        "false",
        ("data.*.derived_from", "data.*.transform"),
        "Whether something is made of it with differential privacy, without another such release between.",
        _releases,
        _release_places,
    ),
    Fact(
        "epsilon.within_budget",
        ("data",),
        BOOLEAN,
        "unknown",
        ("data.*.epsilon_budget", "data.*.epsilon", "data.*.derived_from", "data.*.transform"),
        "Whether all releases made of it spend no more together than `epsilon_budget`.",
        _within_budget,
        _budget_places,
    ),
)
