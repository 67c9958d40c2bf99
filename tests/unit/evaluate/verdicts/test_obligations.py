"""Obligations over every path, as they are explained and asked: the way round, and what guards it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control, engine, why
from threatmodel.evaluate import assess
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.questions import phrased
from threatmodel.render.text.reasons import premise_text, reason_text

GUARD = control("guard", "service", title="The gate is watched", mechanisms={"weak": ["md5"]})
ASKED = control("ways", "store", expect={"every_path_passes": "guard"})


def world(gate: str, more: str = "") -> str:
    return f"""
actors: {{u: {{human: true}}}}
services: {{gate: {gate}, side: {{controls: {{guard: false}}}}, apart: }}
stores: {{d: , lone: }}
flows:
  - {{from: u, to: gate}}
  - {{from: gate, to: d}}
{more}
"""


def told(text: str, key: str = "ways@d", asked: Any = ASKED, *others: Any) -> tuple[str, str, list[str]]:
    found = why(engine(text, asked, GUARD, *others), key)
    return found.verdict.word, reason_text(found.because), [premise_text(p) for p in found.premises]


def test_a_path_that_is_guarded_names_its_guard() -> None:
    assert told(world("{controls: {guard: oidc}}")) == (
        "satisfied",
        "the model shows it",
        [
            "every path from untrusted ground passes `guard`; without it nothing is reached",
            "every path passes `gate`, which shows `guard`",
        ],
    )


def test_a_path_that_goes_round_is_told_hop_by_hop() -> None:
    text = world("{controls: {guard: oidc}}", "  - {from: u, to: side}\n  - {from: side, to: d}")
    assert told(text) == (
        "gap",
        "a path goes round it",
        [
            "nothing shows `guard` on the path `u` -> `side` -> `d`",
            "`u` calls `side`: service `side` says `guard`: absent",
            "`side` calls `d`: without `guard`",
        ],
    )


def test_where_nobody_said_the_path_says_who_might_have() -> None:
    verdict, because, premises = told(world(""))
    assert (verdict, because) == ("unknown", "a path may go round it")
    assert premises == [
        "nobody said what shows `guard` on the path `u` -> `gate` -> `d`",
        "`u` calls `gate`: nobody said whether `gate` shows `guard`",
        "`gate` calls `d`: without `guard`",
    ]


def test_what_no_path_reaches_needs_no_guard() -> None:
    assert told(world(""), "ways@lone") == (
        "not-applicable",
        "no path leads there",
        ["no path leads from untrusted ground to store `lone`"],
    )


def test_without_untrusted_ground_it_is_asked_who_calls() -> None:
    text = "services: {s: }\nstores: {d: }\nflows: [{from: s, to: d}]"
    assert told(text) == (
        "unknown",
        "a path may go round it",
        ["no element of the model stands on untrusted ground"],
    )
    found = phrased(assess(engine(text, ASKED, GUARD)).questions)
    (question,) = [q for q in found if "ways@d" in q.question.settles]
    assert question.text.startswith("who calls from outside?")


def test_an_open_obligation_is_asked_where_every_path_passes() -> None:
    found = phrased(assess(engine(world(""), ASKED, GUARD)).questions)
    (question,) = [q for q in found if "ways@d" in q.question.settles]
    assert question.answer == "`guard` under `controls` of service `gate`"
    assert "guard@gate" in question.question.settles


def test_an_open_obligation_may_be_asked_of_a_type() -> None:
    text = """
types: {services: {t: {kind: api}}}
actors: {u: }
services: {one: {type: t}, two: {type: t}}
stores: {d: , e: }
flows: [{from: u, to: [one, two]}, {from: one, to: d}, {from: two, to: e}]
"""
    found = phrased(assess(engine(text, ASKED, GUARD)).questions)
    (question,) = [q for q in found if "ways@d" in q.question.settles]
    assert question.answer == "`guard` under `controls` of service type `t`"
    assert {"ways@d", "ways@e"} <= set(question.question.settles)


def test_where_no_one_place_could_settle_it_the_obligation_itself_is_asked() -> None:
    text = """
actors: {u: }
services: {one: , two: }
stores: {d: }
flows: [{from: u, to: [one, two]}, {from: [one, two], to: d}]
"""
    found = phrased(assess(engine(text, ASKED, GUARD)).questions)
    (question,) = [q for q in found if "ways@d" in q.question.settles]
    assert question.answer == "`ways` under `controls` of store `d`"


def test_on_untrusted_ground_nothing_counts_and_only_the_obligation_is_asked() -> None:
    text = """
boundaries: {wild: {trust: untrusted}}
services: {one: {boundary: wild}, two: {boundary: wild}}
stores: {d: {boundary: wild}}
flows: [{from: one, to: two}, {from: two, to: d}]
"""
    assert told(text)[0] == "gap"
    asked = control("ways", "flow", expect={"every_path_passes": "sealed"})
    sealed = control("sealed", "flow")
    world = engine("actors: {u: }\nservices: {s: }\nflows: [{from: u, to: s}]", asked, sealed)
    found = phrased(assess(world).questions)
    assert [q.answer for q in found] == ["`sealed` under `controls` of flow `u->s`"]


BYPASS = world("{controls: {guard: oidc}}", "  - {from: u, to: apart}\n  - {from: apart, to: d}")


def test_a_way_round_that_nobody_spoke_of_is_a_bypass_with_its_path() -> None:
    found = assess(engine(BYPASS, ASKED, GUARD))
    (bypass,) = found.bypasses
    assert bypass.key == "ways@d"
    assert message_text(bypass.message) == "a path to store `d` may go round `guard`."
    assert bypass.path == ("u", "apart", "d")
    assert found.findings == () or all(f.key != "ways@d" for f in found.findings)


def test_controls_are_passed_in_order() -> None:
    second = control("second", "service")
    asked = control("ways", "store", expect={"every_path_passes": ["guard", "second"]})
    text = """
actors: {u: }
services: {a: {controls: {guard: oidc, second: false}}, b: {controls: {second: false}}}
stores: {d: }
flows: [{from: u, to: a}, {from: a, to: b}, {from: b, to: d}]
"""
    assert told(text, "ways@d", asked, second) == (
        "gap",
        "a path goes round it",
        [
            "nothing shows `second` after `guard` on the path `u` -> `a` -> `b` -> `d`",
            "`u` calls `a`: `a` shows `guard`",
            "`a` calls `b`: service `b` says `second`: absent",
            "`b` calls `d`: without `second`",
        ],
    )


def test_a_relay_hands_out_what_it_was_sent() -> None:
    text = """
data: {x: }
actors: {u: }
services: {worker: }
stores: {q: {kind: queue}, d: }
flows: [{from: u, to: q, sends: x}, {from: worker, to: q, returns: x}, {from: worker, to: d, data: x}]
"""
    assert "`q` hands data out to `worker`" in " ".join(told(text)[2])


def test_flows_of_other_kinds_are_no_way() -> None:
    asked = control("ways", "store", expect={"every_path_passes": {"controls": "guard", "flows": "business"}})
    text = world(
        "{controls: {guard: oidc}}", "  - {from: u, to: side, kind: backup}\n  - {from: side, to: d}"
    )
    verdict, _, premises = told(text, "ways@d", asked)
    assert verdict == "satisfied"
    assert premises[0].startswith("every path from untrusted ground over business flows passes `guard`")


UPSTREAM = control("limit", "service", covered_by=[{"upstream": True}])


@pytest.mark.parametrize(
    ("edge", "inner", "expected"),
    [
        (
            "{controls: {limit: waf}}",
            "",
            ("satisfied", "every path from untrusted ground passes it (perimeter only)"),
        ),
        ("{controls: {limit: waf}}", "{controls: {limit: false}}", ("gap", "stated here: absent")),
        ("", "", ("unknown", "nobody said")),
    ],
)
def test_what_stands_upstream_covers_what_nobody_nearer_speaks_of(
    edge: str, inner: str, expected: tuple[str, str]
) -> None:
    text = f"""
actors: {{u: }}
services: {{edge: {edge}, inner: {inner}}}
flows: [{{from: u, to: edge}}, {{from: edge, to: inner}}]
"""
    found = why(engine(text, UPSTREAM), "limit@inner")
    assert (found.verdict.word, reason_text(found.because)) == expected


def test_a_nearer_place_that_denies_it_counts_before_what_stands_upstream() -> None:
    text = """
actors: {u: }
hosts: {h: {controls: {limit: false}}}
services: {edge: {controls: {limit: waf}}, inner: {host: h}}
flows: [{from: u, to: edge}, {from: edge, to: inner}]
"""
    asked = control("limit", "service", covered_by=[{"upstream": True}, {"host": True}])
    found = why(engine(text, asked), "limit@inner")
    assert (found.verdict.word, reason_text(found.because)) == ("gap", "inherited from host `h`: absent")


def test_a_path_round_it_decides_nothing_where_something_else_may_do() -> None:
    expect = {"any": [{"every_path_passes": "guard"}, {"custom_code": False}]}
    text = world("{controls: {guard: oidc}}", "  - {from: u, to: side}")
    asked = control("ways", "service", expect=expect)
    assert told(text, "ways@side", asked)[:2] == ("unknown", "a path may go round it")


@pytest.mark.parametrize(
    ("expect", "gate", "baseline", "expected"),
    [
        ({"any": [{"custom_code": False}, {"claimed": "other"}]}, "{controls: {other: x}}", "", "satisfied"),
        ({"any": [{"custom_code": False}, {"claimed": "other"}]}, "{custom_code: true}", "", "gap"),
        ({"any": [{"custom_code": False}, {"satisfied": "other"}]}, "{custom_code: true}", "", "unknown"),
        (
            {"custom_code": False, "satisfied": "other"},
            "{custom_code: false, controls: {other: x}}",
            "",
            "satisfied",
        ),
        (
            {"custom_code": False, "satisfied": "other"},
            "{custom_code: false, controls: {other: false}}",
            "",
            "gap",
        ),
        (
            {"any": [{"not": {"custom_code": True}}, {"satisfied": "other"}]},
            "{custom_code: false}",
            "",
            "satisfied",
        ),
        (None, "", "baseline: {guard: false}", "gap"),
        (None, "", "baseline: {guard: md5}", "gap"),
        (None, "", "baseline: {guard: oidc}", "unknown"),
        (None, "{controls: {guard: oidc}}", "baseline: {guard: false}", "satisfied"),
        ({"custom_code": False}, "{custom_code: true, controls: {guard: true}}", "", "gap"),
        ({"custom_code": False}, "{controls: {guard: true}}", "", "satisfied"),
    ],
)
def test_what_counts_on_a_path_is_said_or_shown_there(
    expect: dict[str, Any] | None, gate: str, baseline: str, expected: str
) -> None:
    keys = {"expect": expect} if expect else {}
    guard = control("guard", "service", covered_by=[{"baseline": True}], mechanisms={"weak": ["md5"]}, **keys)
    text = f"""
actors: {{u: }}
services: {{gate: {gate}}}
stores: {{d: }}
flows: [{{from: u, to: gate}}, {{from: gate, to: d}}]
{baseline}
"""
    found = why(engine(text, ASKED, guard, control("other", "service")), "ways@d")
    assert found.verdict.word == expected


@pytest.mark.parametrize(
    ("expect", "expected"),
    [
        (
            [{"every_path_passes": "guard"}, {"every_path_passes": "second"}],
            "`second` under `controls` of service `gate`",
        ),
        ([{"every_path_passes": "guard"}, {"tenancy": "single"}], "`ways` under `controls` of store `d`"),
    ],
)
def test_of_several_conditions_the_open_one_is_asked(expect: list[dict[str, Any]], expected: str) -> None:
    asked = control("ways", "store", expect={"all": expect})
    text = world("{controls: {guard: oidc}}")
    found = phrased(assess(engine(text, asked, GUARD, control("second", "service"))).questions)
    assert [q.answer for q in found if "ways@d" in q.question.settles] == [expected]


def test_a_statement_against_a_guarded_path_is_a_gap_without_a_way_round() -> None:
    text = world("{controls: {guard: oidc}}").replace("d: ,", "d: {controls: {ways: false}},")
    (finding,) = [f for f in assess(engine(text, ASKED, GUARD)).findings if f.key == "ways@d"]
    assert finding.path == ()
    assert [premise_text(p) for p in finding.overrode][:1] == [
        "every path from untrusted ground passes `guard`; without it nothing is reached"
    ]


@pytest.mark.parametrize(
    ("sealed", "expected"),
    [("{controls: {sealed: tls}}", "satisfied"), ("{controls: {sealed: false}}", "gap"), ("{}", "unknown")],
)
def test_a_flow_may_be_its_own_guard(sealed: str, expected: str) -> None:
    asked = control("ways", "flow", expect={"every_path_passes": "sealed"})
    more = sealed.strip("{}")
    text = (
        f"actors: {{u: }}\nservices: {{s: }}\nflows: [{{from: u, to: s{', ' + more + '}' if more else ''}}}]"
    )
    found = why(engine(text.replace("}}}]", "}}]"), asked, control("sealed", "flow")), "ways@u->s")
    assert found.verdict.word == expected


def test_a_flow_is_asked_about_at_its_source_when_flows_cannot_be_guards() -> None:
    asked = control("ways", "flow", expect={"every_path_passes": "guard"})
    found = phrased(assess(engine(world(""), asked, GUARD)).questions)
    assert "`guard` under `controls` of service `gate`" in [
        q.answer for q in found if "ways@gate->d" in q.question.settles
    ]


OF_PEOPLE = control("ways", "store", expect={"every_path_passes": {"controls": "guard", "from": "people"}})
TIMER = """
boundaries: {in: }
actors: {u: , timer: {boundary: in}}
services: {gate: {controls: {guard: oidc}}, job: {controls: {guard: oidc}}}
stores: {d: , own: }
flows: [{from: u, to: gate}, {from: gate, to: d}, {from: timer, to: job}, {from: job, to: own}]
"""


def test_who_may_be_a_person_leaves_open_what_only_their_paths_reach() -> None:
    assert told(TIMER, "ways@d", OF_PEOPLE)[0] == "satisfied"
    verdict, _, premises = told(TIMER, "ways@own", OF_PEOPLE)
    assert verdict == "unknown"
    assert premises == [
        "every known path passes; nobody said whether `timer` is a person, with paths of their own"
    ]
    asked = phrased(assess(engine(TIMER, OF_PEOPLE, GUARD)).questions)[0]
    assert (asked.text, asked.answer) == ("who is a person: `timer`?", "`human` of `timer`")
    assert asked.question.settles == ("ways@own",)


@pytest.mark.parametrize(("human", "verdict"), [("true", "satisfied"), ("false", "not-applicable")])
def test_once_somebody_says_it_the_paths_are_decided(human: str, verdict: str) -> None:
    text = TIMER.replace("timer: {", f"timer: {{human: {human}, ")
    assert told(text, "ways@own", OF_PEOPLE)[0] == verdict


def test_of_two_ways_that_are_asked_for_one_may_not_lead_there() -> None:
    over = {"every_path_passes": {"controls": "guard", "flows": "backup"}}
    either = control("ways", "store", expect={"any": [{"every_path_passes": "guard"}, over]})
    verdict, _, premises = told(world(""), "ways@d", either)
    assert verdict == "unknown"
    assert premises[-1] == "no path leads from untrusted ground to store `d`"
