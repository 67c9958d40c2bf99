"""Facts about data as the oracle derives them: what is where, how sensitive it is, whom it concerns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

from tests.oracle.privacy_budget import RELEASE_FACTS
from tests.oracle.text import Entity, Text, many, moved, normal
from tests.oracle.values import (
    CONFIDENTIALITY,
    LEVELS,
    ForeignWordError,
    Value,
    members,
    only,
    perhaps,
)

Fact: TypeAlias = Callable[[Text, Entity], Value]
Load: TypeAlias = tuple[frozenset[str], bool]
"""Data assets, and whether there may be others that nobody listed."""
_Loading: TypeAlias = Callable[[Text, Entity], Load]

_ORDERS: Final = {"confidentiality": CONFIDENTIALITY, "integrity": LEVELS, "availability": LEVELS}
_OF_PEOPLE: Final = tuple(
    "personal health genetic biometric ethnic-origin political-opinion belief union-membership sex-life"
    " criminal children contact location behaviour".split()
)
_CATEGORIES: Final = (
    *_OF_PEOPLE,
    *"payment-card financial credentials keys communication device telemetry logs".split(),
    "intellectual-property",
)
_FIGURES: Final = ("aggregation", "anonymisation", "differential-privacy")
_TRANSFORMS: Final = tuple(
    "selection combination redaction pseudonymisation tokenisation encryption aggregation anonymisation"
    " differential-privacy".split()
)
_GDPR: Final = ("controller", "joint-controller", "processor", "none")


def inside(text: Text, of: Entity) -> list[Entity]:
    """The elements on a host, or inside a boundary at any depth."""
    if of.kind == "host":
        return [e for e in text.elements.values() if normal(e.said.get("host", "")) == of.id]
    return [e for e in text.elements.values() if any(b is of for b in text.around(text.ground(e)))]


def said_in(words: tuple[str, ...], key: str) -> Fact:
    """A key with one of these words."""
    return lambda text, of: only(_own_word(words, of.said[key]) if key in of.said else None)


def load(text: Text, of: Entity) -> Load:
    """The data at a subject."""
    match of.kind:
        case "flow":
            found = moved(of, "sends", "returns")
            return frozenset(found or ()), found is None
        case "data":
            return frozenset({of.id}), False
        case "boundary" | "host":
            return _together(load(text, e) for e in inside(text, of))
        case "party":
            return _reaching(text, of.id)
        case "purpose":
            named = {d.id: _taken(text, d, "purposes") for d in text.of("data")}
            ids = frozenset(name for name, (words, _) in named.items() if of.id in words)
            return ids, any(not closed for name, (_, closed) in named.items() if name not in ids)
        case "model":
            _, open_ = _together(load(text, e) for e in text.elements.values())
            return frozenset(d.id for d in text.of("data")), open_ or not text.elements
        case _:
            carried = [load(text, flow) for flow in text.flows_at[of.id]]
            kept = [held(text, of)] if of.kind == "store" or "holds" in of.said else []
            return _together([*carried, *kept])


def held(text: Text, of: Entity) -> Load:
    """The data that an element is said to keep."""
    said = many(of.said.get("holds"))
    return frozenset(map(normal, said or ())), said is None


def _reaching(text: Text, party: str) -> Load:
    """What a party gets at as operator of an element or its host, or as provider of its ground."""
    return _together(load(text, e) for e in text.elements.values() if party in text.handlers(e))


def shares(text: Text, own: str, ids: frozenset[str], open_: bool) -> tuple[bool, bool]:
    """Whether an own party gets at some of these data, and whether it may, as nobody listed them all."""
    theirs, more = _reaching(text, own)
    unnamed, others = _reaching(text, "")
    return bool(ids & theirs), open_ or more or others or bool(ids & unnamed)


def _together(loads: Iterable[Load]) -> Load:
    found = list(loads)
    return frozenset().union(*(ids for ids, _ in found)), any(open_ for _, open_ in found)


def _highest(key: str, loading: _Loading) -> Fact:
    """The highest level of some data: from the highest that is certain to the highest that is possible."""
    order = _ORDERS[key]

    def level(text: Text, name: str) -> tuple[int, int]:
        asset = text.entities["data", name].own
        if key in asset:
            said = order.index(_own_word(order, asset[key]))
            return said, said
        sources = [level(text, normal(s)) for s in many(asset.get("derived_from")) or ()]
        return (max(low for low, _ in sources), max(high for _, high in sources)) if sources else (0, 3)

    def value(text: Text, of: Entity) -> Value:
        ids, open_ = loading(text, of)
        found = [*(level(text, name) for name in ids), (-1, 3 if open_ else -1)]
        low, high = max(low for low, _ in found), max(high for _, high in found)
        return {"one_of": [None, *order][low + 1 : high + 2]}

    return value


def _categories(loading: _Loading) -> Fact:
    def value(text: Text, of: Entity) -> Value:
        ids, open_ = loading(text, of)
        found = [_described(text, text.entities["data", name]) for name in ids]
        words = {_own_word(_CATEGORIES, word) for here, _ in found for word in here}
        return members(words, open_ or not all(closed for _, closed in found))

    return value


def _described(text: Text, asset: Entity) -> tuple[frozenset[str], bool]:
    """The categories of an asset: with one that is about people it is personal, figures apart."""
    said, sources = many(asset.own.get("categories")), many(asset.own.get("derived_from"))
    if said is None and sources:
        found = [_described(text, text.entities["data", normal(s)]) for s in sources]
        return frozenset().union(*(words for words, _ in found)), all(closed for _, closed in found)
    words = frozenset(said or ())
    people = words & set(_OF_PEOPLE) and asset.own.get("transform") not in _FIGURES
    return words | {"personal"} if people else words, said is not None


def is_health(text: Text, name: str) -> bool | None:
    """Whether an asset is health information: as it is called, else as whom and what for its data are."""
    asset = text.entities["data", name]
    words, closed = _described(text, asset)
    if words & {"health", "genetic"}:
        return True
    if not closed:
        return None
    about, _ = _taken(text, asset, "subjects")
    sources = _speaking(text, asset, "subjects")
    staff = bool(about) and all(many(s.own.get("subjects")) for s in sources)
    if "personal" not in words or (staff and all(_employed(text, person) for person in about)):
        return False
    served, all_said = _taken(text, asset, "purposes")
    uses = [text.entities["purpose", p].own.get("hipaa_use") for p in served]
    return None if not all_said or {None, "treatment", "payment"} & set(uses) else False


def _employed(text: Text, person: str) -> bool:
    said = text.entities["actor", person].own.get("party")
    return said is not None and text.is_own(normal(said))


def _speaking(text: Text, asset: Entity, key: str) -> list[Entity]:
    """The asset itself, or the sources from which it takes a key."""
    sources = many(asset.own.get("derived_from"))
    if key in asset.own or not sources:
        return [asset]
    return [s for name in sources for s in _speaking(text, text.entities["data", normal(name)], key)]


def _health(text: Text, of: Entity) -> Value:
    ids, open_ = load(text, of)
    found = {is_health(text, name) for name in ids}
    return perhaps(True in found, open_ or bool(found & {True, None}))


def _taken(text: Text, asset: Entity, key: str) -> tuple[frozenset[str], bool]:
    """The words of a key, or of the sources where it is not said; and whether these are all."""
    said, sources = many(asset.own.get(key)), many(asset.own.get("derived_from"))
    if said is not None or not sources:
        return frozenset(map(normal, said or ())), said is not None
    found = [_taken(text, text.entities["data", normal(s)], key) for s in sources]
    return frozenset().union(*(words for words, _ in found)), all(closed for _, closed in found)


def _keeps_logs(text: Text, of: Entity) -> Value:
    kept = (text.entities["data", name] for name in held(text, of)[0])
    return only(any("logs" in _taken(text, asset, "categories")[0] for asset in kept))


def _some(loading: _Loading) -> Fact:
    return lambda text, of: perhaps(*loading(text, of))


def _limited(text: Text, of: Entity) -> Value:
    """Whether something says how long data are kept: the element or asset itself, else all that it is of."""
    if "retention" in of.said:
        return only(of.said["retention"] != "indefinite")
    if of.kind == "data":
        names, open_ = frozenset(map(normal, many(of.own.get("derived_from")) or ())), False
    else:
        names, open_ = held(text, of)
    found = [_limited(text, text.entities["data", name]) for name in names]
    if only(False) in found:
        return only(False)
    return only(True) if found and not open_ and None not in found else None


def _beyond_needs(text: Text, of: Entity) -> Value:
    """Whether something reaches it that is neither among its `needs` nor made of them alone."""
    needs = many(of.said.get("needs"))
    if needs is None:
        return None
    wanted = frozenset(map(normal, needs))

    def within(name: str) -> bool:
        sources = many(text.entities["data", name].own.get("derived_from"))
        return name in wanted or (bool(sources) and all(within(normal(s)) for s in sources or ()))

    parts = [moved(flow, "sends" if flow.target == of.id else "returns") for flow in text.flows_at[of.id]]
    arriving = {name for part in parts for name in part or ()}
    return perhaps(not all(map(within, arriving)), None in parts)


def _own_roles(key: str) -> Fact:
    """The roles of our parties; of several, of those that get at the data of the subject."""

    def value(text: Text, of: Entity) -> Value:
        ours = [p for p in text.of("party") if p.id in text.own]
        if not ours:
            return members(None)  # the one that nobody names says nothing
        certain, open_ = ours, list[Entity]()
        if of.kind != "model" and len(ours) > 1 and of.id not in (text.own if of.kind == "party" else ()):
            here, unlisted = load(text, of)
            shared = {p.id: shares(text, p.id, here, unlisted) for p in ours}
            certain = [p for p in ours if shared[p.id][0]]
            open_ = [p for p in ours if p not in certain and shared[p.id][1]]
        return roles_of(certain, open_, key)

    return value


def roles_of(sure: list[Entity], perhaps: list[Entity], key: str) -> Value:
    """What parties say that they are under a law; one that is silent leaves it open."""
    roles = [many(p.own.get(key)) for p in (*sure, *perhaps)]
    known = {word for role in roles[: len(sure)] for word in role or ()}
    possible = known.union(word for role in roles for word in role or ())
    for word in possible if key == "gdpr" else ():
        _own_word(_GDPR, word)
    return {"certain": sorted(known), "possible": None if None in roles else sorted(possible)}


def _own_word(words: tuple[str, ...], word: str) -> str:
    if word not in words:
        raise ForeignWordError(word)
    return word


DATA_FACTS: Final[Mapping[str, Fact]] = {
    **{f"data.{key}": _highest(key, load) for key in _ORDERS},
    **{f"held.{key}": _highest(key, held) for key in _ORDERS},
    "data.categories": _categories(load),
    "held.categories": _categories(held),
    "data.health": _health,
    "keeps_logs": _keeps_logs,
    "carries_data": _some(load),
    "holds_data": _some(held),
    "retention.limited": _limited,
    "beyond_needs": _beyond_needs,
    "own.gdpr": _own_roles("gdpr"),
    "own.hipaa": _own_roles("hipaa"),
    "gdpr": said_in(_GDPR, "gdpr"),
    "hipaa": lambda text, of: members(many(of.own.get("hipaa"))),
    "own": lambda text, of: only(of.own.get("own", False)),
    "derived": lambda text, of: only(bool(many(of.own.get("derived_from")))),
    **RELEASE_FACTS,
    "transform": lambda text, of: {
        "one_of": [_own_word(_TRANSFORMS, of.own["transform"]) if "transform" in of.own else None]
    },
}
"""Every fact about data and parties that is derived here."""
