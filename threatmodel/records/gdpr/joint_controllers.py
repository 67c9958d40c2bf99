"""Joint controllers of an own controller: who shares its data, and under which arrangement (Article 26)."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.graph import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.model import Party
from threatmodel.records.data import personal_of
from threatmodel.records.parties import agreements, in_force, party_at, party_name
from threatmodel.records.record import Cell, Item, question


def joint_controllers(graph: SystemGraph, party: Party) -> Cell:
    """The joint controllers that get personal data of a party, or have an arrangement with it.

    Without an arrangement in force it is asked for, as is with whom a party that says so is one.
    """
    items = tuple(i for other in graph.model.parties.values() for i in _joint(graph, party, other))
    if not items and party.gdpr == "joint-controller":
        ask = f"with whom is {party_name(graph, party.id)} a joint controller?"
        return (question(ask, party_at(graph, party.id, "gdpr")),)
    return items or (Item("none declared"),)


def _joint(graph: SystemGraph, party: Party, other: Party) -> Iterator[Item]:
    if other.id in ("", party.id):
        return
    arranged = _arranged(graph, party, other)
    shared = data_map(graph).party(other.id).ids.intersection(personal_of(graph, party.id))
    if not arranged and not (other.gdpr == "joint-controller" and shared):
        return
    name = party_name(graph, other.id)
    yield Item(name, party_at(graph, other.id))
    if not arranged:
        ask = f"which arrangement under Article 26(1) is there with {name} (`{other.id}`)?"
        yield question(ask, party_at(graph, other.id, "agreements"))


def _arranged(graph: SystemGraph, one: Party, other: Party) -> bool:
    found = agreements(graph, one.id, ("joint-controller",), {other.id})
    found += agreements(graph, other.id, ("joint-controller",), {one.id})
    return any(in_force(a, graph.as_of) for a in found)
