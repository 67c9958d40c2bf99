"""Facts about parties and purposes, and what the model as a whole says of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from threatmodel.facts.affiliates import givers
from threatmodel.facts.agreements import agreed, agreed_between
from threatmodel.facts.data_at import load_of
from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    SET,
    TRUE,
    WORDS,
    Place,
    Placing,
    boolean,
    fact,
    keys,
    nowhere,
    perhaps,
    word,
)
from threatmodel.facts.grouping import by_load
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.graph.subject import Subject
from threatmodel.logic.values import UNKNOWN, Members, Value
from threatmodel.model import Actor, Party, Purpose
from threatmodel.model.elements import Names

PARTY, PURPOSE, MODEL = ("party",), ("purpose",), ("model",)


_WIDE = (*MODEL, *PARTY, *PURPOSE, "flow", "service", "store", "actor", "boundary", "host", "data")


@fact(PARTY, BOOLEAN, absent="false", places=keys("own"))
def own(graph: SystemGraph, subject: Subject) -> Value:
    """Whether this is its system."""
    return boolean(_party(graph, subject).own)


@fact(PARTY, WORDS, absent="unknown", places=keys("gdpr"))
def gdpr(graph: SystemGraph, subject: Subject) -> Value:
    """Its role under the GDPR."""
    return word(_party(graph, subject).gdpr)


@fact(PARTY, SET, absent="unknown", places=keys("hipaa"))
def hipaa(graph: SystemGraph, subject: Subject) -> Value:
    """What it is under HIPAA."""
    return _set(_party(graph, subject).hipaa)


@fact(("party", "actor"), SET, absent="unknown", places=keys("jurisdiction"))
def jurisdiction(graph: SystemGraph, subject: Subject) -> Value:
    """The law it is subject to."""
    if subject.kind == "party":
        return _set(_party(graph, subject).jurisdiction)
    value = graph.values[graph.element_of(subject)]
    return _set(value.jurisdiction if isinstance(value, Actor) else None)


@fact(PARTY, SET, absent="unknown", places=keys("agreements"))
def agreements(graph: SystemGraph, subject: Subject) -> Value:
    """The types of agreement in force with it: with each own party that gives it such data, or with the party
    through which alone it gets them, if the law of that agreement concerns it; `adequacy` only where a
    decision on its country is in force, `derogation` never for certain."""
    several = len(_ours(graph)) > 1 and not _party(graph, subject).own
    return agreed(graph, _party(graph, subject), *(_concerned(graph, subject) if several else ((), ())))


def _own_places(key: str) -> Placing:
    """The key at each own party, those that are silent first."""

    def places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
        own = [p.at for _, p in sorted(graph.model.parties.items()) if p.own and p.at]
        silent = [at for at in own if not graph.model.declares(at, key)]
        return tuple((at, key) for at in (*silent, *(at for at in own if at not in silent)))

    return places


@fact(PARTY, SET, name="sister.gdpr", absent="unknown", places=_own_places("gdpr"))
def sister_gdpr(graph: SystemGraph, subject: Subject) -> Value:
    """Of an own party the roles under the GDPR of other own parties from which personal data reach it."""
    return _gdpr_roles(*givers(graph, _party(graph, subject).id))


@fact(PARTY, SET, name="sister.hipaa", absent="unknown", places=_own_places("hipaa"))
def sister_hipaa(graph: SystemGraph, subject: Subject) -> Value:
    """Of an own party what other own parties are under HIPAA from which personal data reach it."""
    return _hipaa_roles(*givers(graph, _party(graph, subject).id))


@fact(PARTY, SET, name="sister.agreements", absent="unknown", places=keys("agreements"))
def sister_agreements(graph: SystemGraph, subject: Subject) -> Value:
    """Of an own party the types of agreement in force with each of these, whichever of the two names it."""
    party = _party(graph, subject)
    return agreed_between(graph, party, *givers(graph, party.id)) if party.own else _set(())


@fact(PARTY, BOOLEAN, absent="unknown", places=nowhere)
def receives_data(graph: SystemGraph, subject: Subject) -> Value:
    """Whether declared data reach it."""
    load = data_map(graph).party(graph.id_of(subject))
    return TRUE if load.ids else UNKNOWN if load.open else FALSE


@fact(PURPOSE, WORDS, absent="unknown", places=keys("legal_basis"))
def legal_basis(graph: SystemGraph, subject: Subject) -> Value:
    """The legal basis under Article 6."""
    return word(_purpose(graph, subject).legal_basis)


@fact(PURPOSE, WORDS, absent="unknown", places=keys("condition"))
def condition(graph: SystemGraph, subject: Subject) -> Value:
    """The condition under Article 9 for special categories."""
    return word(_purpose(graph, subject).condition)


@fact(PURPOSE, WORDS, absent="unknown", places=keys("hipaa_use"))
def hipaa_use(graph: SystemGraph, subject: Subject) -> Value:
    """The permitted use under HIPAA."""
    return word(_purpose(graph, subject).hipaa_use)


@fact(PURPOSE, BOOLEAN, absent="unknown", places=keys("automated_decision"))
def automated_decision(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it decides about people automatically."""
    return perhaps(_purpose(graph, subject).automated_decision)


@fact(PURPOSE, BOOLEAN, absent="unknown", places=keys("large_scale"))
def large_scale(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it works on a large scale."""
    return perhaps(_purpose(graph, subject).large_scale)


@fact(_WIDE, SET, name="own.gdpr", absent="unknown", places=_own_places("gdpr"), groups=by_load)
def own_gdpr(graph: SystemGraph, subject: Subject) -> Value:
    """The roles of our parties under the GDPR; of several, of those whose data it has or is for."""
    return _gdpr_roles(*_concerned(graph, subject))


@fact(_WIDE, SET, name="own.hipaa", absent="unknown", places=_own_places("hipaa"), groups=by_load)
def own_hipaa(graph: SystemGraph, subject: Subject) -> Value:
    """What our parties are under HIPAA; of several, those whose data it has or is for."""
    return _hipaa_roles(*_concerned(graph, subject))


@fact(MODEL, SET, absent="unknown", places=nowhere)
def rights(graph: SystemGraph, subject: Subject) -> Value:
    """The rights that a scenario carries out."""
    found = frozenset(r for s in graph.model.scenarios.values() for r in s.rights or ())
    return Members(found, None)


def _contact_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    if subject.kind == "party":
        return ((_party(graph, subject).at, "contacts"),)
    return _own_places("contacts")(graph, subject)


@fact(("model", "party"), SET, absent="unknown", places=_contact_places)
def contacts(graph: SystemGraph, subject: Subject) -> Value:
    """The contacts that our parties name."""
    parties = _ours(graph) if subject.kind == "model" else [_party(graph, subject)]
    found = frozenset(c for p in parties for c in p.contacts or ())
    return Members(found, None)


@fact(MODEL, BOOLEAN, absent="closed", places=nowhere)
def has_flows(graph: SystemGraph, subject: Subject) -> Value:
    """Whether anything flows."""
    return boolean(bool(graph.flows))


def _party(graph: SystemGraph, subject: Subject) -> Party:
    return graph.model.parties[graph.id_of(subject)]


def _ours(graph: SystemGraph) -> list[Party]:
    return [p for p in graph.model.parties.values() if p.own]


def _set(words: tuple[str, ...] | None) -> Value:
    return Members(frozenset(), None) if words is None else Members(frozenset(words), frozenset(words))


def _purpose(graph: SystemGraph, subject: Subject) -> Purpose:
    return graph.model.purposes[graph.id_of(subject)]


def _gdpr_roles(sure: Sequence[Party], possible: Sequence[Party]) -> Value:
    return _roles(*([(p.gdpr,) if p.gdpr else None for p in parties] for parties in (sure, possible)))


def _hipaa_roles(sure: Sequence[Party], possible: Sequence[Party]) -> Value:
    return _roles([p.hipaa for p in sure], [p.hipaa for p in possible])


def _concerned(graph: SystemGraph, subject: Subject) -> tuple[list[Party], list[Party]]:
    """Own parties, surely and perhaps: of several, those that handle the data of the subject.

    What a sister company under another law does with its own data concerns none of our recipients or stores.
    """
    ours = _ours(graph)
    if subject.kind == "model" or len(ours) < 2 or (subject.kind == "party" and _party(graph, subject).own):
        return ours, []
    load = load_of(graph, subject)
    theirs = [data_map(graph).party(p.id) for p in ours]
    sure = [p for p, own in zip(ours, theirs, strict=True) if load.ids & own.ids]
    unnamed = data_map(graph).party("")  # operated by one of ours, and nobody said by which
    open_ = load.open or unnamed.open or bool(load.ids & unnamed.ids)
    possible = [p for p, own in zip(ours, theirs, strict=True) if p not in sure and (open_ or own.open)]
    return sure, possible


def _roles(sure: Sequence[Names], possible: Sequence[Names]) -> Value:
    """What own parties say; one that is silent leaves the set open, whatever the others say."""
    certain = frozenset(role for roles in sure for role in roles or ())
    every = certain.union(role for roles in possible for role in roles or ())
    return Members(certain, None if None in sure or None in possible else every)


FACTS: Final = (
    own,
    gdpr,
    hipaa,
    jurisdiction,
    agreements,
    sister_gdpr,
    sister_hipaa,
    sister_agreements,
    receives_data,
    legal_basis,
    condition,
    hipaa_use,
    automated_decision,
    large_scale,
    own_gdpr,
    own_hipaa,
    rights,
    contacts,
    has_flows,
)
