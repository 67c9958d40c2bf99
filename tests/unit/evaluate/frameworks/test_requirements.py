"""A row of a framework says what results, declared roles and dated decisions come to, and never more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from threatmodel.api import Library
from threatmodel.catalog import Control, Framework, parse_control, parse_framework
from threatmodel.evaluate import Engine
from threatmodel.evaluate.frameworks.decisions import Decided, covered, decided
from threatmodel.evaluate.frameworks.requirements import (
    CONTEXT,
    EQUIVALENT,
    NO_CONTROL,
    NOTHING_ASKED,
    NOTHING_IN_SCOPE,
    framework_results,
)
from threatmodel.graph import SystemGraph, build_graph
from threatmodel.model import Decisions, Evidence, RequirementDecision, parse_model
from threatmodel.results import RequirementResult
from threatmodel.source import parse

LIBRARY = Library()
DAY = "2026-06-01"
HEAD = {"threatmodel": 1, "name": "m"}
Plain = dict[str, Any]


def control(name: str, subject: str, **more: object) -> Control:
    plain = {
        "id": name,
        "title": name,
        "layer": "perimeter",
        "subject": subject,
        "severity": "high",
        "threats": ["tampering"],
        "gap": "open",
        "fix": "close",
        "examples": ["flows: []  # gap", "flows: []  # satisfied"],
        **more,
    }
    return parse_control(parse(json.dumps(plain), f"catalogs/controls/perimeter/{name}.yaml"))


CONTROLS = {
    c.id: c
    for c in (
        control("lock", "store"),
        control("guard", "store", when={"held.confidentiality": {"at_least": "internal"}}),
        control("seal", "flow"),
        control("drill", "model"),
    )
}


def framework(*rows: Plain, **more: Any) -> Framework:
    plain = {
        "id": "rules",
        "title": "Rules",
        "source": "us",
        "law_as_of": "2026",
        "requirements": rows,
        **more,
    }
    return parse_framework(parse(json.dumps(plain), "catalogs/frameworks/rules.yaml"))


def row(name: str = "r1", **more: Any) -> Plain:
    plain: Plain = {
        "id": name,
        "title": name,
        "designation": "required",
        "category": "all",
        "coverage": "full",
        "controls": ["lock"],
        "cannot_show": "the rest",
    }
    return {**plain, **more}


def graph(model: Plain) -> SystemGraph:
    return build_graph(
        parse_model(parse(json.dumps({**HEAD, **model}), "m.yaml"), LIBRARY.kinds), LIBRARY.kinds, DAY
    )


def assess(
    model: Plain, rules: Framework, *said: RequirementDecision, controls: Mapping[str, Control] = CONTROLS
) -> dict[str, RequirementResult]:
    document = parse("{}", "decisions.yaml")
    decisions = Decisions(document, (), said) if said else None
    [result] = framework_results(Engine(graph(model), controls), [rules], decisions)
    return {r.requirement: r for r in result.rows}


def one(model: Plain, rules: Framework, *said: RequirementDecision) -> RequirementResult:
    [result] = assess(model, rules, *said).values()
    return result


def decision(word: str, requirement: str = "r1", **more: Any) -> RequirementDecision:
    plain = RequirementDecision(
        at=(0,),
        framework="rules",
        requirement=requirement,
        scope=None,
        decision=word,
        reason="a reason",
        alternative=None,
        evidence=(),
        owner="ana",
        date="2026-01-01",
        review=None,
    )
    return plain._replace(**more)


def stores(*said: object) -> Plain:
    """Stores a, b, c ... that each say this of `lock`; None says nothing."""
    names = "abcdef"
    return {"stores": {names[i]: {} if s is None else {"controls": {"lock": s}} for i, s in enumerate(said)}}


NO = False
ALTERNATIVE = {"status": "alternative", "reason": "a wall"}
OUT = {"status": "not-applicable", "reason": "empty"}
SHOWN = (Evidence("report.pdf", "2026-01-02", None),)


# results


def naive(said: Sequence[object]) -> str:
    """The status of a row over stores that say this, written down without any bitset."""
    if any(s is NO for s in said):
        return "gap"
    if any(s is None for s in said) or all(s is OUT for s in said):
        return "not-modelled"
    return "alternative" if any(s is ALTERNATIVE for s in said) else "design-evidence"


def test_results_of_two_subjects_come_to_the_worse() -> None:
    words = ("by key", ALTERNATIVE, OUT, NO, None)
    seen = set()
    for said in product(words, repeat=2):
        status = one(stores(*said), framework(row())).status
        assert status == naive(said), said
        seen.add(status)
    assert seen == {"gap", "not-modelled", "alternative", "design-evidence"}


@pytest.mark.parametrize(
    ("coverage", "said", "expected"),
    [
        ("partial", "by key", "partial-evidence"),
        ("partial", ALTERNATIVE, "partial-evidence"),
        ("partial", NO, "gap"),
        ("partial", None, "not-modelled"),
        ("context", "by key", "not-modelled"),
        ("context", NO, "gap"),
        ("context", None, "not-modelled"),
    ],
)
def test_coverage_limits_what_results_can_say(coverage: str, said: object, expected: str) -> None:
    assert one(stores(said), framework(row(coverage=coverage))).status == expected


def test_one_bad_subject_is_not_hidden_by_many_good_ones() -> None:
    found = one(stores("by key", "by key", NO, "by key"), framework(row()))
    assert (found.status, found.gaps, found.satisfied) == ("gap", ("lock@c",), 3)


def test_every_control_of_a_row_counts() -> None:
    rules = framework(row(controls=["lock", "drill"]))
    assert one(stores("by key"), rules).status == "not-modelled"
    assert one({**stores("by key"), "stores": {"a": {"controls": {"lock": NO}}}}, rules).gaps == ("lock@a",)


def test_a_row_without_subjects_or_controls_is_not_evidence() -> None:
    found = one({"services": {"s": {}}}, framework(row()))
    assert (found.status, found.note) == ("not-modelled", NOTHING_ASKED)
    found = one(stores("by key"), framework(row(controls=[])))
    assert (found.status, found.note) == ("not-modelled", NO_CONTROL)
    found = one(stores("by key"), framework(row(controls=[], coverage="context")))
    assert (found.status, found.note) == ("not-modelled", f"{NO_CONTROL}; {CONTEXT}")
    found = one(stores("by key"), framework(row(coverage="context")))
    assert found.note == CONTEXT


def test_a_row_outside_the_model_takes_nothing_from_it() -> None:
    found = one(stores(NO), framework(row(coverage="outside", controls=[])))
    assert (found.status, found.note) == ("outside-model", "")


def test_evidence_says_how_much_in_scope_was_not_asked() -> None:
    found = one(stores("by key", OUT), framework(row(note="see r2")))
    assert (found.status, found.note) == ("design-evidence", "in scope but not applicable: 1; see r2")


def test_an_inherited_alternative_is_one() -> None:
    rules = framework(row())
    walled = {**CONTROLS, "lock": control("lock", "store", covered_by=[{"boundary": "inside"}])}
    model = {
        "boundaries": {"z": {"controls": {"lock": ALTERNATIVE}}},
        "stores": {"a": {"boundary": "z"}},
    }
    [found] = assess(model, rules, controls=walled).values()
    assert found.status == "alternative"


# scope

SCOPED: Plain = {"data": {"data.categories": {"contains": "personal"}}}


def keeping(categories: object, said: object) -> Plain:
    """One store that keeps data of these categories and says this of `lock`."""
    data = {"x": {} if categories is None else {"categories": categories}}
    store: Plain = {"holds": "x"}
    return {"data": data, "stores": {"a": store if said is None else {**store, "controls": {"lock": said}}}}


@pytest.mark.parametrize(
    ("categories", "said", "expected"),
    [
        ("personal", "by key", "design-evidence"),
        ("personal", NO, "gap"),
        ("personal", None, "not-modelled"),
        ([], "by key", "not-applicable"),
        ([], NO, "not-applicable"),
        ([], None, "not-applicable"),
        (None, "by key", "not-modelled"),
        (None, NO, "not-modelled"),
        (None, None, "not-modelled"),
    ],
)
def test_results_count_where_data_are_in_scope(categories: object, said: object, expected: str) -> None:
    found = one(keeping(categories, said), framework(row(), **SCOPED))
    assert found.status == expected
    assert found.gaps == (("lock@a",) if expected == "gap" else ())
    if expected == "not-applicable":
        assert found.note == NOTHING_IN_SCOPE


def test_a_row_may_have_a_scope_of_its_own() -> None:
    rules = framework(row(data={"data.categories": {"contains": "health"}}), row("r2"), **SCOPED)
    found = assess(keeping("contact", NO), rules)
    assert {name: r.gaps for name, r in found.items()} == {"r1": (), "r2": ("lock@a",)}
    assert found["r1"].note == NOTHING_IN_SCOPE


def test_a_gap_perhaps_in_scope_is_counted_as_unknown_beside_evidence() -> None:
    model = {
        "data": {"x": {"categories": "personal"}, "y": {}},
        "stores": {
            "a": {"holds": "x", "controls": {"lock": "by key"}},
            "b": {"holds": "y", "controls": {"lock": NO}},
        },
    }
    found = one(model, framework(row(), **SCOPED))
    assert (found.status, found.satisfied, found.unknown, found.gaps) == ("not-modelled", 1, 1, ())


def test_the_model_as_a_whole_is_always_in_scope() -> None:
    found = one(keeping([], None), framework(row(controls=["drill"]), **SCOPED))
    assert (found.status, found.unknown) == ("not-modelled", 1)


def test_what_is_unknown_stays_so_even_where_all_that_may_be_asked_is_satisfied() -> None:
    model = {"data": {"x": {}}, "stores": {"a": {"holds": "x", "controls": {"guard": "by key"}}}}
    found = one(model, framework(row(controls=["guard"])))
    assert (found.status, found.unknown) == ("not-modelled", 1)


def test_an_alternative_perhaps_in_scope_is_not_hidden() -> None:
    model = {
        "data": {"x": {"categories": "personal"}, "y": {}},
        "stores": {
            "a": {"holds": "x", "controls": {"lock": "by key"}},
            "b": {"holds": "y", "controls": {"lock": ALTERNATIVE}},
        },
    }
    found = one(model, framework(row(), **SCOPED))
    assert (found.status, found.satisfied) == ("alternative", 1)


# whether a row applies

ASKED: Plain = {"applies_when": {"own.gdpr": {"contains_any": ["controller", "processor"]}}}


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([], "not-modelled"),
        ([None], "not-modelled"),
        (["none"], "not-applicable"),
        (["controller"], "design-evidence"),
        (["none", "none"], "not-applicable"),
        (["none", None], "not-modelled"),
        (["none", "processor"], "design-evidence"),
        ([None, "processor"], "design-evidence"),
    ],
)
def test_a_law_applies_by_the_roles_of_all_own_parties(roles: list[str | None], expected: str) -> None:
    parties = {
        f"p{i}": {"own": True, **({} if role is None else {"gdpr": role})} for i, role in enumerate(roles)
    }
    found = one({"parties": parties, **stores("by key")}, framework(row(), **ASKED))
    assert found.status == expected


def test_the_note_names_the_fact_that_puts_a_row_out_or_leaves_it_open() -> None:
    rules = framework(row(), **ASKED)
    none = {"parties": {"p": {"own": True, "gdpr": "none"}}}
    assert one({**none, **stores(NO)}, rules).note == "out of scope: own.gdpr is none"
    silent = one(stores(NO), rules)
    assert silent.note == "whether it applies is not known: own.gdpr is unknown"
    assert (silent.gaps, silent.unknown, silent.satisfied) == ((), 0, 0)


def test_a_row_asks_for_more_than_its_framework() -> None:
    children: Plain = {"data.categories": {"contains": "children"}}
    rules = framework(row(applies_when=children), row("r2"), **ASKED)
    own = {"parties": {"p": {"own": True, "gdpr": "controller"}}}
    statuses = {
        name: assess({**own, **keeping(categories, "by key")}, rules)["r1"].status
        for name, categories in (("child", "children"), ("other", "contact"), ("silent", None))
    }
    assert statuses == {"child": "design-evidence", "other": "not-applicable", "silent": "not-modelled"}
    assert assess({**own, **keeping("contact", "by key")}, rules)["r2"].status == "design-evidence"


def test_a_model_that_draws_nothing_has_said_nothing_about_data() -> None:
    rules = framework(row(applies_when={"data.categories": {"contains": "children"}}))
    assert one({}, rules).status == "not-modelled"


def test_data_that_nothing_holds_still_are_data_of_the_model() -> None:
    rules = framework(row(applies_when={"data.categories": {"contains": "children"}}))
    model = {
        "data": {"x": {"categories": "children"}},
        "stores": {"a": {"holds": [], "controls": {"lock": "by key"}}},
    }
    assert one(model, rules).status == "design-evidence"


def test_those_with_the_role_that_is_asked_for_are_responsible() -> None:
    rules = framework(
        row(),
        row("r2", applies_when={"own.gdpr": {"contains": "processor"}}),
        row("r3", applies_when={"own.hipaa": {"contains_any": ["provider"]}}),
        **ASKED,
    )
    parties = {
        "a": {"own": True, "gdpr": "controller"},
        "b": {"own": True, "gdpr": "processor", "hipaa": ["provider", "health-plan"]},
        "c": {"own": True, "gdpr": "none"},
        "d": {"gdpr": "processor"},
    }
    found = assess({"parties": parties, **stores("by key")}, rules)
    assert {name: r.responsible for name, r in found.items()} == {
        "r1": ("a", "b"),
        "r2": ("b",),
        "r3": ("b",),
    }


def test_nobody_is_responsible_for_a_row_that_applies_to_no_role_of_ours() -> None:
    rules = framework(row(), applies_when={"own.hipaa": {"contains": "provider"}})
    parties = {"a": {"own": True, "hipaa": "none"}}
    found = one({"parties": parties, **stores("by key")}, rules)
    assert (found.status, found.responsible) == ("not-applicable", ())


def test_without_roles_to_ask_for_every_own_party_is_responsible() -> None:
    parties = {"a": {"own": True}, "b": {}}
    rules = framework(row(applies_when={"has_flows": False}))
    assert one({"parties": parties, **stores("by key")}, rules).responsible == ("a",)
    assert one(stores("by key"), rules).responsible == ()


# decisions


def addressable(**more: Any) -> Framework:
    return framework(row(designation="addressable", **more))


WORDS = ("implemented", "alternative", "not-reasonable-and-appropriate", "not-applicable", "attested")


@pytest.mark.parametrize("said", ["by key", NO, None])
def test_what_a_decision_makes_of_an_addressable_row(said: object) -> None:
    found = {word: one(stores(said), addressable(), decision(word)).status for word in WORDS}
    plain = naive([said])
    open_ = said is not None and said is not NO
    assert found == {
        "implemented": plain,
        "alternative": plain if open_ else "alternative",
        "not-reasonable-and-appropriate": plain if open_ else "risk-accepted",
        "not-applicable": plain,
        "attested": plain,
    }


@pytest.mark.parametrize("word", ["implemented", "alternative", "not-reasonable-and-appropriate"])
def test_a_required_row_takes_no_decision_made_for_addressable_ones(word: str) -> None:
    found = one(stores(NO), framework(row()), decision(word))
    assert (found.status, found.decision) == ("gap", "")
    assert found.note == f"`{word}` is for addressable specifications only and counts for nothing here"


@pytest.mark.parametrize(
    ("coverage", "controls", "expected"),
    [
        ("full", [], ("not-modelled", "partial-evidence", "alternative", "risk-accepted")),
        ("context", [], ("not-modelled", "partial-evidence", "alternative", "risk-accepted")),
        ("context", ["lock"], ("not-modelled", "partial-evidence", "alternative", "risk-accepted")),
        ("outside", [], ("outside-model", "outside-model", "outside-model", "outside-model")),
    ],
)
def test_where_results_cannot_settle_a_row_a_decision_can(
    coverage: str, controls: list[str], expected: tuple[str, ...]
) -> None:
    rules = addressable(coverage=coverage, controls=controls)
    said = (
        decision("attested"),  # without evidence it is but a word
        decision("attested", evidence=SHOWN),
        decision("alternative", alternative="a wall"),
        decision("not-reasonable-and-appropriate"),
    )
    assert tuple(one(stores("by key"), rules, d).status for d in said) == expected


def test_what_is_implemented_counts_with_evidence_in_force_where_results_cannot_settle_a_row() -> None:
    rules = addressable(controls=[])
    said = (decision("implemented"), decision("implemented", evidence=SHOWN))
    assert [one(stores(), rules, d).status for d in said] == ["not-modelled", "partial-evidence"]


def inherited(**more: Any) -> RequirementDecision:
    return decision("inherited", **{"provider": "host", "evidence": SHOWN, **more})


@pytest.mark.parametrize(
    ("coverage", "controls", "expected"),
    [
        ("full", [], "inherited"),
        ("partial", [], "inherited"),
        ("context", [], "inherited"),
        ("context", ["lock"], "inherited"),
        ("outside", [], "outside-model"),
        ("full", ["lock"], "design-evidence"),  # the design says more
        ("partial", ["lock"], "partial-evidence"),
    ],
)
def test_a_provider_settles_what_results_leave_open(
    coverage: str, controls: list[str], expected: str
) -> None:
    found = one(stores("by key"), framework(row(coverage=coverage, controls=controls)), inherited())
    assert found.status == expected
    settled = expected == "inherited"
    assert found.inherited_from == ("host" if settled else "")
    assert ("declared responsibility of `host`" in found.note) is settled
    assert found.decision.startswith("inherited from host (ana, 2026-01-01): a reason; evidence: ")


def test_nothing_inherited_stands_against_a_gap_or_an_unknown() -> None:
    rules = framework(row(coverage="context"))
    assert [one(stores(s), rules, inherited()).status for s in ("by key", NO, None)] == [
        "inherited",
        "gap",
        "not-modelled",
    ]


@pytest.mark.parametrize(
    ("more", "note"),
    [
        (
            {"evidence": (Evidence("r", None, "2026-05-31"),)},
            "what was declared as inherited on 2026-01-01 has no evidence in force and counts for nothing",
        ),
        ({"scope": ("a",)}, "what was declared as inherited on 2026-01-01 for a scope counts for nothing"),
        (
            {"review": "2026-05-31"},
            "the decision of 2026-01-01 was to be reviewed by 2026-05-31 and counts no more",
        ),
        ({"date": "2026-06-02"}, "the decision of 2026-06-02 is not in force yet"),
    ],
)
def test_what_ran_out_is_inherited_no_more_and_the_row_says_why(more: Plain, note: str) -> None:
    found = one(stores(), framework(row(controls=[])), inherited(**more))
    assert (found.status, found.inherited_from) == ("not-modelled", "")
    assert found.note == f"{NO_CONTROL}; {note}"


def test_of_a_row_attested_and_inherited_the_lesser_counts() -> None:
    rules = framework(row(controls=[]))
    found = one(stores(), rules, inherited(), decision("attested", evidence=SHOWN))
    assert (found.status, found.inherited_from) == ("partial-evidence", "")


def test_the_duty_stays_with_the_party_that_has_it() -> None:
    model = {"parties": {"us": {"own": True, "gdpr": "controller"}, "host": {}}, **stores()}
    found = one(model, framework(row(controls=[])), inherited())
    assert found.responsibility == ("us", "inherited from host")
    assert one(model, framework(row(controls=[]))).responsibility == ("us",)


def test_an_attestation_never_stands_against_a_gap_or_an_unknown() -> None:
    rules = framework(row(coverage="context"))
    attested = decision("attested", evidence=SHOWN)
    assert [one(stores(s), rules, attested).status for s in ("by key", NO, None)] == [
        "partial-evidence",
        "gap",
        "not-modelled",
    ]


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((Evidence("r", None, None),), "partial-evidence"),
        ((Evidence("r", DAY, DAY),), "partial-evidence"),
        ((Evidence("r", None, "2026-05-31"),), "not-modelled"),
        ((Evidence("r", "2026-06-02", None),), "not-modelled"),
        ((Evidence("r", None, "2026-05-31"), Evidence("s", None, None)), "partial-evidence"),
    ],
)
def test_an_attestation_is_worth_its_evidence_in_force(evidence: tuple[Evidence, ...], expected: str) -> None:
    rules = framework(row(controls=[]))
    assert one(stores(), rules, decision("attested", evidence=evidence)).status == expected


@pytest.mark.parametrize(
    ("dates", "status", "note"),
    [
        ({"review": DAY}, "alternative", ""),
        ({"date": DAY}, "alternative", ""),
        (
            {"review": "2026-05-31"},
            "gap",
            "the decision of 2026-01-01 was to be reviewed by 2026-05-31 and counts no more",
        ),
        ({"date": "2026-06-02"}, "gap", "the decision of 2026-06-02 is not in force yet"),
    ],
)
def test_a_decision_counts_from_its_date_until_its_review(dates: Plain, status: str, note: str) -> None:
    found = one(stores(NO), addressable(), decision("alternative", **dates))
    assert found.status == status
    assert found.note == (note or "resting on a decision: 1")


def conditional(**more: Any) -> Framework:
    return framework(row(only_if="somebody asks", **more))


def test_a_row_that_binds_everybody_is_not_decided_away() -> None:
    for designation in ("required", "standard", "mandatory"):
        found = one(stores(), framework(row(designation=designation)), decision("not-applicable", "*"))
        told = f"a {designation} row binds whom the law binds: `not-applicable` counts for nothing here"
        assert (found.status, found.decision, told in found.note) == ("not-modelled", "", True)
    asked = framework(row(controls=[], **ASKED))
    own = {"parties": {"p": {"own": True, "gdpr": "controller"}}}
    assert one(own, asked, decision("not-applicable")).status == "not-modelled"


def test_an_addressable_row_has_decisions_of_its_own() -> None:
    found = one(stores(), addressable(only_if="somebody asks"), decision("not-applicable"))
    assert found.status == "not-modelled"
    assert "decide `alternative` or `not-reasonable-and-appropriate`" in found.note


@pytest.mark.parametrize(
    "more",
    [
        {"only_if": "somebody asks"},
        {"designation": "conditional"},
        {"designation": "control"},
        {"applies_when": {"data.categories": {"contains": "children"}}},
    ],
)
def test_a_conditional_row_is_taken_out_by_decision(more: Plain) -> None:
    found = one({"data": {"x": {}}}, framework(row(controls=[], **more)), decision("not-applicable"))
    assert found.status == "not-applicable"
    assert found.note.startswith("decided: a reason")
    outside = conditional(coverage="outside", controls=[])
    assert one(stores(), outside, decision("not-applicable")).status == "not-applicable"


@pytest.mark.parametrize(
    ("said", "status", "told"), [(NO, "gap", "1 gap"), (None, "not-modelled", "1 unknown")]
)
def test_no_decision_takes_a_row_out_against_what_results_say(said: object, status: str, told: str) -> None:
    for scope in (None, ("a",)):
        found = one(stores(said), conditional(), decision("not-applicable", scope=scope))
        assert (found.status, found.decision) == (status, "")
        assert told in found.note
    elsewhere = one(stores(NO, "by key"), conditional(), decision("not-applicable", scope=("b",)))
    assert (elsewhere.status, elsewhere.satisfied) == ("gap", 0)


def test_nor_where_it_is_open_whether_the_row_applies() -> None:
    open_ = conditional(applies_when={"own.gdpr": {"contains": "controller"}})
    assert one(stores(NO), open_, decision("not-applicable")).status == "not-modelled"
    assert one(stores("by key"), open_, decision("not-applicable")).status == "not-applicable"


def test_declared_roles_come_before_decisions() -> None:
    none = {"parties": {"p": {"own": True, "gdpr": "none"}}}
    found = one({**none, **stores(NO)}, framework(row(), **ASKED), decision("not-applicable"))
    assert (found.status, found.note) == ("not-applicable", "out of scope: own.gdpr is none")


def test_a_partial_row_with_a_decision_shows_part() -> None:
    found = one(stores("by key", NO), addressable(coverage="partial"), decision("alternative"))
    assert (found.status, found.note) == ("partial-evidence", "resting on a decision: 1")


def test_decisions_are_shown_in_full() -> None:
    found = one(
        stores(NO, NO),
        addressable(),
        decision("alternative", alternative="a wall", scope=("a",)),
        decision("not-reasonable-and-appropriate", scope=("b",), owner="bo"),
    )
    assert found.status == "risk-accepted"
    assert found.note == f"decided to be not reasonable and appropriate: 1; {EQUIVALENT}"
    assert found.decision == (
        "alternative for a (ana, 2026-01-01): a reason; instead: a wall; "
        "not-reasonable-and-appropriate for b (bo, 2026-01-01): a reason"
    )


# scope of a decision


@pytest.mark.parametrize(
    ("word", "scope", "expected"),
    [
        ("alternative", ("a",), "gap"),
        ("alternative", ("a", "b"), "alternative"),
        ("alternative", (), "gap"),
        ("not-reasonable-and-appropriate", ("b",), "gap"),
        ("not-applicable", ("a", "b"), "gap"),
    ],
)
def test_a_scoped_decision_settles_what_it_names(word: str, scope: tuple[str, ...], expected: str) -> None:
    rules = framework(row(designation="addressable"), **SCOPED)
    model = {
        "data": {"x": {"categories": "personal"}},
        "stores": {n: {"holds": "x", "controls": {"lock": NO}} for n in "ab"},
    }
    assert one(model, rules, decision(word, scope=scope)).status == expected


def test_a_scoped_decision_settles_no_row_as_a_whole() -> None:
    for word in WORDS:
        binding = word != "not-applicable"
        rules = framework(row(designation="addressable" if binding else "conditional", controls=[]))
        found = one(stores("by key"), rules, decision(word, scope=("a",), evidence=SHOWN))
        assert found.status == "not-modelled"
        assert found.decision.startswith(f"{word} for a ")


PLACES = {
    "parties": {"p": {}},
    "data": {"x": {}},
    "boundaries": {"outer": {}, "inner": {"parent": "outer"}, "other": {}},
    "hosts": {"h": {"boundary": "inner"}, "k": {"boundary": "other"}},
    "actors": {"u": {}},
    "services": {"s": {"boundary": "inner"}, "t": {"boundary": "other"}},
    "stores": {"a": {"boundary": "other"}},
    "flows": [{"from": "u", "to": "s"}, {"from": "s", "to": "t"}, {"from": "t", "to": "a"}],
}


@pytest.mark.parametrize(
    ("scope", "kind", "expected"),
    [
        ("outer", "boundary", {"inner", "outer"}),
        ("inner", "boundary", {"inner"}),
        ("outer", "service", {"s"}),
        ("t", "service", {"t"}),
        ("outer", "flow", {"s->t", "u->s"}),
        ("a", "flow", {"t->a"}),
        ("u", "actor", {"u"}),
        ("other", "store", {"a"}),
        ("outer", "host", {"h"}),
        ("other", "host", {"k"}),
        ("other", "data", set()),
        ("other", "party", set()),
        (None, "party", {"p"}),
        (None, "flow", {"s->t", "t->a", "u->s"}),
    ],
)
def test_a_scope_takes_in_what_stands_inside_it(scope: str | None, kind: str, expected: set[str]) -> None:
    found = graph(PLACES)
    bits = covered(found, [decision("alternative", scope=None if scope is None else (scope,))], kind)
    assert {name for i, name in enumerate(found.subjects[kind]) if bits >> i & 1} == expected
    assert covered(found, [], kind) == 0


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("164.312(a)(1)", True),
        ("164.312*", True),
        ("*(1)", True),
        ("164.*(a)*", True),
        ("*", True),
        ("164.312", False),
        ("164.312(a)(1)(i)", False),
        ("164x312*", False),
        ("[0-9]*", False),
    ],
)
def test_a_decision_names_a_number_or_a_pattern(pattern: str, matches: bool) -> None:
    rules = framework(row("164.312(a)(1)", controls=[]))
    document = parse("{}", "decisions.yaml")
    decisions = Decisions(document, (), (decision("attested", pattern),))
    assert bool(decided(rules, rules.requirements[0], decisions, DAY).counting) == matches


def test_an_exact_number_comes_before_a_pattern() -> None:
    rules = framework(row(designation="addressable", controls=[]))
    wide = decision("alternative", "*", reason="wide")
    exact = decision("alternative", reason="exact")
    assert one(stores(), rules, wide, exact).note == "exact"


def test_decisions_of_other_frameworks_and_none_at_all_count_for_nothing() -> None:
    rules = framework(row())
    document = parse("{}", "decisions.yaml")
    other = Decisions(document, (), (decision("attested", framework="others"),))
    for decisions in (None, other):
        assert decided(rules, rules.requirements[0], decisions, DAY) == Decided()


# the shipped frameworks

CLINIC: Plain = {
    "parties": {
        "clinic": {"own": True, "gdpr": "controller", "hipaa": "provider", "jurisdiction": "DE"},
        "cloud": {
            "jurisdiction": "US",
            "gdpr": "processor",
            "hipaa": "business-associate",
            "agreements": [{"type": "dpa"}, {"type": "baa"}, {"type": "scc"}],
        },
    },
    "purposes": {"care": {"legal_basis": "contract", "condition": "health-care"}},
    "data": {
        "record": {
            "confidentiality": "restricted",
            "categories": ["personal", "health"],
            "purposes": "care",
            "retention": "P10Y",
        }
    },
    "boundaries": {"site": {"provider": "cloud", "environment": "production"}},
    "actors": {"patient": {"human": True, "needs": "record"}},
    "services": {
        "portal": {
            "boundary": "site",
            "kind": "api-gateway",
            "needs": "record",
            "identity": "portal",
            "custom_code": True,
            "controls": {
                "authorize": "roles",
                "least-privilege": "own role",
                "log-events": "journal",
                "validate-input": {"status": "absent", "owner": "ana"},
                "pin-images": {"status": "not-applicable", "reason": "no images"},
            },
        }
    },
    "stores": {
        "records": {
            "boundary": "site",
            "kind": "relational-database",
            "holds": "record",
            "controls": {
                "encrypt-at-rest": {"mechanism": "aes-256", "evidence": "disk.tf"},
                "manage-keys": "kms",
                "audit-log": NO,
                "authorize": ALTERNATIVE,
                "erase-data": "job",
                "backup": "nightly",
                "restore-test": "quarterly",
            },
        }
    },
    "flows": [
        {
            "from": "patient",
            "to": "portal",
            "protocol": "https",
            "data": "record",
            "controls": {"authenticate-caller": "oidc"},
        },
        {
            "from": "portal",
            "to": "records",
            "protocol": "postgresql-tls",
            "data": "record",
            "controls": {"authenticate-caller": "certificate"},
        },
    ],
    "baseline": {"alert": "rota", "incident-response": "runbook", "patch": "weekly"},
}
DECISIONS = (
    decision("alternative", "164.312(c)(2)", framework="hipaa"),
    decision("attested", "164.308*", framework="hipaa", evidence=SHOWN),
    decision("attested", "*", framework="gdpr", evidence=SHOWN),
    decision("not-applicable", "Art. 10", framework="gdpr"),
)
# structure, defaults, and keys that must stand
GIVEN = ("own", "from", "to", "boundary", "provider", "type", "status", "reason")
RANK = ("not-applicable", "design-evidence", "alternative", "partial-evidence")


@cache
def statuses(model: str) -> dict[str, str]:
    plain = json.loads(model)
    engine = Engine(graph(plain), LIBRARY.catalog.controls)
    decisions = Decisions(parse("{}", "decisions.yaml"), (), DECISIONS)
    results = framework_results(engine, LIBRARY.frameworks, decisions)
    return {f"{f.id} {r.requirement}": r.status for f in results for r in f.rows}


def removals(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every key that may be left out, and of every statement."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if at == ("baseline",) or (isinstance(key, str) and len(at) > 1 and key not in GIVEN):
            yield (*at, key)
        yield from removals(inner, (*at, key))


def without(model: Plain, path: tuple[str | int, ...]) -> Plain:
    copy: Plain = json.loads(json.dumps(model))
    inner: Any = copy
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return copy


def test_leaving_something_out_never_makes_evidence_or_puts_a_row_out_of_scope() -> None:
    before = statuses(json.dumps(CLINIC))
    assert set(before.values()) >= {
        "gap",
        "not-modelled",
        "partial-evidence",
        "design-evidence",
        "not-applicable",
    }
    paths = [p for p in removals(CLINIC) if p[0] in CLINIC]
    assert len(paths) > 40
    changed = 0
    for path in paths:
        after = statuses(json.dumps(without(CLINIC, path)))
        for name, status in after.items():
            changed += status != before[name]
            if status in RANK and status != before[name]:
                assert before[name] in RANK, (path, name, before[name], status)
                assert RANK.index(status) > RANK.index(before[name]), (path, name, before[name], status)
    assert changed > 40


def test_an_empty_model_shows_nothing_and_puts_nothing_out_of_scope() -> None:
    engine = Engine(graph({}), LIBRARY.catalog.controls)
    found = framework_results(engine, LIBRARY.frameworks, None)
    assert [f.applies for f in found] == [None, None]
    assert sum(len(f.rows) for f in found) == 181
    assert {r.status for f in found for r in f.rows} == {"not-modelled", "outside-model"}


def test_a_sister_company_under_another_law_is_out_of_scope() -> None:
    model: Plain = {
        "parties": {
            "here": {"own": True, "gdpr": "controller", "hipaa": "none"},
            "there": {"own": True, "gdpr": "none", "hipaa": "provider"},
        },
        "data": {
            name: {"confidentiality": "restricted", "categories": ["personal", "health"]}
            for name in ("de", "us")
        },
        "stores": {
            "ehr-de": {"party": "here", "holds": "de", "controls": {"encrypt-at-rest": NO}},
            "ehr-us": {"party": "there", "holds": "us", "controls": {"encrypt-at-rest": NO}},
        },
    }
    gdpr, hipaa = framework_results(Engine(graph(model), LIBRARY.catalog.controls), LIBRARY.frameworks, None)
    found = {
        r.requirement: (r.gaps, r.responsible)
        for f in (gdpr, hipaa)
        for r in f.rows
        if r.requirement in ("Art. 5(1)(f)", "164.312(a)(2)(iv)")
    }
    assert found == {
        "Art. 5(1)(f)": (("encrypt-at-rest@ehr-de",), ("here",)),
        "164.312(a)(2)(iv)": (("encrypt-at-rest@ehr-us",), ("there",)),
    }


def test_the_file_of_decisions_reaches_the_rows(tmp_path: Path) -> None:
    from threatmodel.api import load

    (tmp_path / "m.yaml").write_text(json.dumps({**HEAD, **CLINIC}), encoding="utf-8")
    said = {
        "threatmodel-decisions": 1,
        "requirements": [
            {
                "framework": "hipaa",
                "requirement": "164.312(a)(2)(iii)",
                "decision": "not-reasonable-and-appropriate",
                "reason": "kiosk",
                "owner": "ana",
                "date": "2026-02-01",
            }
        ],
    }
    (tmp_path / "decisions.yaml").write_text(json.dumps(said), encoding="utf-8")
    assessment = load(tmp_path / "m.yaml", LIBRARY, DAY).assess()
    [found] = [r for f in assessment.frameworks for r in f.rows if r.requirement == "164.312(a)(2)(iii)"]
    assert (found.status, found.note) == ("risk-accepted", f"kiosk; {EQUIVALENT}")


def test_a_framework_tells_which_subjects_are_surely_in_scope() -> None:
    assert LIBRARY.frameworks
    graph = build_graph(
        parse_model(
            parse(
                json.dumps(
                    {
                        **HEAD,
                        "parties": {"p": {"own": True, "gdpr": "controller"}},
                        "data": {"who": {"categories": "personal"}, "what": {"categories": []}},
                        "stores": {"a": {"holds": "who"}, "b": {"holds": "what"}, "c": {}},
                    }
                )
            ),
            LIBRARY.kinds,
        ),
        LIBRARY.kinds,
        DAY,
    )
    engine = Engine(graph, LIBRARY.catalog.controls)
    gdpr = next(f for f in framework_results(engine, LIBRARY.frameworks, None) if f.id == "gdpr")
    assert [gdpr.concerns("store", i) for i in range(3)] == [True, False, False]
    assert gdpr.concerns("model", 0)
