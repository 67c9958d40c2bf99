"""An explanation tells what decided apart from why it was asked, what was decided on it, what settles it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control, engine
from threatmodel.evaluate import Engine, assess
from threatmodel.evaluate.explanation import explanation
from threatmodel.render.text.questions import declaration_text, phrased
from threatmodel.render.text.reasons import place_text, premise_text, reason_text
from threatmodel.results import DeclareKey, Filled, Finding, Name, Verdict
from threatmodel.results.explanation import Explanation

ASKED = control(
    when={"kind": "cache"},
    expect={"any": [{"tenancy": "single"}, {"not": {"all": [{"criticality": "low"}, {"hosted": False}]}}]},
    covered_by=[{"boundary": "inside"}, {"baseline": True}],
)


def explained(world: Engine, name: str, kind: str, subject: str, **decided: Any) -> Explanation:
    """The explanation of one result, each finding with what was `decided` on it."""
    found = assess(world)
    findings: tuple[Finding, ...] = tuple(f._replace(**decided) for f in found.findings)
    i = world.graph.subjects[kind].index(subject)
    return explanation(world, world.controls[name], kind, i, found._replace(findings=findings))


MEND = Filled("Mend {subject}.", (("subject", Name("d")),))


def of(text: str, **decided: Any) -> Explanation:
    return explained(engine(text, ASKED), "c", "store", "d", **decided)


def test_a_gap_has_severity_disposition_and_fix() -> None:
    found = of("stores: {d: {kind: cache, controls: {c: planned}}}")
    assert (found.key, found.verdict, found.disposition) == ("c@d", Verdict.GAP, "open")
    assert (found.severity, found.severity_from[0]) == ("low", "control: medium")
    assert [premise_text(p) for p in found.rests_on] == ["store `d` says `c`: planned"]
    assert [premise_text(p) for p in found.needed] == ["kind is cache"]
    assert found.fix == MEND
    assert (found.planned, str(found.span)) == (True, "m.yaml:1:10")
    assert (found.questions, found.keys, found.places) == ((), (), ())


@pytest.mark.parametrize(
    ("decided", "told"),
    [
        ({"disposition": "waived", "waiver": "cheap (me, until 2030-01-01)"}, "cheap (me, until 2030-01-01)"),
        ({"disposition": "planned", "owner": "me", "due": "2030-01-01"}, "me, due 2030-01-01"),
        ({}, ""),
    ],
)
def test_a_gap_says_who_decided_on_it(decided: dict[str, Any], told: str) -> None:
    assert of("stores: {d: {kind: cache, controls: {c: false}}}", **decided).decision == told


def test_an_unknown_result_names_its_question_the_keys_that_would_tell_and_where_it_may_be_stated() -> None:
    found = of("boundaries: {z: }\nstores: {d: {kind: cache, boundary: z}}")
    assert (found.verdict, found.severity, found.disposition) == (Verdict.UNKNOWN, "low", None)
    assert [q.settles for q in found.questions] == [("c@d",)]
    assert [declaration_text(key) for key in found.keys] == [
        "`tenancy` of `d`",
        "`criticality` of `d`",
        "`host` of `d`",
    ]
    assert [place_text(place) for place in found.places] == ["store `d`", "boundary `z`", "the baseline"]
    assert (found.fix, reason_text(found.because)) == (None, "nobody said")


def test_only_what_leaves_it_open_is_a_key_that_would_tell() -> None:
    found = of("hosts: {h: }\nstores: {d: {kind: cache, tenancy: shared, host: h, criticality: low}}")
    assert found.verdict is Verdict.SATISFIED
    assert of("stores: {d: {kind: cache, tenancy: shared, criticality: low}}").keys == (
        DeclareKey("host", ("d",)),
    )


def test_where_the_need_is_not_known_no_place_is_named() -> None:
    found = of("stores: {d: {tenancy: shared}}")
    assert reason_text(found.because) == "whether it is needed is not known"
    assert [q.answer for q in phrased(found.questions)] == ["`kind` of `d`"]
    assert found.places == ()


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("stores: {d: {kind: cache, tenancy: single}}", Verdict.SATISFIED),
        ("stores: {d: {kind: queue}}", Verdict.NOT_APPLICABLE),
    ],
)
def test_nothing_is_to_be_done_about_what_is_satisfied_or_not_asked(text: str, verdict: Verdict) -> None:
    found = of(text)
    assert found.verdict is verdict
    assert (found.severity, found.severity_from, found.fix, found.keys) == ("", (), None, ())


def test_the_key_of_a_flow_is_named_for_all_flows_of_its_entry() -> None:
    asked = control(subject="flow", expect={"transport.encrypted": True})
    text = "services: {a: , b: , e: }\nflows: [{from: a, to: [b, e]}, {from: b, to: e, protocol: kafka}]"
    world = engine(text, asked)
    assert explained(world, "c", "flow", "a->b").keys == (DeclareKey("protocol", ("a->b", "a->e")),)
    assert explained(world, "c", "flow", "b->e").keys == ()


def test_a_possible_bypass_is_told_with_its_fix_and_asks_for_no_key() -> None:
    guard = control("guard", "service")
    ways = control("ways", "store", expect={"every_path_passes": "guard"})
    text = """
actors: {u: {human: true}}
services: {gate: {controls: {guard: oidc}}, side: }
stores: {d: }
flows: [{from: u, to: [gate, side]}, {from: [gate, side], to: d}]
"""
    found = explained(engine(text, ways, guard), "ways", "store", "d")
    assert (found.verdict, found.disposition, found.fix) == (Verdict.UNKNOWN, "unknown", MEND)
    assert (found.questions, found.keys) == ((), ())


def test_paths_decide_only_where_a_path_is_what_is_missing() -> None:
    guard = control("guard", "service")
    expect = {"all": [{"every_path_passes": "guard"}, {"tenancy": "single"}]}
    text = """
actors: {u: }
services: {gate: {controls: {guard: oidc}}}
stores: {d: {tenancy: shared}}
flows: [{from: u, to: gate}, {from: gate, to: d}]
"""
    found = explained(engine(text, control("ways", "store", expect=expect), guard), "ways", "store", "d")
    assert (found.verdict, reason_text(found.because)) == (Verdict.GAP, "the model shows the contrary")
