"""Reads a model from its files: every section by the language's table, then the checks between entities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from threatmodel.errors import an, describe, display
from threatmodel.kinds import Kinds
from threatmodel.model.checks import check
from threatmodel.model.elements import (
    Actor,
    Boundary,
    DataAsset,
    Host,
    Party,
    Purpose,
    Scenario,
    Service,
    Store,
    Threat,
    Type,
)
from threatmodel.model.files import entries, gather
from threatmodel.model.flows import read_flows
from threatmodel.model.ids import ID_HELP, is_id, normal_id
from threatmodel.model.language import ENTITIES, SHARED_NAMES
from threatmodel.model.mappings import read_mapping, table_of
from threatmodel.model.scope import Scope
from threatmodel.model.system import Model
from threatmodel.source import DISK, Document, Documents, Files
from threatmodel.source.document import Path as At
from threatmodel.source.problems import Problems

FORMAT: Final = 1
_ONCE: Final = ("name", "description", "owner", "baseline")
_SECTIONS: Final = ("parties", "purposes", "data", "boundaries", "hosts", "actors", "services", "stores")
_TYPED: Final = ("services", "stores")
_UNNAMED: Final = ""


class _Entry(NamedTuple):
    """An entry of a section before it is read."""

    at: At
    raw: Any


def load_model(path: Path, kinds: Kinds, files: Files = DISK, name: str | None = None) -> Model:
    """The model in a file and the files it includes; raises InputError with every problem in them.

    `files` gives them, `name` is what people call the first (default: its path).
    """
    return _load(gather(path, files, name), kinds, fragment=False)


def parse_model(document: Document, kinds: Kinds, *, fragment: bool = False) -> Model:
    """The model of one document, which may include nothing; a fragment needs no version and no name."""
    problems = Problems(Documents([document]))
    if isinstance(document.root, dict) and "include" in document.root:
        help = "save the model to a file, so that paths have a folder to start from"
        problems.add("include-outside", "`include` needs a model in a file", (0, "include"), help)
    return _load(problems, kinds, fragment=fragment)


def _load(problems: Problems, kinds: Kinds, *, fragment: bool) -> Model:
    scope = Scope(problems, kinds)
    sections = {s: _section(scope, s) for s in (*_SECTIONS, "scenarios", "threats")}
    _shared_names(scope, sections)
    scope.ids = {s: frozenset(sections[s]) for s in _SECTIONS}
    top = _roots(scope, fragment)
    types = _types(scope)
    values = {s: _read(scope, s, sections[s], types) for s in _SECTIONS}
    flows = read_flows(scope)
    model = Model(
        name=top.get("name", ""),
        description=top.get("description"),
        owner=top.get("owner"),
        documents=tuple(problems.source.documents),
        parties=_with_ours(scope, values["parties"]),
        purposes=values["purposes"],
        data=values["data"],
        boundaries=values["boundaries"],
        hosts=values["hosts"],
        actors=values["actors"],
        services=values["services"],
        stores=values["stores"],
        flows=flows,
        service_types={n: t for n, (t, _) in types["services"].items()},
        store_types={n: t for n, (t, _) in types["stores"].items()},
        baseline=top.get("baseline", {}),
        scenarios=_read(scope, "scenarios", sections["scenarios"], {}),
        threats=_read(scope, "threats", sections["threats"], {}),
    )
    check(model, problems)
    problems.finish()
    return model


def _roots(scope: Scope, fragment: bool) -> dict[str, Any]:
    """The keys that stand once: version, name, description, owner and the baseline."""
    top: dict[str, Any] = {}
    first: dict[str, At] = {}
    for file, document in enumerate(scope.problems.source.documents):
        raw = document.root
        if not isinstance(raw, dict):
            message = f"a model is a mapping of sections, not {describe(raw)}"
            scope.problems.refuse("wrong-type", message, (file,), "start with `threatmodel init`")
            continue
        found = read_mapping(scope, "root", {**raw, **({"threatmodel": 1} if fragment else {})}, (file,))
        if "threatmodel" in found and found["threatmodel"] != FORMAT:
            message = f"format version {display(found['threatmodel'])} is not supported"
            scope.problems.refuse(
                "unsupported-version", message, (file, "threatmodel"), f"write `threatmodel: {FORMAT}`"
            )
        for key in _ONCE:
            if key not in raw:
                continue
            at: At = (file, key)
            if key in first:
                _twice(scope, f"`{key}`", at, first[key])
                continue
            first[key] = at
            if key in found:
                top[key] = found[key]
    if "name" not in first and not fragment and isinstance(scope.problems.source.documents[0].root, dict):
        scope.problems.add(
            "missing-key", "this model has no `name`", (0,), "name the system: `name: Web shop`"
        )
    return top


def _section(scope: Scope, section: str) -> dict[str, _Entry]:
    """Every entry of a section by its id, each id once."""
    found: dict[str, _Entry] = {}
    noun = ENTITIES[section].noun
    for at, written, raw in entries(scope.problems, section):
        name = normal_id(written)
        if not is_id(name):
            scope.problems.add("bad-id", f"{display(written)} is no id for {an(noun)}", at, ID_HELP)
        if name in found:
            _twice(scope, f"{noun} {display(name)}", at, found[name].at)
        else:
            found[name] = _Entry(at, {} if raw is None else raw)
    return found


def _twice(scope: Scope, what: str, at: At, first: At) -> None:
    here, before = (scope.problems.source.documents[int(place[0])].file for place in (at, first))
    message = f"{what} is declared twice"
    if here != before:
        message += f": in {display(before)} and in {display(here)}"
    related = (("first here", scope.problems.span(first)),)
    scope.problems.add("duplicate-id", message, at, "nothing overrides: keep one of them", related=related)


def _shared_names(scope: Scope, sections: Mapping[str, Mapping[str, _Entry]]) -> None:
    """Boundaries, hosts, actors, services and stores share one name space."""
    first: dict[str, tuple[str, At]] = {}
    for section in SHARED_NAMES:
        for name, entry in sections[section].items():
            if name in first:
                noun, at = first[name]
                what = f"{display(name)} is {an(noun)} and {an(ENTITIES[section].noun)}"
                related = (("first here", scope.problems.span(at)),)
                help = "boundaries, hosts, actors, services and stores share one name space: rename one"
                scope.problems.add("duplicate-id", what, entry.at, help, related=related)
            else:
                first[name] = ENTITIES[section].noun, entry.at


def _types(scope: Scope) -> dict[str, dict[str, tuple[Type, dict[str, Any]]]]:
    """The templates: their statements as a Type, their other keys as values that entities take over."""
    found: dict[str, dict[str, tuple[Type, dict[str, Any]]]] = {s: {} for s in _TYPED}
    for at, section, raw in entries(scope.problems, "types"):
        if section not in _TYPED:
            help = "there are types of `services` and of `stores`"
            scope.problems.add("unknown-key", f"there are no types of {display(section)}", at, help)
            continue
        if raw is not None and not isinstance(raw, dict):
            message = f"`types.{section}` takes a mapping from ids to types, not {display(raw)}"
            scope.problems.refuse("wrong-type", message, at, "write each type as `its-id: {...}` under it")
            continue
        for written, template in (raw or {}).items():
            name, here = normal_id(written), (*at, written)
            if not is_id(name):
                scope.problems.add("bad-id", f"{display(written)} is no id for a type", here, ID_HELP)
            if name in found[section]:
                _twice(scope, f"type {display(name)}", here, found[section][name][0].at)
            else:
                found[section][name] = _template(scope, section, name, template, here)
    scope.types = {s: found[s].keys() for s in _TYPED}
    return found


def _template(scope: Scope, section: str, name: str, raw: Any, at: At) -> tuple[Type, dict[str, Any]]:
    if isinstance(raw, dict) and "type" in raw:
        help = "types have one level: write the keys out"
        scope.problems.add("nested-type", "a template takes no `type`", (*at, "type"), help)
        raw = {key: value for key, value in raw.items() if key != "type"}
    values = read_mapping(scope, section, {} if raw is None else raw, at)
    controls = values.pop("controls", {})
    return Type(name, at, controls), values


def _read(
    scope: Scope,
    section: str,
    entries: Mapping[str, _Entry],
    types: Mapping[str, Mapping[str, tuple[Type, dict[str, Any]]]],
) -> dict[str, Any]:
    """The entities of a section as values; one without what it must have is left out."""
    make, fields = _CLASSES[section], table_of(scope, section)
    templates = types.get(section, {})
    found = {}
    for name, entry in entries.items():
        values = read_mapping(scope, section, entry.raw, entry.at)
        template = templates.get(values.get("type", ""))
        merged = {**fields.absent, **template[1], **values} if template else {**fields.absent, **values}
        if all(key in values for key in fields.required):
            found[name] = make(id=name, at=entry.at, **merged)
    return found


_CLASSES: Final[Mapping[str, Callable[..., Any]]] = {
    "parties": Party,
    "purposes": Purpose,
    "data": DataAsset,
    "boundaries": Boundary,
    "hosts": Host,
    "actors": Actor,
    "services": Service,
    "stores": Store,
    "scenarios": Scenario,
    "threats": Threat,
}


def _with_ours(scope: Scope, parties: dict[str, Party]) -> dict[str, Party]:
    """The parties, with an unnamed one where not exactly one is ours, and counterparts left out filled in."""
    own = [p.id for p in parties.values() if p.own]
    if len(own) != 1:
        absent: dict[str, Any] = {**table_of(scope, "parties").absent, "own": not own}
        parties = {_UNNAMED: Party(id=_UNNAMED, at=(), **absent), **parties}
    if len(own) > 1:
        return parties
    ours_id = own[0] if own else _UNNAMED
    return {name: _with_counterparts(party, ours_id) for name, party in parties.items()}


def _with_counterparts(party: Party, ours: str) -> Party:
    """A party whose agreements without `with` are with the only own party."""
    if not party.agreements:
        return party
    return party._replace(
        agreements=tuple(
            a if a.counterpart is not None else a._replace(counterpart=ours) for a in party.agreements
        )
    )
