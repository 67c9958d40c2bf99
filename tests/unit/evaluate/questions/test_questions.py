"""Every unknown result is asked about once, where one answer settles most, in words that read well."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control, engine
from threatmodel.catalog import Control
from threatmodel.evaluate import assess
from threatmodel.render.text.questions import Phrased, phrased


def asked(text: str, *controls: Control) -> list[Phrased]:
    return list(phrased(assess(engine(text, *controls)).questions))


def places(text: str, one: Control) -> list[tuple[str, list[str]]]:
    return [(q.answer, list(q.question.settles)) for q in asked(text, one)]


def store(**more: Any) -> Control:
    return control(subject="store", question="does {store} have it?", **more)


def test_a_lone_subject_is_asked_in_the_words_of_the_control() -> None:
    (found,) = asked("stores: {d: }", store(covered_by=[{"boundary": "inside"}, {"baseline": True}]))
    assert found.text == "does `d` have it?"
    assert found.answer == "`c` under `controls` of store `d`"
    assert str(found.question.span) == "m.yaml:1:10"
    assert found.question.settles == ("c@d",)


def test_without_words_of_its_own_the_title_is_asked() -> None:
    (found,) = asked("stores: {d: }", control(title="Something holds"))
    assert found.text == "is it true of store `d` that something holds?"
    (found,) = asked("stores: {d: }", control(title="TLS is on"))
    assert found.text == "is it true of store `d` that TLS is on?"


BOUNDARIES = "boundaries: {a: , b: {parent: a}, z: {parent: a}}\n"


@pytest.mark.parametrize(
    ("text", "covered", "expected"),
    [
        ("stores: {d: , e: }", [{"baseline": True}], [("`c` under the baseline", ["c@d", "c@e"])]),
        (
            "parties: {p: }\nstores: {d: , e: , f: {party: p}}",
            [{"baseline": True}],
            [
                ("`c` under the baseline", ["c@d", "c@e"]),
                ("`c` under `controls` of store `f`", ["c@f"]),
            ],
        ),
        (
            f"{BOUNDARIES}stores: {{d: {{boundary: b}}, e: {{boundary: b}}, f: {{boundary: z}}}}",
            [{"boundary": "inside"}],
            [("`c` under `controls` of boundary `a`", ["c@d", "c@e", "c@f"])],
        ),
        (
            f"{BOUNDARIES}stores: {{d: {{boundary: b}}, e: {{boundary: b}}, f: }}",
            [{"boundary": "inside"}],
            [
                ("`c` under `controls` of boundary `b`", ["c@d", "c@e"]),
                ("`c` under `controls` of store `f`", ["c@f"]),
            ],
        ),
        (
            "hosts: {h: }\nstores: {d: {host: h}, e: {host: h}}",
            [{"host": True}, {"boundary": "inside"}],
            [("`c` under `controls` of host `h`", ["c@d", "c@e"])],
        ),
        (
            "types: {stores: {t: {kind: cache}}}\nstores: {d: {type: t}, e: {type: t}}",
            [],
            [("`c` under `controls` of store type `t`", ["c@d", "c@e"])],
        ),
        (
            "stores: {d: , e: }",
            [],
            [
                ("`c` under `controls` of store `d`", ["c@d"]),
                ("`c` under `controls` of store `e`", ["c@e"]),
            ],
        ),
    ],
)
def test_a_statement_is_asked_for_where_it_settles_most(
    text: str, covered: list[dict[str, Any]], expected: list[tuple[str, list[str]]]
) -> None:
    assert places(text, store(covered_by=covered)) == expected


FLOWS = f"""{BOUNDARIES}
hosts: {{h: }}
services: {{s: {{boundary: b, host: h}}, t: {{boundary: z}}, u: {{boundary: b}}}}
flows: [{{from: s, to: t}}, {{from: u, to: t}}]
"""
BOTH = ["c@s->t", "c@u->t"]


@pytest.mark.parametrize(
    ("covered", "expected"),
    [
        ([{"ends": ["target"]}], [("`c` under `controls` of service `t`", BOTH)]),
        ([{"boundary": "inside"}], [("`c` under `controls` of boundary `a`", BOTH)]),
        ([{"boundary": "entering"}], [("`c` under `controls` of boundary `z`", BOTH)]),
        ([{"boundary": "leaving"}], [("`c` under `controls` of boundary `b`", BOTH)]),
    ],
)
def test_flows_are_asked_about_where_they_meet(
    covered: list[dict[str, Any]], expected: list[tuple[str, list[str]]]
) -> None:
    assert places(FLOWS, control(subject="flow", covered_by=covered)) == expected


@pytest.mark.parametrize("subject", ["boundary", "host", "actor", "data", "party", "purpose"])
def test_every_kind_of_subject_can_be_asked(subject: str) -> None:
    text = """
parties: {us: {own: true}}
purposes: {p: }
data: {x: }
boundaries: {b: }
hosts: {h: {boundary: b}}
actors: {u: }
"""
    covered = [{"boundary": "inside"}] if subject in ("boundary", "host", "actor") else []
    (found,) = asked(text, control(subject=subject, covered_by=covered))
    assert found.text.startswith("is it true of ")
    assert len(found.question.settles) == 1


def test_of_the_model_itself_the_baseline_is_asked() -> None:
    asks = control(subject="model", question="who decides?", covered_by=[{"baseline": True}])
    (found,) = asked("services: {s: }", asks)
    assert (found.text, found.answer, found.question.settles) == (
        "who decides?",
        "`c` under the baseline",
        ("c@model",),
    )


@pytest.mark.parametrize(
    ("when", "subject", "text", "expected"),
    [
        ({"tenancy": "single"}, "store", "stores: {d: }", "do others share `d`?"),
        ({"kind": "cache"}, "store", "stores: {d: }", "what kind of store is `d`?"),
        ({"kind": "cache"}, "store", "stores: {d: , e: }", "what kind of store are `d` and `e`?"),
        (
            {"kind": "cache"},
            "store",
            "stores: {d: , e: , f: , g: }",
            "what kind of store are the 4 stores that stand in no boundary?",
        ),
        (
            {"kind": "cache"},
            "store",
            """
boundaries: {b: }
stores: {d: {boundary: b}, e: {boundary: b}, f: {boundary: b}, g: {boundary: b}}
""",
            "what kind of store are the 4 stores in `b`?",
        ),
        (
            {"custom_code": True},
            "service",
            """
types: {services: {t: {kind: api}}}
services: {a: {type: t}, b: {type: t}, c: {type: t}, d: {type: t}}
""",
            "do we write the code of the 4 services of type `t`?",
        ),
        (
            {"transport.encrypted": True},
            "flow",
            "services: {a: , b: , c: , d: , e: }\nflows: [{from: [a, b, c, d], to: e}]",
            "which protocol do the 4 flows to `e` use?",
        ),
        (
            {"transport.encrypted": True},
            "flow",
            "services: {a: , b: }\nflows: [{from: a, to: b}]",
            "which protocol does `a->b` use?",
        ),
        (
            {"carries_data": True},
            "flow",
            "services: {a: , b: , c: }\nflows: [{from: a, to: [b, c]}]",
            "which data move on `a->b` and `a->c`?",
        ),
        ({"human": True}, "actor", "actors: {u: }", "is `u` a person?"),
        ({"environment": "test"}, "boundary", "boundaries: {b: }", "to which environment does `b` belong?"),
        (
            {"data.confidentiality": {"at_least": "internal"}},
            "data",
            "data: {x: }",
            "how confidential is `x`?",
        ),
        ({"gdpr": "controller"}, "party", "parties: {p: }", "what is `p` under the GDPR?"),
        (
            {"legal_basis": "contract"},
            "purpose",
            "purposes: {p: }",
            "on which legal basis does `p` rest?",
        ),
    ],
)
def test_a_missing_key_is_asked_for_in_plain_words(
    when: dict[str, Any], subject: str, text: str, expected: str
) -> None:
    (found,) = asked(text, control(subject=subject, when=when))
    assert found.text == expected


def test_a_key_is_asked_for_once_for_all_controls_that_wait_for_it() -> None:
    text = "data: {x: }\nstores: {d: {holds: x}}\nservices: {s: }\nflows: [{from: s, to: d, data: x}]"
    needs = {"data.confidentiality": {"at_least": "internal"}}
    found = asked(text, control("a", when=needs), control("b", "flow", when=needs))
    assert [(q.text, q.question.settles) for q in found] == [("how confidential is `x`?", ("a@d", "b@s->d"))]
    assert found[0].question.place == "x"
    assert str(found[0].question.span) == "m.yaml:1:8"


@pytest.mark.parametrize(
    "text", ["stores: {d: {controls: {c: vault}}}", "stores: {d: }\nbaseline: {c: vault}"]
)
def test_nothing_is_asked_where_only_the_need_is_open_and_the_rest_is_satisfied(text: str) -> None:
    one = control(when={"tenancy": "single"}, covered_by=[{"baseline": True}])
    assert asked(text, one) == []


def test_where_no_key_is_missing_the_statement_is_asked_for() -> None:
    text = "services: {s: , t: }\nflows: [{from: s, to: t, protocol: postgresql}]"
    one = control(subject="flow", when={"transport.encrypted": True}, question="is {flow} watched?")
    assert [(q.text, q.question.settles) for q in asked(text, one)] == [("is `s->t` watched?", ("c@s->t",))]


def test_the_leaf_that_leaves_a_condition_open_is_asked_for_and_no_other() -> None:
    when = {"any": [{"kind": "cache", "tenancy": "single"}, {"not": {"criticality": "high"}}]}
    text = "stores: {d: {kind: queue}}"
    (found,) = asked(text, control(when=when))
    assert found.text == "how much depends on `d`?"


def test_the_gravest_and_then_those_that_settle_most_come_first() -> None:
    text = "stores: {d: , e: }\nservices: {s: }"
    found = asked(
        text,
        control("low-many", covered_by=[{"baseline": True}], severity="medium", threats=["non-compliance"]),
        control("grave", "service", severity="critical", threats=["non-compliance"]),
        control("low-one", "service", severity="medium", threats=["non-compliance"]),
    )
    assert [q.question.settles for q in found] == [("grave@s",), ("low-many@d", "low-many@e"), ("low-one@s",)]


def test_each_unknown_result_is_settled_by_one_question() -> None:
    text = f"{FLOWS}stores: {{d: , e: {{boundary: b}}}}\nparties: {{us: {{own: true}}}}\n"
    controls = (
        control("a", "flow", covered_by=[{"ends": ["source", "target"]}, {"boundary": "inside"}]),
        control("b", ["service", "store"], when={"kind": "api"}, covered_by=[{"baseline": True}]),
        control("c", "store", when={"tenancy": "single"}),
    )
    world = engine(text, *controls)
    unknown = [
        f"{c.id}@{world.graph.subjects[kind][i]}"
        for c in controls
        for kind in c.subjects
        for i in range(world.size(kind))
        if world.decide(c, kind).verdict(i).word == "unknown"
    ]
    settled = [key for q in assess(world).questions for key in q.settles]
    assert sorted(settled) == sorted(unknown)
    assert len(set(settled)) == len(settled) > 5


def test_boundaries_that_are_taken_for_trusted_are_assumptions() -> None:
    text = """
parties: {them: }
boundaries:
  {a: , b: {parent: a}, c: {trust: trusted}, d: {kind: internet}, e: {party: them}, f: {kind: network}}
"""
    found = assess(engine(text)).assumptions
    assert found == ("boundary `a` is taken for trusted", "boundary `f` is taken for trusted")


def test_ground_of_ours_that_its_kind_makes_a_third_partys_is_an_assumption() -> None:
    text = """
parties: {them: }
boundaries:
  {a: {kind: saas}, b: {kind: partner, party: them}, c: {kind: saas, trust: trusted}, d: {kind: internet}}
"""
    found = assess(engine(text)).assumptions
    assert found == ("boundary `a` is taken for third-party ground, as its kind is `saas`",)


KEYED = {"expect": {"all": [{"satisfied": "d"}, {"retention.limited": True}]}, "question": "for how long?"}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("data: {x: {categories: personal}}", "`retention` of `x`"),
        ("data: {x: {categories: personal, retention: P30D}}", "`c` under `controls` of data `x`"),
    ],
)
def test_where_a_key_says_what_is_asked_it_is_the_answer_and_not_a_statement(text: str, answer: str) -> None:
    found = asked(text, control("c", "data", **KEYED), control("d", "data"))
    assert [q.answer for q in found if q.text == "for how long?"] == [answer]


def test_a_key_of_something_else_is_no_answer() -> None:
    text = "services: {a: {kind: api}, b: }\nflows: [{from: a, to: b}]"
    one = control("c", "flow", expect={"target.custom_code": True}, question="whose code?")
    assert [q.answer for q in asked(text, one)] == ["`c` under `controls` of flow `a->b`"]
