"""Data assets as known: levels as ranges, categories as certain and possible, with what sources add."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from threatmodel.logic.values import Members, Range
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

    def level(self, dimension: str) -> Range:
        """The level of confidentiality, integrity or availability."""
        found: Range = getattr(self, dimension)
        return found


NOTHING = Asset(Range(-1, -1), Range(-1, -1), Range(-1, -1), Members(frozenset(), frozenset()))
ANYTHING = Asset(Range(-1, _TOP), Range(-1, _TOP), Range(-1, _TOP), Members(frozenset(), None))


def resolve_assets(data: Mapping[str, DataAsset]) -> dict[str, Asset]:
    """Every asset; a derived one takes what it does not say from its sources."""
    resolved: dict[str, Asset] = {}
    for name in sources_first(data):
        resolved[name] = _resolve(data[name], resolved)
    return resolved


def resolve_purposes(data: Mapping[str, DataAsset]) -> dict[str, Members]:
    """What every asset may be used for; a derived one that does not say takes it from its sources."""
    resolved: dict[str, Members] = {}
    for name in sources_first(data):
        asset = data[name]
        if asset.purposes is not None:
            resolved[name] = Members(frozenset(asset.purposes), frozenset(asset.purposes))
        elif asset.derived_from:
            resolved[name] = _union([resolved[s] for s in asset.derived_from])
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


def together(assets: Iterable[Asset]) -> Asset:
    """Several assets as one; none at all gives `NOTHING`."""
    found = list(assets)
    if not found:
        return NOTHING
    if len(found) == 1:
        return found[0]
    return Asset(
        _highest([a.confidentiality for a in found]),
        _highest([a.integrity for a in found]),
        _highest([a.availability for a in found]),
        _union([a.categories for a in found]),
    )


def _resolve(asset: DataAsset, resolved: Mapping[str, Asset]) -> Asset:
    sources = [resolved[s] for s in asset.derived_from or ()]
    inherited = together(sources) if sources else None
    levels = []
    for dimension, ranks in LEVELS.items():
        said = getattr(asset, dimension)
        if said is not None:
            levels.append(Range(ranks.index(said), ranks.index(said)))
        else:
            levels.append(inherited.level(dimension) if inherited else Range(0, _TOP))
    if asset.categories is not None:
        named = _categories(asset, asset.categories)
        categories = Members(named, named)
    else:
        categories = inherited.categories if inherited else Members(frozenset(), None)
    return Asset(levels[0], levels[1], levels[2], categories)


def _categories(asset: DataAsset, said: tuple[str, ...]) -> frozenset[str]:
    """What is said of an asset, `personal` with what implies it; figures may leave it out."""
    found = frozenset(said)
    if found & words.PERSONAL_CATEGORIES and asset.transform not in words.IMPERSONAL_TRANSFORMS:
        return found | {"personal"}
    return found


def _highest(levels: list[Range]) -> Range:
    low = high = -1
    for level in set(levels):
        low = max(low, level.low)
        high = max(high, level.high)
    return Range(low, high)


def _union(sets: list[Members]) -> Members:
    certain = frozenset().union(*(s.certain for s in sets))
    if any(s.possible is None for s in sets):
        return Members(certain, None)
    return Members(certain, certain.union(*(s.possible or () for s in sets)))
