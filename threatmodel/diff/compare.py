"""Compares two assessed versions of a model: what came, went, moved, was renamed or is said otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from threatmodel.catalog import Control
from threatmodel.diff.changes import (
    AttributeChange,
    Changes,
    Move,
    Rename,
    StatementChange,
    ThingChange,
    Values,
)
from threatmodel.diff.depth import DetourFinder, depth_changes
from threatmodel.diff.reach import data_changes, reach_changes, recipient_changes, transfer_changes
from threatmodel.diff.regions import region_changes
from threatmodel.diff.rename import Names, renames
from threatmodel.diff.rename_features import REFERENCES
from threatmodel.diff.results import gap_changes, requirement_changes, unknown_changes, warning_changes
from threatmodel.diff.statements import statement_changes
from threatmodel.graph import SystemGraph
from threatmodel.model import SECTIONS, Agreement, Flow
from threatmodel.results import Assessment, subject_parts
from threatmodel.results.paths import LayerDepth

KINDS: Final = ("service", "store", "actor", "flow", "boundary", "host", "data", "party", "purpose")
"""The kinds of thing, in the order in which changes name them."""
_OTHERWISE: Final = frozenset(
    {"id", "at", "title", "description", "controls"}
)  # no keys, or changes of their own
_PLACED: Final = frozenset({"boundary", "parent"})  # these are moves
_ORDERED: Final = frozenset({"steps"})


class Version(NamedTuple):
    """One version of a model: its graph, its assessment, and the layers before its sensitive elements.

    `detour` finds a path to an element that does not pass a layer. `controls` are those of the catalog, by
    id: they know which mechanisms are weak.
    """

    graph: SystemGraph
    assessment: Assessment
    depths: tuple[LayerDepth, ...]
    detour: DetourFinder
    controls: Mapping[str, Control] = MappingProxyType({})


def compare(before: Version, after: Version) -> Changes:
    """Every change from one version to the other; two equal ones give none."""
    old, new = before.graph, after.graph
    names = renames(old, new)
    return Changes(
        name=new.model.name,
        as_of=new.as_of,
        catalogs=after.assessment.catalogs,
        context=(),
        text_differs=[d.text for d in old.model.documents] != [d.text for d in new.model.documents],
        gaps=gap_changes(before.assessment, after.assessment, names),
        reach=reach_changes(old, new, names),
        depths=depth_changes(before.depths, after.depths, after.detour, names),
        transfers=transfer_changes(old, new, names),
        recipients=recipient_changes(old, new, names),
        regions=region_changes(old, new, names),
        data=data_changes(old, new, names),
        moves=tuple(_moves(old, new, names)),
        statements=_statements(before, after, names),
        attributes=tuple(_attributes(old, new, names)),
        things=tuple(_things(old, new, names)),
        renames=tuple(_renames(old, names)),
        unknowns=unknown_changes(before.assessment, after.assessment, names),
        requirements=requirement_changes(before.assessment, after.assessment),
        warnings=warning_changes(before.assessment, after.assessment, names),
    )


def _statements(before: Version, after: Version, names: Names) -> tuple[StatementChange, ...]:
    models = before.graph.model, after.graph.model
    return statement_changes(*models, names, before.assessment, after.assessment, after.controls)


def things_of(graph: SystemGraph) -> Mapping[str, Mapping[str, Any]]:
    """Everything that can come and go, by kind and id."""
    model = graph.model
    found: dict[str, Mapping[str, Any]] = {kind: getattr(model, s) for kind, s in SECTIONS.items()}
    found["party"] = {name: party for name, party in model.parties.items() if name}
    found["flow"] = {flow.id: flow for flow in graph.flows}
    return found | {"scenario": model.scenarios, "threat": model.threats}


def later(names: Names, kind: str, name: str, value: Any) -> str:
    """The later id of a thing."""
    if not names.any:
        return name
    return names.flow(value) if isinstance(value, Flow) else names.of(kind, name)


def _things(old: SystemGraph, new: SystemGraph, names: Names) -> Iterator[ThingChange]:
    before, after = things_of(old), things_of(new)
    for kind in (*KINDS, "scenario", "threat"):
        kept = {later(names, kind, name, value) for name, value in before[kind].items()}
        yield from (ThingChange("added", kind, name) for name in sorted(after[kind].keys() - kept))
        gone = [n for n, value in before[kind].items() if later(names, kind, n, value) not in after[kind]]
        yield from (ThingChange("removed", kind, name) for name in sorted(gone))


def _renames(old: SystemGraph, names: Names) -> Iterator[Rename]:
    """Renamed things; a flow whose ends were renamed is not one of them."""
    if not names.any:
        return
    for kind, things in things_of(old).items():
        for name, value in sorted(things.items()):
            if isinstance(value, Flow):
                ends = names.of("element", value.source), names.of("element", value.target)
                by_ends = "->".join(ends) + (f":{value.name}" if value.name else "")
                if names.flow(value) != by_ends:
                    yield Rename(kind, name, names.flow(value))
            elif names.of(kind, name) != name:
                yield Rename(kind, name, names.of(kind, name))
    for kind in ("service type", "store type"):
        for name, new in sorted(names.spaces.get(kind, {}).items()):
            yield Rename(kind, name, new)


def _moves(old: SystemGraph, new: SystemGraph, names: Names) -> Iterator[Move]:
    for e, name in enumerate(old.elements):
        at = new.index.get(names.of("element", name))
        if at is not None:
            yield from _move(
                old,
                old.element_ground[e],
                new,
                new.element_ground[at],
                names,
                new.subject_kind[at],
                new.elements[at],
            )
    hosts = {name: i for i, name in enumerate(new.hosts)}
    for h, name in enumerate(old.hosts):
        at = hosts.get(names.of("host", name))
        if at is not None:
            yield from _move(old, old.host_ground[h], new, new.host_ground[at], names, "host", new.hosts[at])
    grounds = {name: i for i, name in enumerate(new.grounds)}
    for z, name in enumerate(old.subjects["boundary"]):
        at = grounds.get(names.of("boundary", name))
        if at is not None:
            inner, outer = old.ground_parent[z], new.ground_parent[at]
            yield from _move(old, inner, new, outer, names, "boundary", new.grounds[at])


def _move(
    old: SystemGraph, was: int, new: SystemGraph, now: int, names: Names, kind: str, name: str
) -> Iterator[Move]:
    before, after = _ground(old, was, names), _ground(new, now, None)
    if before != after:
        trusts = (graph.ground_trust[z] if z >= 0 else "" for graph, z in ((old, was), (new, now)))
        yield Move(kind, name, before, after, *trusts)


def _ground(graph: SystemGraph, ground: int, names: Names | None) -> str:
    """The later name of a ground; the ground of a party, `(party)`, follows the party."""
    if ground < 0:
        return ""
    name = graph.grounds[ground]
    if names is None or not names.any:
        return name
    party = name[1:-1]
    if name.startswith("(") and party in graph.model.parties:
        return f"({names.of('party', party)})"
    return names.of("boundary", name)


def _attributes(old: SystemGraph, new: SystemGraph, names: Names) -> Iterator[AttributeChange]:
    before, after = things_of(old), things_of(new)
    if old.model.owner != new.model.owner:
        yield AttributeChange("model", "model", "owner", _values(old.model.owner), _values(new.model.owner))
    for kind in (*KINDS, "scenario", "threat"):
        stayed = [(later(names, kind, n, v), v) for n, v in before[kind].items()]
        for name, value in sorted((name, value) for name, value in stayed if name in after[kind]):
            yield from _differing(kind, name, value, after[kind][name], names)


def _differing(kind: str, name: str, old: Any, new: Any, names: Names) -> Iterator[AttributeChange]:
    skipped = _OTHERWISE | ({"source", "target", "name"} if kind == "flow" else _PLACED)
    for key, was, now in zip(old._fields, old, new, strict=True):
        if was == now or key in skipped:
            continue
        before, after = _values(was, key, kind, names), _values(now, key)
        if before != after:
            yield AttributeChange(kind, name, key, before, after)


def _values(value: Any, key: str = "", kind: str = "", names: Names | None = None) -> Values:
    """A value as a list: in order, unless the order says something."""
    match value:
        case None:
            return None
        case tuple():
            items = [_value(item, key, kind, names) for item in value]
            return tuple(items if key in _ORDERED else sorted(items, key=str))
        case Mapping():
            return tuple(sorted(f"{name} {text}" for name, text in value.items()))
        case _:
            return (_value(value, key, kind, names),)


def _value(value: Any, key: str, kind: str, names: Names | None) -> str | Agreement:
    if isinstance(value, Agreement):
        party = value.counterpart and (names.of("party", value.counterpart) if names else value.counterpart)
        return value._replace(at=(), counterpart=party)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    if names is None or not names.any:
        return text
    space = f"{kind} type" if key == "type" else REFERENCES.get(key)
    if key in ("steps", "against"):
        return _subject(text, names)
    if key == "answered_by":
        control, _, subject = text.partition("@")
        return f"{control}@{_subject(subject, names)}"
    return names.of(space, text) if space else text


def _subject(text: str, names: Names) -> str:
    """The later name of a subject as scenarios, threats and keys write it."""
    kind, name = subject_parts(text)
    if kind:
        return f"{kind}:{names.of(kind, name)}"
    return names.of("element", text) if "->" not in text else names.of("flow", text)
