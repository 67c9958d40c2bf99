"""Accounting of disclosures under 164.528: which PHI leave an own party, to whom and for which use."""

from __future__ import annotations

from typing import Final

from threatmodel.graph import SystemGraph
from threatmodel.model import Actor
from threatmodel.records.data import named, said
from threatmodel.records.disclosure_paths import Way, ways_to
from threatmodel.records.gdpr.transfers import open_flows
from threatmodel.records.hipaa.accounting import accounted, accounted_to
from threatmodel.records.hipaa.phi import perhaps_phi, phi_of
from threatmodel.records.hipaa.uses import shown, uses, uses_on
from threatmodel.records.parties import party_item, party_name
from threatmodel.records.record import Entry, Item, Record, Sheet, asked, unsaid
from threatmodel.records.roles import under_hipaa, unsaid_roles

_COLUMNS: Final = ("Recipient", "PHI", "Path", "Used for", "In the accounting")


def disclosures(graph: SystemGraph) -> Record:
    """For each own party under HIPAA every way on which PHI leave it, and whether the accounting lists it."""
    sheets = []
    questions: list[Item] = [*unsaid_roles(graph, "hipaa")]
    for party in under_hipaa(graph):
        phi = phi_of(graph, party)
        entries = [_entry(graph, party.id, way) for way in ways_to(graph, party.id, phi)]
        entries += _strangers(graph, phi)
        sheets.append(
            Sheet(
                f"Disclosures by {party_name(graph, party.id)}",
                "The ways are those of the model; the accounting itself lists each disclosure with its day.",
                _COLUMNS,
                tuple(entries),
                "As declared, no PHI leave it.",
            )
        )
        questions += asked(*(cell for entry in entries for cell in entry.cells))
        questions += perhaps_phi(graph, party)
        questions += open_flows(graph)
    return Record(
        "Accounting of disclosures",
        "HIPAA, 164.528: the ways on which PHI leave, and which of them the accounting has to list.",
        graph.as_of,
        tuple(sheets),
        tuple(dict.fromkeys(questions)),
    )


def _entry(graph: SystemGraph, owner: str, way: Way) -> Entry:
    found = uses_on(graph, way)
    data = tuple(Item(named(graph, d), graph.model.span(graph.model.data[d].at)) for d in way.data)
    cells = (data, way.path, shown(graph, found), accounted(graph, owner, way, found))
    return Entry(party_item(graph, way.party, "hipaa"), cells)


def _strangers(graph: SystemGraph, phi: tuple[str, ...]) -> list[Entry]:
    """Actors without a party that are sent PHI which are not about them."""
    found = []
    for element, value in enumerate(graph.values):
        if not isinstance(value, Actor) or value.party is not None:
            continue
        arriving = [(f, graph.flows[f].sends) for f in graph.flows_in[element]]
        arriving += [(f, graph.flows[f].returns) for f in graph.flows_out[element]]
        flows = {
            f: [d for d in ids or () if d in phi and value.id not in _about(graph, d)] for f, ids in arriving
        }
        data = {d for ids in flows.values() for d in ids}
        if data:
            span = graph.model.span(value.at)
            path = tuple(
                Item(f"`{graph.flows[f].id}`", graph.model.span(graph.flows[f].at))
                for f, ids in flows.items()
                if ids
            )
            names = tuple(d for d in graph.model.data if d in data)
            used = uses(graph, value.id, names)
            phi_sent = tuple(Item(named(graph, d), graph.model.span(graph.model.data[d].at)) for d in names)
            ask = unsaid(f"for whom does `{value.id}` work?", span)
            cells = (phi_sent, (*path, ask), shown(graph, used), accounted_to(graph, value, used))
            found.append(Entry(Item(value.title or value.id, span), cells))
    return found


def _about(graph: SystemGraph, name: str) -> frozenset[str]:
    return frozenset(said(graph, name, "subjects").words)
