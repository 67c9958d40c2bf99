"""Facts about secrets: what they are sent with, and on which devices they lie."""

from __future__ import annotations

from typing import Final

from threatmodel.facts.fact import BOOLEAN, FALSE, SERVICE_OR_STORE, TRUE, fact, keys
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.graph.subject import Subject
from threatmodel.logic.values import UNKNOWN, Members, Value

_SECRETS = frozenset({"credentials", "keys"})


@fact(("flow",), BOOLEAN, absent="unknown", places=keys("sends", "data"))
def sends_secrets(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it sends credentials or keys within other data; alone they may be the login of its source.

    A secret that is sent as an asset of its own may be what the source logs in with.
    """
    sends = graph.flows[subject.position].sends
    if sends is None:
        return UNKNOWN
    found = [graph.categories[name] for name in sends]
    if any(c.certain & _SECRETS and c.certain - _SECRETS for c in found):
        return TRUE
    return UNKNOWN if any(_may_be_secret(c) for c in found) else FALSE


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=keys("holds"))
def device_secrets(graph: SystemGraph, subject: Subject) -> Value:
    """Whether a store keeps credentials or keys; open for a service that has some, wherever they lie.

    A program or device may keep them in hardware of its own; what a store of a device keeps lies there.
    """
    element = graph.element_of(subject)
    data = data_map(graph)
    found = data.categories(data.held(element) if subject.kind == "store" else data.element(element))
    if subject.kind == "store" and found.certain & _SECRETS:
        return TRUE
    return UNKNOWN if _may_be_secret(found) else FALSE


def _may_be_secret(categories: Members) -> bool:
    return categories.possible is None or bool(categories.possible & _SECRETS)


FACTS: Final = (
    sends_secrets,
    device_secrets,
)
