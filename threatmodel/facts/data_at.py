"""Which data a subject has, and the keys in which that is said: what the facts about data rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from threatmodel.facts.fact import Place, Placing, subject_at
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.classification import LEVELS, sources_first
from threatmodel.graph.data_map import Load, data_map, merge


def load_of(graph: SystemGraph, kind: str, i: int) -> Load:
    """The data at a subject."""
    data = data_map(graph)
    match kind:
        case "flow":
            return data.flows[i]
        case "boundary":
            return data.ground(i)
        case "host":
            return data.host(i)
        case "party":
            return data.party(graph.subjects["party"][i])
        case "data":
            return Load(frozenset({graph.subjects["data"][i]}), False)
        case "purpose":
            name = graph.subjects["purpose"][i]
            purposes = graph.purposes
            named = frozenset(d for d, found in purposes.items() if name in found.certain)
            return Load(named, any(found.possible is None for d, found in purposes.items() if d not in named))
        case "model":
            drawn = merge(data.ground(z) for z in range(len(graph.grounds)) if graph.ground_parent[z] < 0)
            return Load(frozenset(graph.model.data), drawn.open or not graph.elements)
        case _:
            return data.element(graph.positions[kind][i])


def held_of(graph: SystemGraph, kind: str, i: int) -> Load:
    """The data that a service or store keeps."""
    return data_map(graph).held(graph.positions[kind][i])


def data_places(key: str, of: object = None) -> Placing:
    """The key of each asset that says it, the highest first; then what is silent, or not listed at all."""
    find = held_of if of == "held" else load_of

    def places(graph: SystemGraph, kind: str, i: int) -> tuple[Place, ...]:
        model = graph.model
        load = find(graph, kind, i)
        from_ = speaking(graph, key)
        assets = sorted({d for name in load.ids for d in from_[name]})
        said = [d for d in assets if model.declares(model.data[d].at, key)]
        if key in LEVELS:
            said.sort(key=lambda d: -LEVELS[key].index(str(getattr(model.data[d], key))))
        silent = sorted(set(assets).difference(said))
        listed = tuple((model.data[d].at, key) for d in (*said, *silent))
        return (*listed, *_unlisted(graph, kind, i, key, of == "held")) if load.open else listed

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


def _unlisted(graph: SystemGraph, kind: str, i: int, key: str, held: bool) -> tuple[Place, ...]:
    """Where data would have to be listed for the load of a subject to be known."""
    if kind == "purpose":
        assets = [asset for _, asset in sorted(graph.model.data.items())]
        silent = [d.at for d in assets if d.purposes is None and not d.derived_from]
        return tuple((at, word) for word in (key, "purposes") for at in silent)
    if kind == "flow":
        return ((graph.flows[i].at, "data"),)
    if held:
        return ((subject_at(graph, kind, i), "holds"),)
    found: list[Place] = []
    data = data_map(graph)
    for element in _elements(graph, kind, i):
        if graph.subject_kind[element] == "store" and data.held(element).open:
            found.append((graph.values[element].at, "holds"))
        flows = (*graph.flows_in[element], *graph.flows_out[element])
        found += [(graph.flows[f].at, "data") for f in flows if data.flows[f].open]
    return tuple(found)


def _elements(graph: SystemGraph, kind: str, i: int) -> Sequence[int]:
    """The elements whose data are the data of a subject."""
    data = data_map(graph)
    match kind:
        case "boundary":
            return data.inside(i)
        case "host":
            return data.on_host[i]
        case "party":
            return data.with_party.get(graph.subjects["party"][i], ())
        case "model":
            return range(len(graph.elements))
        case _:
            return (graph.positions[kind][i],)
