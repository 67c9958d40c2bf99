"""What in a model looks forgotten or repeated: notes about the model, never verdicts on the system.

Entries that nothing uses are told of the first file only: an included file may serve several models.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from threatmodel.errors import HYGIENE
from threatmodel.evaluate.notes.misplaced_stores import stores_among_services
from threatmodel.evaluate.notes.redundant import redundant
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.facts.evidence import within_needs
from threatmodel.facts.fact import CONFIDENTIALITY, SET
from threatmodel.facts.phi import CARE, health
from threatmodel.graph import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.graph.lineage import with_sources
from threatmodel.logic import truth
from threatmodel.model import Flow, Host, Party, Path, Purpose, Type
from threatmodel.model.system import stated
from threatmodel.results import Name, Note, NoteArgument

Noted: TypeAlias = tuple[Path, tuple[NoteArgument, ...]]
"""Where a note is, and what it speaks of."""


def hygiene(engine: Engine, off: Collection[str] = ()) -> tuple[Note, ...]:
    """The notes on a model, rule by rule in the order of RULES; rules named in `off` say nothing."""
    notes: list[Note] = []
    for name, rule in RULES.items():
        if name not in off:
            found = (_note(engine.graph, name, at, arguments) for at, arguments in rule(engine))
            notes += sorted(found, key=lambda note: note.span)
    return tuple(notes)


def _note(graph: SystemGraph, name: str, at: Path, arguments: tuple[NoteArgument, ...]) -> Note:
    span = graph.model.span(at)
    excerpt = graph.model.documents[int(at[0])].excerpt(span.line)
    return Note(f"{HYGIENE}{name}", arguments, span, excerpt, "note")


def _nothing_modelled(graph: SystemGraph) -> Iterator[Noted]:
    if "service" not in graph.subject_kind and "store" not in graph.subject_kind:
        yield (0, "name"), ()


def _unused_data(graph: SystemGraph) -> Iterator[Noted]:
    model = graph.model
    used = {name for load in data_map(graph).flows for name in load.ids}
    for element, value in enumerate(graph.values):
        used.update(value.needs or (), data_map(graph).held(element).ids)
    for asset in model.data.values():
        used.update(asset.derived_from or ())
    for name, asset in model.data.items():
        if name not in used and _first(asset.at):
            yield asset.at, (Name(name),)


def _unneeded_data(graph: SystemGraph) -> Iterator[Noted]:
    for element, value in enumerate(graph.values):
        if value.needs is None:
            continue
        needs = frozenset(value.needs)
        for name, flow in _arriving(graph, element).items():
            about = graph.model.data[name].subjects or ()
            if not (within_needs(graph, name, needs) or value.id in about or _left_to_control(graph, name)):
                yield graph.flows[flow].at, (Name(value.id), Name(name))


def _unmet_need(graph: SystemGraph) -> Iterator[Noted]:
    loads = data_map(graph)
    for element, value in enumerate(graph.values):
        flows = (*graph.flows_in[element], *graph.flows_out[element])
        if not value.needs or any(loads.flows[f].open for f in flows):
            continue
        has = with_sources(graph, (*_arriving(graph, element), *loads.held(element).ids))
        for name in value.needs:
            if not within_needs(graph, name, has):
                yield value.at, (Name(value.id), Name(name))


def _sourceless_data(graph: SystemGraph) -> Iterator[Noted]:
    """Derived data of ours that come from nowhere; whom we do not model from inside may make anything."""
    loads = data_map(graph)
    for element, value in enumerate(graph.values):
        flows = (*graph.flows_in[element], *graph.flows_out[element])
        kind, held = graph.subject_kind[element], loads.held(element)
        closed = not any(loads.flows[f].open for f in flows) and not (kind == "store" and held.open)
        if kind == "actor" or graph.element_party[element] not in graph.own or not closed:
            continue
        has = held.ids | _arriving(graph, element).keys()
        for name, flow in _leaving(graph, element).items():
            sources = graph.model.data[name].derived_from
            if sources and not has & with_sources(graph, (name,)):
                yield graph.flows[flow].at, (Name(value.id), Name(name), Name(sources[0]))


def _empty_flow(graph: SystemGraph) -> Iterator[Noted]:
    rested_on = _rested_on(graph)
    for flow in graph.flows:
        nothing = flow.sends == () and flow.returns == () and bool(graph.model.data)
        if nothing and flow.kind in (None, "business") and flow.target not in rested_on:
            yield flow.at, (Name(flow.id),)


def _repeated_flow(graph: SystemGraph) -> Iterator[Noted]:
    between: dict[tuple[str, str], list[Flow]] = {}
    for flow in graph.flows:
        if flow.sends is not None:
            between.setdefault((flow.source, flow.target), []).append(flow)
    for flows in between.values():
        for flow, first in _twice(flows) if len(flows) > 1 else ():
            yield flow.at, (Name(flow.id), Name(first.id))


def _twice(flows: Iterable[Flow]) -> Iterator[tuple[Flow, Flow]]:
    """Each flow that says the same as an earlier one, with that one."""
    seen: dict[tuple[object, ...], Flow] = {}
    for flow in flows:
        lists = (flow.protocols, flow.ports, flow.sends, flow.returns)
        first = seen.setdefault((flow.kind, *(frozenset(names or ()) for names in lists)), flow)
        if first is not flow:
            yield flow, first


def _unconnected_element(graph: SystemGraph) -> Iterator[Noted]:
    known = {name for asset in graph.model.data.values() for name in asset.subjects or ()} | _rested_on(graph)
    for element, value in enumerate(graph.values):
        alone = not (graph.flows_in[element] or graph.flows_out[element])
        if alone and value.id not in known and not graph.element_out_of_scope[element] and _first(value.at):
            yield value.at, (graph.subject_kind[element], Name(value.id))


def _empty_boundary(graph: SystemGraph) -> Iterator[Noted]:
    filled = {*graph.element_ground, *graph.host_ground, *graph.ground_parent}
    for ground, name in enumerate(graph.subjects["boundary"]):
        boundary = graph.model.boundaries[name]
        if ground not in filled and _first(boundary.at):
            yield boundary.at, (Name(name),)


def _unused_host(graph: SystemGraph) -> Iterator[Noted]:
    rested_on = _rested_on(graph)
    used = {graph.hosts[host] for host in graph.element_host if host >= 0} | rested_on
    return _unused(graph.model.hosts, used)


def _unused_party(graph: SystemGraph) -> Iterator[Noted]:
    model = graph.model
    used = {value.party for value in (*graph.values, *model.hosts.values(), *model.boundaries.values())}
    used |= {boundary.provider for boundary in model.boundaries.values()}
    used |= {a.counterpart for party in model.parties.values() for a in party.agreements or ()}
    others = {name: party for name, party in model.parties.items() if not party.own}
    return _unused(others, used)


def _unused_purpose(graph: SystemGraph) -> Iterator[Noted]:
    model = graph.model
    used = {name for value in (*graph.values, *model.data.values()) for name in value.purposes or ()}
    return _unused(model.purposes, used)


def _unused_type(graph: SystemGraph) -> Iterator[Noted]:
    model = graph.model
    for types, values in ((model.service_types, model.services), (model.store_types, model.stores)):
        used = {value.type for value in values.values()}
        yield from _unused(types, used)


def _unused(
    entries: Mapping[str, Host | Party | Purpose | Type], used: Collection[str | None]
) -> Iterator[Noted]:
    for name, entry in entries.items():
        if name not in used and _first(entry.at):
            yield entry.at, (Name(name),)


def _first(at: Path) -> bool:
    return at[:1] == (0,)


def _rested_on(graph: SystemGraph) -> set[str]:
    """What some statement names as that on which a control rests."""
    said = (statement for *_, statements in stated(graph.model) for statement in statements.values())
    return {name for statement in said for name in statement.by or ()}


def _arriving(graph: SystemGraph, element: int) -> dict[str, int]:
    """The data that are sent to an element, each with the first flow that brings them."""
    sent = [(f, graph.flows[f].sends) for f in graph.flows_in[element]]
    return _first_flows([*sent, *((f, graph.flows[f].returns) for f in graph.flows_out[element])])


def _leaving(graph: SystemGraph, element: int) -> dict[str, int]:
    """The data that an element gives away, each with the first flow that takes them."""
    sent = [(f, graph.flows[f].sends) for f in graph.flows_out[element]]
    return _first_flows([*sent, *((f, graph.flows[f].returns) for f in graph.flows_in[element])])


def _first_flows(moved: Iterable[tuple[int, tuple[str, ...] | None]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for flow, names in moved:
        for name in names or ():
            found.setdefault(name, flow)
    return found


def _left_to_control(graph: SystemGraph, name: str) -> bool:
    """Whether data may be personal and confidential: whoever is sent too much of them is a result."""
    asset = graph.assets[name]
    personal = truth(SET, "contains", "personal", asset.categories)
    confidential = truth(CONFIDENTIALITY, "at_least", "confidential", asset.confidentiality)
    return personal is not False and confidential is not False


def _unnamed_vendor(graph: SystemGraph) -> Iterator[Noted]:
    for element, value in enumerate(graph.values):
        product = graph.kinds.technologies.get(getattr(value, "technology", None) or "")
        named = (
            graph.ground_providers[graph.element_ground[element]]
            or graph.element_party[element] not in graph.own
        )
        if product and product.managed and product.vendor and not named:
            yield value.at, (Name(value.id), product.vendor)


def _unmarked_phi(graph: SystemGraph) -> Iterator[Noted]:
    model = graph.model
    if not any(p.own and set(p.hipaa or ()) - {"none"} for p in model.parties.values()):
        return
    for name, asset in graph.assets.items():
        personal = truth(SET, "contains", "personal", asset.categories)
        uses = ((p, model.purposes[p].hipaa_use) for p in model.data[name].purposes or ())
        use = next(((p, u) for p, u in uses if u in CARE), None)
        if personal and asset.categories.possible is not None and health(graph)[name] is None and use:
            yield model.data[name].at, (Name(name), Name(use[0]), use[1])


def _redundant_control(engine: Engine) -> Iterator[Noted]:
    for flow, text, protectors in redundant(engine):
        yield engine.graph.flows[flow].at, (text, protectors)


Rule: TypeAlias = Callable[[Engine], Iterable[Noted]]


def _of_graph(rule: Callable[[SystemGraph], Iterable[Noted]]) -> Rule:
    return lambda engine: rule(engine.graph)


RULES: Final[Mapping[str, Rule]] = {
    "nothing-modelled": _of_graph(_nothing_modelled),
    "unused-data": _of_graph(_unused_data),
    "unneeded-data": _of_graph(_unneeded_data),
    "unmet-need": _of_graph(_unmet_need),
    "sourceless-data": _of_graph(_sourceless_data),
    "empty-flow": _of_graph(_empty_flow),
    "repeated-flow": _of_graph(_repeated_flow),
    "unconnected-element": _of_graph(_unconnected_element),
    "empty-boundary": _of_graph(_empty_boundary),
    "unused-host": _of_graph(_unused_host),
    "unused-party": _of_graph(_unused_party),
    "unused-purpose": _of_graph(_unused_purpose),
    "unused-type": _of_graph(_unused_type),
    "unnamed-vendor": _of_graph(_unnamed_vendor),
    "unmarked-phi": _of_graph(_unmarked_phi),
    "store-among-services": _of_graph(stores_among_services),
    "redundant-control": _redundant_control,
}
"""Every rule by the name with which it is switched off."""
