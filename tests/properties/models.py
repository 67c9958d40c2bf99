"""Generated models: small, valid and rich, as plain data that is written as YAML text.

Few ids and few words, so that what is said meets: the same control is stated on a flow, its ends, their
types, hosts, boundaries and the baseline of one model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, TypeAlias

from hypothesis import strategies as st

from threatmodel.catalog import Control
from threatmodel.evaluate.verdicts.coverage import place_kinds

Plain: TypeAlias = dict[str, Any]
"""A model file as plain data."""

AS_OF = "2026-06-01"
_PAST, _FUTURE = "2026-01-01", "2027-01-01"
_LEVELS = {
    "confidentiality": ("public", "internal", "confidential", "restricted"),
    "integrity": ("low", "moderate", "high", "critical"),
    "availability": ("low", "moderate", "high", "critical"),
}
_CATEGORIES = ("personal", "health", "credentials", "keys", "payment-card", "telemetry")
_PROTOCOLS = ("http", "https", "https-mtls", "postgresql", "ssh", "amqp", "telnet")
_SERVICE_KINDS = ("api", "api-gateway", "web-application", "event-bus", "log-store", "mobile-application")
_STORE_KINDS = ("relational-database", "queue", "log-store", "secret-store", "backup-store", "cache")
_BOUNDARY_KINDS = ("network", "kubernetes-cluster", "service-mesh")
_HOST_KINDS = ("virtual-machine", "container-node", "workstation")
MECHANISMS = ("tls 1.3", "aes-256", "oidc", "mutual tls", "md5", "base64", "tls 1.0", "ssl or tls 1.3")


def _maybe(values: Plain) -> st.SearchStrategy[Plain]:
    """Any of these keys, each present or absent."""
    return st.fixed_dictionaries({}, optional=values)


def _some(items: Sequence[str], at_most: int = 2) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(items), max_size=at_most, unique=True) if items else st.just([])


def statements(*, na: bool = False, targets: Sequence[str] = ()) -> st.SearchStrategy[Any]:
    """A statement in any of its forms; `not-applicable` only where it may stand."""
    evidence = st.sampled_from(
        (
            "docs/tls.md",
            {"link": "audit.pdf", "until": _PAST},
            {"link": "audit.pdf", "until": _FUTURE},
            {"link": "audit.pdf", "date": _FUTURE},
        )
    )
    long = _maybe(
        {
            "status": st.just("implemented"),
            "mechanism": st.sampled_from(MECHANISMS),
            "evidence": evidence,
            **({"by": st.sampled_from(targets)} if targets else {}),
        }
    ).filter(bool)
    reasoned = st.fixed_dictionaries(
        {"status": st.sampled_from(("partial", "alternative")), "reason": st.just("legacy")},
        optional={"mechanism": st.sampled_from(MECHANISMS)},
    )
    planned = st.fixed_dictionaries(
        {"status": st.just("planned")},
        optional={"owner": st.just("ops"), "due": st.sampled_from((_PAST, _FUTURE))},
    )
    out = [st.just({"status": "not-applicable", "reason": "no such thing here"})] if na else []
    return st.one_of(
        st.booleans(),
        st.sampled_from(MECHANISMS),
        st.sampled_from(("planned", "absent", "implemented")),
        long,
        reasoned,
        planned,
        *out,
    )


class _Builder:
    """What one model is made of while it is drawn."""

    def __init__(self, draw: st.DrawFn, controls: Mapping[str, Control], crowded: bool) -> None:
        self.draw = draw
        self.crowded = crowded
        few = st.lists(st.sampled_from(list(controls)), min_size=4, max_size=8, unique=True)
        chosen = draw(few) if crowded and len(controls) > 8 else list(controls)
        self.controls = {name: controls[name] for name in chosen}

    def keys(self, certain: Plain, maybe: Plain) -> Plain:
        """Any of these keys; in a crowded model the first ones for sure."""
        if self.crowded:
            return self.draw(st.fixed_dictionaries(certain, optional=maybe))
        return self.draw(_maybe({**certain, **maybe}))

    def stated(self, place: str, targets: Sequence[str] = ()) -> Plain:
        """Statements of controls that may stand at this kind of place."""
        fitting = [c for c, control in self.controls.items() if place in place_kinds(control)]
        if self.crowded:
            chosen = [c for c in fitting if self.draw(st.booleans())]
        else:
            chosen = self.draw(_some(fitting, 3))
        found = {
            c: self.draw(statements(na=place in self.controls[c].subjects, targets=targets)) for c in chosen
        }
        return {"controls": found} if found else {}


@st.composite
def plain_models(draw: st.DrawFn, controls: Mapping[str, Control], *, crowded: bool = False) -> Plain:
    """A valid model that states these controls; a crowded one has many places, and states a few at each."""
    build = _Builder(draw, controls, crowded)
    least = 1 if crowded else 0

    def ids(letter: str, few: int, many: int) -> list[str]:
        return [f"{letter}{n}" for n in range(draw(st.integers(few, many)))]

    boundaries, hosts = ids("b", 3 * least, 4), ids("h", least, 2)
    actors, services, stores = ids("a", 0, 2), ids("s", 1 + least, 3), ids("d", least, 2)
    data = ids("x", 0, 3)
    purposes = [f"p{n}" for n in range(draw(st.integers(0, 1)))]
    types = {s: [f"{s[0]}t"] if crowded else draw(_some([f"{s[0]}t"], 1)) for s in ("services", "stores")}
    nodes = [*services, *stores]
    model: Plain = {"threatmodel": 1, "name": "Generated"}
    if draw(st.booleans()):
        model["owner"] = "cto"
    parties = _parties(draw, build)
    others = [p for p in parties if not parties[p].get("own")]
    _put(model, "parties", parties)
    _put(model, "purposes", {p: draw(_purpose()) | build.stated("purpose") for p in purposes})
    _put(model, "data", _data(draw, build, data, actors, purposes))
    _put(model, "boundaries", _boundaries(draw, build, boundaries, others))
    hosted = {
        h: build.keys(
            {"boundary": st.sampled_from(boundaries)} if boundaries else {},
            {"kind": st.sampled_from(_HOST_KINDS), "tenancy": st.sampled_from(("single", "shared"))},
        )
        | build.stated("host", nodes)
        for h in hosts
    }
    _put(model, "hosts", hosted)
    placed = {"boundary": st.sampled_from(boundaries)} if boundaries else {}
    operated = {"party": st.sampled_from(list(parties))} if parties else {}
    scope = {"out_of_scope": st.just("later")} if draw(st.integers(0, 4)) == 0 else {}
    _put(
        model,
        "actors",
        {
            a: build.keys(placed, {**operated, **scope, "human": st.booleans(), "owner": st.just("hr")})
            | build.stated("actor", nodes)
            for a in actors
        },
    )
    node: Plain = {
        **operated,
        **scope,
        "owner": st.just("team"),
        "identity": st.sampled_from(("i0", "i1")),
        "needs": _some(data),
        "holds": _some(data),
        "tenancy": st.sampled_from(("single", "shared")),
        "criticality": st.sampled_from(_LEVELS["integrity"]),
    }
    code = {"custom_code": st.booleans()}
    for section, names, kinds, more in (
        ("services", services, _SERVICE_KINDS, code),
        ("stores", stores, _STORE_KINDS, {}),
    ):
        typed = {"type": st.sampled_from(types[section])} if types[section] else {}
        on = {"host": st.sampled_from(hosts)} if hosts else {}
        more = {**node, **more, "kind": st.sampled_from(kinds)}
        found = {
            n: build.keys({**placed, **typed, **on}, more) | build.stated(section[:-1], nodes) for n in names
        }
        _put(model, section, found)
    templates = {
        section: {t: build.stated(section[:-1]) for t in names} for section, names in types.items() if names
    }
    _put(model, "types", templates)
    flows = _flows(draw, build, [*actors, *nodes], data)
    if flows:
        model["flows"] = flows
    _put(model, "baseline", build.stated("baseline").get("controls", {}))
    return model


def _put(model: Plain, section: str, content: Plain) -> None:
    if content:
        model[section] = content


def _parties(draw: st.DrawFn, build: _Builder) -> Plain:
    if draw(st.booleans()):
        return {}
    us = draw(
        _maybe(
            {
                "jurisdiction": st.sampled_from(("DE", "US")),
                "gdpr": st.sampled_from(("controller", "processor", "none")),
                "hipaa": st.sampled_from(("provider", "none")),
            }
        )
    )
    found = {"us": {"own": True} | us | build.stated("party")}
    if draw(st.booleans()):
        agreement = st.fixed_dictionaries(
            {"type": st.sampled_from(("dpa", "baa", "scc"))},
            optional={"date": st.just(_PAST), "until": st.sampled_from((_PAST, _FUTURE))},
        )
        keys = {
            "jurisdiction": st.sampled_from(("DE", "US")),
            "gdpr": st.sampled_from(("controller", "processor")),
            "hipaa": st.sampled_from(("business-associate", "none")),
            "agreements": st.lists(agreement, max_size=2),
        }
        found["them"] = draw(_maybe(keys)) | build.stated("party")
    return found


def _purpose() -> st.SearchStrategy[Plain]:
    return _maybe(
        {
            "legal_basis": st.just("contract"),
            "condition": st.just("health-care"),
            "large_scale": st.booleans(),
        }
    )


def _data(
    draw: st.DrawFn, build: _Builder, names: list[str], actors: list[str], purposes: list[str]
) -> Plain:
    found: Plain = {}
    for n, name in enumerate(names):
        keys: Plain = {key: st.sampled_from(words) for key, words in _LEVELS.items()}
        keys["retention"] = st.sampled_from(("P30D", "indefinite"))
        keys["purposes"] = _some(purposes)
        keys["subjects"] = _some(actors)
        derived = draw(st.booleans()) if n else False
        if derived:
            keys = {"retention": keys["retention"]}
        else:
            keys["categories"] = _some(_CATEGORIES)
        found[name] = draw(_maybe(keys)) | build.stated("data")
        if derived:
            sources = draw(st.lists(st.sampled_from(names[:n]), min_size=1, max_size=2, unique=True))
            found[name] |= {"derived_from": sources, "transform": "selection"}
    return found


def _boundaries(draw: st.DrawFn, build: _Builder, names: list[str], others: list[str]) -> Plain:
    found: Plain = {}
    for n, name in enumerate(names):
        keys: Plain = {
            "kind": st.sampled_from(_BOUNDARY_KINDS),
            "trust": st.sampled_from(("untrusted", "third-party", "trusted")),
            "environment": st.sampled_from(("production", "test")),
            "owner": st.just(f"owner-{name}"),
        }
        parent = {"parent": st.sampled_from(names[:n])} if n else {}
        if others:
            keys["party"] = keys["provider"] = st.sampled_from(others)
        found[name] = build.keys(parent, keys) | build.stated("boundary")
    return found


def _flows(draw: st.DrawFn, build: _Builder, elements: list[str], data: list[str]) -> list[Plain]:
    pairs = st.tuples(st.sampled_from(elements), st.sampled_from(elements)).filter(lambda p: p[0] != p[1])
    found = []
    moved: st.SearchStrategy[Plain] = st.one_of(
        st.just({}),
        st.fixed_dictionaries({"data": _some(data)}),
        st.fixed_dictionaries({"sends": _some(data)}),
        st.fixed_dictionaries({"returns": _some(data)}),
    )
    keys = _maybe(
        {
            "protocol": st.lists(st.sampled_from(_PROTOCOLS), min_size=1, max_size=2, unique=True),
            "kind": st.sampled_from(("business", "administration", "telemetry", "backup")),
        }
    )
    few = 3 if build.crowded else 0
    drawn = draw(st.lists(pairs, min_size=few, max_size=5)) if len(elements) > 1 else []
    for n, (source, target) in enumerate(drawn):
        flow: Plain = {"from": source, "to": target}
        flow |= draw(keys) | draw(moved) | build.stated("flow", elements)
        if n and draw(st.booleans()):
            others = [e for e in elements if e != target and e != source][:1]
            flow["from"] = [source, *others]
        found.append(flow | {"name": f"f{n}"})
    return found


def yaml(value: Any, *, comments: bool = False, indent: int = 2) -> str:
    """Plain data as block-style YAML; with `comments`, a remark and an empty line here and there."""
    return "\n".join(_lines(value, 0, comments, indent)) + "\n"


def _lines(value: Any, depth: int, comments: bool, indent: int) -> Iterator[str]:
    pad = " " * (depth * indent)
    remark = "   # a remark: { [ # }" if comments else ""
    entries: list[tuple[str, Any]] = (
        [(f"{json.dumps(k)}:", v) for k, v in value.items()]
        if isinstance(value, dict)
        else [("-", v) for v in value]
    )
    for head, inner in entries:
        if comments and depth < 2:
            yield ""
            yield f"{pad}# what follows is said of {head.replace(':', '')}"
        if isinstance(inner, (dict, list)) and inner:
            yield f"{pad}{head}{remark}"
            yield from _lines(inner, depth + 1, comments, indent)
        else:
            yield f"{pad}{head} {json.dumps(inner)}{remark}"


def shuffled(chance: Random, value: Any) -> Any:
    """The same plain data with keys, flows and lists in another order."""
    match value:
        case dict():
            keys = chance.sample(list(value), len(value))
            return {k: shuffled(chance, value[k]) for k in keys}
        case list():
            return [shuffled(chance, v) for v in chance.sample(value, len(value))]
        case _:
            return value
