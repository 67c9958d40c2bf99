"""Facts about data: on flows, at elements, behind boundaries, with parties, and of the assets themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from threatmodel.facts.data_at import data_places, held_of, load_of, speaking
from threatmodel.facts.fact import (
    BOOLEAN,
    CONFIDENTIALITY,
    FALSE,
    LEVEL,
    SERVICE_OR_STORE,
    SET,
    TRUE,
    Fact,
    Place,
    boolean,
    fact,
    keys,
    nowhere,
    perhaps,
)
from threatmodel.facts.grouping import by_held, by_load
from threatmodel.facts.phi import has_health, health, is_phi
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.classification import sources_first
from threatmodel.graph.data_map import Load, data_map
from threatmodel.graph.subject import Subject
from threatmodel.logic.values import UNKNOWN, Domain, Known, Value
from threatmodel.model import Actor, words

CARRIERS = ("flow", "service", "store", "actor", "boundary", "host", "party")


_TRANSFORMS = Domain("enum", words.TRANSFORMS)


_ALL = (*CARRIERS, "data", "purpose", "model")


def health_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    """The categories of the data that are there, then what says whether they relate to care."""
    model = graph.model
    doubtful = sorted(d for d in load_of(graph, subject).ids if health(graph)[d] is None)
    sources = sorted({s for d in doubtful for s in speaking(graph, "purposes")[d]})
    uses = sorted({p for d in doubtful for p in graph.purposes[d].certain})
    people = sorted({s for d in doubtful for s in speaking(graph, "subjects")[d]})
    return (
        *data_places("categories")(graph, subject),
        *((model.data[s].at, "purposes") for s in sources),
        *((model.purposes[p].at, "hipaa_use") for p in uses),
        *((model.data[s].at, "subjects") for s in people),
    )


def _of_data_there(key: str, domain: Domain, meaning: str) -> Fact:
    """The fact `data.KEY`: what the data at a subject are together."""

    @fact(
        _ALL,
        domain,
        name=f"data.{key}",
        meaning=meaning,
        absent="unknown",
        places=data_places(key),
        groups=by_load,
    )
    def there(graph: SystemGraph, subject: Subject) -> Value:
        return _said_of(graph, load_of(graph, subject), key)

    return there


def _of_data_kept(key: str, domain: Domain, meaning: str) -> Fact:
    """The fact `held.KEY`: what the data that an element keeps are together."""

    @fact(
        SERVICE_OR_STORE,
        domain,
        name=f"held.{key}",
        meaning=meaning,
        absent="unknown",
        places=data_places(key, held_of),
        groups=by_held,
    )
    def kept(graph: SystemGraph, subject: Subject) -> Value:
        return _said_of(graph, held_of(graph, subject), key)

    return kept


@fact((*CARRIERS, "data", "model"), BOOLEAN, name="data.phi", absent="unknown", places=health_places)
def phi(graph: SystemGraph, subject: Subject) -> Value:
    """Whether health data are there (as `data.health` says) that a party with a HIPAA role gets at."""
    load, handlers = load_of(graph, subject), _handlers(graph, subject)
    found = is_phi(graph, load, handlers)
    if subject.kind in ("data", "party") and found is False:
        return FALSE if is_phi(graph, load, handlers | _open_handlers(graph)) is False else UNKNOWN
    return perhaps(found)


@fact(
    (*CARRIERS, "data", "model"),
    BOOLEAN,
    name="data.health",
    absent="unknown",
    places=health_places,
    groups=by_load,
)
def data_health(graph: SystemGraph, subject: Subject) -> Value:
    """Whether health or genetic data are there; not known of personal data that may serve care or its payment
    (`hipaa_use`) and are not only about our own workforce."""
    return perhaps(has_health(graph, load_of(graph, subject)))


@fact(("flow",), BOOLEAN, absent="unknown", places=keys("data"), groups=by_load)
def carries_data(graph: SystemGraph, subject: Subject) -> Value:
    """Whether declared data move on it."""
    load = load_of(graph, subject)
    return TRUE if load.ids else UNKNOWN if load.open else FALSE


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=keys("holds"), groups=by_held)
def holds_data(graph: SystemGraph, subject: Subject) -> Value:
    """Whether declared data are kept in it."""
    load = held_of(graph, subject)
    return TRUE if load.ids else UNKNOWN if load.open else FALSE


@fact(
    (*SERVICE_OR_STORE, "data"), BOOLEAN, name="retention.limited", absent="unknown", places=keys("retention")
)
def retention_limited(graph: SystemGraph, subject: Subject) -> Value:
    """Whether something says how long the data are kept at most.

    The element says it, or each asset that it holds.
    """
    if subject.kind == "data":
        return _retentions(graph)[graph.id_of(subject)]
    value = graph.values[graph.element_of(subject)]
    own = None if isinstance(value, Actor) else value.retention
    if own:
        return boolean(own != "indefinite")
    load = held_of(graph, subject)
    found = {_retentions(graph)[d] for d in load.ids}
    if FALSE in found:
        return FALSE
    return TRUE if found == {TRUE} and not load.open else UNKNOWN


@fact(("data",), BOOLEAN, absent="closed", places=keys("derived_from"))
def derived(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it is a part or a transformed form of other data."""
    return boolean(bool(graph.model.data[graph.id_of(subject)].derived_from))


@fact(("data",), _TRANSFORMS, absent="closed", places=keys("transform"))
def transform(graph: SystemGraph, subject: Subject) -> Value:
    """How it was derived; none when it was collected as such."""
    return Known(graph.model.data[graph.id_of(subject)].transform)


@fact(("data",), BOOLEAN, absent="unknown", places=nowhere)
def stored(graph: SystemGraph, subject: Subject) -> Value:
    """Whether an element is said to keep it."""
    return TRUE if data_map(graph).keepers(graph.id_of(subject)) else UNKNOWN


def _leaving_places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
    """The flows of others' elements of which nobody said what they carry, and the stores of others."""
    data = data_map(graph)
    others = [e for e in range(len(graph.elements)) if data.handlers(e) - graph.own]
    flows = sorted({f for e in others for f in (*graph.flows_in[e], *graph.flows_out[e])})
    return (
        *((graph.flows[f].at, "data") for f in flows if data.flows[f].open),
        *((graph.values[e].at, "holds") for e in others if graph.subject_kind[e] == "store"),
    )


@fact(("data",), BOOLEAN, absent="unknown", places=_leaving_places)
def leaves_system(graph: SystemGraph, subject: Subject) -> Value:
    """Whether another party than ours gets at it; open where it is sent what nobody listed."""
    data = data_map(graph)
    handlers = {p for e in data.holders(graph.id_of(subject)) for p in data.handlers(e)}
    if handlers - graph.own:
        return TRUE
    return UNKNOWN if _open_handlers(graph) - graph.own else FALSE


@fact(("data",), BOOLEAN, name="purposes.declared", absent="unknown", places=keys("purposes"))
def purposes_declared(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it says what it may be used for."""
    found = graph.purposes[graph.id_of(subject)]
    return TRUE if found.certain else UNKNOWN if found.possible is None else FALSE


def _said_of(graph: SystemGraph, load: Load, key: str) -> Value:
    data = data_map(graph)
    return data.categories(load) if key == "categories" else data.level(load, key)


@lru_cache(maxsize=2)
def _open_handlers(graph: SystemGraph) -> frozenset[str]:
    """The parties at whose elements there may be data that nobody listed."""
    data = data_map(graph)
    open_ = (e for e in range(len(graph.elements)) if data.element(e).open)
    return frozenset().union(*(data.handlers(e) for e in open_))


def _handlers(graph: SystemGraph, subject: Subject) -> frozenset[str]:
    data = data_map(graph)
    match subject.kind:
        case "flow":
            return data.handlers(graph.flow_source[subject.position]) | data.handlers(
                graph.flow_target[subject.position]
            )
        case "party":  # what it gets is PHI by whoever else has it, whatever it calls itself
            found = {e for d in load_of(graph, subject).ids for e in data.holders(d)}
            return frozenset({graph.id_of(subject)}).union(*(data.handlers(e) for e in found))
        case "data":
            elements = data.holders(graph.id_of(subject))
        case "boundary":
            return frozenset(
                (graph.ground_party[subject.position], *graph.ground_providers[subject.position])
            )
        case "host":
            return frozenset(
                (
                    graph.host_party[subject.position],
                    *graph.ground_providers[graph.host_ground[subject.position]],
                )
            )
        case "model":
            elements = list(range(len(graph.elements)))
        case _:
            elements = [graph.element_of(subject)]
    return frozenset().union(*(data.handlers(e) for e in elements))


@lru_cache(maxsize=2)
def _retentions(graph: SystemGraph) -> dict[str, Value]:
    """Whether the retention of each asset is limited: by what it says, else by all its sources together."""
    found: dict[str, Value] = {}
    for name in sources_first(graph.model.data):
        asset = graph.model.data[name]
        if asset.retention:
            found[name] = boolean(asset.retention != "indefinite")
        else:
            sources = {found[s] for s in asset.derived_from or ()}
            found[name] = FALSE if FALSE in sources else TRUE if sources == {TRUE} else UNKNOWN
    return found


FACTS: Final = (
    _of_data_there("confidentiality", CONFIDENTIALITY, "The highest confidentiality of the data there."),
    _of_data_there("integrity", LEVEL, "The highest integrity of the data there."),
    _of_data_there("availability", LEVEL, "The highest availability of the data there."),
    _of_data_kept("confidentiality", CONFIDENTIALITY, "The highest confidentiality of the data it keeps."),
    _of_data_kept("integrity", LEVEL, "The highest integrity of the data it keeps."),
    _of_data_kept("availability", LEVEL, "The highest availability of the data it keeps."),
    _of_data_there("categories", SET, "The categories of the data there."),
    _of_data_kept("categories", SET, "The categories of the data it keeps."),
    phi,
    data_health,
    carries_data,
    holds_data,
    retention_limited,
    derived,
    transform,
    stored,
    leaves_system,
    purposes_declared,
)
