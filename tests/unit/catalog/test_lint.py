"""Lint tries conditions out, looks at examples and texts, and checks what holds between files."""

from __future__ import annotations

import pytest

from tests.unit.catalog import build
from tests.unit.catalog.build import FILE, FORM
from threatmodel.catalog import Control, Framework, lint, parse_framework
from threatmodel.catalog.form import LONGEST
from threatmodel.catalog.lint import cross_check, framework_check
from threatmodel.catalog.satisfiability import LIMIT, combinations, try_out
from threatmodel.errors import Diagnostic
from threatmodel.source import parse

FRAMEWORK = """\
id: rules
title: Rules
source: us
law_as_of: 2026-01-01
requirements:
  - id: r1
    title: Lock up
    designation: required
    category: all
    coverage: partial
    controls: {controls}
    evidence: doors
    cannot_show: windows
    url: rules/r1
"""


def framework(controls: str) -> Framework:
    return parse_framework(parse(FRAMEWORK.replace("{controls}", controls), "catalogs/frameworks/rules.yaml"))


def control(file: str = FILE, **parts: str) -> Control:
    """A control of good form with these parts."""
    return build.control(file, **(FORM | parts))


def told(*controls: Control, levels: tuple[str, ...] = ("error", "warning")) -> list[Diagnostic]:
    return [d for d in lint({c.id: c for c in controls}, ()) if d.level in levels]


def test_a_plain_control_has_nothing_to_answer_for() -> None:
    assert (
        told(control(when="when: {crosses_boundary: true}", expect="expect: {transport.encrypted: true}"))
        == []
    )


# conditions, tried out


@pytest.mark.parametrize(
    "when",
    [
        "{crosses_boundary: true, not: {crosses_boundary: true}}",
        "{all: [{flow.kind: backup}, {flow.kind: telemetry}]}",
        "{source.trust: {at_least: trusted}, not: {source.trust: trusted}}",
        "{not: {source.trust: {at_least: untrusted}}}",
        "{data.confidentiality: {at_least: confidential}, not: {data.confidentiality: {at_least: internal}}}",
        "{target.traits: {contains: relay}, not: {target.traits: {contains_any: [relay, cache]}}}",
        "{all: [{source.kind: api}, {source.kind: {none_of: [api, queue]}}]}",
    ],
)
def test_a_when_that_can_never_be_true_is_an_error(when: str) -> None:
    found = told(control(when=f"when: {when}"))
    assert [(d.code, d.level) for d in found] == [("dead-when", "error")]
    assert found[0].excerpt == f"when: {when}"


@pytest.mark.parametrize(
    "when",
    [
        "{crosses_boundary: true, flow.kind: backup}",
        "{source.trust: {at_least: trusted}}",
        "{not: {data.confidentiality: {at_least: public}}}",
        "{target.traits: {contains: relay}, not: {target.traits: {contains: cache}}}",
        "{source.kind: {none_of: [api, queue]}}",
        "{not: {any: [{source.kind: api}, {source.kind: {none_of: [api]}}]}}",
    ],
)
def test_a_when_that_some_value_makes_true_is_not(when: str) -> None:
    dead = [d.code for d in told(control(when=f"when: {when}"))]
    assert dead == (["dead-when"] if "none_of: [api]}}]" in when else [])


def test_an_expectation_is_judged_where_when_holds() -> None:
    when = "when: {flow.kind: {one_of: [backup, telemetry]}}"
    cases = {
        "{flow.kind: business}": ["impossible-expect"],
        "{flow.kind: {none_of: [business]}}": ["vacuous-expect"],
        "{flow.kind: backup}": [],
        "{flow.kind: {none_of: [business]}, crosses_boundary: true}": ["dead-condition"],
        "{any: [{claimed: other}, {flow.kind: business}]}": ["dead-condition"],
        "{any: [{claimed: other}, {flow.kind: backup}]}": [],
        "{satisfied: other}": [],
    }
    found = {e: [d.code for d in told(control(when=when, expect=f"expect: {e}"))] for e in cases}
    assert found == cases


def test_a_leaf_that_when_has_decided_is_told_at_its_place() -> None:
    expect = "expect: {crosses_boundary: true, transport.encrypted: true}"
    (found,) = told(control(when="when: {crosses_boundary: true}", expect=expect))
    assert (found.level, found.message) == ("warning", "`crosses_boundary` is decided by `when` already")
    assert (found.excerpt, found.span and found.span.column) == (expect, 10)


def test_a_number_is_tried_at_its_bounds() -> None:
    parts = {"subject": "subject: store", "gap": 'gap: "{store}"'}
    dead = control(
        when="when: {all: [{exposure_hops: {at_most: 1}}, {exposure_hops: {at_least: 2}}]}", **parts
    )
    alive = control(
        when="when: {all: [{exposure_hops: {at_most: 2}}, {exposure_hops: {at_least: 2}}]}", **parts
    )
    assert (try_out(dead).when_holds, try_out(alive).when_holds) == (False, True)


def test_only_values_that_make_a_difference_are_tried() -> None:
    many = control(when="when: {target.kind: {one_of: [api, queue, topic, cache, database, portal]}}")
    assert combinations(many) == 2
    assert combinations(control()) == 1


def test_a_condition_that_is_too_large_is_said_to_be() -> None:
    words = [f"w{i}" for i in range(20)]
    leaves = ", ".join(f"{{target.traits: {{contains: {w}}}}}" for w in words)
    large = control(when=f"when: {{any: [{leaves}]}}")
    assert combinations(large) > LIMIT
    notes = told(large, levels=("error", "warning", "note"))
    assert [d.code for d in notes] == ["large-condition", "unmapped-control"]


# examples, texts, frameworks


@pytest.mark.parametrize(
    ("marks", "level", "missing"),
    [
        ("satisfied unknown", "error", "`# gap`"),
        ("gap not-applicable", "error", "`# satisfied`"),
        ("gap satisfied", "warning", "`# unknown` or `# not-applicable`"),
    ],
)
def test_an_example_of_each_side_is_needed(marks: str, level: str, missing: str) -> None:
    lines = ", ".join(f"'flows: []  # {mark}'" for mark in marks.split())
    (found,) = told(control(examples=f"examples: [{lines}]"))
    assert (found.code, found.level, found.message) == (
        "no-example",
        level,
        f"no example is marked {missing}",
    )


@pytest.mark.parametrize(
    ("text", "faulty"),
    [
        ("title: Doors are locked.", True),
        ("title: Doors are locked", False),
        ("question: tell me whether it is locked", True),
        ("question: ", True),
        ("fix: Lock it", True),
        ("fix: Lock it. Then look for the key.", True),
        ("fix: Take a lock of version 1.2 and lock it.", False),
        ("rationale: Thieves try doors.", True),
        ("rationale: Thieves try doors. They open. They take all.", True),
        ("rationale: ", True),
        ("rationale: Who tries doors? Thieves do.", False),
    ],
)
def test_a_text_is_written_as_all_others_are(text: str, faulty: bool) -> None:
    found = told(control(**{text.partition(":")[0]: text}))
    assert [(d.code, d.level) for d in found] == [("text-form", "warning")] * faulty


def test_a_control_says_where_it_is_from_or_that_there_is_no_source() -> None:
    assert [d.code for d in told(control(references="references: CWE-319"))] == []
    assert [d.code for d in told(control(references="references: []"))] == []
    assert [d.code for d in told(control(references=""))] == ["no-reference"]


def test_a_control_is_short_its_comments_and_examples_left_out() -> None:
    ropes = LONGEST - (len(build.PARTS) - 1) - 2
    weak = "threats: spoofing\nmechanisms:\n  weak:\n" + "\n".join(f"  - rope {i}" for i in range(ropes))
    assert told(control(threats=weak)) == []
    assert told(control(threats=weak + "\n  # more\n")) == []
    (found,) = told(control(threats=weak + "\n  - chain"))
    assert (found.code, found.level) == ("long-control", "warning")


@pytest.mark.parametrize(
    ("parts", "unknown"),
    [
        ({"gap": 'gap: "{source} sends {data} across {boundaries} over {transport.protocol}"'}, []),
        ({"gap": 'gap: "{flow} {subject}"', "question": 'question: "{target}?"'}, []),
        ({"gap": 'gap: "{sorce} is open"'}, ["sorce"]),
        ({"fix": 'fix: "Lock {store}."'}, ["store"]),
        ({"subject": "subject: [service, store]", "gap": 'gap: "{subject} {exposed}"'}, []),
        ({"subject": "subject: [service, store]", "gap": 'gap: "{service}"'}, ["service"]),
        ({"subject": "subject: store", "gap": 'gap: "{source}"'}, ["source"]),
    ],
)
def test_placeholders_that_nothing_fills_are_errors(parts: dict[str, str], unknown: list[str]) -> None:
    found = told(control(**parts))
    assert [(d.code, d.message) for d in found] == [
        ("unknown-placeholder", f"nothing fills the placeholder `{{{name}}}`") for name in unknown
    ]


def test_a_control_in_no_framework_is_noted() -> None:
    found = control()
    assert [d.code for d in lint({found.id: found}, ()) if d.level == "note"] == ["unmapped-control"]
    assert lint({found.id: found}, (framework("lock-doors"),)) == ()


def test_a_framework_may_name_controls_of_the_catalog_only() -> None:
    found = control()
    assert framework_check([framework("[lock-doors]")], {found.id: found}) == []
    (problem,) = framework_check([framework("[lock-door]")], {found.id: found})
    assert (problem.code, problem.help) == ("unknown-control", "did you mean `lock-doors`?")


# between control files


def codes(*controls: Control) -> list[str]:
    return [d.code for d in cross_check(controls, {c.id: c for c in controls})]


def test_a_control_stands_in_the_file_and_folder_of_its_name() -> None:
    assert codes(control()) == []
    assert codes(control(file="catalogs/controls/perimeter/doors.yaml")) == ["control-file"]
    assert codes(control(file="catalogs/controls/access/lock-doors.yaml")) == ["control-file"]


def test_two_controls_cannot_share_an_id() -> None:
    assert codes(control(), control()) == ["duplicate-id"]


def other(id: str, **parts: str) -> Control:
    return control(file=FILE.replace("lock-doors", id), id=f"id: {id}", **parts)


def test_references_lead_to_controls_of_the_same_subjects() -> None:
    asks = control(expect="expect: {satisfied: shut-windows}")
    assert codes(asks, other("shut-windows")) == []
    assert codes(asks) == ["unknown-control"]
    elsewhere = other("shut-windows", subject="subject: store", gap='gap: "{store}"')
    assert codes(asks, elsewhere) == ["control-subject"]


def test_controls_cannot_rest_on_each_other() -> None:
    a = control(expect="expect: {satisfied: shut-windows}")
    b = other("shut-windows", expect="expect: {satisfied: bar-windows}")
    c = other("bar-windows", expect="expect: {satisfied: shut-windows}")
    assert codes(a, b, c) == ["control-cycle"]
    assert codes(a, b, other("bar-windows")) == []
    both = other("guard", expect="expect: {satisfied: lock-doors, all: [{satisfied: bar-windows}]}")
    assert codes(a, b, other("bar-windows"), both) == []
    assert codes(control(expect="expect: {satisfied: lock-doors}")) == ["control-cycle"]
