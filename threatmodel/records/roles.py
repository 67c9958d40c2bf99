"""Whose records are kept: the own parties that declare a role under the GDPR or HIPAA."""

from __future__ import annotations

from threatmodel.graph import SystemGraph
from threatmodel.model import Party
from threatmodel.records.data import personal_of
from threatmodel.records.parties import own_parties, party_at, party_name
from threatmodel.records.record import Item, question


def under_gdpr(graph: SystemGraph, *roles: str) -> tuple[Party, ...]:
    """The own parties with one of some roles under the GDPR, with any without naming one.

    A party that says nothing counts as a controller: the record then asks for its role.
    """
    return tuple(
        p for p in own_parties(graph) if p.gdpr != "none" and (not roles or (p.gdpr or "controller") in roles)
    )


def under_hipaa(graph: SystemGraph) -> tuple[Party, ...]:
    """The own parties that are something under HIPAA, or say nothing of it."""
    return tuple(p for p in own_parties(graph) if p.hipaa is None or set(p.hipaa) - {"none"})


def roles_to_declare(graph: SystemGraph, law: str) -> tuple[Item, ...]:
    """A question for each own party that does not say what it is under a law (`gdpr`, `hipaa`)."""
    words = {"gdpr": "the GDPR", "hipaa": "HIPAA"}
    return tuple(
        question(f"what is {party_name(graph, p.id)} under {words[law]}?", party_at(graph, p.id))
        for p in own_parties(graph)
        if getattr(p, law) is None
    )


def doubtful_roles(graph: SystemGraph) -> tuple[Item, ...]:
    """A question for each own party in the EEA with data about people that says `gdpr: none`.

    The GDPR applies to whoever is established there, wherever the processing is (Article 3(1)).
    """
    eea = graph.kinds.jurisdictions.eea
    return tuple(
        question(
            f"why does the GDPR not apply to {party_name(graph, p.id)}, which is under the law of "
            f"{', '.join(sorted(eea.intersection(p.jurisdiction)))} (Article 3(1))?",
            party_at(graph, p.id, "gdpr"),
        )
        for p in own_parties(graph)
        if p.gdpr == "none" and p.jurisdiction and eea.intersection(p.jurisdiction)
        if personal_of(graph, p.id)
    )
