"""Facts that the oracle derives of what there is one of, and of what flows join or keep apart."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeAlias

from tests.oracle.data import Fact
from tests.oracle.secrets import VAULTS
from tests.oracle.text import Entity, Text, moved
from tests.oracle.values import Value, only, perhaps, seen

_Fits: TypeAlias = Callable[[str, frozenset[str]], bool]
"""Whether something of this kind, with these traits, is one of those that are looked for."""

_GUARDS: Final = VAULTS | {"identity-provider"}


def _with_fit(text: Text, fits: _Fits) -> tuple[set[str], set[str]]:
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
        certain, open_ = _with_fit(text, fits)
        return only(False) if len(certain) > 1 else seen(certain and not open_)

    return value


def _single_authentication(text: Text, of: Entity) -> Value:
    """Login services count alone; where certainly none is drawn, identity providers do."""
    certain, open_ = _with_fit(text, _of_kind("login-service"))
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
    return _among(opened, _with_fit(text, _with("log-store")))


def _at_dashboard(text: Text, of: Entity) -> Value:
    dashboards, unknown = _with_fit(text, _is_dashboard)
    gatherers, _ = _with_fit(text, _gathers)

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


ARCHITECTURE_FACTS: Final[Mapping[str, Fact]] = {
    "single_authorization": _single(_grants),
    "single_authentication": _single_authentication,
    "single_log_store": _single(_with("log-store")),
    "single_registry": _single(_of_kind("service-registry")),
    "single_secret_store": _single(_with("secret-store")),
    "has_broker": lambda text, of: seen(_with_fit(text, _with("relay"))[0]),
    "has_dashboard": lambda text, of: seen(_with_fit(text, _is_dashboard)[0]),
    "entry_points": _entry_points,
    "at_broker": lambda text, of: _among({of.id, *_neighbours(text, of.id)}, _with_fit(text, _with("relay"))),
    "at_dead_letters": lambda text, of: seen(
        _with_fit(text, _of_kind("dead-letter-queue"))[0] & _neighbours(text, of.id)
    ),
    "at_dashboard": _at_dashboard,
    "logs_directly": _logs_directly,
    "stands_apart": _stands_apart,
    "apart_from_writers": _apart_from_writers,
}
"""Every fact of this module by its name."""
