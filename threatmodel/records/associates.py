"""The chain of business associates under HIPAA: every party that PHI reach, with its agreement."""

from __future__ import annotations

from typing import Final

from threatmodel.graph import SystemGraph
from threatmodel.model import Party
from threatmodel.records.assets import named
from threatmodel.records.controllers import under_hipaa, unsaid_roles
from threatmodel.records.parties import (
    agreement_item,
    agreements,
    in_force,
    party_at,
    party_item,
    party_name,
)
from threatmodel.records.phi import perhaps_phi, phi_of, uses
from threatmodel.records.record import Cell, Entry, Item, Record, Sheet, asked, unsaid
from threatmodel.records.transfers import open_flows
from threatmodel.records.ways import Way, ways_to

_COLUMNS: Final = ("Party", "PHI", "Path", "Used for", "Agreement with", "State", "Agreement")
_AGREEMENTS: Final = ("baa", "dua")


def associates(graph: SystemGraph) -> Record:
    """For each own party under HIPAA every other party that PHI reach, subcontractors among them."""
    sheets = []
    questions: list[Item] = [*unsaid_roles(graph, "hipaa")]
    for party in under_hipaa(graph):
        ways = ways_to(graph, party.id, phi_of(graph, party))
        entries = tuple(_entry(graph, party, way) for way in ways)
        sheets.append(
            Sheet(
                f"Parties that get PHI of {party_name(graph, party.id)}",
                "A business associate needs an agreement with us, a subcontractor one with the business "
                "associate that engages it (164.308(b), 164.502(e), 164.504(e)). A disclosure to another "
                "provider for treatment needs none (164.502(e)(1)(ii)(A)).",
                _COLUMNS,
                entries,
                "As declared, no PHI reach another party.",
            )
        )
        questions += asked(*(cell for entry in entries for cell in entry.cells))
        questions += perhaps_phi(graph, party)
        questions += open_flows(graph)
    return Record(
        "Business associates",
        "HIPAA: who gets at PHI, on which way, and under which agreement.",
        graph.as_of,
        tuple(sheets),
        tuple(dict.fromkeys(questions)),
    )


def is_treatment(graph: SystemGraph, way: Way) -> bool:
    """Whether PHI reach a provider for treatment and for nothing else."""
    roles = graph.model.parties[way.party].hipaa or ()
    return (
        "provider" in roles and not way.provides and uses(graph, way.place, way.data).keys() == {"treatment"}
    )


def _entry(graph: SystemGraph, owner: Party, way: Way) -> Entry:
    data = tuple(Item(named(graph, d), graph.model.span(graph.model.data[d].at)) for d in way.data)
    counterpart = way.before[-1] if way.before else owner.id
    state, agreement = _standing(graph, owner, way, counterpart)
    used = tuple(uses(graph, "" if way.provides else way.place, way.data).values())
    with_ = Item("nobody: treatment") if state.text == _TREATMENT else party_item(graph, counterpart, "hipaa")
    return Entry(party_item(graph, way.party, "hipaa"), (data, way.path, used, (with_,), (state,), agreement))


_TREATMENT: Final = "none needed: a disclosure to a provider for treatment (164.502(e)(1)(ii)(A))"


def _standing(graph: SystemGraph, owner: Party, way: Way, counterpart: str) -> tuple[Item, Cell]:
    party = graph.model.parties[way.party]
    at = party_at(graph, party.id, "agreements")
    if is_treatment(graph, way):
        return Item(_TREATMENT, party_at(graph, party.id, "hipaa")), ()
    found = agreements(graph, party.id, _AGREEMENTS, {counterpart, owner.id})
    found += tuple(
        a
        for a in agreements(graph, counterpart, _AGREEMENTS, {party.id})
        if not graph.model.parties[counterpart].own
    )
    if not found:
        if party.agreements is None:
            ask = f"is there an agreement with {party_name(graph, party.id)} (`{party.id}`)?"
            return Item("not known", at), (unsaid(ask, party_at(graph, party.id)),)
        return Item("no agreement", at), (Item("none", at),)
    counting = [a for a in found if in_force(a, graph.as_of)]
    listed = [agreement_item(graph, a) for a in (counting or found)]
    if not counting:
        return Item("no agreement in force", at), tuple(listed)
    if not any(a.counterpart == counterpart for a in counting) and way.before:
        return Item(f"agreement in force, but not with {party_name(graph, counterpart)}", at), tuple(listed)
    name = party_name(graph, party.id)
    for a in counting:
        span = graph.model.span(a.at)
        if a.date is None:
            listed.append(unsaid(f"since when is the agreement with {name} in force?", span))
        if a.ref is None:
            listed.append(unsaid(f"where is the agreement with {name} filed?", span))
    return Item("agreement in force", at), tuple(listed)
