"""Transfers under Chapter V of the GDPR: every way out of the EEA, with the mechanism that covers it."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from threatmodel.graph import SystemGraph
from threatmodel.kinds import Adequacy
from threatmodel.model import Agreement, Party
from threatmodel.records.data import data_items, of_unknown_category, personal_of
from threatmodel.records.disclosure_paths import DisclosurePath, disclosure_paths
from threatmodel.records.parties import (
    agreement_item,
    agreements_between,
    in_force,
    party_at,
    party_item,
    party_name,
)
from threatmodel.records.record import Cell, Entry, Item, Part, Record, Sheet, question, record
from threatmodel.records.roles import doubtful_roles, under_gdpr

MECHANISMS: Final = ("adequacy", "scc", "bcr", "code-of-conduct", "certification", "derogation")
_COLUMNS: Final = ("Recipient", "Country", "Data", "Path", "Through", "Status", "Mechanism", "Legal ground")
_ARTICLES: Final = {
    "adequacy": "Article 45",
    "scc": "Article 46(2)(c)",
    "bcr": "Article 46(2)(b) with Article 47",
    "code-of-conduct": "Article 46(2)(e)",
    "certification": "Article 46(2)(f)",
    "derogation": "Article 49: for specific situations, not for what is done every day",
}

Standing = Literal["adequacy decision", "mechanism named", "derogation claimed", "no mechanism", "not known"]


class Transfer(NamedTuple):
    """One way out of the EEA and what it rests on; `mechanism` is empty where a whole country is adequate."""

    path: DisclosurePath
    standing: Standing
    countries: Cell
    mechanism: Cell
    ground: Cell


def transfers(graph: SystemGraph) -> Record:
    """The transfers of every own party under the GDPR, each with the path and the mechanism."""
    known = graph.kinds.jurisdictions
    about = "Every way on which personal data reach a party outside the EEA (GDPR, Articles 44 to 49)."
    if known.checked:
        about += f" Adequacy decisions as of {known.checked}, from: {known.source}."
    parts = (_part(graph, party) for party in under_gdpr(graph))
    return record("Transfers to third countries", about, graph.as_of, doubtful_roles(graph), parts)


def _part(graph: SystemGraph, party: Party) -> Part:
    sheet = Sheet(
        f"Transfers of {party_name(graph, party.id)}",
        "A region of a data centre says where machines stand, not under whose law their provider is: "
        "what counts here is the jurisdiction of every party that gets at the data.",
        _COLUMNS,
        tuple(_entry(graph, t) for t in transfers_of(graph, party.id)),
        "As declared, no personal data reach a party outside the EEA.",
    )
    return Part((sheet,), (*of_unknown_category(graph, party.id), *open_flows(graph)))


def transfers_of(graph: SystemGraph, party: str) -> tuple[Transfer, ...]:
    """The transfers of one own party, and the onward ones of all but the other own parties.

    The exporter is who discloses (EDPB Guidelines 05/2021): what such a party passes on stands in its record.
    """
    others = {p.id for p in under_gdpr(graph) if p.id not in ("", party)}
    paths = disclosure_paths(graph, party, personal_of(graph, party), others)
    found = (_transfer(graph, party, path) for path in paths)
    return tuple(t for t in found if t is not None)


def open_flows(graph: SystemGraph) -> tuple[Item, ...]:
    """A question for each flow to or from another party that does not say what it carries."""
    items = []
    for i, flow in enumerate(graph.flows):
        parties = {graph.element_party[e] for e in (graph.flow_source[i], graph.flow_target[i])}
        if (flow.sends is None or flow.returns is None) and parties - graph.own - {None}:
            items.append(question(f"which data does `{flow.id}` carry?", graph.model.span(flow.at)))
    return tuple(items)


def _transfer(graph: SystemGraph, owner: str, path: DisclosurePath) -> Transfer | None:
    party = graph.model.parties[path.party]
    if party.jurisdiction is None:
        ask = question(
            f"under whose law is {party_name(graph, party.id)} (`{party.id}`)?", party_at(graph, party.id)
        )
        return Transfer(path, "not known", (ask,), (), ())
    known = graph.kinds.jurisdictions
    words = {c: known.protection(c, graph.as_of) for c in party.jurisdiction}
    outside = [c for c, protection in words.items() if protection != "eea"]
    if not outside:
        return None
    span = party_at(graph, party.id, "jurisdiction")
    countries = tuple(Item(c, span) for c in outside)
    if all(words[c] == "adequate" for c in outside):
        ground = tuple(Item(text) for c in outside for text in _decided(known.adequacy[c]))
        return Transfer(path, "adequacy decision", countries, (), ground)
    return _by_mechanism(graph, owner, path, countries)


def _decided(decision: Adequacy) -> tuple[str, ...]:
    """A decision of the Commission on a whole country in words, then what to know of it."""
    end = f", until {decision.until}" if decision.until else ""
    text = f"Article 45, on {decision.country} since {decision.since}: decision {decision.decision}{end}"
    return (text, *_reserved(decision))


def _reserved(decision: Adequacy) -> tuple[str, ...]:
    """What a decision leaves out, and what else the list says of it."""
    out = [f"it does not cover {decision.leaves_out}: check that this is no such case"]
    return (*(out if decision.leaves_out else ()), *((decision.note,) if decision.note else ()))


def _by_mechanism(graph: SystemGraph, owner: str, path: DisclosurePath, countries: Cell) -> Transfer:
    party = graph.model.parties[path.party]
    declared = agreements_between(graph, party.id, MECHANISMS, owner, path.through)
    if party.agreements is None and not declared:
        ask = question(
            f"which transfer mechanism covers {party_name(graph, party.id)} (`{party.id}`)?",
            party_at(graph, party.id),
        )
        return Transfer(path, "not known", countries, (ask,), _offered(graph, countries))
    counting = [a for a in declared if in_force(a, graph.as_of) and _fits(graph, a, countries)]
    if not counting:
        void = tuple(_why_void(graph, a) for a in declared)
        none = Item("none", party_at(graph, party.id, "agreements"))
        return Transfer(path, "no mechanism", countries, void or (none,), _offered(graph, countries))
    mechanism: list[Item] = []
    for a in counting:
        mechanism.append(agreement_item(graph, a))
        mechanism += _open_points(graph, a, party_name(graph, party.id), countries)
    ground = tuple(Item(text) for a in counting for text in _ground(graph, a, countries))
    claimed = all(a.type == "derogation" for a in counting)
    return Transfer(
        path, "derogation claimed" if claimed else "mechanism named", countries, tuple(mechanism), ground
    )


def _fits(graph: SystemGraph, agreement: Agreement, countries: Cell) -> bool:
    """Whether an agreement can carry a transfer there: adequacy needs a decision that is in force."""
    if agreement.type != "adequacy":
        return True
    known = graph.kinds.jurisdictions.adequacy
    return all(c.text in known and known[c.text].in_force(graph.as_of) for c in countries)


def _why_void(graph: SystemGraph, agreement: Agreement) -> Item:
    item = agreement_item(graph, agreement)
    if in_force(agreement, graph.as_of):
        return item._replace(text=f"{item.text}: no adequacy decision in force is known for that country")
    return item._replace(text=f"{item.text}: not in force on {graph.as_of}")


def _offered(graph: SystemGraph, countries: Cell) -> Cell:
    """Decisions in force that would cover a transfer if the recipient is one of those that they are for."""
    known = graph.kinds.jurisdictions.adequacy
    found = [known[c.text] for c in countries if c.text in known and known[c.text].in_force(graph.as_of)]
    return tuple(
        Item(
            f"none; decision {d.decision} covers {d.covers} only: if it is one, say so with `type: adequacy`"
        )
        for d in found
        if d.covers
    )


def _open_points(graph: SystemGraph, agreement: Agreement, name: str, countries: Cell) -> tuple[Item, ...]:
    span = graph.model.span(agreement.at)
    points = []
    if agreement.date is None:
        points.append(question(f"since when is the mechanism for {name} in force?", span))
    if agreement.type in ("scc", "bcr") and agreement.assessment is None:
        points.append(question(f"where is the transfer impact assessment for {name}?", span))
    if agreement.type == "derogation" and agreement.ref is None:
        points.append(question(f"which situation of Article 49(1) is the transfer to {name}?", span))
    if agreement.type == "adequacy" and agreement.ref is None:
        known = graph.kinds.jurisdictions.adequacy
        limited = [known[c.text] for c in countries if known[c.text].covers]
        points += (question(f"what shows that {name} is one of the {d.covers}?", span) for d in limited)
    return tuple(points)


def _ground(graph: SystemGraph, agreement: Agreement, countries: Cell) -> tuple[str, ...]:
    if agreement.type != "adequacy":
        return (_ARTICLES[agreement.type],)
    decisions = [graph.kinds.jurisdictions.adequacy[c.text] for c in countries]
    words = [
        f"decision {d.decision}"
        + (f", which covers {d.covers} only: check that it is one" if d.covers else "")
        for d in decisions
    ]
    return (f"Article 45: {'; '.join(words)}", *(text for d in decisions for text in _reserved(d)))


def _entry(graph: SystemGraph, transfer: Transfer) -> Entry:
    path = transfer.path
    through = tuple(Item(party_name(graph, p), party_at(graph, p)) for p in path.through)
    return Entry(
        party_item(graph, path.party, "gdpr"),
        (
            transfer.countries,
            data_items(graph, path.data),
            path.hops,
            through or (Item("directly"),),
            (Item(transfer.standing, party_at(graph, path.party)),),
            transfer.mechanism or (Item("not needed"),),
            transfer.ground or (Item("none"),),
        ),
    )
