"""Threats follow from the controls that counter them, and never look better than the worst of those."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control, engine
from threatmodel.catalog import Control
from threatmodel.evaluate import assess
from threatmodel.evaluate.threats.derived import KINDS, Threats
from threatmodel.model.words import LINDDUN, STRIDE, THREAT_CATEGORIES
from threatmodel.results import ThreatResult, ThreatStatus

PERSONAL = "data: {who: {categories: personal}, what: {categories: []}}\n"


def threats(text: str, *controls: Control) -> Threats:
    return Threats(engine(text, *controls))


def countering(name: str, *threats: str, subject: str | list[str] = "store", **more: Any) -> Control:
    return control(name, subject, threats=list(threats), **more)


def told(text: str, *controls: Control) -> dict[tuple[str, str], ThreatResult]:
    derived = threats(text, *controls)
    return {(r.subject, r.threat): r for r in derived.results(derived.columns)}


def statuses(text: str, *controls: Control) -> dict[tuple[str, str], str]:
    return {key: result.status.word for key, result in told(text, *controls).items()}


SAID = {
    "gap": "false",
    "satisfied": "vault",
    "unknown": "",
    "not-applicable": "{status: not-applicable, reason: x}",
}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("gap", "gap", "open"),
        ("gap", "unknown", "open"),
        ("gap", "satisfied", "open"),
        ("gap", "not-applicable", "open"),
        ("unknown", "unknown", "unknown"),
        ("unknown", "satisfied", "unknown"),
        ("unknown", "not-applicable", "unknown"),
        ("satisfied", "satisfied", "mitigated"),
        ("satisfied", "not-applicable", "mitigated"),
        ("not-applicable", "not-applicable", "not-applicable"),
    ],
)
def test_a_threat_is_as_the_worst_of_the_controls_that_counter_it(
    first: str, second: str, expected: str
) -> None:
    lines = "".join(f"      {n}: {SAID[v]}\n" for n, v in (("a", first), ("b", second)) if v != "unknown")
    model = f"stores:\n  s:\n{'    controls:' if lines else ''}\n{lines}"
    result = told(model, countering("a", "tampering"), countering("b", "tampering"))["s", "tampering"]
    assert result.status.word == expected
    named = {"gap": result.gaps, "unknown": result.unknown, "satisfied": result.mitigated_by}
    if expected != "not-applicable":
        for verdict, keys in named.items():
            assert keys == tuple(f"{n}@s" for n, v in (("a", first), ("b", second)) if v == verdict)
    else:
        assert not any(named.values())


def test_a_control_counters_its_own_threats_and_no_others() -> None:
    found = statuses("stores: {s: {controls: {c: vault}}}", countering("c", "tampering"))
    assert found["s", "tampering"] == "mitigated"
    assert found["s", "information-disclosure"] == "no-control"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("actor", {"spoofing", "repudiation"}),
        ("service", set(STRIDE)),
        ("store", {"tampering", "information-disclosure", "denial-of-service"}),
        ("flow", {"tampering", "information-disclosure", "denial-of-service"}),
    ],
)
def test_what_the_chart_expects_and_nothing_counters_has_no_control(kind: str, expected: set[str]) -> None:
    model = "actors: {a: }\nservices: {x: }\nstores: {s: }\nflows: [{from: a, to: x, data: []}]\n"
    subject = {"actor": "a", "service": "x", "store": "s", "flow": "a->x"}[kind]
    found = statuses(model)
    assert {t for s, t in found if s == subject and found[s, t] == "no-control" and t in STRIDE} == expected


def test_repudiation_is_expected_of_stores_of_logs_alone() -> None:
    found = statuses("stores: {log: {kind: log-store}, db: {kind: relational-database}, x: }")
    assert [found[s, "repudiation"] for s in ("log", "db", "x")] == [
        "no-control",
        "not-applicable",
        "not-applicable",
    ]


def test_nothing_is_expected_of_what_is_out_of_scope() -> None:
    found = statuses("services: {x: {out_of_scope: bought}, y: }")
    assert found["x", "tampering"] == "not-applicable"
    assert found["y", "tampering"] == "no-control"


def test_threats_to_people_are_asked_where_personal_data_may_be() -> None:
    model = PERSONAL + "stores: {a: {holds: who}, b: {holds: what}, c: }\n"
    asked = countering("c", "linking")
    found = statuses(model, asked)
    assert [found[s, "linking"] for s in "abc"] == ["unknown", "not-applicable", "unknown"]
    assert [found[s, "identifying"] for s in "abc"] == ["no-control", "not-applicable", "no-control"]


@pytest.mark.parametrize("threat", ["spoofing", "repudiation"])
def test_an_actor_is_as_the_flows_that_it_opens(threat: str) -> None:
    model = "actors: {a: , b: , c: , d: }\nservices: {x: , y: }\nflows:\n"
    model += "  - {from: a, to: x, controls: {c: oidc}}\n  - {from: a, to: y, controls: {c: false}}\n"
    model += "  - {from: b, to: x, controls: {c: oidc}}\n  - {from: c, to: x}\n"
    model += "  - {from: x, to: d, controls: {c: false}}\n"
    found = told(model, countering("c", threat, subject="flow", layer="identity"))
    assert [found[s, threat].status.word for s in "abcd"] == [
        "open",
        "mitigated",
        "unknown",
        "not-applicable",
    ]
    assert found["a", threat].gaps == ("c@a->y",)
    assert found["a", threat].mitigated_by == ("c@a->x",)
    assert found["a->y", threat].gaps == ("c@a->y",)


def test_what_proves_the_hop_or_its_target_proves_nothing_of_who_calls() -> None:
    model = "actors: {a: }\nservices: {x: }\nflows: [{from: a, to: x, controls: {c: tls, d: oidc}}]\n"
    channel = countering("c", "spoofing", subject="flow", layer="channel")
    caller = countering("d", "spoofing", subject="flow", layer="identity")
    assert statuses(model, channel)["a->x", "spoofing"] == "mitigated"
    assert statuses(model, channel)["a", "spoofing"] == "no-control"
    assert told(model, channel, caller)["a", "spoofing"].mitigated_by == ("d@a->x",)


def test_other_threats_on_flows_are_not_those_of_actors() -> None:
    model = "actors: {a: }\nservices: {x: }\nflows: [{from: a, to: x, controls: {c: false}}]\n"
    assert ("a", "tampering") not in told(model, countering("c", "tampering", subject="flow"))


def test_every_kind_of_subject_is_told_and_named_as_in_keys() -> None:
    subjects = list(KINDS)
    model = PERSONAL + "parties: {us: {own: true}}\npurposes: {p: }\nboundaries: {b: }\nhosts: {h: }\n"
    model += "actors: {a: }\nservices: {x: }\nstores: {s: }\nflows: [{from: a, to: x}]\n"
    found = told(model, countering("c", "tampering", subject=subjects))
    assert [s for s, t in found if t == "tampering"] == (
        ["a", "x", "s", "a->x", "data:what", "data:who", "party:us", "purpose:p", "b", "h", "model"]
    )


def test_tables_hold_the_most_open_first_and_count_what_they_leave_out() -> None:
    model = (
        "services: {x: }\nstores:\n  one: {controls: {c: vault}}\n  two:\n  three: {controls: {c: false}}\n"
    )
    model += "  four: {controls: {c: {status: not-applicable, reason: x}}}\n"
    derived = threats(model, countering("c", "tampering"))
    stride, _ = derived.tables(derived.columns)
    stores = next(g for g in stride.groups if g.subject_kind == "store")
    assert [row.subject for row in stores.rows] == ["three", "two", "one"]
    assert (stores.more, stores.quiet) == (0, 1)
    assert stores.no_control == ("information-disclosure", "denial-of-service")
    first = dict(zip(stride.threats, stores.rows[0].results, strict=True))
    assert first["spoofing"] is None
    assert first["tampering"] is not None
    assert first["tampering"].gaps == ("c@three",)
    counts = {s.word: n for s, n in stride.counts.items()}
    assert (counts["open"], counts["unknown"], counts["mitigated"]) == (1, 1, 1)
    short = next(g for g in derived.tables(derived.columns, 1)[0].groups if g.subject_kind == "store")
    assert ([row.subject for row in short.rows], short.more, short.quiet) == (["three"], 2, 1)


def test_columns_narrow_to_subjects_and_threats() -> None:
    model = PERSONAL + "services: {x: }\nstores: {one: , two: {controls: {c: vault}}}\n"
    derived = threats(model, countering("c", "tampering"), countering("d", "linking", subject="data"))
    assert derived.only((), ()) == derived.columns
    some = derived.only(("two", "data:who"), ("tampering", "linking"))
    assert [(r.subject, r.threat, r.status.word) for r in derived.results(some)] == [
        ("two", "tampering", "mitigated"),
        ("two", "linking", "no-control"),
        ("data:who", "linking", "unknown"),
    ]
    assert [t.method for t in derived.tables(derived.only((), ("tampering",)))] == ["STRIDE"]


def test_found_threats_stand_with_what_answers_them() -> None:
    model = "stores: {good: {controls: {c: vault}}, bad: {controls: {c: false}}, open: }\nthreats:\n"
    model += "  b: {title: Replay, against: bad, category: tampering, severity: high, answered_by: c@bad}\n"
    model += "  a: {against: [good, open], answered_by: c@good}\n  c: {against: open}\n"
    world = engine(model, countering("c", "tampering"))
    found = Threats(world).found(assess(world))
    assert [(f.key, f.title, f.status.word) for f in found] == [
        ("threat:a", "a", "mitigated"),
        ("threat:b", "Replay", "open"),
        ("threat:c", "c", "unknown"),
    ]
    assert found[1][2:5] == (("bad",), ("tampering",), "high")
    assert found[1].answered_by == ("c@bad",)
    assert found[1].span.line == 3
    empty = engine("stores: {s: }", countering("c", "tampering"))
    assert Threats(empty).found(assess(empty)) == ()


def test_the_methods_share_no_threat_and_leave_none_out() -> None:
    assert (*STRIDE, *LINDDUN) == THREAT_CATEGORIES
    assert len(set(THREAT_CATEGORIES)) == len(THREAT_CATEGORIES) == 13
    assert [s.word for s in ThreatStatus] == ["not-applicable", "mitigated", "open", "unknown", "no-control"]
