"""What releases with differential privacy spend of an asset, as the oracle adds it up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.oracle.text import Entity, Text, many, normal
from tests.oracle.values import Value, only


def _releases(text: Text, name: str) -> tuple[Entity, ...]:
    """What is made of an asset with differential privacy, without another such release between."""
    found, pending, seen = list[Entity](), [name], {name}
    for here in pending:
        for asset in text.of("data"):
            if here in map(normal, many(asset.own.get("derived_from")) or ()) and asset.id not in seen:
                seen.add(asset.id)
                if asset.own.get("transform") == "differential-privacy":
                    found.append(asset)
                else:
                    pending.append(asset.id)
    return tuple(found)


def _within_budget(text: Text, of: Entity) -> Value:
    """Whether all releases of an asset spend no more together than its budget."""
    budget, spent = of.own.get("epsilon_budget"), [r.own.get("epsilon") for r in _releases(text, of.id)]
    if budget is None:
        return None
    if sum(sorted(e for e in spent if e is not None)) > budget:
        return only(False)
    return None if None in spent else only(True)


RELEASE_FACTS: Final[Mapping[str, Callable[[Text, Entity], Value]]] = {
    "epsilon.released": lambda text, of: only(bool(_releases(text, of.id))),
    "epsilon.within_budget": _within_budget,
}
"""The facts about what is released of an asset."""
