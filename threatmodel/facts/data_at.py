"""Which data a subject has, and the keys in which that is said: what the facts about data rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from threatmodel.facts.fact import Place, Placing, subject_at
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.classification import LEVELS, sources_first
from threatmodel.graph.data_map import Load, data_map, merge
from threatmodel.graph.subject import Subject


def load_of(graph: SystemGraph, subject: Subject) -> Load:
    """The data at a subject."""
    data = data_map(graph)
    match subject.kind:
        case "flow":
            return data.flows[subject.position]
        case "boundary":
            return data.ground(subject.position)
        case "host":
            return data.host(subject.position)
        case "party":
            return data.party(graph.id_of(subject))
        case "data":
            return Load(frozenset({graph.id_of(subject)}), False)
        case "purpose":
            name = graph.id_of(subject)
            purposes = graph.purposes
            named = frozenset(d for d, found in purposes.items() if name in found.certain)
            return Load(named, any(found.possible is None for d, found in purposes.items() if d not in named))
        case "model":
            drawn = merge(data.ground(z) for z in range(len(graph.grounds)) if graph.ground_parent[z] < 0)
            return Load(frozenset(graph.model.data), drawn.open or not graph.elements)
        case _:
            return data.element(graph.element_of(subject))


def held_of(graph: SystemGraph, subject: Subject) -> Load:
    """The data that a service or store keeps."""
    return data_map(graph).held(graph.element_of(subject))


def data_places(key: str, load_at: Callable[[SystemGraph, Subject], Load] = load_of) -> Placing:
    """The key of each asset that says it, the highest first; then what is silent, or not listed at all."""

    def places(graph: SystemGraph, subject: Subject) -> tuple[Place, ...]:
        model = graph.model
        load = load_at(graph, subject)
        from_ = speaking(graph, key)
        assets = sorted({d for name in load.ids for d in from_[name]})
        said = [d for d in assets if model.declares(model.data[d].at, key)]
        if key in LEVELS:
            said.sort(key=lambda d: -LEVELS[key].index(str(getattr(model.data[d], key))))
        silent = sorted(set(assets).difference(said))
        listed = tuple((model.data[d].at, key) for d in (*said, *silent))
        return (*listed, *_unlisted(graph, subject, key, load_at is held_of)) if load.open else listed

    return places


@lru_cache(maxsize=16)
def speaking(graph: SystemGraph, key: str) -> Mapping[str, frozenset[str]]:
    """For each asset itself, or the sources from which it takes a key that it does not say."""
    found: dict[str, frozenset[str]] = {}
    for name in sources_first(graph.model.data):
        asset = graph.model.data[name]
        if asset.derived_from and not graph.model.declares(asset.at, key):
            found[name] = frozenset().union(*(found[s] for s in asset.derived_from))
        else:
            found[name] = frozenset({name})
    return found


def _unlisted(graph: SystemGraph, subject: Subject, key: str, held: bool) -> tuple[Place, ...]:
    """Where data would have to be listed for the load of a subject to be known."""
    if subject.kind == "purpose":
        assets = [asset for _, asset in sorted(graph.model.data.items())]
        silent = [d.at for d in assets if d.purposes is None and not d.derived_from]
        return tuple((at, word) for word in (key, "purposes") for at in silent)
    if subject.kind == "flow":
        return ((graph.flows[subject.position].at, "data"),)
    if held:
        return ((subject_at(graph, subject), "holds"),)
    found: list[Place] = []
    data = data_map(graph)
    for element in _elements(graph, subject):
        if graph.subject_kind[element] == "store" and data.held(element).open:
            found.append((graph.values[element].at, "holds"))
        flows = (*graph.flows_in[element], *graph.flows_out[element])
        found += [(graph.flows[f].at, "data") for f in flows if data.flows[f].open]
    return tuple(found)


def _elements(graph: SystemGraph, subject: Subject) -> Sequence[int]:
    """The elements whose data are the data of a subject."""
    data = data_map(graph)
    match subject.kind:
        case "boundary":
            return data.inside(subject.position)
        case "host":
            return graph.on_host[subject.position]
        case "party":
            return data.with_party.get(graph.id_of(subject), ())
        case "model":
            return range(len(graph.elements))
        case _:
            return (graph.element_of(subject),)
