"""Which types of agreement with a party count: in force, with those that need them, fit for its country."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from threatmodel.facts.disclosures import has_personal, needed_with
from threatmodel.facts.phi import has_health
from threatmodel.graph.build import SystemGraph
from threatmodel.logic.kleene import all_of
from threatmodel.logic.values import Members
from threatmodel.model import Agreement, Party

_HIPAA: Final = ("baa", "dua")
_CONTRACTS: Final = (*_HIPAA, "dpa")


def agreed(graph: SystemGraph, party: Party, sure: Collection[Party], perhaps: Collection[Party]) -> Members:
    """The types of agreement with a party that count on the day of the assessment, certain and possible.

    Each with which it deals needs an agreement of its own, if the law that the agreement is for concerns it:
    the own parties that give it such data, or the party through which alone it gets them, such as the
    business associate of a subcontractor. Where nobody is seen to give it any, those are asked whose data it
    has (`sure`), or may have (`perhaps`). Adequacy counts where a decision on the country is in force.
    """
    if party.agreements is None:
        return Members(frozenset(), None)
    found = [a for a in party.agreements if _in_force(a, graph.as_of)]
    types = {}
    for name in {a.type for a in found}:
        with_ = needed_with(graph, party.id, has_health if name in _HIPAA else has_personal)
        needed = (sure, perhaps) if with_.none or party.own else with_
        types[name] = _bound(graph, [a for a in found if a.type == name], *needed)
    return _members(graph, party, types, False)


def _members(graph: SystemGraph, party: Party, types: dict[str, bool | None], open_: bool) -> Members:
    """The types that count, and those that may; with `open_` there may be others that nobody listed."""
    if types.get("derogation"):
        types["derogation"] = None  # for specific situations only (Article 49): nobody sees that this is one
    if "adequacy" in types:
        types["adequacy"] = all_of((types["adequacy"], _decided(graph, party)))
    certain = frozenset(name for name, counts in types.items() if counts)
    possible = certain.union(name for name, counts in types.items() if counts is None)
    return Members(certain, None if open_ else possible)


def agreed_between(
    graph: SystemGraph, party: Party, sure: Collection[Party], perhaps: Collection[Party]
) -> Members:
    """The types of agreement between an own party and others of ours, whichever of them names it."""
    others = (*sure, *perhaps)
    found = [a for a in party.agreements or () if a.counterpart in {p.id for p in others}]
    for p in others:
        theirs = (a for a in p.agreements or () if a.counterpart == party.id)
        found += (a._replace(counterpart=p.id) for a in theirs)
    found = [a for a in found if _in_force(a, graph.as_of)]
    types = {a.type: _each(graph, [b for b in found if b.type == a.type], sure, perhaps) for a in found}
    return _members(graph, party, types, party.agreements is None)


def _in_force(agreement: Agreement, day: str) -> bool:
    return not (agreement.until and agreement.until < day) and not (agreement.date and agreement.date > day)


def _bound(
    graph: SystemGraph, found: list[Agreement], sure: Collection[Party], perhaps: Collection[Party]
) -> bool | None:
    """Whether agreements of one type bind the party to everyone who needs them.

    A transfer mechanism with an own party does, too, where another party passes the data on.
    """
    ours = any(a.counterpart in graph.own for a in found)
    if ours and found[0].type not in _CONTRACTS and not any(p.own for p in (*sure, *perhaps)):
        return True
    return _each(graph, found, sure, perhaps)


def _each(
    graph: SystemGraph, found: list[Agreement], sure: Collection[Party], perhaps: Collection[Party]
) -> bool | None:
    """Whether agreements of one type are with each of several own parties that the law may ask it of."""
    counterparts = {a.counterpart for a in found}
    lacking = {_concerns(found[0].type, p) for p in sure if p.id not in counterparts}
    if True in lacking:
        return False
    doubtful = {_concerns(found[0].type, p) for p in perhaps if p.id not in counterparts}
    return True if {*lacking, *doubtful} <= {False} else None


def _concerns(name: str, party: Party) -> bool | None:
    """Whether an own party can need a type of agreement, by the roles that it states."""
    if name == "other":
        return False
    if name in _HIPAA:
        return None if party.hipaa is None else party.hipaa != ("none",)
    return None if party.gdpr is None else party.gdpr != "none"


def _decided(graph: SystemGraph, party: Party) -> bool | None:
    """Whether decisions of the Commission in force speak of every country of a party outside the EEA."""
    if party.jurisdiction is None:
        return None
    known = graph.kinds.jurisdictions
    outside = [c for c in party.jurisdiction if c not in known.eea]
    return all(c in known.adequacy and known.adequacy[c].in_force(graph.as_of) for c in outside)
