"""For whom an own processor works, and who works for it: the names in a record under Article 30(2)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from threatmodel.graph import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.model import Agreement, Party
from threatmodel.records.data import is_personal
from threatmodel.records.disclosure_paths import DisclosurePath
from threatmodel.records.parties import (
    agreements,
    contact,
    in_force,
    party_at,
    party_item,
    party_name,
    role_asked,
)
from threatmodel.records.record import Cell, Item, question

_CONTROLLERS: Final = ("controller", "joint-controller")


def on_whose_behalf(graph: SystemGraph, party: Party) -> Cell:
    """The controllers for which a processor works, and what is open about them (Article 30(2)(a)).

    A controller has a data processing agreement with it, whichever of the two names it, or gives it personal
    data. Where another processor engages it, the controllers of that one stand behind it (Article 28(4)).
    """
    items = [i for c in _controllers(graph, party) for i in _controller(graph, party, c)]
    items += [role_asked(graph, p) for p in _silent(graph) if _gives(graph, p, party)]
    items += [i for p in _engaging(graph, party) for i in _through(graph, party, p)]
    ask = f"for which controllers does {party_name(graph, party.id)} process data?"
    return tuple(items) or (question(ask, party_at(graph, party.id)),)


def sub_processors(graph: SystemGraph, party: Party, paths: Sequence[DisclosurePath]) -> Cell:
    """The processors that a processor engages, with the contract or the question for it (Article 28(4))."""
    items: list[Item] = []
    for other in _processors(graph, party):
        chain = {
            p for path in paths if path.party == other.id for p in (party.id, *path.through)
        }  # that lead to it
        bound = _agreement(graph, party, other)
        if not bound and not chain:
            continue
        name = party_name(graph, other.id)
        items.append(Item(name, graph.model.span(bound.at) if bound else party_at(graph, other.id)))
        if not bound and not any(_agreement(graph, graph.model.parties[p], other) for p in chain):
            ask = f"under which contract does {name} (`{other.id}`) process data (Article 28(4))?"
            items.append(question(ask, party_at(graph, other.id, "agreements")))
    return tuple(items) or (Item("none"),)


def other_recipients(graph: SystemGraph, party: Party, paths: Sequence[DisclosurePath]) -> Cell:
    """Whoever else gets the data: no processor that it engages, nobody for whom it works."""
    known = {p.id for p in (*_controllers(graph, party), *_engaging(graph, party))}
    known |= {p.id for p in _processors(graph, party)}
    others = {path.party for path in paths} - known
    items = [party_item(graph, p, "gdpr") for p in graph.model.parties if p in others]
    items += [role_asked(graph, p) for p in _silent(graph) if p.id in others]
    return tuple(items) or (Item("none"),)


def representative(graph: SystemGraph, party: Party) -> Cell:
    """The representative in the Union of a party that is not established there (Article 27)."""
    found = (party.contacts or {}).get("representative")
    if found:
        return (Item(found, graph.model.span((*party.at, "contacts"), "representative")),)
    if party.jurisdiction is None or graph.kinds.jurisdictions.eea.intersection(party.jurisdiction):
        return ()
    ask = f"who represents {party_name(graph, party.id)} in the Union, if Article 27 asks for it?"
    return (question(ask, party_at(graph, party.id, "contacts")),)


def _controllers(graph: SystemGraph, party: Party) -> Iterator[Party]:
    others = (p for p in graph.model.parties.values() if p.id != party.id and p.gdpr in _CONTROLLERS)
    return (p for p in others if _agreement(graph, party, p) or _gives(graph, p, party))


def _silent(graph: SystemGraph) -> Iterator[Party]:
    """The parties of others that do not say what they are under the GDPR."""
    return (p for p in graph.model.parties.values() if p.gdpr is None and not p.own)


def _processors(graph: SystemGraph, party: Party) -> Iterator[Party]:
    """The other processors, save those that engage this one."""
    engaging = {p.id for p in _engaging(graph, party)}
    for other in graph.model.parties.values():
        if other.gdpr == "processor" and other.id not in (party.id, *engaging):
            yield other


def _engaging(graph: SystemGraph, party: Party) -> Iterator[Party]:
    """The processors for which a processor works."""
    for other in graph.model.parties.values():
        if other.id != party.id and other.gdpr == "processor" and _engages(graph, other, party):
            yield other


def _controller(graph: SystemGraph, party: Party, controller: Party) -> Iterator[Item]:
    name, at = party_name(graph, controller.id), party_at(graph, controller.id)
    bound = _agreement(graph, party, controller)
    if bound:
        yield Item(name, graph.model.span(bound.at))
    else:
        yield Item(f"{name}: gives it personal data; no data processing agreement is in force", at)
        ours = party_name(graph, party.id)
        yield question(f"does {ours} process data for {name}, and by which contract (Article 28(3))?", at)
    yield from contact(graph, controller, "privacy", f"whom does one write to at {name} about privacy?")
    yield from representative(graph, controller)


def _through(graph: SystemGraph, party: Party, engaging: Party) -> Iterator[Item]:
    """The controllers behind a processor: those of an own one are known, another one is asked for them."""
    name = party_name(graph, engaging.id)
    found = tuple(_controllers(graph, engaging)) if engaging.own else ()
    for controller in found:
        yield Item(f"{party_name(graph, controller.id)}, through {name}", party_at(graph, controller.id))
    if not found:
        ask = f"for which controllers does {name} engage {party_name(graph, party.id)}?"
        yield question(ask, party_at(graph, engaging.id))


def _engages(graph: SystemGraph, one: Party, other: Party) -> bool:
    """Whether one of two processors with an agreement between them engages the other.

    It does when it gives the other personal data and gets none. Where they go both ways, or none are drawn,
    the party on which the agreement stands works for its counterpart.
    """
    bound = _agreement(graph, one, other)
    if not bound:
        return False
    gives, gets = _gives(graph, one, other), _gives(graph, other, one)
    return gives if gives != gets else bound.counterpart == one.id


def _agreement(graph: SystemGraph, one: Party, other: Party) -> Agreement | None:
    """A data processing agreement in force between two parties, whichever of them names it."""
    found = agreements(graph, one.id, ("dpa",), {other.id}) + agreements(graph, other.id, ("dpa",), {one.id})
    return next((a for a in found if in_force(a, graph.as_of)), None)


def _gives(graph: SystemGraph, giver: Party, taker: Party) -> bool:
    """Whether personal data of a party go straight to another one, or lie on its machines."""
    data = data_map(graph)
    for element, operator in enumerate(graph.element_party):
        on_its_machines = operator == giver.id and taker.id in data.handlers(element)
        if on_its_machines and _personal(graph, data.element(element).ids):
            return True
    for i, flow in enumerate(graph.flows):
        ends = graph.element_party[graph.flow_source[i]], graph.element_party[graph.flow_target[i]]
        if ends == (giver.id, taker.id) and _personal(graph, flow.sends or ()):
            return True
        if ends == (taker.id, giver.id) and _personal(graph, flow.returns or ()):
            return True
    return False


def _personal(graph: SystemGraph, data: Collection[str]) -> bool:
    return any(is_personal(graph, name) for name in data)
