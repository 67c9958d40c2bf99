"""The chain of business associates under HIPAA: every party that PHI reach, with its agreement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from threatmodel.graph import SystemGraph
from threatmodel.model import Party
from threatmodel.records.data import data_items
from threatmodel.records.disclosure_paths import DisclosurePath, disclosure_paths
from threatmodel.records.gdpr.transfers import open_flows
from threatmodel.records.hipaa.limited_data_sets import identifying
from threatmodel.records.hipaa.phi import perhaps_phi, phi_of
from threatmodel.records.hipaa.uses import ASSOCIATES, Use, uses_cell, uses_on, words
from threatmodel.records.parties import (
    agreement_item,
    agreements,
    in_force,
    party_at,
    party_item,
    party_name,
)
from threatmodel.records.record import Cell, Entry, Item, Part, Record, Sheet, question, record
from threatmodel.records.roles import roles_to_declare, under_hipaa

_TREATMENT: Final = "a disclosure to a provider for treatment (164.502(e)(1)(ii)(A))"
_GROUNDS: Final = {
    "required-by-law": "required by law (164.512(a))",
    "public-interest": "public interest (164.512(b) to (l))",
    "individual": "at the request of the individual (164.502(a)(1)(i), 164.524(c)(3)(ii))",
    "authorization": "under an authorization (164.508)",
}
_KINDS: Final = {"baa": "an agreement", "dua": "a data use agreement (164.514(e)(4))"}
_PLANS: Final = frozenset({"health-plan", "group-health-plan"})
_COLUMNS: Final = ("Party", "PHI", "Path", "Used for", "Agreement with", "State", "Agreement")


def associates(graph: SystemGraph) -> Record:
    """For each own party under HIPAA every other party that PHI reach, subcontractors among them."""
    return record(
        "Business associates",
        "HIPAA: who gets at PHI, on which way, and under which agreement.",
        graph.as_of,
        roles_to_declare(graph, "hipaa"),
        (_part(graph, party) for party in under_hipaa(graph)),
    )


def _part(graph: SystemGraph, party: Party) -> Part:
    sheet = Sheet(
        f"Parties that get PHI of {party_name(graph, party.id)}",
        "A business associate needs an agreement with us, a subcontractor one with the business "
        "associate that engages it (164.308(b), 164.502(e), 164.504(e)). Who does nothing for us and "
        "gets PHI on a ground of its own needs none.",
        _COLUMNS,
        tuple(_entry(graph, party, path) for path in disclosure_paths(graph, party.id, phi_of(graph, party))),
        "As declared, no PHI reach another party.",
    )
    return Part((sheet,), (*perhaps_phi(graph, party), *open_flows(graph)))


def _entry(graph: SystemGraph, owner: Party, path: DisclosurePath) -> Entry:
    counterpart = path.through[-1] if path.through else owner.id
    found = uses_on(graph, path)
    asking = _uses_needing_agreement(graph, path, found)
    if asking:
        kind = "dua" if asking == {"limited-data-set"} else "baa"
        with_ = party_item(graph, counterpart, "hipaa")
        state, agreement = _standing(graph, owner, path, counterpart, kind)
        agreement += identifying(graph, path.data) if kind == "dua" else ()
    else:
        with_ = Item(f"nobody: {', '.join(words(found))}")
        state, agreement = _needless(graph, path, found)
    title = party_item(graph, path.party, "hipaa")
    return Entry(
        title,
        (data_items(graph, path.data), path.hops, uses_cell(graph, found), (with_,), (state,), agreement),
    )


def _uses_needing_agreement(graph: SystemGraph, path: DisclosurePath, found: Sequence[Use]) -> set[str]:
    """The uses that ask for an agreement.

    Whoever does something for us is a business associate, whatever the use (160.103): who says so, or has an
    agreement and does not say what it is, has no exception but that for treatment by a provider.
    """
    party = graph.model.parties[path.party]
    roles = frozenset(party.hipaa or ())
    if words(found).keys() == {"treatment"} and "provider" in roles:
        return set()
    bound = ASSOCIATES & roles or (party.hipaa is None and party.agreements)
    return {word for word in words(found) if bound or _ground(word, roles) is None}


def _ground(word: str, roles: frozenset[str]) -> str | None:
    if word == "treatment":
        return _TREATMENT if "provider" in roles else None
    if word == "payment":
        return "payment, to a health plan (164.506(c))" if _PLANS & roles else None
    return _GROUNDS.get(word)


def _needless(graph: SystemGraph, path: DisclosurePath, found: Sequence[Use]) -> tuple[Item, Cell]:
    """The state where no use asks for an agreement: who does not say what it is may still work for us."""
    party = graph.model.parties[path.party]
    at = party_at(graph, party.id, "hipaa")
    if party.hipaa is None:
        ask = f"what is {party_name(graph, party.id)} (`{party.id}`) under HIPAA: does it do this for us?"
        return Item("not known", at), (question(ask, at),)
    grounds = (_ground(word, frozenset(party.hipaa)) for word in words(found))
    return Item(f"none needed: {'; '.join(g for g in grounds if g)}", at), ()


def _standing(
    graph: SystemGraph, owner: Party, path: DisclosurePath, counterpart: str, kind: str
) -> tuple[Item, Cell]:
    """How the agreement of a kind (`baa`, `dua`) with the party that gives the data stands."""
    party = graph.model.parties[path.party]
    at = party_at(graph, party.id, "agreements")
    found = agreements(graph, party.id, (kind,), {counterpart, owner.id})
    if not graph.model.parties[counterpart].own:
        found += agreements(graph, counterpart, (kind,), {party.id})
    what = _KINDS[kind]
    if not found:
        if party.agreements is None:
            ask = f"is there {what} with {party_name(graph, party.id)} (`{party.id}`)?"
            return Item("not known", at), (question(ask, party_at(graph, party.id)),)
        return Item(f"no {what.partition(' ')[2]}", at), (Item("none", at),)
    counting = [a for a in found if in_force(a, graph.as_of)]
    listed = [agreement_item(graph, a) for a in (counting or found)]
    if not counting:
        return Item("no agreement in force", at), tuple(listed)
    if not any(a.counterpart == counterpart for a in counting) and path.through:
        return Item(f"agreement in force, but not with {party_name(graph, counterpart)}", at), tuple(listed)
    name = party_name(graph, party.id)
    for a in counting:
        span = graph.model.span(a.at)
        if a.date is None:
            listed.append(question(f"since when is the agreement with {name} in force?", span))
        if a.ref is None:
            listed.append(question(f"where is the agreement with {name} filed?", span))
    return Item("agreement in force", at), tuple(listed)
