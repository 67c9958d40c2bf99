"""Facts about flows: topology, transport and the elements at their ends."""

from __future__ import annotations

from threatmodel.facts.element import custom_code, human, kind_value, traits_value
from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    SET,
    TRUST,
    WORDS,
    Fact,
    Place,
    Placing,
    Reading,
    boolean,
    keys,
)
from threatmodel.facts.grouping import by_protocols, by_source, by_target, by_trust
from threatmodel.facts.placement import STANDS
from threatmodel.graph.build import SystemGraph
from threatmodel.logic.values import UNKNOWN, Choice, Domain, Value, known
from threatmodel.model import Actor, words

FLOW = ("flow",)


def _ends(graph: SystemGraph, i: int) -> tuple[int, int]:
    return graph.flow_source[i], graph.flow_target[i]


def _end(side: str) -> Placing:
    def places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
        element = graph.values[_ends(graph, i)[side == "target"]]
        return ((element.at, None),)

    return places


def _end_key(side: str, key: str) -> Placing:
    def places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
        element = graph.values[_ends(graph, i)[side == "target"]]
        return ((element.at, key),)

    return places


def _crosses(graph: SystemGraph, kind: str, i: int) -> Value:
    source, target = _ends(graph, i)
    return boolean(graph.element_ground[source] != graph.element_ground[target])


def _crosses_trust(graph: SystemGraph, kind: str, i: int) -> Value:
    source, target = _ends(graph, i)
    return boolean(graph.trust(source) != graph.trust(target))


def _from_untrusted(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(graph.trust(graph.flow_source[i]) == "untrusted")


def _same_host(graph: SystemGraph, kind: str, i: int) -> Value:
    source, target = (graph.element_host[e] for e in _ends(graph, i))
    return boolean(source == target >= 0)


def _flow_kind(graph: SystemGraph, kind: str, i: int) -> Value:
    return known(graph.flow_kind(i))


def _protocol(graph: SystemGraph, kind: str, i: int) -> Value:
    protocols = graph.flows[i].protocols
    if not protocols:
        return UNKNOWN
    return known(protocols[0]) if len(protocols) == 1 else Choice(frozenset(protocols))


def _certainty(attribute: str) -> Reading:
    """The weakest of the protocols that a flow may use decides."""

    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        protocols = graph.flows[i].protocols
        certainties = {getattr(graph.kinds.protocols[p], attribute) for p in protocols or ()}
        if "never" in certainties:
            return FALSE
        return boolean(True) if certainties == {"always"} else UNKNOWN

    return value


def _obsolete(graph: SystemGraph, kind: str, i: int) -> Value:
    protocols = graph.flows[i].protocols
    return boolean(any(graph.kinds.protocols[p].obsolete for p in protocols)) if protocols else UNKNOWN


def _plain(graph: SystemGraph, kind: str, i: int) -> Value:
    protocols = graph.flows[i].protocols
    if not protocols:
        return UNKNOWN
    return boolean(any(graph.kinds.protocols[p].encrypted == "never" for p in protocols))


def _at_end(side: str, name: str) -> list[Fact]:
    pick = side == "target"
    by_end = by_target if pick else by_source

    def trust(graph: SystemGraph, kind: str, i: int) -> Value:
        return known(graph.trust(_ends(graph, i)[pick]))

    def element(graph: SystemGraph, kind: str, i: int) -> Value:
        return known(graph.subject_kind[_ends(graph, i)[pick]])

    def kind_(graph: SystemGraph, kind: str, i: int) -> Value:
        return kind_value(graph, _ends(graph, i)[pick])

    def traits(graph: SystemGraph, kind: str, i: int) -> Value:
        return traits_value(graph, _ends(graph, i)[pick])

    def external(graph: SystemGraph, kind: str, i: int) -> Value:
        return boolean(graph.element_party[_ends(graph, i)[pick]] not in graph.own)

    def code(graph: SystemGraph, kind: str, i: int) -> Value:
        return custom_code(graph, _ends(graph, i)[pick])

    kinds = ("services.*.kind", "stores.*.kind", "services.*.technology", "stores.*.technology")
    party = ("actors.*.party", "services.*.party", "stores.*.party", "boundaries.*.party", "parties.*.own")
    elements = Domain("enum", ("actor", "service", "store"))
    at = _end(side)
    return [
        Fact(
            f"{side}.trust",
            FLOW,
            TRUST,
            "closed",
            (*STANDS, "boundaries.*.trust"),
            f"Trust of the ground that the {name} stands on.",
            trust,
            at,
            by_end,
        ),
        Fact(
            f"{side}.element",
            FLOW,
            elements,
            "closed",
            ("flows[].from", "flows[].to"),
            f"Whether the {name} is an actor, a service or a store.",
            element,
            at,
            by_end,
        ),
        Fact(
            f"{side}.kind",
            FLOW,
            WORDS,
            "unknown",
            kinds,
            f"Kind of the {name}, declared or implied by its technology.",
            kind_,
            _end_key(side, "kind"),
            by_end,
        ),
        Fact(
            f"{side}.traits",
            FLOW,
            SET,
            "unknown",
            kinds,
            f"What the kind of the {name} implies.",
            traits,
            _end_key(side, "kind"),
            by_end,
        ),
        Fact(
            f"{side}.external",
            FLOW,
            BOOLEAN,
            "closed",
            party,
            f"Whether another party than ours operates the {name}.",
            external,
            at,
            by_end,
        ),
        Fact(
            f"{side}.custom_code",
            FLOW,
            BOOLEAN,
            "unknown",
            ("services.*.custom_code",),
            f"Whether the {name} runs code that we write.",
            code,
            _end_key(side, "custom_code"),
            by_end,
        ),
    ]


def _human(graph: SystemGraph, kind: str, i: int) -> Value:
    return human(graph, graph.flow_source[i])


def _employed(graph: SystemGraph, kind: str, i: int) -> Value:
    source = graph.values[graph.flow_source[i]]
    return boolean(isinstance(source, Actor) and source.party is not None)


_PROTOCOL = ("flows[].protocol",)
FLOW_FACTS: tuple[Fact, ...] = (
    Fact(
        "crosses_boundary",
        FLOW,
        BOOLEAN,
        "closed",
        STANDS,
        "Whether the ends stand in different boundaries.",
        _crosses,
        _end("target"),
    ),
    Fact(
        "crosses_trust",
        FLOW,
        BOOLEAN,
        "closed",
        (*STANDS, "boundaries.*.trust", "boundaries.*.kind"),
        "Whether the ends stand on ground of different trust.",
        _crosses_trust,
        _end("source"),
        by_trust,
    ),
    Fact(
        "from_untrusted",
        FLOW,
        BOOLEAN,
        "closed",
        (*STANDS, "boundaries.*.trust", "boundaries.*.kind"),
        "Whether the flow is opened from untrusted ground.",
        _from_untrusted,
        _end("source"),
        by_source,
    ),
    Fact(
        "same_host",
        FLOW,
        BOOLEAN,
        "closed",
        ("services.*.host", "stores.*.host"),
        "Whether both ends are drawn on the same host.",
        _same_host,
        _end_key("target", "host"),
    ),
    Fact(
        "flow.kind",
        FLOW,
        Domain("enum", words.FLOW_KINDS),
        "closed",
        ("flows[].kind", *_PROTOCOL),
        "What the flow is for; without a word the protocol's, else business.",
        _flow_kind,
        keys("kind"),
        by_protocols,
    ),
    Fact(
        "transport.protocol",
        FLOW,
        WORDS,
        "unknown",
        _PROTOCOL,
        "The protocol, or one of several.",
        _protocol,
        keys("protocol"),
        by_protocols,
    ),
    Fact(
        "transport.encrypted",
        FLOW,
        BOOLEAN,
        "unknown",
        _PROTOCOL,
        "Whether every protocol that it may use always encrypts; false if one never does.",
        _certainty("encrypted"),
        keys("protocol"),
        by_protocols,
    ),
    Fact(
        "transport.server_authenticated",
        FLOW,
        BOOLEAN,
        "unknown",
        _PROTOCOL,
        "Whether every protocol that it may use always proves who the target is.",
        _certainty("server_authenticated"),
        keys("protocol"),
        by_protocols,
    ),
    Fact(
        "transport.client_authenticated",
        FLOW,
        BOOLEAN,
        "unknown",
        _PROTOCOL,
        "Whether every protocol that it may use always proves who the source is.",
        _certainty("client_authenticated"),
        keys("protocol"),
        by_protocols,
    ),
    Fact(
        "transport.obsolete",
        FLOW,
        BOOLEAN,
        "unknown",
        _PROTOCOL,
        "Whether one of its protocols is obsolete.",
        _obsolete,
        keys("protocol"),
        by_protocols,
    ),
    Fact(
        "transport.plain",
        FLOW,
        BOOLEAN,
        "unknown",
        _PROTOCOL,
        "Whether one of its protocols never encrypts; one that may or may not does not count.",
        _plain,
        keys("protocol"),
        by_protocols,
    ),
    Fact(
        "source.human",
        FLOW,
        BOOLEAN,
        "unknown",
        ("actors.*.human",),
        "Whether a person opens the flow; services and stores are no persons.",
        _human,
        _end_key("source", "human"),
        by_source,
    ),
    Fact(
        "source.employed",
        FLOW,
        BOOLEAN,
        "closed",
        ("actors.*.party",),
        "Whether whoever opens the flow works for a party, ours or another.",
        _employed,
        _end_key("source", "party"),
        by_source,
    ),
    *_at_end("source", "source"),
    *_at_end("target", "target"),
)
