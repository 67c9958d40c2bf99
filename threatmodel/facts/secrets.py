"""Facts about secrets: what they are sent with, and on which devices they lie."""

from __future__ import annotations

from threatmodel.facts.fact import BOOLEAN, FALSE, TRUE, Fact, keys
from threatmodel.facts.placement import NODES
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.logic.values import UNKNOWN, Members, Value

_SECRETS = frozenset({"credentials", "keys"})


def _sends_secrets(graph: SystemGraph, kind: str, i: int) -> Value:
    """A secret that is sent as an asset of its own may be what the source logs in with."""
    sends = graph.flows[i].sends
    if sends is None:
        return UNKNOWN
    found = [graph.assets[name].categories for name in sends]
    if any(c.certain & _SECRETS and c.certain - _SECRETS for c in found):
        return TRUE
    return UNKNOWN if any(_may_be_secret(c) for c in found) else FALSE


def _device_secrets(graph: SystemGraph, kind: str, i: int) -> Value:
    """A program or device may keep them in hardware of its own; what a store of a device keeps lies there."""
    element = graph.positions[kind][i]
    data = data_map(graph)
    found = data.asset(data.held(element) if kind == "store" else data.element(element)).categories
    if kind == "store" and found.certain & _SECRETS:
        return TRUE
    return UNKNOWN if _may_be_secret(found) else FALSE


def _may_be_secret(categories: Members) -> bool:
    return categories.possible is None or bool(categories.possible & _SECRETS)


SECRET_FACTS: tuple[Fact, ...] = (
    Fact(
        "sends_secrets",
        ("flow",),
        BOOLEAN,
        "unknown",
        ("flows[].sends", "flows[].data", "data.*.categories", "data.*.derived_from"),
        "Whether it sends credentials or keys within other data; alone they may be the login of its source.",
        _sends_secrets,
        keys("sends", "data"),
    ),
    Fact(
        "device_secrets",
        NODES,
        BOOLEAN,
        "unknown",
        (
            *("services.*.holds", "stores.*.holds", "data.*.categories", "data.*.derived_from"),
            *("flows[].from", "flows[].to", "flows[].sends", "flows[].returns", "flows[].data"),
        ),
        "Whether a store keeps credentials or keys; open for a service that has some, wherever they lie.",
        _device_secrets,
        keys("holds"),
    ),
)
