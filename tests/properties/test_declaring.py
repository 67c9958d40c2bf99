"""Laws 2 and 3: saying more decides what was open and overturns nothing unnoticed; a measure never hurts."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any, NamedTuple, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from tests.properties.effort import examples
from tests.properties.models import Plain, plain_models, statements, yaml
from tests.properties.world import SHIPPED, review, verdicts, why
from threatmodel.catalog import Claimed, EveryPath, leaves
from threatmodel.evaluate.verdicts.coverage import place_kinds
from threatmodel.facts import ALL_FACTS
from threatmodel.logic import Choice, Domain, Known, Members, Range, Value
from threatmodel.results import Cause, Verdict
from threatmodel.results.step import Step as DecidingStep

CONTROLS = SHIPPED.catalog.controls
_MODELS = plain_models(CONTROLS)

Step: TypeAlias = tuple[str | int, ...]
"""The path of a mapping in a plain model."""
_Free: TypeAlias = tuple[Step, str, str]
"""A mapping in which a control is not stated, the kind of place that it belongs to, and the control."""

_LEVELS = ("low", "moderate", "high", "critical")
_BOOLEAN = (True, False)
_NODE: Plain = {
    "identity": ("i0", "i2"),
    "tenancy": ("single", "shared"),
    "criticality": _LEVELS,
}
_OPEN: dict[str, Plain] = {
    "parties": {
        "jurisdiction": ("DE", "US", "BR"),
        "gdpr": ("controller", "processor", "none"),
        "hipaa": ("provider", "business-associate", "none"),
        "agreements": ([], [{"type": "dpa"}], [{"type": "baa"}, {"type": "scc"}]),
        "contacts": ({"incident": "soc"}, {"dpo": "dpo", "privacy": "p"}),
    },
    "purposes": {
        "legal_basis": ("consent", "contract"),
        "condition": ("health-care",),
        "hipaa_use": ("treatment",),
        "automated_decision": _BOOLEAN,
        "large_scale": _BOOLEAN,
    },
    "data": {
        "confidentiality": ("public", "internal", "confidential", "restricted"),
        "integrity": _LEVELS,
        "availability": _LEVELS,
        "categories": ([], ["personal"], ["personal", "health"], ["credentials"], ["telemetry"]),
        "retention": ("P30D", "indefinite"),
    },
    "boundaries": {
        "kind": ("network", "kubernetes-cluster", "service-mesh", "office"),
        "environment": ("production", "test"),
        "region": ("eu-central-1", "US"),
    },
    "hosts": {
        "kind": ("virtual-machine", "container-node", "database-server"),
        "technology": ("kubernetes", "tomcat"),
        "tenancy": ("single", "shared"),
    },
    "actors": {"human": _BOOLEAN, "jurisdiction": ("DE", "US")},
    "services": {
        **_NODE,
        "kind": ("api", "api-gateway", "web-application", "event-bus", "log-store", "identity-provider"),
        "technology": ("keycloak", "spring-boot", "nginx", "lambda"),
        "custom_code": _BOOLEAN,
    },
    "stores": {
        **_NODE,
        "kind": ("relational-database", "queue", "log-store", "secret-store", "backup-store", "cache"),
        "technology": ("postgresql", "s3", "sqs", "vault", "redis"),
    },
    "flows": {"protocol": ("http", "https", "https-mtls", "postgresql", "grpc", "ftp", ["http", "https"])},
}
"""Attributes that are unknown when absent, with values to fill in.

Left out are structure and the defaults of the language: placement (`boundary`, `host`, `parent`), parties and
providers, trust, the kind of a flow (so no protocol that implies one), and what a derived asset says in place
of its sources. A service that says nothing of `holds` is taken to keep what it is drawn to handle.
"""

_ON_PATHS = {
    control.id
    for control in CONTROLS.values()
    if control.covered_by.upstream or any(isinstance(leaf, EveryPath) for leaf in leaves(control.expect))
}
_REDRAWS = {"kind", "technology", "sends", "returns", "data"}
"""Paths follow the calls as drawn: what makes an element a relay, or a taker of its data, redraws them."""

_STATED = {"boundary_kinds"}
"""Facts about what is stated as such: a kind that nobody states is none of the stated kinds."""


@examples(10)
@given(_MODELS)
def test_filling_an_open_attribute_never_overturns_a_decided_verdict_unnoticed(model: Plain) -> None:
    before = verdicts(review(model))
    for at, key, value in _fillings(model):
        after = _with(model, at, key, value)
        decided = {
            k: v for k, v in before.items() if key not in _REDRAWS or k.partition("@")[0] not in _ON_PATHS
        }
        _overturns_nothing(decided, model, after, f"{'/'.join(map(str, at))}.{key} = {value}")


@examples(10)
@given(_MODELS)
def test_filling_an_open_attribute_only_narrows_what_a_fact_may_be(model: Plain) -> None:
    before = _values(model)
    for at, key, value in _fillings(model):
        after = _values(_with(model, at, key, value))
        for place, old in before.items():
            change = f"{place}: {old} became {after[place]} by {'/'.join(map(str, at))}.{key} = {value}"
            assert _possible(after[place]) <= _possible(old), f"{change}\n{yaml(model)}"


@examples(20)
@given(_MODELS, st.randoms(use_true_random=False), st.lists(statements(na=True), min_size=1, max_size=3))
def test_adding_a_statement_never_overturns_a_decided_verdict_unnoticed(
    model: Plain, chance: Random, said: list[Any]
) -> None:
    before = verdicts(review(model))
    for at, place, control in _sample(chance, _free_places(model)):
        for statement in said:
            out = isinstance(statement, dict) and statement.get("status") == "not-applicable"
            if not out or place in CONTROLS[control].subjects:
                after = _stating(model, at, control, statement)
                _overturns_nothing(before, model, after, f"{control} at {at} = {statement}", added=control)


@examples(20)
@given(_MODELS, st.randoms(use_true_random=False))
def test_adding_an_implemented_control_never_adds_a_gap(model: Plain, chance: Random) -> None:
    without = _gaps(model)
    for at, _, control in _sample(chance, _free_places(model)):
        measure = chance.choice(_MEASURES)
        with_it = _gaps(_stating(model, at, control, measure))
        assert with_it <= without, f"{control} at {at} = {measure}\n{yaml(model)}"


_MEASURES: tuple[Any, ...] = (
    True,
    "implemented",
    "reviewed each month",
    {"evidence": "audit.pdf"},
    {"evidence": {"link": "audit.pdf", "until": "2026-01-01"}},
)


def _sample(chance: Random, found: Iterable[_Free]) -> list[_Free]:
    """A handful of what there is: each costs an evaluation."""
    listed = list(found)
    return chance.sample(listed, min(12, len(listed)))


def _overturns_nothing(
    before: Mapping[str, Verdict], model: Plain, after: Plain, change: str, added: str = ""
) -> None:
    then = review(after)
    now = verdicts(then)
    for key, verdict in before.items():
        if verdict is not Verdict.UNKNOWN and now[key] is not verdict:
            reason = why(then, key)
            claims = {
                leaf.control
                for leaf in leaves(CONTROLS[key.partition("@")[0]].expect)
                if isinstance(leaf, Claimed)
            }
            claimed = added in claims and now[key] is Verdict.SATISFIED
            weak = reason.because.weight == "weak"
            excused = reason.because == Cause(DecidingStep.STATED, weight="not-applicable")
            named = bool(reason.overrode)
            assert claimed or weak or excused or named, (
                f"{key}: {verdict.word} became {now[key].word} ({reason.because}) by {change}\n{yaml(model)}"
            )


_Valued: TypeAlias = tuple[str, str, str]
"""A fact, a kind of subject, a subject."""


def _values(model: Plain) -> dict[_Valued, tuple[Domain, Value]]:
    graph = review(model).graph
    return {
        (fact.name, kind, name): (fact.domain, fact.value(graph, graph.every(kind)[i]))
        for fact in ALL_FACTS
        if fact.name not in _STATED
        for kind in fact.subjects
        for i, name in enumerate(graph.subjects[kind])
    }


class _Possible(NamedTuple):
    """What a value may be: one of some words (None: any), or a set with certain and possible members."""

    words: frozenset[object] | None
    without: frozenset[str] | None = None

    def __le__(self, other: tuple[object, ...]) -> bool:
        """Whether all that this may be, the other may be, too."""
        assert isinstance(other, _Possible)
        certain = other.without is None or (self.without is not None and other.without <= self.without)
        return certain and (other.words is None or (self.words is not None and self.words <= other.words))


def _possible(known: tuple[Domain, Value]) -> _Possible:
    domain, value = known
    match value:
        case Known(word):
            return _Possible(frozenset({word}))
        case Choice(options):
            return _Possible(frozenset(options))
        case Range(low, high):
            return _Possible(frozenset(domain.words[n] if n >= 0 else None for n in range(low, high + 1)))
        case Members(certain, possible):
            return _Possible(None if possible is None else frozenset(possible), certain)
        case _:
            return _Possible(None)


def _gaps(model: Plain) -> set[str]:
    return {key for key, verdict in verdicts(review(model)).items() if verdict is Verdict.GAP}


def _fillings(model: Plain) -> Iterator[tuple[Step, str, Any]]:
    """Every open attribute of a model with a value to fill in."""
    for at, section, entity in _entities(model):
        for key, values in _OPEN[section].items():
            if key not in entity and _is_open(model, section, entity, key):
                yield from ((at, key, value) for value in values)
        yield from _listings(model, at, section, entity)


def _listings(model: Plain, at: Step, section: str, entity: Plain) -> Iterator[tuple[Step, str, Any]]:
    """Keys that list data or purposes of the model itself."""
    names = list(model.get("data", {}))
    lists = ([], *([n] for n in names), names)
    if section == "stores" and "holds" not in entity:
        yield from ((at, "holds", value) for value in lists)
    if section == "services" and "holds" not in entity:
        handled = _handled(model, str(at[1]))
        yield from ((at, "holds", value) for value in ([], [], handled)[: 2 + bool(handled)])
    if section in ("services", "actors") and "needs" not in entity:
        yield from ((at, "needs", value) for value in lists)
    if section == "flows" and not {"sends", "returns", "data"} & set(entity):
        yield from ((at, key, value) for key in ("sends", "returns", "data") for value in lists)
    if section == "data" and "purposes" not in entity and "derived_from" not in entity:
        yield from ((at, "purposes", value) for value in ([], list(model.get("purposes", {}))))


def _handled(model: Plain, service: str) -> list[str]:
    """The data that are drawn to or from a service."""
    found: set[str] = set()
    for flow in model.get("flows", []):
        sources = flow["from"] if isinstance(flow["from"], list) else [flow["from"]]
        if service in (*sources, flow["to"]):
            found |= {name for key in ("sends", "returns", "data") for name in flow.get(key, ())}
    return sorted(found)


def _is_open(model: Plain, section: str, entity: Plain, key: str) -> bool:
    """Whether nothing else decides the key while it is absent, and the language takes it here."""
    if key == "agreements":
        return not entity.get("own")
    if section == "data":
        return "derived_from" not in entity
    if key in ("kind", "technology"):
        return not {"kind", "technology"} & set(entity)
    if section == "boundaries":
        return not any(key in b for b in _outwards(model, entity))
    return True


def _outwards(model: Plain, boundary: Plain) -> Iterator[Plain]:
    while "parent" in boundary:
        boundary = model["boundaries"][boundary["parent"]]
        yield boundary


def _entities(model: Plain) -> Iterator[tuple[Step, str, Plain]]:
    for section in _OPEN:
        found = model.get(section, {})
        entries = enumerate(found) if isinstance(found, list) else found.items()
        for name, entity in entries:
            yield (section, name), section, entity


_PLACES = {
    "parties": "party",
    "purposes": "purpose",
    "data": "data",
    "boundaries": "boundary",
    "hosts": "host",
    "actors": "actor",
    "services": "service",
    "stores": "store",
    "flows": "flow",
}


def _free_places(model: Plain) -> Iterator[_Free]:
    """Every place at which a control could be stated and is not, with the kind of place."""
    places: list[tuple[Step, str, Plain]] = [
        ((*at, "controls"), _PLACES[section], entity.get("controls", {}))
        for at, section, entity in _entities(model)
    ]
    for section, templates in model.get("types", {}).items():
        places += [
            (("types", section, name, "controls"), section[:-1], t.get("controls", {}))
            for name, t in templates.items()
        ]
    places.append((("baseline",), "baseline", model.get("baseline", {})))
    for at, place, said in places:
        for control in CONTROLS.values():
            if place in place_kinds(control) and control.id not in said:
                yield at, place, control.id


def _with(model: Plain, at: Step, key: str, value: Any) -> Plain:
    changed = copy.deepcopy(model)
    here: Any = changed
    for step in at:
        here = here[step]
    here[key] = value
    return changed


def _stating(model: Plain, at: Step, control: str, statement: Any) -> Plain:
    changed = copy.deepcopy(model)
    here: Any = changed
    for step in at:
        here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
    here[control] = statement
    return changed
