"""The order in which changes of a set are worth making: most closed for its cost first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from heapq import heapify, heappop, heappush

from threatmodel.plan.change import Change


def ordered(
    made: Iterable[Change],
    needed: Mapping[str, Iterable[frozenset[Change]]],
    weights: Mapping[str, int],
    cost: Callable[[Change], int],
) -> list[tuple[Change, tuple[str, ...]]]:
    """Each change with the keys that are closed once it and those before it are made.

    `needed` are for each key the clauses that have to be hit; a key that takes several counts in shares.
    """
    changes = set(made)
    open_ = {key: {clause & changes for clause in clauses} for key, clauses in needed.items()}
    share = {key: weights[key] / max(len(clauses), 1) for key, clauses in open_.items()}
    of: dict[Change, list[str]] = {change: [] for change in sorted(changes)}
    for key, clauses in open_.items():
        for change in sorted({c for clause in clauses for c in clause}):
            of[change].append(key)

    def gain(change: Change) -> float:
        worth = sum(share[key] * sum(change in clause for clause in open_[key]) for key in of[change])
        return -worth / cost(change)

    heap = [(gain(change), change) for change in of]
    heapify(heap)
    found: list[tuple[Change, tuple[str, ...]]] = []
    while heap:
        worth, change = heappop(heap)
        if (now := gain(change)) > worth:
            heappush(heap, (now, change))
            continue
        closed = []
        for key in of[change]:
            was = open_[key]
            open_[key] = {clause for clause in was if change not in clause}
            if was and not open_[key]:
                closed.append(key)
        found.append((change, tuple(closed)))
    return found
