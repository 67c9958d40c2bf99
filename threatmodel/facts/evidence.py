"""Facts that are evidence of a measure: what is drawn, derived or known of a product.

Several are true or unknown, never false: a drawn log flow shows logging, its absence shows nothing.
"""

from __future__ import annotations

from typing import Final

from threatmodel.facts.element import traits_value
from threatmodel.facts.fact import (
    BOOLEAN,
    ELEMENTS,
    FALSE,
    SERVICE_OR_STORE,
    TRUE,
    Place,
    boolean,
    fact,
    itself,
    keys,
    perhaps,
)
from threatmodel.facts.privacy_budget import spending, within_budget
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.graph.subject import Subject
from threatmodel.logic.values import UNKNOWN, Domain, Members, Value, exactly
from threatmodel.model import Actor, Service, Store

_BACKUP_KINDS = frozenset({"backup-service", "backup-store"})


_DEVICES = frozenset({"user-device", "field-device"})


_PROTECTION = Domain("set", ("eea", "adequate", "other"))
_MONITORING = frozenset({"log-store", "monitoring"})
_VAULTS = frozenset({"secret-store", "key-store"})


def _vendor_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    names = ("technology", "custom_code") if subject.kind == "service" else ("technology",)
    return keys(*names)(graph, subject)


@fact((*SERVICE_OR_STORE, "host"), BOOLEAN, absent="unknown", places=_vendor_places)
def vendor_run(graph: SystemGraph, subject: Subject) -> Value:
    """True where the vendor of its technology runs it, and no code of ours on it; otherwise not known.

    The vendor of a runtime runs it, and not the code that others bring along.
    """
    if subject.kind == "host":
        technology = graph.model.hosts[graph.hosts[subject.position]].technology
        brought = False
    else:
        value = graph.values[graph.element_of(subject)]
        technology = value.technology if isinstance(value, (Service, Store)) else None
        brought = isinstance(value, Service) and value.custom_code is not False
    product = graph.kinds.technologies[technology] if technology else None
    return TRUE if product and product.managed and not (product.runs_code and brought) else UNKNOWN


@fact(
    SERVICE_OR_STORE,
    Domain("set", ("log-store", "monitoring")),
    name="telemetry.to",
    absent="unknown",
    places=itself,
)
def telemetry_to(graph: SystemGraph, subject: Subject) -> Value:
    """Log stores and monitoring that it is drawn to send to; there may always be others.

    Where it is drawn to send data, or telemetry of whatever data; nobody draws all of it.
    """
    found: frozenset[str] = frozenset()
    for flow in graph.flows_out[graph.element_of(subject)]:
        if graph.flows[flow].sends or graph.flow_kind(flow) == "telemetry":
            found |= traits_value(graph, graph.flow_target[flow]).certain
    return Members(found & _MONITORING, None)


@fact(("store",), BOOLEAN, absent="unknown", places=itself)
def backed_up(graph: SystemGraph, subject: Subject) -> Value:
    """True where a backup flow takes data of it to an element on another host; otherwise not known."""
    element = graph.element_of(subject)
    given = [(f, graph.flow_target[f], graph.flows[f].sends) for f in graph.flows_out[element]]
    taken = [(f, graph.flow_source[f], _pulled(graph, f)) for f in graph.flows_in[element]]
    host = graph.element_host[element]
    for flow, other, moved in (*given, *taken):
        elsewhere = host < 0 or graph.element_host[other] != host
        if (
            graph.flow_kind(flow) == "backup"
            and elsewhere
            and (moved is None or _kept(graph, element, moved))
        ):
            return TRUE
    return UNKNOWN


@fact(ELEMENTS, BOOLEAN, absent="unknown", places=keys("needs"))
def beyond_needs(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it is sent data that are neither among its `needs` nor made of them alone."""
    element = graph.element_of(subject)
    needs = graph.values[element].needs
    if needs is None:
        return UNKNOWN
    parts = [graph.flows[f].sends for f in graph.flows_in[element]]
    parts += [graph.flows[f].returns for f in graph.flows_out[element]]
    arriving = {name for part in parts for name in part or ()}
    if any(not within_needs(graph, name, frozenset(needs)) for name in arriving):
        return TRUE
    return UNKNOWN if None in parts else FALSE


@fact(("service", "actor"), BOOLEAN, absent="closed", places=keys("party"))
def handles_data(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it is a service, or an actor whom an own party employs: not somebody served."""
    element = graph.element_of(subject)
    if isinstance(graph.values[element], Actor):
        return boolean(graph.element_party[element] in graph.own)
    return TRUE


def _keeper_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    data = data_map(graph)
    kinds = tuple((graph.values[e].at, "kind") for e in data.keepers(graph.id_of(subject)))
    return (*kinds, *((graph.values[e].at, "holds") for e in data.silent_stores))


@fact(("data",), BOOLEAN, absent="unknown", places=_keeper_places)
def in_secret_store(graph: SystemGraph, subject: Subject) -> Value:
    """Whether all that keeps it is a secret or key store; open while a store is silent, and for devices.

    Open while nothing is said to keep it, too; a device may have a vault of its own.
    """
    data = data_map(graph)
    found = {_is_vault(traits_value(graph, e)) for e in data.keepers(graph.id_of(subject))}
    if False in found:
        return FALSE
    return TRUE if found == {True} and not data.silent_stores else UNKNOWN


@fact(("party",), _PROTECTION, name="jurisdiction.protection", absent="unknown", places=keys("jurisdiction"))
def jurisdiction_protection(graph: SystemGraph, subject: Subject) -> Value:
    """How the law it is subject to protects personal data, as Chapter V of the GDPR sees it."""
    countries = graph.model.parties[graph.id_of(subject)].jurisdiction
    if countries is None:
        return Members(frozenset(), None)
    return exactly(frozenset(graph.kinds.jurisdictions.protection(c, graph.as_of) for c in countries))


@fact(("data",), BOOLEAN, name="epsilon.declared", absent="unknown", places=keys("epsilon"))
def epsilon_declared(graph: SystemGraph, subject: Subject) -> Value:
    """True where it says how much privacy each release spends; otherwise not known, never false."""
    return TRUE if graph.model.data[graph.id_of(subject)].epsilon is not None else UNKNOWN


def _release_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    releases = spending(graph, graph.id_of(subject)).releases
    return tuple((graph.model.data[release].at, "transform") for release in releases)


@fact(("data",), BOOLEAN, name="epsilon.released", absent="false", places=_release_places)
def epsilon_released(graph: SystemGraph, subject: Subject) -> Value:
    """Whether something is made of it with differential privacy, without another such release between."""
    return boolean(bool(spending(graph, graph.id_of(subject)).releases))


def _budget_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    name = graph.id_of(subject)
    releases = spending(graph, name).releases
    return (
        (graph.model.data[name].at, "epsilon_budget"),
        *((graph.model.data[release].at, "epsilon") for release in releases),
    )


@fact(("data",), BOOLEAN, name="epsilon.within_budget", absent="unknown", places=_budget_places)
def epsilon_within_budget(graph: SystemGraph, subject: Subject) -> Value:
    """Whether all releases made of it spend no more together than `epsilon_budget`."""
    return perhaps(within_budget(graph, graph.id_of(subject)))


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


def _is_vault(traits: Members) -> bool | None:
    if traits.certain & _VAULTS:
        return True
    return None if traits.possible is None or traits.certain & _DEVICES else False


FACTS: Final = (
    vendor_run,
    telemetry_to,
    backed_up,
    beyond_needs,
    handles_data,
    in_secret_store,
    jurisdiction_protection,
    epsilon_declared,
    epsilon_released,
    epsilon_within_budget,
)
