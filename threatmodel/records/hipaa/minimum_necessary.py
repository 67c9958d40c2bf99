"""Minimum necessary under HIPAA: who is sent which PHI, what they declare to need, and what goes beyond."""

from __future__ import annotations

from typing import Final

from threatmodel.facts.evidence import within_needs
from threatmodel.graph import SystemGraph
from threatmodel.model import Actor, Party
from threatmodel.records.data import declaration, named
from threatmodel.records.hipaa.phi import perhaps_phi, phi_of
from threatmodel.records.hipaa.uses import uses, words
from threatmodel.records.parties import party_item, party_name
from threatmodel.records.record import Entry, Item, Part, Record, Sheet, question, record
from threatmodel.records.roles import roles_to_declare, under_hipaa

_COLUMNS: Final = ("Who", "Operated by", "PHI it is sent", "PHI it needs", "Beyond its needs")
_TREATMENT: Final = "not limited: a disclosure to, or request by, a provider for treatment (164.502(b)(2)(i))"


def minimum_necessary(graph: SystemGraph) -> Record:
    """For each own party under HIPAA every element that PHI reach, against what it declares to need."""
    return record(
        "Minimum necessary",
        "HIPAA, 164.502(b) and 164.514(d): PHI that reach an element whose `needs` do not name them.",
        graph.as_of,
        roles_to_declare(graph, "hipaa"),
        (_part(graph, party) for party in under_hipaa(graph)),
    )


def _part(graph: SystemGraph, party: Party) -> Part:
    phi = phi_of(graph, party)
    elements = range(len(graph.elements))
    sheet = Sheet(
        f"PHI of {party_name(graph, party.id)}: sent and needed",
        "What an individual gets about themselves is left out (164.502(b)(2)(ii)). What is made of "
        "nothing but declared needs counts as needed.",
        _COLUMNS,
        tuple(_entry(graph, e, arriving) for e in elements if (arriving := _sent(graph, e, phi))),
        "As declared, no PHI are sent to anybody.",
    )
    return Part((sheet,), perhaps_phi(graph, party))


def _sent(graph: SystemGraph, element: int, phi: tuple[str, ...]) -> dict[str, int]:
    """The PHI that arrive at an element, each with the first flow that brings them."""
    found: dict[str, int] = {}
    value = graph.values[element]
    for flow in graph.flows_in[element]:
        found |= {d: flow for d in graph.flows[flow].sends or () if d in phi and d not in found}
    for flow in graph.flows_out[element]:
        found |= {d: flow for d in graph.flows[flow].returns or () if d in phi and d not in found}
    if isinstance(value, Actor):
        return {d: f for d, f in found.items() if value.id not in declaration(graph, d, "subjects").words}
    return found


def _entry(graph: SystemGraph, element: int, arriving: dict[str, int]) -> Entry:
    value = graph.values[element]
    span = graph.model.span(value.at)
    operator = graph.element_party[element]
    sent = tuple(Item(named(graph, d), graph.model.span(graph.flows[f].at)) for d, f in arriving.items())
    who = (party_item(graph, operator, "hipaa"),) if operator else (Item("nobody declared"),)
    title = Item(value.title or value.id, span)
    if value.needs is None:
        ask = question(f"which data does `{value.id}` need?", span)
        return Entry(title, (who, sent, (ask,), _exempt(graph, element, arriving) or (Item("not known"),)))
    at = graph.model.span(value.at, "needs") if graph.model.declares(value.at, "needs") else span
    needs = tuple(Item(named(graph, d), at) for d in value.needs) or (Item("none", at),)
    beyond = tuple(
        Item(named(graph, d), graph.model.span(graph.flows[f].at))
        for d, f in arriving.items()
        if not within_needs(graph, d, frozenset(value.needs))
    )
    exempt = _exempt(graph, element, arriving) if beyond else ()
    return Entry(title, (who, sent, needs, (*beyond, *exempt) or (Item("nothing"),)))


def _exempt(graph: SystemGraph, element: int, arriving: dict[str, int]) -> tuple[Item, ...]:
    """The treatment exception, for another provider's element that works for nothing else."""
    party = graph.element_party[element]
    if party is None or party in graph.own or "provider" not in (graph.model.parties[party].hipaa or ()):
        return ()
    found = uses(graph, graph.elements[element], tuple(arriving))
    return (Item(_TREATMENT, found[0].item.span),) if words(found).keys() == {"treatment"} else ()
