"""Facts that the checker derives of what there is one of, what flows join, and what parties say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

from threatmodel.verify.data import Fact, load, roles_of, said_in, shares
from threatmodel.verify.dealings import directly, healthy, partners, personal
from threatmodel.verify.secret import SECRET_FACTS, VAULTS
from threatmodel.verify.sisters import givers
from threatmodel.verify.text import Entity, Text, many, moved, normal
from threatmodel.verify.values import Value, members, only, perhaps, seen

_Fits: TypeAlias = Callable[[str, frozenset[str]], bool]
"""Whether something of this kind, with these traits, is one of those that are looked for."""

_GUARDS: Final = VAULTS | {"identity-provider"}
_BASES: Final = (
    *("consent", "contract", "legal-obligation", "vital-interests", "public-task"),
    "legitimate-interests",
)
_CONDITIONS: Final = (
    *("explicit-consent", "employment", "vital-interests", "not-for-profit", "made-public", "legal-claims"),
    *("substantial-public-interest", "health-care", "public-health", "research"),
)


def _sorted(text: Text, fits: _Fits) -> tuple[set[str], set[str]]:
    """The services and stores of a sort, and those of which nobody stated the kind."""
    certain, open_ = set[str](), set[str]()
    for element in text.of("service", "store"):
        kind, traits = text.kind(element), text.traits(element)
        if kind is None or traits is None:
            open_.add(element.id)
        elif fits(kind, traits):
            certain.add(element.id)
    return certain, open_


def _with(trait: str) -> _Fits:
    return lambda kind, traits: trait in traits


def _of_kind(word: str) -> _Fits:
    return lambda kind, traits: kind == word


def _grants(kind: str, traits: frozenset[str]) -> bool:
    return "identity-provider" in traits and kind != "login-service"


def _is_dashboard(kind: str, traits: frozenset[str]) -> bool:
    return {"monitoring", "serves-people"} <= traits or kind == "observability-platform"


def _gathers(kind: str, traits: frozenset[str]) -> bool:
    watches = bool(traits & {"log-store", "monitoring"}) and kind != "tracing-server"
    return watches or kind in ("search-index", "time-series-database")


def _single(fits: _Fits) -> Fact:
    def value(text: Text, of: Entity) -> Value:
        certain, open_ = _sorted(text, fits)
        return only(False) if len(certain) > 1 else seen(certain and not open_)

    return value


def _single_authentication(text: Text, of: Entity) -> Value:
    """Login services count alone; where certainly none is drawn, identity providers do."""
    certain, open_ = _sorted(text, _of_kind("login-service"))
    if open_ and not certain:
        return None
    return _single(_of_kind("login-service") if certain else _with("identity-provider"))(text, of)


def _neighbours(text: Text, of: str) -> set[str]:
    return {end for flow in text.flows_at[of] for end in (flow.source, flow.target)} - {of}


def _among(ids: Collection[str], found: tuple[set[str], set[str]]) -> Value:
    certain, open_ = found
    return perhaps(certain.intersection(ids), open_.intersection(ids))


def _logs_directly(text: Text, of: Entity) -> Value:
    opened = {flow.target for flow in text.flows_at[of.id] if flow.source == of.id}
    return _among(opened, _sorted(text, _with("log-store")))


def _at_dashboard(text: Text, of: Entity) -> Value:
    dashboards, unknown = _sorted(text, _is_dashboard)
    gatherers, _ = _sorted(text, _gathers)

    def joined(start: set[str]) -> set[str]:
        found, pending = set(start), list(start)
        for element in pending:
            fresh = _neighbours(text, element) - found
            found |= fresh
            pending += fresh & (start | gatherers)
        return found

    return perhaps(of.id in joined(dashboards), of.id in joined(dashboards | unknown))


def _stands_apart(text: Text, of: Entity) -> Value:
    host = of.said.get("host")
    near = [
        e
        for e in text.of("service", "store")
        if text.ground(e) == text.ground(of) or (host is not None and e.said.get("host") == host)
    ]
    return seen(all((text.traits(e) or frozenset()) & _GUARDS for e in near))


def _apart_from_writers(text: Text, of: Entity) -> Value:
    flows = text.flows_at[of.id]
    writers = [(f.source, moved(f, "sends")) for f in flows if f.target == of.id]
    writers += [(f.target, moved(f, "returns")) for f in flows if f.source == of.id]
    possible = [name for name, written in writers if written != ()]

    def within(other: Entity) -> bool:
        grounds = [text.ground(of), text.ground(other)]
        around = [b.id for ground in grounds for b in text.around(ground)]
        hosts = [e.said.get("host") for e in (of, other)]
        nested = grounds[0] == grounds[1] or any(around.count(ground) > 1 for ground in grounds)
        return nested or (hosts[0] is not None and hosts[0] == hosts[1])

    sure = any(written for _, written in writers)
    return seen(sure and not any(within(text.elements[name]) for name in possible))


def _entry_points(text: Text, of: Entity) -> Value:
    ours = [e for e in text.of("service", "store") if text.is_own(text.party(e)) and text.counts(e)]
    grounds = {e.id: [text.kind(b) for b in text.around(text.ground(e))] for e in ours}
    if any(text.kind(b) == "dmz" for b in text.of("boundary")):
        return only(sum("dmz" in kinds for kinds in grounds.values()))
    called = {flow.target for flow in text.of("flow") if flow.source in text.untrusted}
    return only(len(called & grounds.keys()))


def _agreements(text: Text, of: Entity) -> Value:
    """What is agreed in force with each that needs it: ours that give data, or who passes them on."""
    agreements = many(of.own.get("agreements"))
    if agreements is None:
        return members(None)
    counting = [a for a in agreements if _in_force(text, a)]
    certain, possible = set[str](), set[str]()
    for name in {a["type"] for a in counting}:
        agreed = {normal(a.get("with", text.ours)) for a in counting if a["type"] == name}
        truths = _with_each(text, of, name, agreed)
        truths = [*truths, _is_decided(text, of) if name == "adequacy" else True]
        truths += [None] if name == "derogation" else []
        if False not in truths:
            (possible if None in truths else certain).add(name)
    return {"certain": sorted(certain), "possible": sorted(certain | possible)}


def _with_each(text: Text, of: Entity, name: str, agreed: set[str]) -> list[bool | None]:
    """Of each that needs an agreement of this type: whether it has one, or the law asks it for none."""
    if of.id in text.own:
        return []
    sure, possible = partners(text, of.id, healthy if name in ("baa", "dua") else personal)
    if not (sure or possible) and len(text.own) > 1:
        at, open_ = load(text, of)
        shared = {own: shares(text, own, at, open_) for own in text.own}
        sure = {own for own, (certain, _) in shared.items() if certain}
        possible = {own for own, (_, doubt) in shared.items() if doubt} - sure
    ours = any(map(text.is_own, sure | possible))
    if name == "other" or (name not in ("baa", "dua", "dpa") and not ours and any(map(text.is_own, agreed))):
        return []
    law = "hipaa" if name in ("baa", "dua") else "gdpr"
    truths = list[bool | None]()
    for party in (sure | possible) - agreed:
        roles = many(text.entities["party", party].own.get(law)) if party else None
        if roles != ("none",):
            truths.append(False if party in sure and roles is not None else None)
    return truths


def _sister_agreements(text: Text, of: Entity) -> Value:
    """What is agreed in force between one of our companies and each that gives it data, by either."""
    sure, perhaps = givers(text, of.id)
    agreed = list[tuple[str, str]]()
    for own, other in [(of, p) for p in (*sure, *perhaps)] + [(p, of) for p in (*sure, *perhaps)]:
        for a in many(own.own.get("agreements")) or ():
            if normal(a.get("with", text.ours)) == other.id and _in_force(text, a):
                agreed.append((a["type"], other.id if own is of else own.id))
    certain, possible = set[str](), set[str]()
    for name in {name for name, _ in agreed}:
        law = "hipaa" if name in ("baa", "dua") else "gdpr"
        truths = list[bool | None]([_is_decided(text, of)] if name == "adequacy" else ())
        truths += [None] if name == "derogation" else []
        for p in (*sure, *perhaps) if name != "other" else ():
            roles = many(p.own.get(law))
            if (name, p.id) not in agreed and roles != ("none",):
                truths.append(False if p in sure and roles is not None else None)
        if False not in truths:
            (possible if None in truths else certain).add(name)
    open_ = of.id in text.own and many(of.own.get("agreements")) is None
    return {"certain": sorted(certain), "possible": None if open_ else sorted(certain | possible)}


def _is_decided(text: Text, of: Entity) -> bool | None:
    """Whether a decision in force speaks of each country of a party, in part or as a whole."""
    countries = many(of.own.get("jurisdiction"))
    if countries is None:
        return None
    known: dict[str, tuple[Any, Any]] = {
        country: text.words["adequacy"].get(country, (False, {})) for country in countries
    }
    return all(
        c in text.eea or (d and f["since"] <= text.as_of <= f.get("until", text.as_of))
        for c, (d, f) in known.items()
    )


def _in_force(text: Text, dated: Mapping[str, Any]) -> bool:
    begins, ends = dated.get("date", text.as_of), dated.get("until", text.as_of)
    return bool(begins <= text.as_of <= ends)


def _protection(text: Text, of: Entity) -> Value:
    """How the law of each country protects personal data on the day of the proof."""
    countries = many(of.own.get("jurisdiction"))

    def protects(country: str) -> str:
        if country in text.eea:
            return "eea"
        decided, found = text.words["adequacy"].get(country, ("", {}))
        counts = decided and "covers" not in found and found["since"] <= text.as_of
        return "adequate" if counts and text.as_of <= found.get("until", text.as_of) else "other"

    return members(None if countries is None else {protects(country) for country in countries})


def _contacts(text: Text, of: Entity) -> Value:
    parties = [p for p in text.of("party") if p.id in text.own] if of.kind == "model" else [of]
    return members({word for p in parties for word in p.own.get("contacts", ())}, open_=True)


SORT_FACTS: Final[Mapping[str, Fact]] = {
    "single_authorization": _single(_grants),
    "single_authentication": _single_authentication,
    "single_log_store": _single(_with("log-store")),
    "single_registry": _single(_of_kind("service-registry")),
    "single_secret_store": _single(_with("secret-store")),
    "has_broker": lambda text, of: seen(_sorted(text, _with("relay"))[0]),
    "has_dashboard": lambda text, of: seen(_sorted(text, _is_dashboard)[0]),
    "entry_points": _entry_points,
    "at_broker": lambda text, of: _among({of.id, *_neighbours(text, of.id)}, _sorted(text, _with("relay"))),
    "at_dead_letters": lambda text, of: seen(
        _sorted(text, _of_kind("dead-letter-queue"))[0] & _neighbours(text, of.id)
    ),
    "at_dashboard": _at_dashboard,
    "logs_directly": _logs_directly,
    "stands_apart": _stands_apart,
    "apart_from_writers": _apart_from_writers,
    **SECRET_FACTS,
    "agreements": _agreements,
    "sister.agreements": _sister_agreements,
    "sister.gdpr": lambda text, of: roles_of(*givers(text, of.id), "gdpr"),
    "sister.hipaa": lambda text, of: roles_of(*givers(text, of.id), "hipaa"),
    "direct.health": lambda text, of: only(directly(text, of.id, healthy)),
    "direct.personal": lambda text, of: only(directly(text, of.id, personal)),
    "jurisdiction.protection": _protection,
    "contacts": _contacts,
    "legal_basis": said_in(_BASES, "legal_basis"),
    "condition": said_in(_CONDITIONS, "condition"),
}
"""Every fact of this module by its name."""
