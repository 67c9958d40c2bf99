"""Facts about flows: topology, transport and the elements at their ends."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from threatmodel.facts.element import is_person, kind_value, runs_own_code, traits_value
from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    SET,
    TRUE,
    TRUST,
    WORDS,
    Fact,
    Place,
    Placing,
    boolean,
    fact,
    keys,
)
from threatmodel.facts.grouping import by_flow_kind, by_protocols, by_source, by_target, by_trust
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.subject import Subject
from threatmodel.logic.values import UNKNOWN, Choice, Domain, Value, known
from threatmodel.model import Actor, words

FLOW = ("flow",)
Side: TypeAlias = Literal["source", "target"]
_ELEMENTS = Domain("enum", ("actor", "service", "store"))


def _end(side: Side) -> Placing:
    def places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
        element = graph.values[_end_of(graph, subject, side)]
        return ((element.at, None),)

    return places


@fact(FLOW, BOOLEAN, absent="closed", places=_end("target"))
def crosses_boundary(graph: SystemGraph, subject: Subject) -> Value:
    """Whether the ends stand in different boundaries."""
    source, target = _ends(graph, subject)
    return boolean(graph.element_ground[source] != graph.element_ground[target])


@fact(FLOW, BOOLEAN, absent="closed", places=_end("source"), groups=by_trust)
def crosses_trust(graph: SystemGraph, subject: Subject) -> Value:
    """Whether the ends stand on ground of different trust."""
    source, target = _ends(graph, subject)
    return boolean(graph.trust(source) != graph.trust(target))


@fact(FLOW, BOOLEAN, absent="closed", places=_end("source"), groups=by_source)
def from_untrusted(graph: SystemGraph, subject: Subject) -> Value:
    """Whether the flow is opened from untrusted ground."""
    return boolean(graph.trust(graph.flow_source[subject.position]) == "untrusted")


def _end_key(side: Side, key: str) -> Placing:
    def places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
        element = graph.values[_end_of(graph, subject, side)]
        return ((element.at, key),)

    return places


@fact(FLOW, BOOLEAN, absent="closed", places=_end_key("target", "host"))
def same_host(graph: SystemGraph, subject: Subject) -> Value:
    """Whether both ends are drawn on the same host."""
    source, target = (graph.element_host[e] for e in _ends(graph, subject))
    return boolean(source == target >= 0)


@fact(
    FLOW,
    Domain("enum", words.FLOW_KINDS),
    name="flow.kind",
    absent="closed",
    places=keys("kind"),
    groups=by_flow_kind,
)
def flow_kind(graph: SystemGraph, subject: Subject) -> Value:
    """What the flow is for; without a word the protocol's, else business."""
    return known(graph.flow_kind(subject.position))


@fact(FLOW, WORDS, name="transport.protocol", absent="unknown", places=keys("protocol"), groups=by_protocols)
def transport_protocol(graph: SystemGraph, subject: Subject) -> Value:
    """The protocol, or one of several."""
    protocols = graph.flows[subject.position].protocols
    if not protocols:
        return UNKNOWN
    return known(protocols[0]) if len(protocols) == 1 else Choice(frozenset(protocols))


@fact(
    FLOW, BOOLEAN, name="transport.encrypted", absent="unknown", places=keys("protocol"), groups=by_protocols
)
def transport_encrypted(graph: SystemGraph, subject: Subject) -> Value:
    """Whether every protocol that it may use always encrypts; false if one never does."""
    return _weakest(graph, subject, "encrypted")


@fact(
    FLOW,
    BOOLEAN,
    name="transport.server_authenticated",
    absent="unknown",
    places=keys("protocol"),
    groups=by_protocols,
)
def transport_server_authenticated(graph: SystemGraph, subject: Subject) -> Value:
    """Whether every protocol that it may use always proves who the target is."""
    return _weakest(graph, subject, "server_authenticated")


@fact(
    FLOW,
    BOOLEAN,
    name="transport.client_authenticated",
    absent="unknown",
    places=keys("protocol"),
    groups=by_protocols,
)
def transport_client_authenticated(graph: SystemGraph, subject: Subject) -> Value:
    """Whether every protocol that it may use always proves who the source is."""
    return _weakest(graph, subject, "client_authenticated")


@fact(
    FLOW, BOOLEAN, name="transport.obsolete", absent="unknown", places=keys("protocol"), groups=by_protocols
)
def transport_obsolete(graph: SystemGraph, subject: Subject) -> Value:
    """Whether one of its protocols is obsolete."""
    protocols = graph.flows[subject.position].protocols
    return boolean(any(graph.kinds.protocols[p].obsolete for p in protocols)) if protocols else UNKNOWN


@fact(FLOW, BOOLEAN, name="transport.plain", absent="unknown", places=keys("protocol"), groups=by_protocols)
def transport_plain(graph: SystemGraph, subject: Subject) -> Value:
    """Whether one of its protocols never encrypts; one that may or may not does not count."""
    protocols = graph.flows[subject.position].protocols
    if not protocols:
        return UNKNOWN
    return boolean(any(graph.kinds.protocols[p].encrypted == "never" for p in protocols))


@fact(
    FLOW, BOOLEAN, name="source.human", absent="unknown", places=_end_key("source", "human"), groups=by_source
)
def source_human(graph: SystemGraph, subject: Subject) -> Value:
    """Whether a person opens the flow; services and stores are no persons."""
    return is_person(graph, graph.flow_source[subject.position])


@fact(
    FLOW,
    BOOLEAN,
    name="source.employed",
    absent="closed",
    places=_end_key("source", "party"),
    groups=by_source,
)
def source_employed(graph: SystemGraph, subject: Subject) -> Value:
    """Whether whoever opens the flow works for a party, ours or another."""
    source = graph.values[graph.flow_source[subject.position]]
    return boolean(isinstance(source, Actor) and source.party is not None)


def _end_of(graph: SystemGraph, subject: Subject, side: Side) -> int:
    ends = graph.flow_target if side == "target" else graph.flow_source
    return ends[subject.position]


def _ends(graph: SystemGraph, subject: Subject) -> tuple[int, int]:
    return graph.flow_source[subject.position], graph.flow_target[subject.position]


def _weakest(graph: SystemGraph, subject: Subject, attribute: str) -> Value:
    """The weakest of the protocols that a flow may use decides."""
    protocols = graph.flows[subject.position].protocols
    certainties = {getattr(graph.kinds.protocols[p], attribute) for p in protocols or ()}
    if "never" in certainties:
        return FALSE
    return TRUE if certainties == {"always"} else UNKNOWN


def _at_end(side: Side) -> tuple[Fact, ...]:
    """The facts about one end of a flow: "source" or "target"."""
    places, groups = _end(side), by_target if side == "target" else by_source

    @fact(
        FLOW,
        TRUST,
        name=f"{side}.trust",
        absent="closed",
        places=places,
        groups=groups,
        meaning=f"Trust of the ground that the {side} stands on.",
    )
    def trust(graph: SystemGraph, subject: Subject) -> Value:
        return known(graph.trust(_end_of(graph, subject, side)))

    @fact(
        FLOW,
        _ELEMENTS,
        name=f"{side}.element",
        absent="closed",
        places=places,
        groups=groups,
        meaning=f"Whether the {side} is an actor, a service or a store.",
    )
    def element(graph: SystemGraph, subject: Subject) -> Value:
        return known(graph.subject_kind[_end_of(graph, subject, side)])

    @fact(
        FLOW,
        WORDS,
        name=f"{side}.kind",
        absent="unknown",
        places=_end_key(side, "kind"),
        groups=groups,
        meaning=f"Kind of the {side}, declared or implied by its technology.",
    )
    def kind(graph: SystemGraph, subject: Subject) -> Value:
        return kind_value(graph, _end_of(graph, subject, side))

    @fact(
        FLOW,
        SET,
        name=f"{side}.traits",
        absent="unknown",
        places=_end_key(side, "kind"),
        groups=groups,
        meaning=f"What the kind of the {side} implies.",
    )
    def traits(graph: SystemGraph, subject: Subject) -> Value:
        return traits_value(graph, _end_of(graph, subject, side))

    @fact(
        FLOW,
        BOOLEAN,
        name=f"{side}.external",
        absent="closed",
        places=places,
        groups=groups,
        meaning=f"Whether another party than ours operates the {side}.",
    )
    def external(graph: SystemGraph, subject: Subject) -> Value:
        return boolean(graph.element_party[_end_of(graph, subject, side)] not in graph.own)

    @fact(
        FLOW,
        BOOLEAN,
        name=f"{side}.custom_code",
        absent="unknown",
        places=_end_key(side, "custom_code"),
        groups=groups,
        meaning=f"Whether the {side} runs code that we write.",
    )
    def custom_code(graph: SystemGraph, subject: Subject) -> Value:
        return runs_own_code(graph, _end_of(graph, subject, side))

    return trust, element, kind, traits, external, custom_code


FACTS: Final = (
    crosses_boundary,
    crosses_trust,
    from_untrusted,
    same_host,
    flow_kind,
    transport_protocol,
    transport_encrypted,
    transport_server_authenticated,
    transport_client_authenticated,
    transport_obsolete,
    transport_plain,
    source_human,
    source_employed,
    *_at_end("source"),
    *_at_end("target"),
)
