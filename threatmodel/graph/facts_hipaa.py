"""Facts on which it depends whether a law asks for a contract with a party: what passes, and what it does."""

from __future__ import annotations

from typing import Final

from threatmodel.graph.build import SystemGraph
from threatmodel.graph.dealings import Law, direct, has_personal
from threatmodel.graph.fact import BOOLEAN, FALSE, TRUE, Fact, Reading, keys, perhaps
from threatmodel.graph.facts_data import HEALTH, MOVED
from threatmodel.graph.health import has_health
from threatmodel.graph.uses import uses_by
from threatmodel.graph.values import UNKNOWN, Value

_PARTY: Final = ("party",)
_PLACED: Final = ("*.party", "boundaries.*.provider", "hosts.*.party")
_ASSOCIATES: Final = frozenset({"business-associate", "subcontractor"})
_OURS: Final = frozenset({"operations", "payment"})
"""Uses for which another party works for a covered entity (45 CFR 160.103, business associate)."""


def _direct(law: Law) -> Reading:
    return lambda graph, kind, i: perhaps(direct(graph, graph.subjects["party"][i], law))


def _associate(graph: SystemGraph, kind: str, i: int) -> Value:
    """By what it does: one that works for us, and says that HIPAA does not bind it, leaves it open."""
    party = graph.model.parties[graph.subjects["party"][i]]
    if party.hipaa is None:
        return UNKNOWN
    if _ASSOCIATES.intersection(party.hipaa):
        return TRUE
    if party.own or "none" not in party.hipaa:
        return FALSE
    uses = uses_by(graph, party.id).possible
    return UNKNOWN if uses is None or uses & _OURS else FALSE


HIPAA_FACTS: tuple[Fact, ...] = (
    Fact(
        "direct.health",
        _PARTY,
        BOOLEAN,
        "unknown",
        (*_PLACED, *HEALTH, *MOVED),
        "Whether health data pass between it and own parties, not only through other parties to it.",
        _direct(has_health),
        keys(),
    ),
    Fact(
        "direct.personal",
        _PARTY,
        BOOLEAN,
        "unknown",
        (*_PLACED, "data.*.categories", *MOVED),
        "Whether personal data pass between it and own parties, not only through other parties to it.",
        _direct(has_personal),
        keys(),
    ),
    Fact(
        "hipaa.associate",
        _PARTY,
        BOOLEAN,
        "unknown",
        ("parties.*.hipaa", "purposes.*.hipaa_use", "data.*.purposes", "*.purposes", *_PLACED, *MOVED),
        "Whether it is a business associate or a subcontractor of one; not known of another party that says "
        "`none` and gets health data for operations or payment.",
        _associate,
        keys("hipaa"),
    ),
)
