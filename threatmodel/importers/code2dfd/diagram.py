"""Reads a data flow diagram in the JSON of Code2DFD, leniently in form, into plain frozen values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from threatmodel.errors import UsageError, did_you_mean, quoted
from threatmodel.importers.code2dfd.vocabulary import SPELLINGS
from threatmodel.importers.foreign import json_value, refusal

Tags: TypeAlias = Mapping[str, tuple[str, ...]]
"""Tagged values: by key, one or several texts."""

_SERVICES = ("services", "microservices")
_EXTERNALS = ("external_entities", "external_components")
_FLOWS = ("information_flows", "flows", "edges")


class Node(NamedTuple):
    """A service or external entity, its stereotypes in one spelling, and its place in the file."""

    name: str
    stereotypes: tuple[str, ...]
    tags: Tags
    place: str


class Arrow(NamedTuple):
    """An information flow between two names."""

    sender: str
    receiver: str
    stereotypes: tuple[str, ...]
    tags: Tags
    place: str


class Diagram(NamedTuple):
    """One system as drawn; what is not annotated is absent."""

    name: str
    services: tuple[Node, ...]
    externals: tuple[Node, ...]
    flows: tuple[Arrow, ...]


def read_diagram(text: str, file: str, name: str | None = None) -> Diagram:
    """The diagram of a text, or the one called `name` of several; raises InputError or UsageError."""
    root = json_value(text, file)
    if not isinstance(root, dict):
        raise refusal(file, "a diagram is a mapping with services, external entities and information flows")
    if any(key in root for key in (*_SERVICES, *_EXTERNALS, *_FLOWS)):
        return _diagram(root, name or "Imported diagram", file)
    if not root:
        raise refusal(file, "the file holds no diagram")
    chosen = _chosen(root, name)
    return _diagram(root[chosen], chosen, file)


def _chosen(root: Mapping[str, object], name: str | None) -> str:
    if name is None and len(root) != 1:
        listed = ", ".join(quoted(n) for n in list(root)[:10]) + (", ..." if len(root) > 10 else "")
        raise UsageError(f"the file holds {len(root)} diagrams", f"choose one with --name: {listed}")
    chosen = next(iter(root)) if name is None else name
    if chosen not in root:
        raise UsageError(f"no diagram is called {quoted(chosen)}", did_you_mean(chosen, root))
    return chosen


def _diagram(raw: object, name: str, file: str) -> Diagram:
    if not isinstance(raw, dict):
        raise refusal(file, f"the diagram {quoted(name)} is no mapping")
    return Diagram(
        name,
        tuple(_node(value, place, file) for place, value in _section(raw, _SERVICES, file)),
        tuple(_node(value, place, file) for place, value in _section(raw, _EXTERNALS, file)),
        tuple(_arrow(value, place, file) for place, value in _section(raw, _FLOWS, file)),
    )


def _section(raw: Mapping[str, object], names: tuple[str, ...], file: str) -> Iterator[tuple[str, object]]:
    """The entries of a section under any of its names, a list or a mapping, with their places."""
    for name in names:
        found = raw.get(name)
        if found is None:
            continue
        if not isinstance(found, (list, dict)):
            raise refusal(file, f"`{name}` is no list")
        entries = found if isinstance(found, list) else list(found.values())
        yield from ((f"{name}[{i}]", entry) for i, entry in enumerate(entries))


def _node(raw: object, place: str, file: str) -> Node:
    entry = _mapping(raw, place, file)
    name = _name(entry, ("name", "servicename"), place, file)
    return Node(name, _stereotypes(entry), _tags(entry), place)


def _arrow(raw: object, place: str, file: str) -> Arrow:
    entry = _mapping(raw, place, file)
    ends = [_name(entry, (end,), place, file) for end in ("sender", "receiver")]
    return Arrow(ends[0], ends[1], _stereotypes(entry), _tags(entry), place)


def _mapping(raw: object, place: str, file: str) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        raise refusal(file, f"`{place}` is no mapping")
    return raw


def _name(entry: Mapping[str, object], keys: tuple[str, ...], place: str, file: str) -> str:
    for key in keys:
        value = entry.get(key)
        if isinstance(value, (str, int)) and str(value).strip():
            return str(value)
    raise refusal(file, f"`{place}` has no `{keys[0]}`", "missing-key")


def _stereotypes(entry: Mapping[str, object]) -> tuple[str, ...]:
    raw = entry.get("stereotypes", entry.get("stereotype_instances"))
    words = [raw] if isinstance(raw, str) else raw if isinstance(raw, list) else []
    spelt = (re.sub(r"[^a-z0-9]+", "_", str(w).lower()).strip("_") for w in words)
    return tuple(dict.fromkeys(SPELLINGS.get(word, word) for word in spelt if word))


def _tags(entry: Mapping[str, object]) -> Tags:
    """Tagged values, written as a mapping or as a list of pairs; texts that cannot be written are mended."""
    raw = entry.get("tagged_values")
    pairs: Iterable[tuple[object, object]] = ()
    if isinstance(raw, dict):
        pairs = raw.items()
    elif isinstance(raw, list):
        pairs = [(p[0], p[1]) for p in raw if isinstance(p, list) and len(p) == 2]
        pairs = [*pairs, *(item for p in raw if isinstance(p, dict) for item in p.items())]
    return {str(key): tuple(_texts(value)) for key, value in pairs}


def _texts(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, (str, int, float)):
            yield str(item)
