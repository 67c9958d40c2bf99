"""Facts by which a law asks for a contract with a party: which data it exchanges with us, and its role."""

from __future__ import annotations

from typing import Final

from threatmodel.facts.data import CARRIERS, health_places, phi
from threatmodel.facts.disclosures import Dealings, Law, direct, givers_to, has_personal, takers_from
from threatmodel.facts.fact import BOOLEAN, ELEMENTS, FALSE, SET, TRUE, fact, keys, nowhere, perhaps
from threatmodel.facts.hipaa_uses import uses_at, uses_by
from threatmodel.facts.phi import has_health, health, is_phi
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import Load, data_map
from threatmodel.graph.subject import Subject
from threatmodel.logic.kleene import any_of
from threatmodel.logic.values import UNKNOWN, Members, Value

_PARTY: Final = ("party",)


_ASSOCIATES: Final = frozenset({"business-associate", "subcontractor"})


_CONTROLLERS: Final = ("controller", "joint-controller")


_EXCEPTED: Final = frozenset({"individual", "authorization", "required-by-law"})


_OURS: Final = frozenset({"operations", "payment"})
"""Uses for which another party works for a covered entity (45 CFR 160.103, business associate)."""


@fact(_PARTY, BOOLEAN, name="direct.health", absent="unknown", places=nowhere)
def direct_health(graph: SystemGraph, subject: Subject) -> Value:
    """Whether health data pass between it and own parties, not only through other parties to it."""
    return _direct(graph, subject, has_health)


@fact(_PARTY, BOOLEAN, name="direct.personal", absent="unknown", places=nowhere)
def direct_personal(graph: SystemGraph, subject: Subject) -> Value:
    """Whether personal data pass between it and own parties, not only through other parties to it."""
    return _direct(graph, subject, has_personal)


@fact(_PARTY, BOOLEAN, name="hipaa.associate", absent="unknown", places=keys("hipaa"))
def hipaa_associate(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it is a business associate or a subcontractor of one; not known of another party that says
    `none` and gets health data for operations or payment.

    By what it does: one that works for us, and says that HIPAA does not bind it, leaves it open.
    """
    party = graph.model.parties[graph.id_of(subject)]
    if party.hipaa is None:
        return UNKNOWN
    if _ASSOCIATES.intersection(party.hipaa):
        return TRUE
    if party.own or "none" not in party.hipaa:
        return FALSE
    uses = uses_by(graph, party.id).possible
    return UNKNOWN if uses is None or uses & _OURS else FALSE


@fact(("model",), SET, name="partners.gdpr", absent="unknown", places=nowhere)
def partners_gdpr(graph: SystemGraph, subject: Subject) -> Value:
    """What other parties are under the GDPR with which a controller of ours shares personal data."""
    certain, possible = set[str](), set[str | None]()
    for party in (p for p in graph.model.parties.values() if p.id and not p.own):
        dealings = [f(graph, party.id) for f in (_ours_giving, _ours_getting)]
        found = [(p.gdpr, True) for d in dealings for p in d.sure]
        found += [(p.gdpr, False) for d in dealings for p in d.perhaps]
        if any(sure and role in _CONTROLLERS for role, sure in found) and party.gdpr:
            certain.add(party.gdpr)
        if any(role is None or role in _CONTROLLERS for role, _ in found):
            possible.add(party.gdpr)
    known = frozenset(word for word in possible if word)
    return Members(frozenset(certain), None if None in possible else known)


@fact((*CARRIERS, "data"), BOOLEAN, absent="unknown", places=health_places)
def minimum_necessary(graph: SystemGraph, subject: Subject) -> Value:
    """Whether PHI are there, or are disclosed to an element of another party, for uses that 164.502(b)(2)
    does not except: treatment by a provider, the individual, an authorization, what law requires."""
    here = phi.value(graph, subject)
    if subject.kind not in ELEMENTS:
        return here
    element = graph.element_of(subject)
    operator = graph.element_party[element]
    if operator is None or operator in graph.own:
        return here
    arriving, disclosed = _disclosed(graph, element)
    if here == FALSE and disclosed is False:
        return FALSE
    excepted = _excepted(graph, element, graph.model.parties[operator].hipaa, arriving)
    if excepted:
        return FALSE
    return TRUE if excepted is False and (here == TRUE or disclosed) else UNKNOWN


def _direct(graph: SystemGraph, subject: Subject, law: Law) -> Value:
    return perhaps(direct(graph, graph.id_of(subject), law))


def _ours_giving(graph: SystemGraph, party: str) -> Dealings:
    return givers_to(graph, party, has_personal, True)


def _ours_getting(graph: SystemGraph, party: str) -> Dealings:
    return takers_from(graph, party, has_personal)


def _disclosed(graph: SystemGraph, element: int) -> tuple[frozenset[str], bool | None]:
    """What arrives at an element that may be health information, and whether it does from under HIPAA."""
    data = data_map(graph)
    names, found = frozenset[str](), set[bool | None]()
    into = [(graph.flows[f].sends, graph.flow_source[f]) for f in graph.flows_in[element]]
    into += [(graph.flows[f].returns, graph.flow_target[f]) for f in graph.flows_out[element]]
    for assets, giver in into:
        load = Load(frozenset(assets or ()), assets is None)
        names |= {d for d in load.ids if health(graph)[d] is not False}
        found.add(is_phi(graph, load, data.handlers(giver)))
    return names, any_of(found)


def _excepted(
    graph: SystemGraph, element: int, roles: tuple[str, ...] | None, names: frozenset[str]
) -> bool | None:
    """Whether 164.502(b)(2) excepts all uses of what another party gets: for treatment only a provider."""
    sure = _EXCEPTED | ({"treatment"} if roles and "provider" in roles else set())
    possible = sure | ({"treatment"} if roles is None else set())
    uses = uses_at(graph, element, names) if names else Members(frozenset(), None)
    if uses.certain - possible:
        return False
    return True if uses.possible and uses.possible <= sure else None


FACTS: Final = (
    direct_health,
    direct_personal,
    hipaa_associate,
    partners_gdpr,
    minimum_necessary,
)
