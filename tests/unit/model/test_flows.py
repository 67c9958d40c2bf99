"""Flows: lists of ends become pairs, ids tell them apart, and what moves is said once for each direction."""

from __future__ import annotations

import pytest

from threatmodel.model.flows import MOST_FLOWS

from .build import model, problems, told

THREE = "services: {a: , b: , c: }\n"
DATA = "data: {x: , y: , z: }\n"


def ids(flows: str) -> list[str]:
    return [flow.id for flow in model(f"{THREE}flows: [{flows}]").flows]


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ("{from: a, to: b}", ["a->b"]),
        ("{from: [a], to: [b]}", ["a->b"]),
        ("{from: a, to: [c, b]}", ["a->c", "a->b"]),
        ("{from: [a, b], to: c}", ["a->c", "b->c"]),
        ("{from: [a, b], to: [b, c]}", ["a->b", "a->c", "b->c"]),
        ("{from: [a, b, c], to: [a, b, c]}", ["a->b", "a->c", "b->a", "b->c", "c->a", "c->b"]),
        ("{from: a, to: [b, c], name: n}", ["a->b:n", "a->c:n"]),
        ("{from: a, to: b}, {from: a, to: b, name: n}", ["a->b", "a->b:n"]),
        ("{from: a, to: b, name: m}, {from: a, to: b, name: n}", ["a->b:m", "a->b:n"]),
        ("{from: b, to: a}, {from: a, to: b}", ["b->a", "a->b"]),
    ],
)
def test_a_flow_for_each_pair_of_ends(flows: str, expected: list[str]) -> None:
    assert ids(flows) == expected


def test_pairs_of_one_entry_stand_at_the_same_place_and_say_the_same() -> None:
    first, second = model(f"{THREE}flows: [{{from: a, to: [b, c], protocol: https}}]").flows
    assert first.at == second.at == (0, "flows", 0)
    assert first.protocols == second.protocols == ("https",)


@pytest.mark.parametrize(
    ("said", "sends", "returns"),
    [
        ("", None, None),
        ("sends: x", ("x",), ()),
        ("returns: x", (), ("x",)),
        ("data: x", ("x",), ("x",)),
        ("data: []", (), ()),
        ("sends: []", (), ()),
        ("sends: x, returns: [y, z]", ("x",), ("y", "z")),
        ("sends: x, data: y", ("x", "y"), ("y",)),
        ("returns: x, data: [y, x]", ("y", "x"), ("x", "y")),
        ("sends: [x, y], returns: [], data: [y]", ("x", "y"), ("y",)),
    ],
)
def test_what_is_not_said_is_unknown_until_something_is(
    said: str, sends: tuple[str, ...] | None, returns: tuple[str, ...] | None
) -> None:
    flow = model(f"{THREE}{DATA}flows: [{{from: a, to: b, {said}}}]").flows[0]
    assert (flow.sends, flow.returns) == (sends, returns)


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ("{from: a, to: a}", "`a` sends to itself"),
        ("{from: [a], to: [a]}", "`a` sends to itself"),
        ("{from: [], to: a}", "this flow has no ends"),
        ("{from: a, to: []}", "this flow has no ends"),
        ("~", "a flow is a mapping of keys, not nothing"),
        ("a", "a flow is a mapping of keys, not the text `a`"),
        ("{from: a, to: b}, {from: a, to: b}", "flow `a->b` is declared twice"),
        ("{from: a, to: b, name: n}, {from: a, to: b, name: n}", "flow `a->b:n` is declared twice"),
    ],
)
def test_a_flow_needs_two_ends_and_an_id_of_its_own(flows: str, expected: str) -> None:
    (problem,) = problems(f"{THREE}flows: [{flows}]")
    assert problem.message == expected


def test_unknown_ends_are_told_once() -> None:
    assert told("services: {a: }\nflows:\n- {from: [x, y], to: a}\n- {from: a, to: z}") == [
        ("unknown-reference", 3, 11),
        ("unknown-reference", 3, 14),
        ("unknown-reference", 4, 17),
    ]


def test_lists_of_ends_cannot_explode() -> None:
    many = int(MOST_FLOWS**0.5) + 1
    names = ", ".join(f"s{i}" for i in range(many))
    services = f"services: {{{names.replace(',', ': ,')}: }}"
    text = f"{services}\nflows:\n- {{from: &all [{names}], to: *all}}\n- {{from: s1, to: x}}"
    assert told(text) == [("too-many-flows", 3, 3), ("unknown-reference", 4, 18)]
