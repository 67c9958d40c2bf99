"""The steps of the semantics, one claim each: which of them decides, and what it says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control, engine, verdict, why
from threatmodel.errors import InternalError
from threatmodel.logic import bits
from threatmodel.render.text.reasons import premise_text

ALONE: dict[str, Any] = {"expect": {"tenancy": "single"}, "when": {"criticality": {"at_least": "high"}}}
COVERED: dict[str, Any] = {
    "expect": {"tenancy": "single"},
    "covered_by": [{"host": True}, {"boundary": "inside"}, {"baseline": True}],
    "mechanisms": {"weak": ["md5", "tls 1.0"], "strong": ["tls 1.3"], "alone": ["sum"]},
}
INHERITED = "inherited from boundary `b`"
SAYS = ("satisfied", "stated here: implemented")


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("stores: {d: {criticality: low, controls: {c: false}}}", ("not-applicable", "not needed here")),
        (
            "stores: {d: {controls: {c: {status: not-applicable, reason: x}}}}",
            ("not-applicable", "stated here: not-applicable"),
        ),
        (
            "stores: {d: {out_of_scope: later, criticality: high}}",
            ("not-applicable", "out of scope"),
        ),
        ("stores: {d: }", ("unknown", "whether it is needed is not known")),
        (
            "stores: {d: {tenancy: single}}",
            ("unknown", "whether it is needed is not known; if it is, the model shows it"),
        ),
        (
            "stores: {d: {controls: {c: vault}}}",
            ("unknown", "whether it is needed is not known; if it is, stated here: implemented"),
        ),
        ("stores: {d: {criticality: high}}", ("unknown", "nobody said")),
        ("stores: {d: {criticality: high, tenancy: single}}", ("satisfied", "the model shows it")),
        ("stores: {d: {criticality: high, tenancy: shared}}", ("gap", "the model shows the contrary")),
    ],
)
def test_need_decides_first_and_the_facts_after_what_is_said(model: str, expected: tuple[str, str]) -> None:
    assert verdict(model, control(**ALONE), "c@d") == expected


@pytest.mark.parametrize(
    ("statement", "open_", "against"),
    [
        ("c: vault", SAYS, SAYS),
        ("c: {by: e}", SAYS, SAYS),
        ("c: {evidence: audit.pdf}", SAYS, SAYS),
        ("c: true", ("satisfied", "stated here: bare"), ("gap", "the model shows the contrary")),
        ("c: implemented", ("satisfied", "stated here: bare"), ("gap", "the model shows the contrary")),
        ("c: {status: alternative, reason: x}", *[("satisfied", "stated here: alternative")] * 2),
        ("c: false", *[("gap", "stated here: absent")] * 2),
        ("c: planned", *[("gap", "stated here: planned")] * 2),
        ("c: {status: partial, reason: x}", *[("gap", "stated here: partial")] * 2),
        ("c: md5", *[("gap", "stated here: weak")] * 2),
        ("c: {status: alternative, reason: x, mechanism: md5}", *[("gap", "stated here: weak")] * 2),
        ("c: md5sums", SAYS, SAYS),
        ("c: the sum", *[("gap", "stated here: weak")] * 2),
        ("c: the sum and a seal", SAYS, SAYS),
        ("c: TLS-1.0", *[("gap", "stated here: weak")] * 2),
        (
            "c: tls 1.0 or tls 1.3",
            ("satisfied", "stated here: bare"),
            ("gap", "the model shows the contrary"),
        ),
        ("c: {mechanism: tls 1.0 or tls 1.3, by: e}", SAYS, SAYS),
        (
            "c: {status: alternative, reason: x, mechanism: tls 1.0 or tls 1.3}",
            *[("satisfied", "stated here: alternative")] * 2,
        ),
        (
            "c: {mechanism: vault, evidence: {link: a, until: 2026-01-01}}",
            ("unknown", "nobody said"),
            ("gap", "the model shows the contrary"),
        ),
        ("c: {mechanism: vault, evidence: {link: a, until: 2026-06-01}}", SAYS, SAYS),
        ("c: {evidence: [{link: a, until: 2026-01-01}, b]}", SAYS, SAYS),
        (
            "c: {mechanism: md5, evidence: {link: a, until: 2026-01-01}}",
            *[("gap", "stated here: weak")] * 2,
        ),
    ],
)
def test_what_a_subject_says_counts_for_its_status_mechanism_and_evidence(
    statement: str, open_: tuple[str, str], against: tuple[str, str]
) -> None:
    text = "stores: {d: {%s controls: {%s}}, e: }"
    assert verdict(text % ("", statement), control(**COVERED), "c@d") == open_
    assert verdict(text % ("tenancy: shared,", statement), control(**COVERED), "c@d") == against


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("boundaries: {b: {controls: {c: vault}}}\nstores: {d: {boundary: b}}", ("satisfied", INHERITED)),
        (
            "boundaries: {b: {controls: {c: vault}}}\nstores: {d: {boundary: b, tenancy: shared}}",
            ("satisfied", INHERITED),
        ),
        (
            "boundaries: {b: {controls: {c: true}}}\nstores: {d: {boundary: b, tenancy: shared}}",
            ("gap", "the model shows the contrary"),
        ),
        (
            """
boundaries: {a: {controls: {c: vault}}, b: {parent: a, controls: {c: true}}}
stores: {d: {boundary: b, tenancy: shared}}
""",
            ("satisfied", "inherited from boundary `a`"),
        ),
        (
            "boundaries: {b: {controls: {c: false}}}\nstores: {d: {boundary: b, tenancy: single}}",
            ("satisfied", "the model shows it"),
        ),
        (
            "boundaries: {b: {controls: {c: false}}}\nstores: {d: {boundary: b}}",
            ("gap", f"{INHERITED}: absent"),
        ),
        ("baseline: {c: vault}\nstores: {d: }", ("satisfied", "the baseline says: implemented")),
        ("baseline: {c: true}\nstores: {d: }", ("satisfied", "the baseline says: bare")),
        ("baseline: {c: false}\nstores: {d: }", ("gap", "the baseline says: absent")),
        ("baseline: {c: false}\nstores: {d: {tenancy: single}}", ("satisfied", "the model shows it")),
        (
            "baseline: {c: vault}\nstores: {d: {tenancy: shared}}",
            ("gap", "the model shows the contrary"),
        ),
        (
            "baseline: {c: vault}\nboundaries: {b: {controls: {c: planned}}}\nstores: {d: {boundary: b}}",
            ("gap", f"{INHERITED}: planned"),
        ),
        ("baseline: {c: vault}\nparties: {p: }\nstores: {d: {party: p}}", ("unknown", "nobody said")),
    ],
)
def test_what_is_inherited_counts_between_the_subject_and_its_facts(
    model: str, expected: tuple[str, str]
) -> None:
    assert verdict(model, control(**COVERED), "c@d") == expected


@pytest.mark.parametrize(
    ("statements", "tenancy", "expected"),
    [
        (("vault", None), "shared", ("satisfied", "stated by its type: implemented")),
        (("false", None), "single", ("gap", "stated by its type: absent")),
        (("vault", "false"), "single", ("gap", "stated here: absent")),
        (("false", "vault"), "shared", SAYS),
        (("vault", "true"), "shared", ("satisfied", "stated by its type: implemented")),
        (("false", "true"), "single", ("satisfied", "stated here: bare")),
        (("true", None), "shared", ("gap", "the model shows the contrary")),
        (
            ("{status: not-applicable, reason: x}", None),
            "shared",
            ("not-applicable", "stated here: not-applicable"),
        ),
        (("{status: not-applicable, reason: x}", "vault"), "shared", SAYS),
        (
            ("{status: not-applicable, reason: x}", "true"),
            "shared",
            ("not-applicable", "stated here: not-applicable"),
        ),
    ],
)
def test_a_type_speaks_where_its_member_is_silent_or_says_nothing_that_counts(
    statements: tuple[str, str | None], tenancy: str, expected: tuple[str, str]
) -> None:
    of_type, own = statements
    said = f", controls: {{c: {own}}}" if own else ""
    text = f"""
types: {{stores: {{t: {{controls: {{c: {of_type}}}}}}}}}
stores: {{d: {{type: t, tenancy: {tenancy}{said}}}}}
"""
    assert verdict(text, control(**COVERED), "c@d") == expected


def test_not_applicable_of_a_boundary_says_nothing_of_what_stands_in_it() -> None:
    asked = control(subject=["store", "boundary"], covered_by=[{"boundary": "inside"}])
    text = """
boundaries:
  a: {controls: {c: vault}}
  b: {parent: a, controls: {c: {status: not-applicable, reason: x}}}
stores: {d: {boundary: b}}
"""
    assert verdict(text, asked, "c@b")[0] == "not-applicable"
    assert verdict(text, asked, "c@d") == ("satisfied", "inherited from boundary `a`")


OTHER = control("other", expect={"tenancy": "single"}, when={"criticality": "high"})


@pytest.mark.parametrize(
    ("word", "model", "expected"),
    [
        ("claimed", "stores: {d: {kind: cache, controls: {other: vault}}}", "satisfied"),
        ("claimed", "stores: {d: {kind: cache, tenancy: single}}", "satisfied"),
        ("claimed", "stores: {d: {kind: cache, tenancy: shared}}", "gap"),
        ("claimed", "stores: {d: {kind: cache}}", "gap"),
        ("claimed", "stores: {d: {kind: cache, criticality: low, controls: {other: vault}}}", "satisfied"),
        ("claimed", "stores: {d: {kind: queue}}", "satisfied"),
        ("claimed", "stores: {d: }", "unknown"),
        ("satisfied", "stores: {d: {kind: cache, controls: {other: vault}}}", "satisfied"),
        ("satisfied", "stores: {d: {kind: cache, controls: {other: false}}}", "gap"),
        ("satisfied", "stores: {d: {kind: cache}}", "unknown"),
        (
            "satisfied",
            "stores: {d: {kind: cache, controls: {other: {status: not-applicable, reason: x}}}}",
            "unknown",
        ),
    ],
)
def test_a_control_may_rest_on_another_whose_need_is_not_asked(word: str, model: str, expected: str) -> None:
    asked = control(expect={"any": [{"kind": "queue"}, {word: "other"}]})
    assert why(engine(model, asked, OTHER), "c@d").verdict.word == expected


@pytest.mark.parametrize(
    ("condition", "model", "expected"),
    [
        ({"kind": "cache", "tenancy": "single"}, "{kind: cache}", "unknown"),
        ({"kind": "cache", "tenancy": "single"}, "{kind: queue}", "gap"),
        ({"kind": "cache", "tenancy": "single"}, "{kind: cache, tenancy: single}", "satisfied"),
        ({"any": [{"kind": "cache"}, {"tenancy": "single"}]}, "{kind: queue}", "unknown"),
        ({"any": [{"kind": "cache"}, {"tenancy": "single"}]}, "{kind: cache}", "satisfied"),
        ({"any": [{"kind": "cache"}, {"tenancy": "single"}]}, "{kind: queue, tenancy: shared}", "gap"),
        (
            {"all": [{"kind": "cache"}, {"not": {"tenancy": "single"}}]},
            "{kind: cache, tenancy: shared}",
            "satisfied",
        ),
        ({"not": {"kind": "cache"}}, "{kind: cache}", "gap"),
        ({"not": {"kind": "cache"}}, "{kind: queue}", "satisfied"),
        ({"not": {"kind": "cache"}}, "{}", "unknown"),
    ],
)
def test_conditions_combine_in_three_values(condition: dict[str, object], model: str, expected: str) -> None:
    assert verdict(f"stores: {{d: {model}}}", control(expect=condition), "c@d")[0] == expected


OURS = """
parties: {us: {own: true}, them: }
boundaries: {ours: , theirs: {party: them}}
hosts: {h: , k: {party: them}}
actors: {a: {party: us}}
services: {s: , t: {party: them}, u: {boundary: theirs}, v: {boundary: theirs, party: us}}
stores: {d: }
data: {x: }
purposes: {p: }
flows: [{from: a, to: s}, {from: s, to: d}, {from: s, to: t}, {from: t, to: u}]
baseline: {c: vault}
"""


@pytest.mark.parametrize(
    ("kind", "covered"),
    [
        ("service", {"s", "v"}),
        ("store", {"d"}),
        ("boundary", {"ours"}),
        ("host", {"h"}),
        ("actor", set()),
        ("party", set()),
        ("data", {"x"}),
        ("purpose", {"p"}),
        ("model", {"model"}),
        ("flow", {"a->s", "s->d"}),
    ],
)
def test_the_baseline_covers_what_own_parties_operate_and_nothing_else(kind: str, covered: set[str]) -> None:
    world = engine(OURS, control(subject=kind, covered_by=[{"baseline": True}]))
    decided = world.decide(world.controls["c"], kind)
    names = world.graph.subjects[kind]
    assert {names[i] for i in bits.indexes(decided.satisfied, decided.size)} == covered
    assert decided.unknown.bit_count() == len(names) - len(covered)


def test_flows_are_out_of_scope_when_both_ends_are() -> None:
    text = """
services: {s: {out_of_scope: x}, t: {out_of_scope: y}, u: }
flows: [{from: s, to: t}, {from: s, to: u}, {from: u, to: t}]
"""
    world = engine(text, control(subject="flow"))
    found = {name: why(world, f"c@{name}") for name in world.graph.subjects["flow"]}
    assert {n: r.verdict.word for n, r in found.items()} == {
        "s->t": "not-applicable",
        "s->u": "unknown",
        "u->t": "unknown",
    }
    assert [premise_text(p) for p in found["s->t"].premises] == [
        "`s` is out of scope: `x`",
        "`t` is out of scope: `y`",
    ]


def test_results_are_decided_once_and_without_subjects_there_are_none() -> None:
    world = engine("services: {s: }", control(subject=["service", "store"]))
    asked = world.controls["c"]
    assert world.decide(asked, "service") is world.decide(asked, "service")
    assert world.decide(asked, "store").verdicts == b""
    assert world.truth(None, "store") == (0, 0)


def test_a_fact_that_is_not_registered_stops_the_run() -> None:
    with pytest.raises(InternalError, match=r"`no\.such\.fact` of store"):
        engine("stores: {d: }").column("store", "no.such.fact")


def test_statements_of_controls_that_are_not_asked_change_nothing() -> None:
    assert verdict("stores: {d: {controls: {other: vault}}}", control(), "c@d") == ("unknown", "nobody said")
