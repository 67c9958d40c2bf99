"""Accounting of disclosures under 164.528: which PHI leave an own party, to whom and for which use."""

from __future__ import annotations

from typing import Final

from threatmodel.graph import SystemGraph
from threatmodel.model import Actor, Party
from threatmodel.records.data import data_items, declaration
from threatmodel.records.disclosure_paths import DisclosurePath, disclosure_paths
from threatmodel.records.gdpr.transfers import open_flows
from threatmodel.records.hipaa.accounting import accounted, accounted_to
from threatmodel.records.hipaa.phi import perhaps_phi, phi_of
from threatmodel.records.hipaa.uses import uses, uses_cell, uses_on
from threatmodel.records.parties import party_item, party_name
from threatmodel.records.record import Entry, Item, Part, Record, Sheet, question, record
from threatmodel.records.roles import roles_to_declare, under_hipaa

_COLUMNS: Final = ("Recipient", "PHI", "Path", "Used for", "In the accounting")


def disclosures(graph: SystemGraph) -> Record:
    """For each own party under HIPAA every way on which PHI leave it, and whether the accounting lists it."""
    return record(
        "Accounting of disclosures",
        "HIPAA, 164.528: the ways on which PHI leave, and which of them the accounting has to list.",
        graph.as_of,
        roles_to_declare(graph, "hipaa"),
        (_part(graph, party) for party in under_hipaa(graph)),
    )


def _part(graph: SystemGraph, party: Party) -> Part:
    phi = phi_of(graph, party)
    sheet = Sheet(
        f"Disclosures by {party_name(graph, party.id)}",
        "The ways are those of the model; the accounting itself lists each disclosure with its day.",
        _COLUMNS,
        (
            *(_entry(graph, party.id, path) for path in disclosure_paths(graph, party.id, phi)),
            *_strangers(graph, phi),
        ),
        "As declared, no PHI leave it.",
    )
    return Part((sheet,), (*perhaps_phi(graph, party), *open_flows(graph)))


def _entry(graph: SystemGraph, owner: str, path: DisclosurePath) -> Entry:
    found = uses_on(graph, path)
    cells = (
        data_items(graph, path.data),
        path.hops,
        uses_cell(graph, found),
        accounted(graph, owner, path, found),
    )
    return Entry(party_item(graph, path.party, "hipaa"), cells)


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
            ask = question(f"for whom does `{value.id}` work?", span)
            cells = (
                data_items(graph, names),
                (*path, ask),
                uses_cell(graph, used),
                accounted_to(graph, value, used),
            )
            found.append(Entry(Item(value.title or value.id, span), cells))
    return found


def _about(graph: SystemGraph, name: str) -> frozenset[str]:
    return frozenset(declaration(graph, name, "subjects").words)
