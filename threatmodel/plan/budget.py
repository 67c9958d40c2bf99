"""What to do with a budget: the choices within it that close the greatest weight of targets."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

from threatmodel.plan.hitting_set import Clause, without_dominated

NODES: Final = 50_000
"""So many steps of branch and bound are taken."""

_SEARCHED: Final = 400  # targets and choices beyond which only the greedy choice is made
_NOTHING: Final = 1e-9


class Target(NamedTuple):
    """Something to close: its weight, and the clauses that all have to be hit."""

    weight: int
    clauses: frozenset[Clause]


class Spent(NamedTuple):
    """The choices made, the weight that they close, and a weight that nothing within the budget exceeds."""

    chosen: frozenset[int]
    weight: int
    bound: int


def most(targets: Sequence[Target], costs: Sequence[int], budget: int, nodes: int = NODES) -> Spent:
    """The choices within a budget that close most; of equal ones the first that is found."""
    merged = _merged(targets, costs, budget)
    if not merged:
        return Spent(frozenset(), 0, 0)
    search = _Search(merged, costs, nodes)
    greedy = _greedy(merged, costs, budget)
    search.best, search.weight = greedy, _weight(merged, greedy)
    bound = search.limit(tuple(range(len(merged))), frozenset(), frozenset(), budget)[0]
    choices = {c for target in merged for clause in target.clauses for c in clause}
    if max(len(merged), len(choices)) > _SEARCHED or search.weight == bound:
        return Spent(search.best, search.weight, bound)
    search.run(tuple(range(len(merged))), frozenset(), frozenset(), budget, 0)
    return Spent(search.best, search.weight, search.weight if search.nodes > 0 else bound)


def _merged(targets: Sequence[Target], costs: Sequence[int], budget: int) -> list[Target]:
    """Targets that can be closed within the budget at all, those with the same clauses as one."""
    listed = list(
        dict.fromkeys(clause for target in targets for clause in sorted(target.clauses, key=sorted))
    )
    number = {clause: n for n, clause in enumerate(listed)}
    reduced = without_dominated(listed, costs)
    weights: dict[frozenset[Clause], int] = {}
    for target in targets:
        clauses = frozenset(
            frozenset(c for c in reduced[number[clause]] if costs[c] <= budget) for clause in target.clauses
        )
        if all(clauses):
            weights[clauses] = weights.get(clauses, 0) + target.weight
    return [Target(weight, clauses) for clauses, weight in weights.items()]


def _weight(targets: Sequence[Target], chosen: frozenset[int]) -> int:
    return sum(t.weight for t in targets if all(clause & chosen for clause in t.clauses))


def _greedy(targets: Sequence[Target], costs: Sequence[int], budget: int) -> frozenset[int]:
    """Always the choice worth most for its cost: of each target the share that its open clauses are of it."""
    shares: dict[int, float] = {}
    hits: dict[int, list[tuple[int, Clause]]] = {}
    for n, target in enumerate(targets):
        for clause in sorted(target.clauses, key=sorted):
            for choice in clause:
                shares[choice] = shares.get(choice, 0) + target.weight / len(target.clauses)
                hits.setdefault(choice, []).append((n, clause))
    heap = [(-shares[c] / costs[c], c, shares[c]) for c in shares]
    heapify(heap)
    done: set[tuple[int, Clause]] = set()
    chosen: list[int] = []
    left = budget
    while heap:
        _, choice, share = heappop(heap)
        if costs[choice] > left or shares[choice] < _NOTHING:
            continue
        if share != shares[choice]:
            heappush(heap, (-shares[choice] / costs[choice], choice, shares[choice]))
            continue
        chosen.append(choice)
        left -= costs[choice]
        for n, clause in hits[choice]:
            if (n, clause) not in done:
                done.add((n, clause))
                for other in clause:
                    shares[other] -= targets[n].weight / len(targets[n].clauses)
    closed = {n for n, t in enumerate(targets) if all((n, clause) in done for clause in t.clauses)}
    return frozenset(c for c in chosen if any(n in closed for n, _ in hits[c]))


class _Search:
    """Branch and bound: the best choices so far, and how many steps are left."""

    def __init__(self, targets: Sequence[Target], costs: Sequence[int], nodes: int) -> None:
        self.targets = targets
        self.costs = costs
        self.nodes = nodes
        self.best: frozenset[int] = frozenset()
        self.weight = 0

    def run(
        self,
        open_: tuple[int, ...],
        chosen: frozenset[int],
        refused: frozenset[int],
        left: int,
        weight: int,
    ) -> None:
        """Everything that can be bought besides with what is left, without what is refused."""
        self.nodes -= 1
        closed = [n for n in open_ if all(clause & chosen for clause in self.targets[n].clauses)]
        weight += sum(self.targets[n].weight for n in closed)
        if weight > self.weight:
            self.best, self.weight = chosen, weight
        done = set(closed)
        open_ = tuple(n for n in open_ if n not in done)
        more, choice = self.limit(open_, chosen, refused, left)
        if choice is None or weight + more <= self.weight or self.nodes <= 0:
            return
        self.run(open_, chosen | {choice}, refused, left - self.costs[choice], weight)
        self.run(open_, chosen, refused | {choice}, left, weight)

    def limit(
        self, open_: tuple[int, ...], chosen: frozenset[int], refused: frozenset[int], left: int
    ) -> tuple[int, int | None]:
        """A weight that nothing more within `left` exceeds, and the choice that promises most for its cost.

        Each open target needs a choice of one open clause at least: their weights by choice, as a knapsack
        whose last item may be cut.
        """
        gains: dict[int, int] = {}
        for n in open_:
            target = self.targets[n]
            missing = [c - refused for c in target.clauses if not c & chosen]
            narrow = min(missing, key=lambda c: (len(c), sorted(c)))
            for choice in narrow:
                if self.costs[choice] <= left:
                    gains[choice] = gains.get(choice, 0) + target.weight
        ranked = sorted(gains, key=lambda c: (-gains[c] / self.costs[c], c))
        most, rest = 0.0, left
        for choice in ranked:
            share = min(1.0, rest / self.costs[choice])
            most += share * gains[choice]
            rest -= self.costs[choice]
            if rest <= 0:
                break
        total = sum(self.targets[n].weight for n in open_)
        return min(int(most + 1e-9), total), ranked[0] if ranked else None
