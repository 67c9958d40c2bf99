"""The roles that elements play in an architecture, such as relay or log store, and who plays them.

A kind that nobody stated leaves open whether there is one more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from threatmodel.graph.build import SystemGraph

Role: TypeAlias = Callable[[str, frozenset[str]], bool]
"""Whether something of this kind, with these traits, plays the role."""


class Holders(NamedTuple):
    """Elements that certainly play a role, and those whose kind nobody stated."""

    certain: frozenset[int]
    open: frozenset[int]


def is_relay(kind: str, traits: frozenset[str]) -> bool:
    """Passes on messages: a broker, queue, topic or bus."""
    return "relay" in traits


def keeps_dead_letters(kind: str, traits: frozenset[str]) -> bool:
    """Keeps messages that nobody could process."""
    return kind == "dead-letter-queue"


def is_log_store(kind: str, traits: frozenset[str]) -> bool:
    """Keeps the logs of others."""
    return "log-store" in traits


def is_dashboard(kind: str, traits: frozenset[str]) -> bool:
    """Shows people how the system is doing."""
    return {"monitoring", "serves-people"} <= traits or kind == "observability-platform"


def gathers(kind: str, traits: frozenset[str]) -> bool:
    """What gathers logs and metrics for a dashboard; traces show calls, not the state of a service."""
    return kind in ("search-index", "time-series-database") or (
        bool(traits & {"log-store", "monitoring"}) and kind != "tracing-server"
    )


def is_registry(kind: str, traits: frozenset[str]) -> bool:
    """Tells services where other services are."""
    return kind == "service-registry"


def keeps_secrets(kind: str, traits: frozenset[str]) -> bool:
    """Keeps the secrets of others."""
    return "secret-store" in traits


def identifies(kind: str, traits: frozenset[str]) -> bool:
    """Tells others who somebody is."""
    return "identity-provider" in traits


def grants(kind: str, traits: frozenset[str]) -> bool:
    """Tells others what somebody may do, as the tokens of an identity provider do."""
    return identifies(kind, traits) and kind != "login-service"


def only_logs_in(kind: str, traits: frozenset[str]) -> bool:
    """Tells others who somebody is and nothing else."""
    return kind == "login-service"


@lru_cache(maxsize=32)
def find(graph: SystemGraph, role: Role) -> Holders:
    """The services and stores that play a role, anybody's."""
    known = _kinds(graph)
    return Holders(
        frozenset(e for e, (kind, traits) in known.items() if role(kind, traits)),
        frozenset(e for e, word in enumerate(graph.subject_kind) if word != "actor" and e not in known),
    )


@lru_cache(maxsize=2)
def _kinds(graph: SystemGraph) -> Mapping[int, tuple[str, frozenset[str]]]:
    """Kind and traits of the services and stores whose kind is known."""
    words = ((e, graph.kind_of(e)) for e in range(len(graph.elements)))
    return {e: (word, graph.kinds.kinds[word].traits) for e, word in words if word}
