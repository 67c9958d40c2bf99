"""Whoever answers for a finding: the statement's owner, else the nearest that is said."""

from __future__ import annotations

import pytest

from tests.unit.evaluate.build import control, engine
from threatmodel.evaluate import assess
from threatmodel.evaluate.ownership import owner_of
from threatmodel.render.text.reasons import reason_text

TEXT = """
owner: chief
parties: {us: {own: true}, them: {owner: vendor-manager}}
purposes: {p: {owner: marketing}, q: }
data: {x: {owner: privacy}, y: }
boundaries: {a: {owner: outer}, b: {parent: a}, c: {parent: b, owner: inner}, free: }
hosts: {h: {owner: ops}, k: {boundary: b}}
actors: {customer: , clerk: {owner: sales}}
services:
  s: {boundary: c, owner: team}
  t: {boundary: c}
  u: {boundary: b}
  v: {boundary: free}
  w:
  ext: {party: them}
stores: {d: {host: k}}
flows:
  - {from: s, to: t}
  - {from: t, to: ext}
  - {from: t, to: customer}
  - {from: clerk, to: customer}
  - {from: customer, to: w}
"""


@pytest.mark.parametrize(
    ("kind", "subject", "expected"),
    [
        ("service", "s", "team"),
        ("service", "t", "inner"),
        ("service", "u", "outer"),
        ("service", "v", "chief"),
        ("service", "w", "chief"),
        ("service", "ext", "chief"),
        ("store", "d", "outer"),
        ("actor", "clerk", "sales"),
        ("actor", "customer", "chief"),
        ("boundary", "a", "outer"),
        ("boundary", "b", "outer"),
        ("boundary", "c", "inner"),
        ("boundary", "free", "chief"),
        ("host", "h", "ops"),
        ("host", "k", "outer"),
        ("data", "x", "privacy"),
        ("data", "y", "chief"),
        ("party", "them", "vendor-manager"),
        ("party", "us", "chief"),
        ("purpose", "p", "marketing"),
        ("purpose", "q", "chief"),
        ("model", "model", "chief"),
        ("flow", "s->t", "inner"),
        ("flow", "t->ext", "inner"),
        ("flow", "t->customer", "inner"),
        ("flow", "clerk->customer", "sales"),
        ("flow", "customer->w", "chief"),
    ],
)
def test_a_subject_belongs_to_the_nearest_owner_that_is_said(kind: str, subject: str, expected: str) -> None:
    graph = engine(TEXT).graph
    assert owner_of(graph, kind, graph.order[kind][subject]) == expected


def test_without_any_owner_there_is_none() -> None:
    graph = engine("boundaries: {b: }\nservices: {s: {boundary: b}}").graph
    assert owner_of(graph, "service", 0) is None


@pytest.mark.parametrize(
    ("statement", "owner", "due"),
    [
        ("{status: planned, owner: me, due: 2027-01-01}", "me", "2027-01-01"),
        ("{status: planned, due: 2027-01-01}", "team", "2027-01-01"),
        ("{status: partial, reason: x, due: 2027-01-01}", "team", None),
        ("false", "team", None),
    ],
)
def test_a_finding_has_the_statements_owner_before_the_subjects(
    statement: str, owner: str, due: str | None
) -> None:
    text = f"stores: {{d: {{owner: team, controls: {{c: {statement}}}}}}}"
    (finding,) = assess(engine(text, control())).findings
    assert (finding.owner, finding.due) == (owner, due)


@pytest.mark.parametrize(
    ("stated", "owner", "due"),
    [
        ("{status: planned, owner: me, due: 2027-01-01}", "me", "2027-01-01"),
        ("{status: absent, owner: me}", "team", None),
        ("{status: partial, reason: x, owner: me, due: 2027-01-01}", "team", None),
    ],
)
def test_a_gap_that_facts_show_is_planned_by_the_nearest_place_that_covers_it(
    stated: str, owner: str, due: str | None
) -> None:
    text = f"boundaries: {{b: {{controls: {{c: {stated}}}}}}}\n"
    text += "stores: {d: {boundary: b, owner: team, tenancy: shared}}"
    asked = control(expect={"tenancy": "single"}, covered_by=[{"boundary": "inside"}])
    (finding,) = assess(engine(text, asked)).findings
    assert reason_text(finding.because) == "the model shows the contrary"
    assert (finding.owner, finding.due) == (owner, due)


@pytest.mark.parametrize(
    ("expect", "due"),
    [
        ({"satisfied": "d"}, "2027-01-01"),
        ({"any": [{"satisfied": "d"}, {"tenancy": "single"}]}, "2027-01-01"),
        ({"all": [{"satisfied": "e"}, {"tenancy": "single"}]}, None),
    ],
)
def test_a_plan_for_a_control_that_is_read_is_a_plan_for_what_reads_it(
    expect: dict[str, object], due: str | None
) -> None:
    text = "stores: {x: {tenancy: shared, controls: {d: {status: planned, owner: me, due: 2027-01-01}}}}"
    asked = (control(expect=expect), control("d"), control("e", expect={"tenancy": "single"}))
    found = {f.control: f.due for f in assess(engine(text, *asked)).findings}
    assert found["c"] == due
