"""Data assets as known: levels as ranges, categories as certain and possible, with what sources add."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from threatmodel.logic.values import Members, Range, exactly
from threatmodel.model import DataAsset, words

LEVELS = {
    "confidentiality": words.CONFIDENTIALITY,
    "integrity": words.LEVELS,
    "availability": words.LEVELS,
}
_TOP = 3


class Asset(NamedTuple):
    """One or several data assets together: the highest level, the union of categories."""

    confidentiality: Range
    integrity: Range
    availability: Range
    categories: Members


ANY_LEVEL, ANY_CATEGORY = Range(-1, _TOP), Members(frozenset(), None)
"""What is known of data that nobody listed."""


def resolve_assets(data: Mapping[str, DataAsset]) -> dict[str, Asset]:
    """Every asset; a derived one takes what it does not say from its sources."""
    confidentiality, integrity, availability = (resolve_levels(data, dimension) for dimension in LEVELS)
    categories = resolve_categories(data)
    return {n: Asset(confidentiality[n], integrity[n], availability[n], categories[n]) for n in data}


def resolve_levels(data: Mapping[str, DataAsset], dimension: str) -> dict[str, Range]:
    """The confidentiality, integrity or availability of every asset: its own, else its sources' highest."""
    ranks, resolved = LEVELS[dimension], dict[str, Range]()
    for name in sources_first(data):
        said, sources = getattr(data[name], dimension), data[name].derived_from
        if said is not None:
            resolved[name] = Range(ranks.index(said), ranks.index(said))
        else:
            resolved[name] = highest([resolved[s] for s in sources]) if sources else Range(0, _TOP)
    return resolved


def resolve_categories(data: Mapping[str, DataAsset]) -> dict[str, Members]:
    """The categories of every asset: its own, else those of its sources together."""
    resolved: dict[str, Members] = {}
    for name in sources_first(data):
        said, sources = data[name].categories, data[name].derived_from
        if said is not None:
            resolved[name] = exactly(_categories(data[name], said))
        else:
            resolved[name] = union([resolved[s] for s in sources]) if sources else Members(frozenset(), None)
    return resolved


def resolve_purposes(data: Mapping[str, DataAsset]) -> dict[str, Members]:
    """What every asset may be used for; a derived one that does not say takes it from its sources."""
    resolved: dict[str, Members] = {}
    for name in sources_first(data):
        asset = data[name]
        if asset.purposes is not None:
            resolved[name] = Members(frozenset(asset.purposes), frozenset(asset.purposes))
        elif asset.derived_from:
            resolved[name] = union([resolved[s] for s in asset.derived_from])
        else:
            resolved[name] = Members(frozenset(), None)
    return resolved


def sources_first(data: Mapping[str, DataAsset]) -> tuple[str, ...]:
    """Every asset after all of its sources; without recursion, because chains may be long."""
    done: dict[str, None] = {}
    for first in data:
        pending = [(first, False)]
        while pending:
            name, left = pending.pop()
            if left:
                done[name] = None
            elif name not in done:
                pending.append((name, True))
                pending += [(s, False) for s in data[name].derived_from or () if s not in done]
    return tuple(done)


def highest(levels: Collection[Range]) -> Range:
    """The highest of some levels; of none it is that there is nothing."""
    low = high = -1
    for level in set(levels):
        low = max(low, level.low)
        high = max(high, level.high)
    return Range(low, high)


def union(sets: Sequence[Members]) -> Members:
    """What is in any of some sets."""
    certain = frozenset().union(*(s.certain for s in sets))
    if any(s.possible is None for s in sets):
        return Members(certain, None)
    return Members(certain, certain.union(*(s.possible or () for s in sets)))


def _categories(asset: DataAsset, said: tuple[str, ...]) -> frozenset[str]:
    """What is said of an asset, `personal` with what implies it; figures may leave it out."""
    found = frozenset(said)
    if found & words.PERSONAL_CATEGORIES and asset.transform not in words.IMPERSONAL_TRANSFORMS:
        return found | {"personal"}
    return found
