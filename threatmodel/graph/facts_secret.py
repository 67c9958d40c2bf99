"""Facts about the secrets that flows carry."""

from __future__ import annotations

from threatmodel.graph.build import SystemGraph
from threatmodel.graph.fact import BOOLEAN, FALSE, TRUE, Fact, keys
from threatmodel.graph.values import UNKNOWN, Value

_SECRETS = frozenset({"credentials", "keys"})


def _sends_secrets(graph: SystemGraph, kind: str, i: int) -> Value:
    """A secret that is sent as an asset of its own may be what the source logs in with."""
    sends = graph.flows[i].sends
    if sends is None:
        return UNKNOWN
    found = [graph.assets[name].categories for name in sends]
    if any(c.certain & _SECRETS and c.certain - _SECRETS for c in found):
        return TRUE
    return UNKNOWN if any(c.possible is None or c.possible & _SECRETS for c in found) else FALSE


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
)
