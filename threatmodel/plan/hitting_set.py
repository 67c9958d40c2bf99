"""The cheapest choices that hit every clause: weighted hitting set, exact where that ends, else bounded.

Choices that another one replaces at no more cost, and clauses that follow from others, go first; what is
left falls into parts that share nothing, and each is searched by branch and bound. Every loop is bounded by
counts, never by a clock: the same input gives the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from math import ceil
from typing import Final, NamedTuple, TypeAlias

NODES: Final = 20_000
"""So many steps of branch and bound are taken for one part of a problem."""

_SEARCHED: Final = 300  # clauses that a part may have to be searched at all
_COMPARED: Final = 2_000  # clauses that a part may have to be compared with each other

Clause: TypeAlias = frozenset[int]


class Cover(NamedTuple):
    """Choices that hit every clause, their cost, and a cost below which nothing does; equal when `exact`."""

    chosen: frozenset[int]
    cost: int
    bound: int

    @property
    def exact(self) -> bool:
        """Whether nothing cheaper exists."""
        return self.cost == self.bound


def cheapest(clauses: Iterable[Clause], costs: Sequence[int], nodes: int = NODES) -> Cover:
    """The cheapest choices that hit every clause; of equal ones those with the lower numbers.

    No clause may be empty. Costs are positive.
    """
    chosen: set[int] = set()
    cost = bound = 0
    for part in _parts(dict.fromkeys(clauses)):
        found = _solve(part, costs, nodes)
        chosen |= found.chosen
        cost += found.cost
        bound += found.bound
    return Cover(frozenset(chosen), cost, bound)


def without_dominated(clauses: Sequence[Clause], costs: Sequence[int]) -> list[Clause]:
    """The clauses less each choice that another one replaces: it hits as much and costs no more."""
    hits = _hits(clauses)
    gone: set[int] = set()
    for choice in sorted(hits, key=lambda c: (-costs[c], -c)):
        first, *rest = hits[choice]
        rivals = (
            r for r in sorted(clauses[first]) if r != choice and r not in gone and costs[r] <= costs[choice]
        )
        for rival in rivals:
            if len(hits[rival]) > len(rest) and all(rival in clauses[c] for c in rest):
                gone.add(choice)
                break
    return [clause - gone for clause in clauses]


def _solve(clauses: Sequence[Clause], costs: Sequence[int], nodes: int) -> Cover:
    """One part: reduced until nothing gives way, then searched where it is small enough."""
    while True:
        reduced = _without_implied(list(dict.fromkeys(without_dominated(clauses, costs))))
        if len(reduced) == len(clauses) and sum(map(len, reduced)) == sum(map(len, clauses)):
            break
        clauses = reduced
    greedy = _greedy(clauses, costs)
    bound = _dual(clauses, costs)
    cost = sum(costs[c] for c in greedy)
    if bound == cost:
        return Cover(greedy, cost, cost)
    parts = _parts(clauses)
    if len(parts) > 1:
        found = [_solve(part, costs, nodes) for part in parts]
        chosen = frozenset(c for f in found for c in f.chosen)
        return Cover(chosen, sum(f.cost for f in found), sum(f.bound for f in found))
    if len(clauses) > _SEARCHED:
        most = max(len(hit) for hit in _hits(clauses).values())
        harmonic = sum(
            1 / n for n in range(1, most + 1)
        )  # the greedy choice is never dearer by more than this
        return Cover(greedy, cost, max(bound, ceil(cost / harmonic - 1e-9)))
    search = _Search(clauses, costs, greedy, cost, nodes)
    search.run((1 << len(clauses)) - 1, frozenset(), 0, frozenset())
    return Cover(search.best, search.cost, search.cost if search.nodes > 0 else bound)


class _Search:
    """Branch and bound over one part: the best choices so far, and how many steps are left."""

    def __init__(
        self, clauses: Sequence[Clause], costs: Sequence[int], best: frozenset[int], cost: int, nodes: int
    ) -> None:
        self.clauses = clauses
        self.costs = costs
        self.best = best
        self.cost = cost
        self.nodes = nodes
        self.hits = {choice: sum(1 << clause for clause in hit) for choice, hit in _hits(clauses).items()}

    def run(self, open_: int, chosen: frozenset[int], cost: int, refused: frozenset[int]) -> None:
        """Everything that hits the open clauses with what is chosen and without what is refused."""
        self.nodes -= 1
        if not open_:
            self.best, self.cost = chosen, cost
            return
        left = [(clause - refused, n) for n, clause in enumerate(self.clauses) if open_ >> n & 1]
        left.sort(key=lambda c: (len(c[0]), c[1]))
        narrow = left[0][0]
        if not narrow or cost + _dual([c for c, _ in left], self.costs) >= self.cost:
            return
        tried = refused
        worth = {c: (self.hits[c] & open_).bit_count() for c in narrow}
        for choice in sorted(narrow, key=lambda c: (self.costs[c] / worth[c], c)):
            if self.nodes <= 0:
                return
            if cost + self.costs[choice] < self.cost:
                self.run(open_ & ~self.hits[choice], chosen | {choice}, cost + self.costs[choice], tried)
            tried = tried | {choice}


def _greedy(clauses: Sequence[Clause], costs: Sequence[int]) -> frozenset[int]:
    """Always the choice that hits most open clauses for its cost, less what turned out not to be needed."""
    hits = _hits(clauses)
    count = {choice: len(hit) for choice, hit in hits.items()}
    heap = [(costs[c] / n, c, n) for c, n in count.items()]
    heapify(heap)
    open_ = [True] * len(clauses)
    left, chosen = len(clauses), list[int]()
    while left:
        _, choice, n = heappop(heap)
        if n != count[choice]:
            if count[choice]:
                heappush(heap, (costs[choice] / count[choice], choice, count[choice]))
            continue
        chosen.append(choice)
        for clause in hits[choice]:
            if open_[clause]:
                open_[clause] = False
                left -= 1
                for other in clauses[clause]:
                    count[other] -= 1
    return _needed(len(clauses), costs, chosen, hits)


def _needed(
    size: int, costs: Sequence[int], chosen: list[int], hits: Mapping[int, list[int]]
) -> frozenset[int]:
    """The chosen ones without any, the dearest first, whose clauses others hit as well."""
    by = [0] * size
    for choice in chosen:
        for clause in hits[choice]:
            by[clause] += 1
    kept = set(chosen)
    for choice in sorted(chosen, key=lambda c: (-costs[c], -c)):
        if all(by[clause] > 1 for clause in hits[choice]):
            kept.remove(choice)
            for clause in hits[choice]:
                by[clause] -= 1
    return frozenset(kept)


def _dual(clauses: Iterable[Clause], costs: Sequence[int]) -> int:
    """A cost below which nothing hits all clauses: each pays what its cheapest choice has left to be paid."""
    left: dict[int, int] = {}
    paid = 0
    for clause in sorted(clauses, key=lambda c: (len(c), sorted(c))):
        least = min(left.get(choice, costs[choice]) for choice in clause) if clause else 0
        if least:
            paid += least
            for choice in clause:
                left[choice] = left.get(choice, costs[choice]) - least
    return paid


def _without_implied(clauses: list[Clause]) -> list[Clause]:
    """The clauses without those that hold a whole other one; of many only single choices are compared."""
    hits = _hits(clauses)
    gone: set[int] = set()
    for n, clause in enumerate(clauses):
        if n in gone or (len(clauses) > _COMPARED and len(clause) > 1):
            continue
        rarest = min(clause, key=lambda c: (len(hits[c]), c))
        gone.update(m for m in hits[rarest] if m != n and m not in gone and clause <= clauses[m])
    return [clause for n, clause in enumerate(clauses) if n not in gone]


def _parts(clauses: Iterable[Clause]) -> list[list[Clause]]:
    """The clauses in parts that share no choice, in their order."""
    root: dict[int, int] = {}

    def find(choice: int) -> int:
        while root[choice] != choice:
            root[choice] = root[root[choice]]
            choice = root[choice]
        return choice

    listed = list(clauses)
    for clause in listed:
        first, *rest = sorted(clause)
        root.setdefault(first, first)
        for other in rest:
            root.setdefault(other, other)
            root[find(other)] = find(first)
    parts: dict[int, list[Clause]] = {}
    for clause in listed:
        parts.setdefault(find(min(clause)), []).append(clause)
    return list(parts.values())


def _hits(clauses: Iterable[Clause]) -> dict[int, list[int]]:
    """For each choice the clauses that it hits."""
    found: dict[int, list[int]] = {}
    for n, clause in enumerate(clauses):
        for choice in clause:
            found.setdefault(choice, []).append(n)
    return found
