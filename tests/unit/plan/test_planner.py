"""What a plan does: the best place for a statement, what it replaces, paths, threats, what stays open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control, engine
from threatmodel.catalog import Control
from threatmodel.errors import UsageError
from threatmodel.evaluate import assess
from threatmodel.plan import Costs, path_of_change, plan
from threatmodel.render.text.reasons import premise_text
from threatmodel.results.fixes import FixPlan

_INSIDE = [{"boundary": "inside"}]
_KNOW = control("know", "flow", covered_by=[{"ends": ["target"]}])
_WAYS = control("ways", "store", expect={"every_path_passes": "know"})


def planned(text: str, *controls: Control, budget: int | None = None, **costs: int) -> FixPlan:
    world = engine(text, *controls)
    return plan(world, assess(world).findings, Costs(costs, world.controls), "m", budget)


def made(found: FixPlan) -> list[str]:
    return [f"{c.control} {c.where} closes {len(c.closes)}" for c in found.changes]


@pytest.mark.parametrize(
    ("text", "covered", "expected"),
    [
        ("stores: {a: {controls: {c: false}}}", [], "c on store `a` closes 1"),
        ("stores: {a: {tenancy: shared}}", [], "c on store `a` closes 1"),
        (
            "boundaries: {b: }\nhosts: {h: &x {boundary: b, tenancy: shared}, k: *x}",
            _INSIDE,
            "c on boundary `b` closes 2",
        ),
        (
            "boundaries: {b: }\nstores: {a: {boundary: b, tenancy: shared}, d: {boundary: b}}",
            _INSIDE,
            "c on store `a` closes 1",
        ),
        (
            "hosts: {h: }\nstores: {a: {host: h, tenancy: shared}, d: {host: h, tenancy: shared}}",
            [{"host": True}],
            "c on host `h` closes 2",
        ),
        (
            "types: {stores: {t: {controls: {c: false}}}}\nstores: {a: {type: t}, d: {type: t}}",
            [],
            "c on store type `t` closes 2",
        ),
        (
            "types: {stores: {t: {controls: {c: false}}}}\nstores: {a: {type: t}}",
            [],
            "c on store type `t` closes 1",
        ),
        (
            "baseline: {c: false}\nstores: {a: , d: }",
            [{"baseline": True}],
            "c in the baseline closes 2",
        ),
        (
            "boundaries: {b: {controls: {c: false}}}\nstores: {a: {boundary: b}}",
            _INSIDE,
            "c on boundary `b` closes 1",
        ),
    ],
)
def test_a_statement_stands_where_it_closes_most_and_else_nearest(
    text: str, covered: list[Any], expected: str
) -> None:
    asked = control(subject=["store", "host"], covered_by=covered, expect={"tenancy": "single"})
    found = planned(text, asked)
    assert made(found) == [expected]
    assert found.exact
    assert not found.left


def test_what_a_nearer_place_denies_is_not_covered_by_a_farther_one() -> None:
    text = """
boundaries: {b: }
stores: {a: {boundary: b, controls: {c: false}}, d: {boundary: b, tenancy: shared}}
"""
    found = planned(text, control(covered_by=_INSIDE, expect={"tenancy": "single"}))
    assert made(found) == ["c on store `a` closes 1", "c on store `d` closes 1"]
    assert [c.replaces for c in found.changes] == ["absent", ""]


def test_where_two_ends_deny_it_the_flow_or_both_have_to_say_it() -> None:
    ends = control("c", "flow", covered_by=[{"ends": ["source", "target"]}])
    text = """
services: {a: {controls: {c: false}}, d: {controls: {c: false}}}
flows: [{from: a, to: d}, {from: d, to: a}]
"""
    assert planned(text, ends).cost == 2
    one = planned(text.replace(", {from: d, to: a}", ""), ends)
    assert made(one) == ["c on flow `a->d` closes 1"]


def test_a_list_entry_of_several_flows_is_one_place() -> None:
    asked = control("c", "flow", expect={"transport.encrypted": True})
    text = "services: {a: , b: , d: }\nflows: [{from: a, to: [b, d], protocol: http}]"
    found = planned(text, asked)
    assert made(found) == ["c on flows `a->b` and `a->d` closes 2"]
    assert [premise_text(p) for p in found.changes[0].against] == ["transport.encrypted is false"]


def test_a_claim_of_another_control_may_be_the_cheaper_way() -> None:
    controls = (
        control("seal", "flow", layer="channel"),
        control("c", "flow", expect={"any": [{"transport.encrypted": True}, {"claimed": "seal"}]}),
        control("e", "flow", expect={"satisfied": "seal"}),
    )
    text = "services: {a: , b: }\nflows: [{from: a, to: b, protocol: http, controls: {seal: false}}]"
    found = planned(text, *controls)
    assert made(found) == ["seal on flow `a->b` closes 3"]
    assert "seal" not in [c.control for c in planned(text, *controls, seal=9).changes if c.cost < 9]


def test_paths_are_closed_by_what_stands_on_them_never_by_saying_so() -> None:
    text = """
actors: {user: }
services: {gate: {controls: {know: false}}, side: {controls: {know: false}}}
stores: {db: {controls: {know: false}}}
flows:
  - {from: user, to: gate, controls: {know: false}}
  - {from: user, to: side, controls: {know: false}}
  - {from: gate, to: db, controls: {know: false}}
  - {from: side, to: db, controls: {know: false}}
"""
    world = engine(text, _KNOW, _WAYS)
    chosen = [f for f in assess(world).findings if f.key == "ways@db"]
    found = plan(world, chosen, Costs({}, world.controls), "m")
    assert made(found) == ["know on store `db` closes 1"]
    assert found.closes == ("ways@db",)


def test_a_way_on_which_nothing_can_be_shown_is_left_open_with_its_path() -> None:
    asked = control("ways", "store", expect={"every_path_passes": "allow"})
    allow = control("allow", "service", expect={"tenancy": "single"})
    text = "actors: {user: }\nstores: {db: }\nflows: [{from: user, to: db}]"
    found = planned(text, allow, asked)
    assert not found.changes
    (left,) = found.left
    assert (left.key, left.reason) == ("ways@db", "nothing on the path `user` -> `db` can show it")


def test_what_people_found_is_closed_with_all_that_answers_it() -> None:
    text = """
stores: {a: {controls: {c: false}}, d: }
threats:
  t: {against: a, answered_by: [c@a, c@d]}
  u: {against: a, answered_by: []}
"""
    found = planned(text, control())
    assert made(found) == ["c on store `a` closes 1", "c on store `d` closes 1"]
    assert found.closes == ("threat:t", "c@a")
    assert [(f.key, f.reason) for f in found.left] == [("threat:u", "`answered_by` is empty")]
    assert found.settles == 1


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (control("c", "model", expect={"has_flows": True}), "nothing can be stated of the model itself"),
        (
            control("c", "store", when={"tenancy": "single"}),
            "no statement satisfies all that answers it",
        ),
        (control("c", "store", when={"tenancy": "shared"}), "no statement satisfies all that answers it"),
    ],
)
def test_what_no_statement_closes_says_why(asked: Control, reason: str) -> None:
    other = control("o", "store")
    text = "stores: {a: {tenancy: single, controls: {o: false}}, d: }\n"
    if asked.when is not None:
        key = "c@d" if "single" in str(asked.when) else "c@a"
        text += f"threats: {{t: {{against: a, answered_by: [o@a, {key}]}}}}\n"
    found = planned(text, asked, other)
    assert [left.reason.startswith(reason) for left in found.left] == [True]
    assert found.closes == ("o@a",)


def test_a_budget_buys_what_weighs_most() -> None:
    severe = control("big", "store", severity="critical")
    text = "stores: {a: {controls: {c: false, big: false}}}"
    found = planned(text, control(), severe, budget=1)
    assert found.closes == ("big@a",)
    assert [left.key for left in found.left] == ["c@a"]
    assert "budget" in found.left[0].reason
    assert found.exact


@pytest.mark.parametrize(
    ("own", "cost"),
    [({}, 1), ({"low": 4}, 4), ({"governance": 5, "low": 4}, 5), ({"c": 6, "governance": 5}, 6)],
)
def test_the_nearest_number_is_the_cost(own: dict[str, int], cost: int) -> None:
    assert planned("stores: {a: {controls: {c: false}}}", control(), **own).cost == cost


def test_a_control_may_say_what_it_costs() -> None:
    assert planned("stores: {a: {controls: {c: false}}}", control(cost="high")).cost == 10


def test_a_cost_of_nothing_known_is_an_error() -> None:
    with pytest.raises(UsageError, match="no control, layer or level") as caught:
        Costs({"chanel": 1}, {})
    assert caught.value.help == "did you mean `channel`?"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("stores: {a: {controls: {c: false}}}", (0, "stores", "a", "controls", "c")),
        ("baseline: {c: false}\nstores: {a: }", (0, "baseline", "c")),
    ],
)
def test_a_change_knows_its_place_in_the_files(text: str, path: tuple[int | str, ...]) -> None:
    world = engine(text, control(covered_by=[{"baseline": True}]))
    found = plan(world, assess(world).findings, Costs({}, world.controls), "m")
    assert path_of_change(world.graph, found.changes[0]) == path
