"""Facts about data: on flows, at elements, behind boundaries, with parties, and of the assets themselves."""

from __future__ import annotations

from functools import lru_cache

from threatmodel.facts.data_at import data_places, held_of, load_of, speaking
from threatmodel.facts.fact import (
    BOOLEAN,
    CONFIDENTIALITY,
    FALSE,
    LEVEL,
    SET,
    TRUE,
    Fact,
    Place,
    Reading,
    boolean,
    keys,
    perhaps,
)
from threatmodel.facts.grouping import by_held, by_load
from threatmodel.facts.phi import has_health, health, is_phi
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.classification import sources_first
from threatmodel.graph.data_map import data_map
from threatmodel.logic.values import UNKNOWN, Domain, Known, Value
from threatmodel.model import Actor, words

NODES = ("service", "store")
CARRIERS = ("flow", "service", "store", "actor", "boundary", "host", "party")
HEALTH = ("data.*.categories", "data.*.purposes", "data.*.subjects", "purposes.*.hipaa_use", "actors.*.party")
MOVED = ("flows[].sends", "flows[].returns", "flows[].data", "services.*.holds", "stores.*.holds")


def _level(dimension: str, of: object = None) -> Reading:
    find = held_of if of == "held" else load_of

    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        return data_map(graph).asset(find(graph, kind, i)).level(dimension)

    return value


def _categories(of: object = None) -> Reading:
    find = held_of if of == "held" else load_of

    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        return data_map(graph).asset(find(graph, kind, i)).categories

    return value


def _health(graph: SystemGraph, kind: str, i: int) -> Value:
    return perhaps(has_health(graph, load_of(graph, kind, i)))


def phi(graph: SystemGraph, kind: str, i: int) -> Value:
    """Whether PHI are at a subject, as `data.phi` says."""
    load, handlers = load_of(graph, kind, i), _handlers(graph, kind, i)
    found = is_phi(graph, load, handlers)
    if kind in ("data", "party") and found is False:
        return FALSE if is_phi(graph, load, handlers | _open_handlers(graph)) is False else UNKNOWN
    return perhaps(found)


def health_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    """The categories of the data that are there, then what says whether they relate to care."""
    model = graph.model
    doubtful = sorted(d for d in load_of(graph, kind, i).ids if health(graph)[d] is None)
    sources = sorted({s for d in doubtful for s in speaking(graph, "purposes")[d]})
    uses = sorted({p for d in doubtful for p in graph.purposes[d].certain})
    people = sorted({s for d in doubtful for s in speaking(graph, "subjects")[d]})
    return (
        *data_places("categories")(graph, kind, i),
        *((model.data[s].at, "purposes") for s in sources),
        *((model.purposes[p].at, "hipaa_use") for p in uses),
        *((model.data[s].at, "subjects") for s in people),
    )


@lru_cache(maxsize=2)
def _open_handlers(graph: SystemGraph) -> frozenset[str]:
    """The parties at whose elements there may be data that nobody listed."""
    data = data_map(graph)
    open_ = (e for e in range(len(graph.elements)) if data.element(e).open)
    return frozenset().union(*(data.handlers(e) for e in open_))


def _handlers(graph: SystemGraph, kind: str, i: int) -> frozenset[str]:
    data = data_map(graph)
    match kind:
        case "flow":
            return data.handlers(graph.flow_source[i]) | data.handlers(graph.flow_target[i])
        case "party":  # what it gets is PHI by whoever else has it, whatever it calls itself
            found = {e for d in load_of(graph, kind, i).ids for e in data.holders(d)}
            return frozenset({graph.subjects["party"][i]}).union(*(data.handlers(e) for e in found))
        case "data":
            elements = data.holders(graph.subjects["data"][i])
        case "boundary":
            return frozenset((graph.ground_party[i], *graph.ground_providers[i]))
        case "host":
            return frozenset((graph.host_party[i], *graph.ground_providers[graph.host_ground[i]]))
        case "model":
            elements = list(range(len(graph.elements)))
        case _:
            elements = [graph.positions[kind][i]]
    return frozenset().union(*(data.handlers(e) for e in elements))


def _carries(graph: SystemGraph, kind: str, i: int) -> Value:
    load = load_of(graph, kind, i)
    return TRUE if load.ids else UNKNOWN if load.open else FALSE


def _holds(graph: SystemGraph, kind: str, i: int) -> Value:
    load = held_of(graph, kind, i)
    return TRUE if load.ids else UNKNOWN if load.open else FALSE


def _limited(graph: SystemGraph, kind: str, i: int) -> Value:
    """Whether something says how long the data are kept: the element, or each asset that it holds."""
    if kind == "data":
        return _retentions(graph)[graph.subjects["data"][i]]
    value = graph.values[graph.positions[kind][i]]
    own = None if isinstance(value, Actor) else value.retention
    if own:
        return boolean(own != "indefinite")
    load = held_of(graph, kind, i)
    found = {_retentions(graph)[d] for d in load.ids}
    if FALSE in found:
        return FALSE
    return TRUE if found == {TRUE} and not load.open else UNKNOWN


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


def _derived(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(bool(graph.model.data[graph.subjects["data"][i]].derived_from))


def _transform(graph: SystemGraph, kind: str, i: int) -> Value:
    return Known(graph.model.data[graph.subjects["data"][i]].transform)


def _stored(graph: SystemGraph, kind: str, i: int) -> Value:
    data = data_map(graph)
    name = graph.subjects["data"][i]
    kept = any(name in data.held(e).ids for e in data.holders(name))
    return TRUE if kept else UNKNOWN


def _leaves(graph: SystemGraph, kind: str, i: int) -> Value:
    data = data_map(graph)
    handlers = {p for e in data.holders(graph.subjects["data"][i]) for p in data.handlers(e)}
    if handlers - graph.own:
        return TRUE
    return UNKNOWN if _open_handlers(graph) - graph.own else FALSE


def _leaving_places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    """The flows of others' elements of which nobody said what they carry, and the stores of others."""
    data = data_map(graph)
    others = [e for e in range(len(graph.elements)) if data.handlers(e) - graph.own]
    flows = sorted({f for e in others for f in (*graph.flows_in[e], *graph.flows_out[e])})
    return (
        *((graph.flows[f].at, "data") for f in flows if data.flows[f].open),
        *((graph.values[e].at, "holds") for e in others if graph.subject_kind[e] == "store"),
    )


def _purposes(graph: SystemGraph, kind: str, i: int) -> Value:
    found = graph.purposes[graph.subjects["data"][i]]
    return TRUE if found.certain else UNKNOWN if found.possible is None else FALSE


_DOMAINS = {"confidentiality": CONFIDENTIALITY, "integrity": LEVEL, "availability": LEVEL}
_TRANSFORMS = Domain("enum", words.TRANSFORMS)
_ALL = (*CARRIERS, "data", "purpose", "model")


def _empty(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
    return ()


DATA_FACTS: tuple[Fact, ...] = (
    *(
        Fact(
            f"data.{name}",
            _ALL,
            domain,
            "unknown",
            (f"data.*.{name}", "data.*.derived_from", *MOVED),
            f"The highest {name} of the data there.",
            _level(name),
            data_places(name),
            by_load,
        )
        for name, domain in _DOMAINS.items()
    ),
    *(
        Fact(
            f"held.{name}",
            NODES,
            domain,
            "unknown",
            (f"data.*.{name}", "services.*.holds", "stores.*.holds"),
            f"The highest {name} of the data it keeps.",
            _level(name, "held"),
            data_places(name, "held"),
            by_held,
        )
        for name, domain in _DOMAINS.items()
    ),
    Fact(
        "data.categories",
        _ALL,
        SET,
        "unknown",
        ("data.*.categories", "data.*.derived_from", *MOVED),
        "The categories of the data there.",
        _categories(),
        data_places("categories"),
        by_load,
    ),
    Fact(
        "held.categories",
        NODES,
        SET,
        "unknown",
        ("data.*.categories", "services.*.holds", "stores.*.holds"),
        "The categories of the data it keeps.",
        _categories("held"),
        data_places("categories", "held"),
        by_held,
    ),
    Fact(
        "data.phi",
        (*CARRIERS, "data", "model"),
        BOOLEAN,
        "unknown",
        (*HEALTH, "parties.*.hipaa", *MOVED),
        "Whether health data are there (as `data.health` says) that a party with a HIPAA role gets at.",
        phi,
        health_places,
    ),
    Fact(
        "data.health",
        (*CARRIERS, "data", "model"),
        BOOLEAN,
        "unknown",
        (*HEALTH, *MOVED),
        "Whether health or genetic data are there; not known of personal data that may serve care or its "
        "payment (`hipaa_use`) and are not only about our own workforce.",
        _health,
        health_places,
        by_load,
    ),
    Fact(
        "carries_data",
        ("flow",),
        BOOLEAN,
        "unknown",
        MOVED,
        "Whether declared data move on it.",
        _carries,
        keys("data"),
        by_load,
    ),
    Fact(
        "holds_data",
        NODES,
        BOOLEAN,
        "unknown",
        ("services.*.holds", "stores.*.holds"),
        "Whether declared data are kept in it.",
        _holds,
        keys("holds"),
        by_held,
    ),
    Fact(
        "retention.limited",
        (*NODES, "data"),
        BOOLEAN,
        "unknown",
        ("data.*.retention", "services.*.retention", "stores.*.retention"),
        "Whether something says how long the data are kept at most.",
        _limited,
        keys("retention"),
    ),
    Fact(
        "derived",
        ("data",),
        BOOLEAN,
        "closed",
        ("data.*.derived_from",),
        "Whether it is a part or a transformed form of other data.",
        _derived,
        keys("derived_from"),
    ),
    Fact(
        "transform",
        ("data",),
        _TRANSFORMS,
        "closed",
        ("data.*.transform",),
        "How it was derived; none when it was collected as such.",
        _transform,
        keys("transform"),
    ),
    Fact(
        "stored",
        ("data",),
        BOOLEAN,
        "unknown",
        ("services.*.holds", "stores.*.holds"),
        "Whether an element is said to keep it.",
        _stored,
        _empty,
    ),
    Fact(
        "leaves_system",
        ("data",),
        BOOLEAN,
        "unknown",
        ("*.party", "boundaries.*.provider", *MOVED),
        "Whether another party than ours gets at it; open where it is sent what nobody listed.",
        _leaves,
        _leaving_places,
    ),
    Fact(
        "purposes.declared",
        ("data",),
        BOOLEAN,
        "unknown",
        ("data.*.purposes",),
        "Whether it says what it may be used for.",
        _purposes,
        keys("purposes"),
    ),
)
