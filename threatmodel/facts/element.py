"""Facts about services, stores, actors, boundaries and hosts: what they are."""

from __future__ import annotations

from functools import lru_cache

from threatmodel.facts.fact import BOOLEAN, FALSE, LEVEL, SET, TRUE, WORDS, Fact, Reading, boolean, keys
from threatmodel.graph.build import SystemGraph
from threatmodel.logic.values import UNKNOWN, Domain, Known, Members, Range, Value, exactly, known
from threatmodel.model import Actor, Element, Service, Store, words

NODES = ("service", "store")
ELEMENTS = ("service", "store", "actor")


def kind_value(graph: SystemGraph, element: int) -> Value:
    """The kind of an element: declared, or implied by its technology; an actor has none."""
    if graph.subject_kind[element] == "actor":
        return known(None)
    return _word(graph.kind_of(element))


def traits_value(graph: SystemGraph, element: int) -> Value:
    """The traits of an element's kind; open while the kind is unknown."""
    if graph.subject_kind[element] == "actor":
        return _NO_TRAITS
    return _traits(graph, graph.kind_of(element))


def custom_code(graph: SystemGraph, element: int) -> Value:
    """Whether we write the code of an element; only services run code of ours."""
    value = graph.values[element]
    return _declared(value.custom_code) if isinstance(value, Service) else FALSE


def human(graph: SystemGraph, element: int) -> Value:
    """Whether an element is a person."""
    value = graph.values[element]
    return _declared(value.human) if isinstance(value, Actor) else FALSE


_NO_TRAITS = Members(frozenset(), frozenset())


def _word(word: str | None) -> Value:
    return UNKNOWN if word is None else known(word)


def _declared(value: bool | None) -> Value:
    return UNKNOWN if value is None else boolean(value)


def _traits(graph: SystemGraph, kind: str | None) -> Value:
    if kind is None:
        return Members(frozenset(), None)
    traits = graph.kinds.kinds[kind].traits
    return exactly(traits)


def _node(graph: SystemGraph, kind: str, i: int) -> Element:
    return graph.values[graph.positions[kind][i]]


def _level(word: str | None) -> Value:
    return UNKNOWN if word is None else Range(LEVEL.words.index(word), LEVEL.words.index(word))


def _kind(graph: SystemGraph, kind: str, i: int) -> Value:
    if kind == "boundary":
        return _word(graph.model.boundaries[graph.grounds[i]].kind)
    if kind == "host":
        host = graph.model.hosts[graph.hosts[i]]
        return _word(graph.kinds.kind_word(host.kind, host.technology))
    return kind_value(graph, graph.positions[kind][i])


def _kind_traits(graph: SystemGraph, kind: str, i: int) -> Value:
    found = _kind(graph, kind, i)
    return _traits(graph, str(found.value) if isinstance(found, Known) else None)


def _technology(graph: SystemGraph, kind: str, i: int) -> Value:
    if kind == "host":
        return _word(graph.model.hosts[graph.hosts[i]].technology)
    value = _node(graph, kind, i)
    return _word(value.technology) if isinstance(value, (Service, Store)) else UNKNOWN


def _managed(graph: SystemGraph, kind: str, i: int) -> Value:
    technology = _technology(graph, kind, i)
    if not isinstance(technology, Known):
        return UNKNOWN
    return _declared(graph.kinds.technologies[str(technology.value)].managed)


def _attribute(name: str) -> Reading:
    def value(graph: SystemGraph, kind: str, i: int) -> Value:
        owner: object = graph.model.hosts[graph.hosts[i]] if kind == "host" else _node(graph, kind, i)
        found = getattr(owner, name)
        return _declared(found) if isinstance(found, bool) else _word(found)

    return value


def _criticality(graph: SystemGraph, kind: str, i: int) -> Value:
    value = _node(graph, kind, i)
    return _level(value.criticality) if isinstance(value, (Service, Store)) else UNKNOWN


def _hosted(graph: SystemGraph, kind: str, i: int) -> Value:
    return TRUE if graph.element_host[graph.positions[kind][i]] >= 0 else UNKNOWN


def _identity_declared(graph: SystemGraph, kind: str, i: int) -> Value:
    value = _node(graph, kind, i)
    return TRUE if isinstance(value, (Service, Store)) and value.identity else UNKNOWN


def _identity_shared(graph: SystemGraph, kind: str, i: int) -> Value:
    value = _node(graph, kind, i)
    identity = value.identity if isinstance(value, (Service, Store)) else None
    if identity is None:
        return UNKNOWN
    counts = _identities(graph)
    if counts[identity] > 1:
        return TRUE
    return UNKNOWN if counts[None] else FALSE


@lru_cache(maxsize=2)
def _identities(graph: SystemGraph) -> dict[str | None, int]:
    found: dict[str | None, int] = {None: 0}
    for value in graph.values:
        if isinstance(value, (Service, Store)):
            found[value.identity] = found.get(value.identity, 0) + 1
    return found


def _custom_code(graph: SystemGraph, kind: str, i: int) -> Value:
    return custom_code(graph, graph.positions[kind][i])


def _human(graph: SystemGraph, kind: str, i: int) -> Value:
    return human(graph, graph.positions[kind][i])


def _workforce(graph: SystemGraph, kind: str, i: int) -> Value:
    return boolean(graph.element_party[graph.positions[kind][i]] in graph.own)


_KIND = (
    "services.*.kind",
    "services.*.technology",
    "stores.*.kind",
    "stores.*.technology",
    "boundaries.*.kind",
    "hosts.*.kind",
    "hosts.*.technology",
)
_WITH_KIND = ("service", "store", "boundary", "host")
_TENANCY = Domain("enum", words.TENANCY)
ELEMENT_FACTS: tuple[Fact, ...] = (
    Fact(
        "kind",
        _WITH_KIND,
        WORDS,
        "unknown",
        _KIND,
        "Its kind, declared or implied by its technology.",
        _kind,
        keys("kind", "technology"),
    ),
    Fact(
        "traits",
        _WITH_KIND,
        SET,
        "unknown",
        _KIND,
        "What its kind implies.",
        _kind_traits,
        keys("kind", "technology"),
    ),
    Fact(
        "technology",
        ("service", "store", "host"),
        WORDS,
        "unknown",
        ("services.*.technology", "stores.*.technology", "hosts.*.technology"),
        "The product it is made of.",
        _technology,
        keys("technology"),
    ),
    Fact(
        "managed",
        ("service", "store", "host"),
        BOOLEAN,
        "unknown",
        ("services.*.technology", "stores.*.technology", "hosts.*.technology"),
        "Whether the technology's vendor runs it.",
        _managed,
        keys("technology"),
    ),
    Fact(
        "tenancy",
        (*NODES, "host"),
        _TENANCY,
        "unknown",
        ("services.*.tenancy", "stores.*.tenancy", "hosts.*.tenancy"),
        "Whether others share it.",
        _attribute("tenancy"),
        keys("tenancy"),
    ),
    Fact(
        "criticality",
        NODES,
        LEVEL,
        "unknown",
        ("services.*.criticality", "stores.*.criticality"),
        "How much depends on it.",
        _criticality,
        keys("criticality"),
    ),
    Fact(
        "hosted",
        NODES,
        BOOLEAN,
        "unknown",
        ("services.*.host", "stores.*.host"),
        "Whether it runs on a declared host.",
        _hosted,
        keys("host"),
    ),
    Fact(
        "identity.declared",
        NODES,
        BOOLEAN,
        "unknown",
        ("services.*.identity", "stores.*.identity"),
        "Whether its workload identity is declared.",
        _identity_declared,
        keys("identity"),
    ),
    Fact(
        "identity.shared",
        NODES,
        BOOLEAN,
        "unknown",
        ("services.*.identity", "stores.*.identity"),
        "Whether another element runs as the same identity.",
        _identity_shared,
        keys("identity"),
    ),
    Fact(
        "custom_code",
        ("service",),
        BOOLEAN,
        "unknown",
        ("services.*.custom_code",),
        "Whether we write its code.",
        _custom_code,
        keys("custom_code"),
    ),
    Fact(
        "tls_passthrough",
        ("service",),
        BOOLEAN,
        "false",
        ("services.*.tls_passthrough",),
        "Whether it forwards TLS without ending it.",
        _attribute("tls_passthrough"),
        keys("tls_passthrough"),
    ),
    Fact(
        "human",
        ("actor",),
        BOOLEAN,
        "unknown",
        ("actors.*.human",),
        "Whether it is a person or a group of people.",
        _human,
        keys("human"),
    ),
    Fact(
        "workforce",
        ("actor",),
        BOOLEAN,
        "closed",
        ("actors.*.party", "parties.*.own"),
        "Whether an own party employs it.",
        _workforce,
        keys("party"),
    ),
)
