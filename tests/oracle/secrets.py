"""Facts about secrets that the oracle derives: who keeps and gets them, and what they are sent with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.oracle.data import DATA_FACTS, Fact, held, load
from tests.oracle.text import Entity, Text, moved
from tests.oracle.values import Value, only, perhaps, seen

VAULTS: Final = frozenset({"key-store", "secret-store"})
_DEVICES: Final = frozenset({"user-device", "field-device"})
_SECRETS: Final = frozenset({"credentials", "keys"})


def _sends_secrets(text: Text, of: Entity) -> Value:
    sent = moved(of, "sends")
    if sent is None:
        return None
    found = [DATA_FACTS["data.categories"](text, text.entities["data", name]) for name in sent]
    within = any(_SECRETS.intersection(c["certain"]) and set(c["certain"]) - _SECRETS for c in found)
    return perhaps(within, any(_may_be_secret(categories) for categories in found))


def _device_secrets(text: Text, of: Entity) -> Value:
    """Of a store that some lie in it; of a service that some are with it, in whatever place."""
    categories = DATA_FACTS["held.categories" if of.kind == "store" else "data.categories"](text, of)
    certain = of.kind == "store" and _SECRETS.intersection(categories["certain"])
    return perhaps(certain, _may_be_secret(categories))


def _may_be_secret(categories: Mapping[str, Any]) -> bool:
    return categories["possible"] is None or bool(_SECRETS.intersection(categories["possible"]))


def _vault(text: Text, element: Entity) -> bool | None:
    traits = text.traits(element)
    return None if traits is None else bool(traits & VAULTS)


def _in_secret_store(text: Text, of: Entity) -> Value:
    """Whether all that keeps it is a vault; whether a device keeps it in the open nobody drew."""
    holders = [e for e in text.elements.values() if of.id in held(text, e)[0]]
    keepers = [None if (text.traits(e) or frozenset()) & _DEVICES else _vault(text, e) for e in holders]
    if False in keepers:
        return only(False)
    silent = any("holds" not in store.said for store in text.of("store"))
    return seen(keepers and None not in keepers and not silent)


def _given_to_several(text: Text, of: Entity) -> Value:
    users = (s for s in text.of("service") if text.is_own(text.party(s)) and of.id in load(text, s)[0])
    vaults = [_vault(text, user) for user in users]
    unlisted = any(moved(flow, "sends", "returns") is None for flow in text.of("flow"))
    people = {actor.id for actor in text.of("actor") if actor.own.get("human") is not False}
    nodes = [(e.id, text.traits(e)) for e in text.of("service", "store")]
    people |= {name for name, traits in nodes if traits is None or "user-device" in traits}
    theirs = any(of.id in (moved(f, "sends") or ()) for f in text.of("flow") if f.source in people)
    return perhaps(vaults.count(False) > 1 and not theirs, len(vaults) - vaults.count(True) > 1 or unlisted)


SECRET_FACTS: Final[Mapping[str, Fact]] = {
    "sends_secrets": _sends_secrets,
    "device_secrets": _device_secrets,
    "in_secret_store": _in_secret_store,
    "given_to_several": _given_to_several,
}
"""Every fact of this module by its name."""
