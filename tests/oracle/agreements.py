"""Facts that the oracle derives of what parties and purposes say, and of what is agreed between parties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.oracle.affiliates import givers
from tests.oracle.data import Fact, load, roles_of, said_in, shares
from tests.oracle.disclosures import directly, healthy, partners, personal
from tests.oracle.text import Entity, Text, many, normal
from tests.oracle.values import Value, members, only

_BASES: Final = (
    *("consent", "contract", "legal-obligation", "vital-interests", "public-task"),
    "legitimate-interests",
)
_CONDITIONS: Final = (
    *("explicit-consent", "employment", "vital-interests", "not-for-profit", "made-public", "legal-claims"),
    *("substantial-public-interest", "health-care", "public-health", "research"),
)


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


AGREEMENT_FACTS: Final[Mapping[str, Fact]] = {
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
