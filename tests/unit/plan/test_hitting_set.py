"""The solver finds the cheapest choices, or says how far from them it may be; against trying every choice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations

import pytest

from threatmodel.plan.budget import Target, most
from threatmodel.plan.hitting_set import Clause, cheapest, without_dominated


def clauses(*listed: str) -> list[Clause]:
    """Clauses written as digits: "01" is hit by 0 or 1."""
    return [frozenset(map(int, text)) for text in listed]


def by_trying(listed: Sequence[Clause], costs: Sequence[int]) -> int:
    choices = range(len(costs))
    sets = (set(c) for size in range(len(costs) + 1) for c in combinations(choices, size))
    return min(sum(costs[c] for c in s) for s in sets if all(clause & s for clause in listed))


def random_problem(chance: random.Random, choices: int, many: int) -> tuple[list[Clause], list[int]]:
    costs = [chance.choice((1, 1, 3, 10)) for _ in range(choices)]
    listed = [frozenset(chance.sample(range(choices), chance.randint(1, 4))) for _ in range(many)]
    return listed, costs


@pytest.mark.parametrize(
    ("listed", "costs", "chosen", "cost"),
    [
        ((), (), "", 0),
        (("0",), (5,), "0", 5),
        (("01", "02"), (1, 1, 1), "0", 1),
        (("01", "01"), (3, 1), "1", 1),
        (("01",), (2, 2), "0", 2),
        (("01", "12", "20"), (1, 1, 1), "01", 2),
        (("0", "12"), (1, 2, 1), "02", 2),
        (("03", "13", "23"), (1, 1, 1, 4), "012", 3),
        (("03", "13", "23"), (1, 1, 1, 2), "3", 2),
    ],
)
def test_the_cheapest_choices_hit_every_clause(
    listed: tuple[str, ...], costs: tuple[int, ...], chosen: str, cost: int
) -> None:
    found = cheapest(clauses(*listed), costs)
    assert found.exact
    assert (found.chosen, found.cost, found.bound) == (frozenset(map(int, chosen)), cost, cost)


def test_no_other_choice_is_cheaper() -> None:
    chance = random.Random(1)
    for _ in range(150):
        listed, costs = random_problem(chance, 9, chance.randint(1, 12))
        found = cheapest(listed, costs)
        assert all(clause & found.chosen for clause in listed)
        assert found.exact
        assert found.cost == sum(costs[c] for c in found.chosen) == by_trying(listed, costs)


def test_where_the_search_is_cut_the_bound_holds() -> None:
    chance = random.Random(2)
    cut = 0
    for _ in range(60):
        listed, costs = random_problem(chance, 10, 14)
        found = cheapest(listed, costs, nodes=1)
        assert all(clause & found.chosen for clause in listed)
        assert found.bound <= by_trying(listed, costs) <= found.cost
        cut += not found.exact
    assert cut, "some of them are too hard for one step"


def test_a_part_that_is_too_large_is_solved_greedily_with_a_bound() -> None:
    chance = random.Random(3)
    listed = [frozenset(chance.sample(range(400), 3)) for _ in range(2_500)]
    found = cheapest(listed, [chance.choice((1, 3, 10)) for _ in range(400)])
    assert all(clause & found.chosen for clause in listed)
    assert not found.exact
    assert 0 < found.bound < found.cost


def test_a_choice_that_another_one_replaces_is_left_out() -> None:
    assert without_dominated(clauses("01", "1"), (1, 1)) == clauses("1", "1")
    assert without_dominated(clauses("01", "1"), (1, 2)) == clauses("01", "1")
    assert without_dominated(clauses("01"), (1, 1)) == clauses("0")


def value(targets: Sequence[Target], chosen: frozenset[int]) -> int:
    return sum(t.weight for t in targets if all(clause & chosen for clause in t.clauses))


def test_nothing_within_a_budget_closes_more() -> None:
    chance = random.Random(4)
    for _ in range(120):
        costs = [chance.choice((1, 1, 2, 3)) for _ in range(8)]
        targets = [
            Target(
                chance.choice((1, 3, 10)),
                frozenset(
                    frozenset(chance.sample(range(8), chance.randint(1, 3)))
                    for _ in range(chance.choice((1, 1, 2)))
                ),
            )
            for _ in range(chance.randint(1, 9))
        ]
        budget = chance.randint(1, 8)
        found = most(targets, costs, budget)
        assert sum(costs[c] for c in found.chosen) <= budget
        assert found.weight == found.bound == value(targets, found.chosen)
        sets = (frozenset(c) for size in range(9) for c in combinations(range(8), size))
        affordable = (s for s in sets if sum(costs[c] for c in s) <= budget)
        assert found.weight == max(value(targets, s) for s in affordable)
        cut = most(targets, costs, budget, nodes=1)
        assert cut.weight <= found.weight <= cut.bound


def test_a_budget_that_buys_nothing_closes_nothing() -> None:
    assert most([Target(3, frozenset(clauses("0")))], [5], 4) == (frozenset(), 0, 0)
    assert most([], [], 4) == (frozenset(), 0, 0)


def test_many_targets_are_closed_greedily_with_a_bound() -> None:
    chance = random.Random(5)
    targets = [Target(1, frozenset({frozenset(chance.sample(range(900), 2))})) for _ in range(1_500)]
    found = most(targets, [chance.choice((1, 3)) for _ in range(900)], 60)
    assert 0 < found.weight == value(targets, found.chosen) <= found.bound
