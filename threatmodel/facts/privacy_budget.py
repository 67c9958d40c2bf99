"""What releases with differential privacy spend of the privacy of those whom the data are about.

Spent are the sums of `epsilon` (sequential composition) over the releases that are made of an asset. What is
made of a release spends nothing more, since it reads nothing else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from threatmodel.graph.build import SystemGraph
from threatmodel.graph.classification import sources_first

PRIVATE = "differential-privacy"


class Spending(NamedTuple):
    """The releases made of one asset, what those that say it spend together, and those that do not."""

    releases: tuple[str, ...]
    epsilon: float
    unsaid: tuple[str, ...]


NOTHING = Spending((), 0.0, ())


def spending(graph: SystemGraph, asset: str) -> Spending:
    """What is known of the releases that are made of an asset, in the order of their ids."""
    return _spendings(graph).get(asset, NOTHING)


def within_budget(graph: SystemGraph, asset: str) -> bool | None:
    """Whether the releases of an asset keep to its budget; None where that is not known."""
    budget, spent = graph.model.data[asset].epsilon_budget, spending(graph, asset)
    if budget is None:
        return None
    if spent.epsilon > budget:
        return False
    return None if spent.unsaid else True


@lru_cache(maxsize=2)
def _spendings(graph: SystemGraph) -> dict[str, Spending]:
    data = graph.model.data
    made: dict[str, set[str]] = {}
    for name in reversed(sources_first(data)):
        found = {name} if data[name].transform == PRIVATE else made.get(name, set())
        for source in data[name].derived_from or ():
            made.setdefault(source, set()).update(found)
    return {name: _spending(graph, tuple(sorted(found))) for name, found in made.items() if found}


def _spending(graph: SystemGraph, releases: tuple[str, ...]) -> Spending:
    said = {name: graph.model.data[name].epsilon for name in releases}
    total = sum(epsilon for epsilon in said.values() if epsilon is not None)
    return Spending(releases, total, tuple(name for name, epsilon in said.items() if epsilon is None))
