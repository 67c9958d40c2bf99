"""A disabled control has no results; what others rest on stays, and no row becomes better for it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control, engine
from tests.unit.evaluate.frameworks.test_requirements import (
    CONTROLS,
    Plain,
    decision,
    framework,
    row,
    stores,
)
from tests.unit.evaluate.frameworks.test_requirements import assess as rows
from threatmodel.catalog import Control
from threatmodel.catalog.controls import Change
from threatmodel.errors import Span
from threatmodel.evaluate import Engine, assess
from threatmodel.evaluate.defence import Defence
from threatmodel.evaluate.threats.derived import Threats
from threatmodel.model import RequirementDecision
from threatmodel.render.text.questions import phrased
from threatmodel.render.text.reasons import premise_text
from threatmodel.results import Verdict

WORLD = """
actors: {u: }
data: {x: {confidentiality: restricted}}
boundaries: {b: }
services: {a: {boundary: b, controls: {c: false}}}
stores: {d: {boundary: b, holds: x, controls: {seal: wax}}}
flows: [{from: u, to: a, sends: x}, {from: a, to: d, sends: x}]
"""


def off(found: Control) -> Control:
    """The same control, disabled."""
    change = Change(found.id, "acme", "disable", "disabled", True, "no need", Span("o.yaml", 1, 1, 1, 2))
    return found._replace(disabled=change, changes=(change,))


def test_it_has_no_results_no_findings_and_no_questions() -> None:
    lock = control("lock", "store")
    text = "stores: {a: {controls: {lock: false}}, b: , d: {controls: {lock: iron}}}"
    plain, disabled = assess(engine(text, lock)), assess(engine(text, off(lock)))
    assert {v.word: plain.count(v) for v in Verdict} == {
        "gap": 1,
        "satisfied": 1,
        "unknown": 1,
        "not-applicable": 0,
    }
    assert (disabled.columns, disabled.findings, disabled.questions, disabled.bypasses) == ((), (), (), ())
    assert disabled.verdict("lock@a") is None


def test_a_statement_of_it_is_not_warned_of() -> None:
    lock = control("lock", "service", expect={"custom_code": True})
    text = "services: {a: {custom_code: false, controls: {lock: iron}}}"
    assert [w.code for w in assess(engine(text, lock)).warnings] == ["contradicted-statement"]
    assert assess(engine(text, off(lock))).warnings == ()


def test_controls_that_rest_on_it_keep_their_verdicts() -> None:
    seal = control("seal", "store")
    resting = (
        control("shut", "store", expect={"satisfied": "seal"}),
        control("near", "store", expect={"any": [{"external": True}, {"claimed": "seal"}]}),
        control("way", "store", expect={"every_path_passes": "seal"}),
    )
    before, after = (assess(engine(WORLD, made, *resting)) for made in (seal, off(seal)))
    assert [c for c in before.columns if c.control != "seal"] == list(after.columns)
    assert after.verdict("way@d") is Verdict.SATISFIED


def test_what_a_path_waits_for_is_still_asked() -> None:
    seal = control("seal", "store")
    way = control("way", "store", expect={"every_path_passes": "seal"})
    text = WORLD.replace(", controls: {seal: wax}", "")
    assert any("`seal`" in q.answer for q in phrased(assess(engine(text, off(seal), way)).questions))


@pytest.mark.parametrize(
    ("lock", "guard", "status"),
    [
        ("iron", "dog", "unknown"),
        ("false", "dog", "unknown"),
        ("iron", "false", "open"),
        ("{status: not-applicable, reason: x}", "dog", "mitigated"),
    ],
)
def test_a_derived_threat_that_it_counters_is_not_known(lock: str, guard: str, status: str) -> None:
    text = f"stores: {{a: {{controls: {{lock: {lock}, guard: {guard}}}}}}}"
    world = engine(text, off(control("lock", "store")), control("guard", "store"))
    threats = Threats(world)
    [found] = [r for r in threats.results(threats.columns) if r.threat == "tampering"]
    assert found.status.word == status
    assert ("lock@a" in found.unknown) == (status == "unknown" or guard == "false")
    assert "lock@a" not in (*found.gaps, *found.mitigated_by)


def test_a_threat_that_it_answered_is_open() -> None:
    text = "stores: {a: {controls: {lock: iron}}}\nthreats: {t: {against: a, answered_by: lock@a}}"
    lock = control("lock", "store")
    assert assess(engine(text, lock)).verdict("threat:t") is Verdict.SATISFIED
    found = assess(engine(text, off(lock)))
    assert found.verdict("threat:t") is Verdict.UNKNOWN
    assert [q.text for q in phrased(found.questions)] == [
        "what else answers the threat `t`, since `lock@a` is disabled?"
    ]


def test_a_threat_with_another_answer_that_is_a_gap_stays_a_gap() -> None:
    text = (
        "stores: {a: {controls: {lock: iron, guard: false}}}\n"
        "threats: {t: {against: a, answered_by: [lock@a, guard@a]}}"
    )
    found = assess(engine(text, off(control("lock", "store")), control("guard", "store")))
    assert found.verdict("threat:t") is Verdict.GAP
    [gap] = [f for f in found.findings if f.key == "threat:t"]
    assert [premise_text(p) for p in gap.premises] == ["`guard@a` is gap", "`lock@a` is disabled"]


def test_it_is_no_layer_of_defence_and_its_gap_still_breaks_one() -> None:
    def known(*controls: Control) -> list[tuple[str, ...]]:
        world: Engine = engine(WORLD, *controls)
        return [d.known for d in Defence(world).depths() if d.element == "d"]

    seal, weak = control("seal", "store", layer="channel"), control("c", "service", layer="channel")
    assert known(seal) == [("channel",)]
    assert known(off(seal)) == [()]
    assert known(seal, off(control("c", "store", layer="channel"))) == [("channel",)]
    broken = control("e", "store", layer="channel", expect={"external": True})
    assert known(seal, broken) == known(seal, off(broken)) == [()]
    assert known(seal, off(weak)) == known(seal, weak)


# rows of frameworks


def status(model: Plain, *said: RequirementDecision, **more: Any) -> tuple[str, str]:
    """Status and note of a row of which one of two controls is disabled."""
    rules = framework(row(controls=["lock", "drill"], **more))
    disabled = {**CONTROLS, "drill": off(CONTROLS["drill"])}
    [found] = rows(model, rules, *said, controls=disabled).values()
    assert found.disabled == ("drill",)
    return found.status, found.note


WHY = "`drill` is disabled by the catalog `acme`: no need"


@pytest.mark.parametrize(
    ("model", "more", "expected"),
    [
        (stores("iron"), {}, "not-modelled"),
        (stores("iron"), {"coverage": "partial"}, "not-modelled"),
        (stores("iron"), {"coverage": "context"}, "not-modelled"),
        (stores(None), {}, "not-modelled"),
        (stores(False), {}, "gap"),
        ({}, {}, "not-modelled"),
    ],
)
def test_a_row_that_loses_a_control_is_not_modelled_unless_it_is_a_gap(
    model: Plain, more: Plain, expected: str
) -> None:
    found, note = status(model, **more)
    assert found == expected
    assert WHY in note


@pytest.mark.parametrize(
    ("said", "more", "expected"),
    [
        ("not-applicable", {}, "not-modelled"),
        ("not-applicable", {"only_if": "somebody asks"}, "not-applicable"),
        ("alternative", {"designation": "addressable"}, "alternative"),
        ("alternative", {"designation": "addressable", "coverage": "partial"}, "partial-evidence"),
        ("not-reasonable-and-appropriate", {"designation": "addressable"}, "risk-accepted"),
        ("attested", {}, "not-modelled"),
    ],
)
def test_only_a_decision_for_the_whole_model_stands_in_for_it(said: str, more: Plain, expected: str) -> None:
    assert status(stores("iron"), decision(said), **more)[0] == expected
    scoped = decision(said, scope=("a",))
    assert status(stores("iron"), scoped, **more)[0] == "not-modelled"


def test_a_row_that_does_not_name_it_stays_as_it_was() -> None:
    rules = framework(row(controls=["lock"]))
    disabled = {**CONTROLS, "drill": off(CONTROLS["drill"])}
    assert rows(stores("iron"), rules, controls=disabled) == rows(stores("iron"), rules)
