"""Facts about services, stores, actors, boundaries and hosts: what they are."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from threatmodel.facts.fact import (
    BOOLEAN,
    FALSE,
    LEVEL,
    SERVICE_OR_STORE,
    SET,
    TRUE,
    WORDS,
    boolean,
    fact,
    keys,
    perhaps,
    word,
)
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.subject import Subject
from threatmodel.logic.kleene import between
from threatmodel.logic.values import UNKNOWN, Domain, Known, Members, Range, Value, exactly, known
from threatmodel.model import Actor, Element, Service, Store, words

_NO_TRAITS = Members(frozenset(), frozenset())


_WITH_KIND = ("service", "store", "boundary", "host")


_TENANCY = Domain("enum", words.TENANCY)


@fact(_WITH_KIND, WORDS, absent="unknown", places=keys("kind", "technology"))
def kind(graph: SystemGraph, subject: Subject) -> Value:
    """Its kind, declared or implied by its technology."""
    if subject.kind == "boundary":
        return word(graph.model.boundaries[graph.grounds[subject.position]].kind)
    if subject.kind == "host":
        host = graph.model.hosts[graph.hosts[subject.position]]
        return word(graph.kinds.kind_word(host.kind, host.technology))
    return kind_value(graph, graph.element_of(subject))


@fact(_WITH_KIND, SET, absent="unknown", places=keys("kind", "technology"))
def traits(graph: SystemGraph, subject: Subject) -> Value:
    """What its kind implies."""
    found = kind.value(graph, subject)
    return _traits(graph, str(found.value) if isinstance(found, Known) else None)


@fact(("service", "store", "host"), WORDS, absent="unknown", places=keys("technology"))
def technology(graph: SystemGraph, subject: Subject) -> Value:
    """The product it is made of."""
    if subject.kind == "host":
        return word(graph.model.hosts[graph.hosts[subject.position]].technology)
    value = _element(graph, subject)
    return word(value.technology) if isinstance(value, (Service, Store)) else UNKNOWN


@fact(("service", "store", "host"), BOOLEAN, absent="unknown", places=keys("technology"))
def managed(graph: SystemGraph, subject: Subject) -> Value:
    """Whether the technology's vendor runs it."""
    product = technology.value(graph, subject)
    if not isinstance(product, Known):
        return UNKNOWN
    return perhaps(graph.kinds.technologies[str(product.value)].managed)


@fact((*SERVICE_OR_STORE, "host"), _TENANCY, absent="unknown", places=keys("tenancy"))
def tenancy(graph: SystemGraph, subject: Subject) -> Value:
    """Whether others share it."""
    if subject.kind == "host":
        return word(graph.model.hosts[graph.hosts[subject.position]].tenancy)
    value = _element(graph, subject)
    return word(value.tenancy) if isinstance(value, (Service, Store)) else UNKNOWN


@fact(SERVICE_OR_STORE, LEVEL, absent="unknown", places=keys("criticality"))
def criticality(graph: SystemGraph, subject: Subject) -> Value:
    """How much depends on it."""
    value = _element(graph, subject)
    return _level(value.criticality) if isinstance(value, (Service, Store)) else UNKNOWN


@fact(SERVICE_OR_STORE, BOOLEAN, absent="unknown", places=keys("host"))
def hosted(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it runs on a declared host."""
    return TRUE if graph.element_host[graph.element_of(subject)] >= 0 else UNKNOWN


@fact(SERVICE_OR_STORE, BOOLEAN, name="identity.declared", absent="unknown", places=keys("identity"))
def identity_declared(graph: SystemGraph, subject: Subject) -> Value:
    """Whether its workload identity is declared."""
    value = _element(graph, subject)
    return TRUE if isinstance(value, (Service, Store)) and value.identity else UNKNOWN


@fact(SERVICE_OR_STORE, BOOLEAN, name="identity.shared", absent="unknown", places=keys("identity"))
def identity_shared(graph: SystemGraph, subject: Subject) -> Value:
    """Whether another element runs as the same identity."""
    value = _element(graph, subject)
    identity = value.identity if isinstance(value, (Service, Store)) else None
    if identity is None:
        return UNKNOWN
    counts = _identities(graph)
    if counts[identity] > 1:
        return TRUE
    return UNKNOWN if counts[None] else FALSE


@fact(("service",), BOOLEAN, absent="unknown", places=keys("custom_code"))
def custom_code(graph: SystemGraph, subject: Subject) -> Value:
    """Whether we write its code."""
    return runs_own_code(graph, graph.element_of(subject))


@fact(("service",), BOOLEAN, absent="false", places=keys("tls_passthrough"))
def tls_passthrough(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it forwards TLS without ending it."""
    value = _element(graph, subject)
    return boolean(isinstance(value, Service) and value.tls_passthrough)


@fact(("actor",), BOOLEAN, absent="unknown", places=keys("human"))
def human(graph: SystemGraph, subject: Subject) -> Value:
    """Whether it is a person or a group of people."""
    return is_person(graph, graph.element_of(subject))


@fact(("actor",), BOOLEAN, absent="closed", places=keys("party"))
def workforce(graph: SystemGraph, subject: Subject) -> Value:
    """Whether an own party employs it."""
    return boolean(graph.element_party[graph.element_of(subject)] in graph.own)


def kind_value(graph: SystemGraph, element: int) -> Value:
    """The kind of an element: declared, or implied by its technology; an actor has none."""
    if graph.subject_kind[element] == "actor":
        return known(None)
    return word(graph.kind_of(element))


def traits_value(graph: SystemGraph, element: int) -> Members:
    """The traits of an element's kind; open while the kind is unknown."""
    if graph.subject_kind[element] == "actor":
        return _NO_TRAITS
    return _traits(graph, graph.kind_of(element))


def has_trait(graph: SystemGraph, element: int, traits: frozenset[str]) -> bool | None:
    """Whether the kind of an element implies one of these traits; None while the kind is unknown."""
    found = traits_value(graph, element)
    return between(bool(found.certain & traits), found.possible is None)


def runs_own_code(graph: SystemGraph, element: int) -> Value:
    """Whether we write the code of an element; only services run code of ours."""
    value = graph.values[element]
    return perhaps(value.custom_code) if isinstance(value, Service) else FALSE


def is_person(graph: SystemGraph, element: int) -> Value:
    """Whether an element is a person."""
    value = graph.values[element]
    return perhaps(value.human) if isinstance(value, Actor) else FALSE


def _traits(graph: SystemGraph, kind: str | None) -> Members:
    if kind is None:
        return Members(frozenset(), None)
    return exactly(graph.kinds.kinds[kind].traits)


def _element(graph: SystemGraph, subject: Subject) -> Element:
    return graph.values[graph.element_of(subject)]


def _level(word: str | None) -> Value:
    return UNKNOWN if word is None else Range(LEVEL.words.index(word), LEVEL.words.index(word))


@lru_cache(maxsize=2)
def _identities(graph: SystemGraph) -> dict[str | None, int]:
    found: dict[str | None, int] = {None: 0}
    for value in graph.values:
        if isinstance(value, (Service, Store)):
            found[value.identity] = found.get(value.identity, 0) + 1
    return found


FACTS: Final = (
    kind,
    traits,
    technology,
    managed,
    tenancy,
    criticality,
    hosted,
    identity_declared,
    identity_shared,
    custom_code,
    tls_passthrough,
    human,
    workforce,
)
