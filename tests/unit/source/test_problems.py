"""All problems are told at once, in the order of the files, as many as a person can read."""

from __future__ import annotations

import time

from threatmodel.source import parse
from threatmodel.source.problems import MOST, Problems

from ..model.build import model, problems


def test_problems_are_told_in_the_order_of_the_text() -> None:
    found = problems("services: {a: {x: 1}}\nflows: [{from: a, to: b}]\ndata: {d: {y: 1}}\nzones: ")
    assert [d.span.line for d in found if d.span] == [1, 2, 3, 4]


def test_no_more_than_the_limit_are_told_and_the_rest_is_counted() -> None:
    found = problems("services:\n" + "".join(f"  s{i}: {{x: 1}}\n" for i in range(MOST + 50)))
    assert len(found) == MOST + 1
    assert (found[-1].code, found[-1].message) == ("more-problems", "50 more problems are not shown")


def test_the_first_problems_have_suggestions() -> None:
    found = problems("services:\n" + "".join(f"  s{i}: {{knid: x}}\n" for i in range(MOST)))
    helped = [d.help == "did you mean `kind`?" for d in found]
    assert helped == [True] * 100 + [False] * 100


def test_thousands_of_unknown_words_among_thousands_of_known_ones_take_no_time() -> None:
    names = ", ".join(f"{'ab' * 40}{i}: " for i in range(3000))
    flows = "".join(f"- {{from: {'ab' * 40}x{i}, to: {'ba' * 40}{i}}}\n" for i in range(3000))
    start = time.process_time()
    assert len(problems(f"services: {{{names}}}\nflows:\n{flows}")) == MOST + 1
    assert time.process_time() - start < 2


def test_the_same_problem_is_told_once() -> None:
    found = Problems(parse("a: 1"))
    for _ in range(2):
        found.add("bad-id", "m", ("a",))
    found.add("bad-id", "m", ("a",), part="value")
    assert [(d.span.column if d.span else 0) for d in found.diagnostics()] == [1, 4]


def test_a_path_is_within_what_is_wrong_above_it_only_when_it_reaches_so_far() -> None:
    found = Problems(parse("a: {b: [1]}"))
    found.add("bad-id", "m", ("a", "b", 0))
    assert found.within(("a",))
    assert found.within(("a", "b"))
    assert not found.within(("a", "c"))


def test_without_problems_nothing_is_raised() -> None:
    assert model("services: {a: }").services
    Problems(parse("a: 1")).finish()


def test_every_problem_of_one_place_stays() -> None:
    text = "flows:\n  - {protocol: htps, port: 0}\n"
    codes = [d.code for d in problems(text)]
    assert codes == ["missing-key", "missing-key", "unknown-protocol", "out-of-range"]
