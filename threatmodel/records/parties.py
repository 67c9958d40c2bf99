"""Parties as a record names them: title, role, contacts, agreements in force."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from threatmodel.errors import Span
from threatmodel.graph import SystemGraph
from threatmodel.model import Agreement, Party
from threatmodel.records.record import Item, question

AGREEMENTS: Final = {
    "dpa": "data processing agreement",
    "baa": "business associate agreement",
    "dua": "data use agreement",
    "joint-controller": "joint controller arrangement",
    "scc": "standard contractual clauses",
    "bcr": "binding corporate rules",
    "adequacy": "adequacy decision",
    "code-of-conduct": "code of conduct",
    "certification": "certification under Article 42",
    "derogation": "derogation under Article 49",
    "other": "other agreement",
}

_RELIED_ON: Final = ("adequacy", "derogation")


def own_parties(graph: SystemGraph) -> Iterator[Party]:
    """The own parties, in the order of the file; one that nobody declared is among them."""
    return (p for p in graph.model.parties.values() if p.own)


def party_name(graph: SystemGraph, party: str) -> str:
    """The title of a party, else its id."""
    if not party:
        return "the organisation whose system this is"
    return graph.model.parties[party].title or party


def party_at(graph: SystemGraph, party: str, key: str | None = None) -> Span | None:
    """Where a party, or a key of it, is written; nowhere for the one that nobody declared."""
    at = graph.model.parties[party].at
    if not at:
        return None
    return graph.model.span(at, key if key and graph.model.declares(at, key) else None)


def in_force(agreement: Agreement, day: str) -> bool:
    """Whether an agreement counts on a day."""
    return not (agreement.until and agreement.until < day) and not (agreement.date and agreement.date > day)


def agreements(
    graph: SystemGraph, party: str, types: Collection[str], counterparts: Collection[str]
) -> tuple[Agreement, ...]:
    """The agreements of a party of some types with some counterparts, in force or not."""
    found = graph.model.parties[party].agreements or ()
    return tuple(a for a in found if a.type in types and a.counterpart in counterparts)


def agreements_between(
    graph: SystemGraph, party: str, types: Collection[str], owner: str, before: Collection[str]
) -> tuple[Agreement, ...]:
    """The agreements of a recipient with an own party, or with those that had the data before.

    One between two own parties stands on either of them.
    """
    found = agreements(graph, party, types, {owner, *before})
    if not graph.model.parties[party].own:
        return found
    return (*found, *agreements(graph, owner, types, {party}))


def agreement_item(graph: SystemGraph, agreement: Agreement) -> Item:
    """An agreement in words: what, with whom, since when, until when, where it is filed."""
    name = party_name(graph, agreement.counterpart or "")
    if agreement.type in _RELIED_ON:  # a decision of others, or a rule of the law: nobody agrees on it
        parts = [f"{AGREEMENTS[agreement.type]}, relied on by {name}"]
        parts.append(f"since {agreement.date}" if agreement.date else "without a date")
    else:
        parts = [f"{AGREEMENTS[agreement.type]} with {name}"]
        parts.append(f"of {agreement.date}" if agreement.date else "without a date")
    if agreement.until:
        ended = "ended on" if agreement.until < graph.as_of else "until"
        parts.append(f"{ended} {agreement.until}")
    if agreement.ref:
        parts.append(f"({agreement.ref})")
    text = " ".join(parts)
    if agreement.assessment:
        text += f", transfer impact assessment {agreement.assessment}"
    return Item(text, graph.model.span(agreement.at))


def contact(graph: SystemGraph, party: Party, key: str, ask: str) -> tuple[Item, ...]:
    """A contact of a party, else the question for it."""
    found = (party.contacts or {}).get(key)
    if found:
        return (Item(found, graph.model.span((*party.at, "contacts"), key)),)
    return (question(ask, party_at(graph, party.id, "contacts")),)


def party_item(graph: SystemGraph, party: str, law: str) -> Item:
    """A party with what it says it is under a law (`gdpr`, `hipaa`)."""
    declared = getattr(graph.model.parties[party], law)
    words = [declared] if isinstance(declared, str) else list(declared or ())
    role = ", ".join(w.replace("-", " ") for w in words if w != "none")
    return Item(party_name(graph, party) + (f" ({role})" if role else ""), party_at(graph, party))


def role_asked(graph: SystemGraph, party: Party) -> Item:
    """The question what a party is under the GDPR."""
    text = f"what is {party_name(graph, party.id)} (`{party.id}`) under the GDPR?"
    return question(text, party_at(graph, party.id))
