"""What is said of data assets, each with its place, and which of them are an own party's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from threatmodel.errors import Span
from threatmodel.facts.data_at import speaking
from threatmodel.graph import SystemGraph
from threatmodel.graph.classification import sources_first
from threatmodel.graph.data_map import data_map
from threatmodel.model import DataAsset
from threatmodel.model.words import PERSONAL_CATEGORIES
from threatmodel.records.record import Item, question

_DURATION: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?")
_UNITS: Final = ("year", "month", "week", "day")


class Declaration(NamedTuple):
    """The words that an asset has under a key, each with its place; `silent` are assets that say nothing."""

    words: Mapping[str, Span]
    silent: tuple[DataAsset, ...]


def declaration(graph: SystemGraph, name: str, key: str) -> Declaration:
    """What an asset, or the sources from which it takes it, says under a key that takes a list."""
    words: dict[str, Span] = {}
    silent = []
    for source in sorted(speaking(graph, key)[name]):
        asset = graph.model.data[source]
        value = getattr(asset, key)
        if value is None:
            silent.append(asset)
        for word in value or ():
            words.setdefault(word, graph.model.span(asset.at, key))
    return Declaration(words, tuple(silent))


def is_personal(graph: SystemGraph, name: str) -> bool | None:
    """Whether an asset is about people; None while its categories are not said."""
    categories = declaration(graph, name, "categories")
    if PERSONAL_CATEGORIES & categories.words.keys():
        return True
    return None if categories.silent else False


def has_category(graph: SystemGraph, name: str, words: Iterable[str]) -> bool:
    """Whether an asset surely is of one of some categories."""
    return bool(set(words) & declaration(graph, name, "categories").words.keys())


@lru_cache(maxsize=8)
def assets_of(graph: SystemGraph, party: str) -> tuple[str, ...]:
    """The data of an own party: all there are when it is the only one, else what it handles.

    With them what is made of them anywhere: a part stays what it is a part of.
    """
    data = graph.model.data
    if len(graph.own - {""}) < 2:
        return tuple(data)
    found = set(data_map(graph).party(party).ids)
    for name in sources_first(data):
        if found & set(data[name].derived_from or ()):
            found.add(name)
    return tuple(name for name in data if name in found)


def personal_of(graph: SystemGraph, party: str) -> tuple[str, ...]:
    """The data about people of an own party."""
    return tuple(name for name in assets_of(graph, party) if is_personal(graph, name))


def of_unknown_category(graph: SystemGraph, party: str) -> tuple[Item, ...]:
    """A question for each asset of which nobody says whether it is about people."""
    return tuple(
        question(f"of which categories is `{name}`?", graph.model.span(graph.model.data[name].at))
        for name in assets_of(graph, party)
        if is_personal(graph, name) is None
    )


def without_purpose(graph: SystemGraph, names: Iterable[str]) -> tuple[Item, ...]:
    """A question for each asset of which nobody says what it is processed for."""
    silent = {a.id: a for name in names for a in declaration(graph, name, "purposes").silent}
    return tuple(
        question(f"for what is `{a.id}` processed?", graph.model.span(a.at)) for a in silent.values()
    )


def named(graph: SystemGraph, name: str) -> str:
    """The title of an asset, else its id."""
    return graph.model.data[name].title or name


def data_items(graph: SystemGraph, names: Iterable[str]) -> tuple[Item, ...]:
    """Data assets by name, each with its place."""
    return tuple(Item(named(graph, n), graph.model.span(graph.model.data[n].at)) for n in names)


def retention(graph: SystemGraph, name: str) -> tuple[Item, ...]:
    """How long an asset is kept: what it says, else each of its sources, named where they are several."""
    items = []
    sources = sorted(speaking(graph, "retention")[name])
    for source in sources:
        asset = graph.model.data[source]
        if asset.retention:
            span = graph.model.span(asset.at, "retention")
            whose = f", as {named(graph, source)}" if len(sources) > 1 else ""
            items.append(Item(f"{named(graph, name)}: {duration(asset.retention)}{whose}", span))
        else:
            items.append(question(f"how long is `{source}` kept?", graph.model.span(asset.at)))
    return tuple(items)


def duration(text: str) -> str:
    """An ISO 8601 duration in words; what has no days is left as it is."""
    found = _DURATION.fullmatch(text)
    if text == "indefinite" or not found:
        return "without limit" if text == "indefinite" else text
    parts = [
        f"{int(n)} {unit}{'s' * (int(n) != 1)}" for n, unit in zip(found.groups(), _UNITS, strict=True) if n
    ]
    return " and ".join(parts) or text
