"""Facts about parties, purposes and the model as a whole."""

from __future__ import annotations

from threatmodel.facts.affiliates import givers
from threatmodel.facts.agreements import agreed, agreed_between
from threatmodel.facts.data import HEALTH, MOVED
from threatmodel.facts.data_at import load_of
from threatmodel.facts.fact import BOOLEAN, SET, TRUE, WORDS, Fact, Place, Placing, Reading, boolean, keys
from threatmodel.facts.grouping import by_load
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.logic.values import UNKNOWN, Known, Members, Value
from threatmodel.model import Actor, Party

PARTY, PURPOSE, MODEL = ("party",), ("purpose",), ("model",)
_WIDE = (*MODEL, *PARTY, *PURPOSE, "flow", "service", "store", "actor", "boundary", "host", "data")


def _party(graph: SystemGraph, i: int) -> Party:
    return graph.model.parties[graph.subjects["party"][i]]


def _set(words: tuple[str, ...] | None) -> Value:
    return Members(frozenset(), None) if words is None else Members(frozenset(words), frozenset(words))


def _own(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(_party(graph, i).own)


def _gdpr(graph: SystemGraph, kind: str, i: int) -> Value:
    role = _party(graph, i).gdpr
    return UNKNOWN if role is None else Known(role)


def _hipaa(graph: SystemGraph, kind: str, i: int) -> Value:
    return _set(_party(graph, i).hipaa)


def _jurisdiction(graph: SystemGraph, kind: str, i: int) -> Value:
    if kind == "party":
        return _set(_party(graph, i).jurisdiction)
    value = graph.values[graph.positions[kind][i]]
    return _set(value.jurisdiction if isinstance(value, Actor) else None)


def _agreements(graph: SystemGraph, kind: str, i: int) -> Value:
    ours = [p for p in graph.model.parties.values() if p.own]
    several = len(ours) > 1 and not _party(graph, i).own
    return agreed(graph, _party(graph, i), *(_concerned(graph, kind, i) if several else ((), ())))


def _sister_gdpr(graph: SystemGraph, kind: str, i: int) -> Value:
    sure, perhaps = givers(graph, _party(graph, i).id)
    return _roles(_gdpr_roles(sure), _gdpr_roles(perhaps))


def _sister_hipaa(graph: SystemGraph, kind: str, i: int) -> Value:
    sure, perhaps = givers(graph, _party(graph, i).id)
    return _roles([p.hipaa for p in sure], [p.hipaa for p in perhaps])


def _sister_agreements(graph: SystemGraph, kind: str, i: int) -> Value:
    party = _party(graph, i)
    return agreed_between(graph, party, *givers(graph, party.id)) if party.own else _set(())


def _receives(graph: SystemGraph, kind: str, i: int) -> Value:
    load = data_map(graph).party(graph.subjects["party"][i])
    return TRUE if load.ids else UNKNOWN if load.open else boolean(False)


def _purpose(name: str) -> Reading:
    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        found = getattr(graph.model.purposes[graph.subjects["purpose"][i]], name)
        if found is None:
            return UNKNOWN
        return boolean(found) if isinstance(found, bool) else Known(found)

    return value


def _own_gdpr(graph: SystemGraph, kind: str, i: int) -> Value:
    sure, perhaps = _concerned(graph, kind, i)
    return _roles(_gdpr_roles(sure), _gdpr_roles(perhaps))


def _own_hipaa(graph: SystemGraph, kind: str, i: int) -> Value:
    sure, perhaps = _concerned(graph, kind, i)
    return _roles([p.hipaa for p in sure], [p.hipaa for p in perhaps])


def _gdpr_roles(parties: list[Party]) -> list[tuple[str, ...] | None]:
    return [(p.gdpr,) if p.gdpr else None for p in parties]


def _concerned(graph: SystemGraph, kind: str, i: int) -> tuple[list[Party], list[Party]]:
    """Own parties, surely and perhaps: of several, those that handle the data of the subject.

    What a sister company under another law does with its own data concerns none of our recipients or stores.
    """
    ours = [p for p in graph.model.parties.values() if p.own]
    if kind == "model" or len(ours) < 2 or (kind == "party" and _party(graph, i).own):
        return ours, []
    load = load_of(graph, kind, i)
    theirs = [data_map(graph).party(p.id) for p in ours]
    sure = [p for p, own in zip(ours, theirs, strict=True) if load.ids & own.ids]
    unnamed = data_map(graph).party("")  # operated by one of ours, and nobody said by which
    open_ = load.open or unnamed.open or bool(load.ids & unnamed.ids)
    perhaps = [p for p, own in zip(ours, theirs, strict=True) if p not in sure and (open_ or own.open)]
    return sure, perhaps


def _roles(sure: list[tuple[str, ...] | None], perhaps: list[tuple[str, ...] | None]) -> Value:
    """What own parties say; one that is silent leaves the set open, whatever the others say."""
    certain = frozenset(word for words in sure for word in words or ())
    possible = certain.union(word for words in perhaps for word in words or ())
    return Members(certain, None if None in sure or None in perhaps else possible)


def _rights(graph: SystemGraph, kind: str, i: int) -> Value:
    found = frozenset(r for s in graph.model.scenarios.values() for r in s.rights or ())
    return Members(found, None)


def _contacts(graph: SystemGraph, kind: str, i: int) -> Value:
    parties = [p for p in graph.model.parties.values() if p.own] if kind == "model" else [_party(graph, i)]
    found = frozenset(c for p in parties for c in p.contacts or ())
    return Members(found, None)


def _own_places(key: str) -> Placing:
    """The key at each own party, those that are silent first."""

    def places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
        own = [p.at for _, p in sorted(graph.model.parties.items()) if p.own and p.at]
        silent = [at for at in own if not graph.model.declares(at, key)]
        return tuple((at, key) for at in (*silent, *(at for at in own if at not in silent)))

    return places


def _contact_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    if kind == "party":
        return ((_party(graph, i).at, "contacts"),)
    return _own_places("contacts")(graph, kind, i)


def _has_flows(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(bool(graph.flows))


def _nowhere(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    return ()


_PURPOSE_KEYS = {
    "legal_basis": (WORDS, "The legal basis under Article 6."),
    "condition": (WORDS, "The condition under Article 9 for special categories."),
    "hipaa_use": (WORDS, "The permitted use under HIPAA."),
    "automated_decision": (BOOLEAN, "Whether it decides about people automatically."),
    "large_scale": (BOOLEAN, "Whether it works on a large scale."),
}
_AGREED = (
    "parties.*.agreements",
    *(f"parties.*.agreements[].{key}" for key in ("type", "date", "until", "with")),
)
PARTY_FACTS: tuple[Fact, ...] = (
    Fact(
        "own", PARTY, BOOLEAN, "false", ("parties.*.own",), "Whether this is its system.", _own, keys("own")
    ),
    Fact(
        "gdpr", PARTY, WORDS, "unknown", ("parties.*.gdpr",), "Its role under the GDPR.", _gdpr, keys("gdpr")
    ),
    Fact(
        "hipaa", PARTY, SET, "unknown", ("parties.*.hipaa",), "What it is under HIPAA.", _hipaa, keys("hipaa")
    ),
    Fact(
        "jurisdiction",
        ("party", "actor"),
        SET,
        "unknown",
        ("parties.*.jurisdiction", "actors.*.jurisdiction"),
        "The law it is subject to.",
        _jurisdiction,
        keys("jurisdiction"),
    ),
    Fact(
        "agreements",
        PARTY,
        SET,
        "unknown",
        (
            *_AGREED,
            "parties.*.jurisdiction",
            "parties.*.gdpr",
            "parties.*.hipaa",
            "*.party",
            "boundaries.*.provider",
            *HEALTH,
            *MOVED,
        ),
        "The types of agreement in force with it: with each own party that gives it such data, or with the "
        "party through which alone it gets them, if the law of that agreement concerns it; `adequacy` only "
        "where a decision on its country is in force, `derogation` never for certain.",
        _agreements,
        keys("agreements"),
    ),
    Fact(
        "sister.gdpr",
        PARTY,
        SET,
        "unknown",
        (
            "parties.*.own",
            "parties.*.gdpr",
            "*.party",
            "boundaries.*.provider",
            "flows[].sends",
            "flows[].returns",
            "data.*.categories",
        ),
        "Of an own party the roles under the GDPR of other own parties from which personal data reach it.",
        _sister_gdpr,
        _own_places("gdpr"),
    ),
    Fact(
        "sister.hipaa",
        PARTY,
        SET,
        "unknown",
        (
            "parties.*.own",
            "parties.*.hipaa",
            "*.party",
            "boundaries.*.provider",
            "flows[].sends",
            "flows[].returns",
            "data.*.categories",
        ),
        "Of an own party what other own parties are under HIPAA from which personal data reach it.",
        _sister_hipaa,
        _own_places("hipaa"),
    ),
    Fact(
        "sister.agreements",
        PARTY,
        SET,
        "unknown",
        _AGREED,
        "Of an own party the types of agreement in force with each of these, whichever of the two names it.",
        _sister_agreements,
        keys("agreements"),
    ),
    Fact(
        "receives_data",
        PARTY,
        BOOLEAN,
        "unknown",
        ("*.party", "boundaries.*.provider", "flows[].sends"),
        "Whether declared data reach it.",
        _receives,
        keys(),
    ),
    *(
        Fact(name, PURPOSE, domain, "unknown", (f"purposes.*.{name}",), meaning, _purpose(name), keys(name))
        for name, (domain, meaning) in _PURPOSE_KEYS.items()
    ),
    Fact(
        "own.gdpr",
        _WIDE,
        SET,
        "unknown",
        ("parties.*.gdpr", "parties.*.own"),
        "The roles of our parties under the GDPR; of several, of those whose data it has or is for.",
        _own_gdpr,
        _own_places("gdpr"),
        by_load,
    ),
    Fact(
        "own.hipaa",
        _WIDE,
        SET,
        "unknown",
        ("parties.*.hipaa", "parties.*.own"),
        "What our parties are under HIPAA; of several, those whose data it has or is for.",
        _own_hipaa,
        _own_places("hipaa"),
        by_load,
    ),
    Fact(
        "rights",
        MODEL,
        SET,
        "unknown",
        ("scenarios.*.rights",),
        "The rights that a scenario carries out.",
        _rights,
        _nowhere,
    ),
    Fact(
        "contacts",
        ("model", "party"),
        SET,
        "unknown",
        ("parties.*.contacts", "parties.*.contacts.*"),
        "The contacts that our parties name.",
        _contacts,
        _contact_places,
    ),
    Fact("has_flows", MODEL, BOOLEAN, "closed", ("flows",), "Whether anything flows.", _has_flows, _nowhere),
)
