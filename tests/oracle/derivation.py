"""Facts derived a second time from a model's text, naively: what the facts layer is compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tests.oracle.agreements import AGREEMENT_FACTS
from tests.oracle.architecture import ARCHITECTURE_FACTS
from tests.oracle.data import DATA_FACTS, Fact, held, inside
from tests.oracle.exposure import EXPOSURE_FACTS, exposed, flow_kind, has_trait, protocols
from tests.oracle.secrets import SECRET_FACTS
from tests.oracle.text import Entity, Text, many, moved, normal
from tests.oracle.values import TRUST, ForeignWordError, Value, members, only, perhaps, seen

_CONTAINERS: Final = frozenset({"container", "orchestrator"})


def derive(text: Text, name: str, of: Entity) -> tuple[Value] | None:
    """The value of a fact; None where it is not derived here, or said in a foreign word."""
    found = FACTS.get(name)
    try:
        return (found(text, of),) if found else None
    except ForeignWordError:
        return None


def _said(key: str) -> Fact:
    return lambda text, of: only(of.said.get(key))


def _only_of(kind: str, key: str) -> Fact:
    """A key that only elements of one kind have; of the others it is false."""
    return lambda text, of: only(of.said.get(key)) if of.kind == kind else only(False)


def _handed(key: str) -> Fact:
    return lambda text, of: only(text.handed_down(text.ground(of), key))


def _ends(text: Text, flow: Entity) -> tuple[Entity, Entity]:
    return text.elements[flow.source], text.elements[flow.target]


def _at(side: int, fact: Fact) -> Fact:
    return lambda text, of: fact(text, _ends(text, of)[side])


def _differ(what: Callable[[Text, Entity], Any]) -> Fact:
    """Whether something differs at the two ends; not known where one of them does not say."""

    def value(text: Text, of: Entity) -> Value:
        found = [what(text, end) for end in _ends(text, of)]
        return None if None in found else only(found[0] != found[1])

    return value


def _trust(text: Text, of: Entity) -> Value:
    return only(text.trust(of))


def _external(text: Text, of: Entity) -> Value:
    return only(not text.is_own(text.party(of)))


def _kind(text: Text, of: Entity) -> Value:
    return {"one_of": [None]} if of.kind == "actor" else only(text.kind(of))


def _traits(text: Text, of: Entity) -> Value:
    return members(text.traits(of))


def _vendor_run(text: Text, of: Entity) -> Value:
    product = text.word("technologies", of.said.get("technology"))[1]
    brought = of.kind == "service" and of.said.get("custom_code") is not False
    return seen(product.get("managed") and not (product.get("runs_code") and brought))


def _identity_shared(text: Text, of: Entity) -> Value:
    if "identity" not in of.said:
        return None
    others = [e.said.get("identity") for e in text.of("service", "store") if e is not of]
    return perhaps(of.said["identity"] in others, None in others)


def _boundary_kinds(text: Text, of: Entity) -> Value:
    if of.kind == "model":
        around = text.of("boundary")
    else:
        bearers = _ends(text, of) if of.kind == "flow" else (of,)
        around = [b for e in bearers for b in text.around(text.ground(e))]
    return members({kind for b in around if (kind := text.kind(b))})


def _containerised(text: Text, of: Entity) -> Value:
    host = text.entities.get(("host", normal(of.said.get("host", ""))))
    grounds = [*((host,) if host else ()), *text.around(text.ground(of))]
    found = [has_trait(text, ground, _CONTAINERS) for ground in grounds]
    return perhaps(any(sure for sure, _ in found), any(text.kind(ground) is None for ground in grounds))


def _called(text: Text, of: Entity) -> Value:
    return only(any(flow.target == of.id for flow in text.flows_at[of.id]))


def _entry_point(text: Text, of: Entity) -> Value:
    if not text.is_own(text.party(of)) or text.trust(of) == "untrusted":
        return only(False)
    if any(text.kind(b) == "dmz" for b in text.of("boundary")):
        return only(any(text.kind(b) == "dmz" for b in text.around(text.ground(of))))
    return exposed(text, of)


def _telemetry(text: Text, of: Entity) -> Value:
    found = set[str]()
    for flow in text.flows_at[of.id]:
        if flow.source == of.id and (moved(flow, "sends") or flow_kind(text, flow) == only("telemetry")):
            found |= text.traits(text.elements[flow.target]) or frozenset()
    return members(found & {"log-store", "monitoring"}, open_=True)


def _backed_up(text: Text, of: Entity) -> Value:
    """Whether data of a store leave it by a backup, for an element that does not share its host."""
    made = list(held(text, of)[0])
    for name in made:
        taken = (d.id for d in text.of("data") if name in map(normal, many(d.own.get("derived_from")) or ()))
        made += [d for d in taken if d not in made]

    def leaves(flow: Entity) -> bool:
        gives = flow.source == of.id
        other = text.elements[flow.target if gives else flow.source]
        data = moved(flow, "sends" if gives else "returns")
        if not gives and text.kind(other) not in ("backup-service", "backup-store"):
            data = tuple(d for d in data or () if d not in (moved(flow, "sends") or ()))
        on = normal(of.said.get("host") or "")
        apart = on == "" or on != normal(other.said.get("host") or "")
        backup = apart and flow_kind(text, flow) == only("backup")
        return backup and (data is None or not set(made).isdisjoint(data))

    return seen(any(leaves(flow) for flow in text.flows_at[of.id]))


def _calls_out(text: Text, of: Entity) -> Value:
    opened = (_ends(text, flow) for flow in text.of("flow"))
    ways = ((a, b) for a, b in opened if text.ground(a) == of.id)
    return only(any(TRUST.index(text.trust(b)) < TRUST.index(text.trust(a)) for a, b in ways))


def _protocol(text: Text, of: Entity) -> Value:
    named = {str(text.word("protocols", p)[0]) for p in many(of.said.get("protocol")) or ()}
    return {"one_of": sorted(named)} if named else None


def _certainty(key: str) -> Fact:
    def value(text: Text, of: Entity) -> Value:
        found = {entry.get(key, "possible") for entry in protocols(text, of)}
        return only(False if "never" in found else True if found == {"always"} else None)

    return value


def _obsolete(text: Text, of: Entity) -> Value:
    found = protocols(text, of)
    return only(any(e.get("obsolete", False) for e in found)) if found else None


def _plain(text: Text, of: Entity) -> Value:
    found = protocols(text, of)
    return only(any(e.get("encrypted") == "never" for e in found)) if found else None


def _same_host(text: Text, of: Entity) -> Value:
    source, target = (normal(end.said.get("host") or "") for end in _ends(text, of))
    return only(source == target != "")


FACTS: Final[Mapping[str, Fact]] = {
    **DATA_FACTS,
    **ARCHITECTURE_FACTS,
    **AGREEMENT_FACTS,
    **EXPOSURE_FACTS,
    **SECRET_FACTS,
    "inspects_requests": lambda text, of: seen(text.kind(of) == "waf"),
    "trust": _trust,
    "external": _external,
    "environment": _handed("environment"),
    "region": _handed("region"),
    "kind": _kind,
    "traits": _traits,
    "vendor_run": _vendor_run,
    "tenancy": _said("tenancy"),
    "shared_by_tenants": lambda text, of: (
        only(of.kind == "store" and of.said.get("tenancy", "shared") == "shared")
        if of.kind == "boundary" or "tenancy" in of.said
        else None
    ),
    "hosted": lambda text, of: seen(of.said.get("host")),
    "identity.declared": lambda text, of: seen(of.said.get("identity")),
    "identity.shared": _identity_shared,
    "custom_code": _said("custom_code"),
    "human": _said("human"),
    "handles_data": lambda text, of: only(of.kind != "actor" or text.is_own(text.party(of))),
    "boundary_kinds": _boundary_kinds,
    "containerised": _containerised,
    "entry_point": _entry_point,
    "called": _called,
    "telemetry.to": _telemetry,
    "backed_up": _backed_up,
    "has_elements": lambda text, of: only(bool(inside(text, of))),
    "holds_elements": lambda text, of: only(any(text.ground(e) == of.id for e in text.elements.values())),
    "calls_out": _calls_out,
    "has_flows": lambda text, of: only(bool(text.of("flow"))),
    "epsilon.declared": lambda text, of: seen("epsilon" in of.own),
    "crosses_boundary": _differ(lambda text, of: text.ground(of)),
    "crosses_trust": _differ(lambda text, of: text.trust(of)),
    "crosses_environment": _differ(lambda text, of: text.handed_down(text.ground(of), "environment")),
    "from_untrusted": lambda text, of: only(of.source in text.untrusted),
    "same_host": _same_host,
    "flow.kind": flow_kind,
    "transport.protocol": _protocol,
    **{
        f"transport.{key}": _certainty(key)
        for key in ("encrypted", "server_authenticated", "client_authenticated")
    },
    "transport.obsolete": _obsolete,
    "transport.plain": _plain,
    "source.human": _at(0, _only_of("actor", "human")),
    "source.employed": _at(0, lambda text, of: only(of.kind == "actor" and "party" in of.said)),
    **{
        f"{side}.{name}": _at(number, fact)
        for number, side in enumerate(("source", "target"))
        for name, fact in {
            "trust": _trust,
            "element": lambda text, of: only(of.kind),
            "kind": _kind,
            "traits": _traits,
            "external": _external,
            "custom_code": _only_of("service", "custom_code"),
        }.items()
    },
}
