"""The shipped frameworks are the laws they name, row by row as in the reference, without known mistakes."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from threatmodel.catalog import (
    Framework,
    Leaf,
    Requirement,
    leaves,
    load_catalog,
    load_frameworks,
    parse_framework,
)
from threatmodel.catalog.frameworks import RECORDS
from threatmodel.cli.commands import gdpr, hipaa
from threatmodel.errors import InputError
from threatmodel.model.words import SPECIAL_CATEGORIES
from threatmodel.resources import resource_dir
from threatmodel.source import parse

CATALOGS = resource_dir("catalogs")
GOLD = json.loads((Path(__file__).parents[2] / "data" / "compliance_gold.json").read_text(encoding="utf-8"))
COVERAGE = {"E3": "full", "E2": "partial", "E1": "context", "E0": "outside"}
CONTROLS = load_catalog(CATALOGS)
FRAMEWORKS = {f.id: f for f in load_frameworks(CATALOGS, CONTROLS)}
GDPR, HIPAA = FRAMEWORKS["gdpr"], FRAMEWORKS["hipaa"]
ROWS = {row.id: row for f in (GDPR, HIPAA) for row in f.requirements}
COVERED_ENTITY = frozenset(
    {"provider", "health-plan", "group-health-plan", "clearinghouse", "clearinghouse-in-larger-organization"}
)
BUSINESS_ASSOCIATE = frozenset({"business-associate", "subcontractor"})
CONTROLLER = frozenset({"controller", "joint-controller"})


# the reference


def test_hipaa_has_every_row_of_the_reference_in_official_order() -> None:
    assert len(HIPAA.requirements) == 118
    assert [(r.id, r.title, r.designation, r.category, r.coverage, r.url) for r in HIPAA.requirements] == [
        (
            gold["id"],
            gold["title"],
            gold["designation"].lower(),
            gold["category"],
            COVERAGE[gold["model_evidence_grade"]],
            gold["url"],
        )
        for gold in GOLD["hipaa"]
    ]


def test_hipaa_refers_to_what_sp_800_66r2_sets_beside_a_row_and_to_nothing_else() -> None:
    crosswalk = {
        gold["id"]: tuple(gold["nist_800_53r5"])
        for gold in GOLD["hipaa"]
        if gold["nist_800_53r5"] and gold["nist_mapping_source"].startswith("NIST SP 800-66r2")
    }
    assert len(crosswalk) == 68
    assert {r.id: r.references for r in HIPAA.requirements if r.references} == crosswalk


def test_gdpr_has_every_row_of_the_reference_in_official_order() -> None:
    assert len(GDPR.requirements) == 63
    assert [(r.id, r.title, r.coverage, r.url) for r in GDPR.requirements] == [
        (
            gold["id"],
            ": ".join(filter(None, (gold["article_title"], gold["provision"]))),
            COVERAGE[gold["model_evidence_grade"]],
            gold["url"],
        )
        for gold in GOLD["gdpr"]
    ]


def test_what_a_design_shows_is_said_exactly_where_the_reference_says_something() -> None:
    for law in ("gdpr", "hipaa"):
        said = {r.id for r in FRAMEWORKS[law].requirements if r.evidence}
        assert said == {gold["id"] for gold in GOLD[law] if gold["model_evidence"] != "none"}
        assert all(r.cannot_show for r in FRAMEWORKS[law].requirements)


def test_the_gdpr_names_exceptions_and_ways_among_several_as_conditional() -> None:
    found = [r.id for r in GDPR.requirements if r.designation != "mandatory"]
    assert found == ["Art. 9(2)", "Art. 34(3)(a)", "Art. 45", "Art. 46", "Art. 47", "Art. 49"]
    assert {r.designation for r in GDPR.requirements} == {"mandatory", "conditional"}


# the counts of the Security Rule


def security_rule(section: str) -> dict[str, Requirement]:
    return {r.id: r for r in HIPAA.requirements if r.id.startswith(section)}


@pytest.mark.parametrize("section", ["164.308", "164.310", "164.312"])
def test_each_section_has_its_standards_and_specifications(section: str) -> None:
    expected = GOLD["invariants"]["by_section"][section]
    specifications = {gold["id"] for gold in GOLD["hipaa"] if gold["kind"] == "implementation_specification"}
    rows = security_rule(section)
    found = Counter(r.designation for r in rows.values() if r.id in specifications)
    assert (found["required"], found["addressable"]) == (expected["R"], expected["A"])
    without = [i for i in GOLD["invariants"]["standards_without_specs"] if i in rows]
    assert all(rows[i].designation == "required" and i not in specifications for i in without)
    standards = sum(r.designation == "standard" for r in rows.values()) + len(without)
    assert standards == expected["standards"]


def test_eighteen_standards_thirty_six_specifications_and_the_known_addressable_ones() -> None:
    invariants = GOLD["invariants"]
    sections = invariants["by_section"].values()
    assert sum(s["standards"] for s in sections) == 18
    assert sum(s["R"] + s["A"] for s in sections) == 36
    assert [r.id for r in HIPAA.requirements if r.designation == "addressable"] == invariants[
        "addressable_ids"
    ]
    assert len(invariants["addressable_ids"]) == 22
    assert len(invariants["standards_without_specs"]) == 6


def test_citations_are_written_as_the_law_writes_them() -> None:
    hipaa = re.compile(r"164\.\d{3}(\([a-z]\)(\(\d+\)(\([ivx]+\)(\([A-Z]\))?)?)?)?")
    assert all(hipaa.fullmatch(r.id) for r in HIPAA.requirements)
    assert all(re.fullmatch(r"Art\. \d+(\(\d\))?(\([a-z]\))?", r.id) for r in GDPR.requirements)


# who and what a row is about


def roles(row: Requirement, fact: str) -> frozenset[str] | None:
    """The roles a row asks for, None when it asks for none."""
    for leaf in leaves(row.applies_when):
        if isinstance(leaf, Leaf) and leaf.fact == fact:
            return leaf.operand if isinstance(leaf.operand, frozenset) else frozenset({str(leaf.operand)})
    return None


def test_hipaa_rows_are_asked_of_those_whom_they_bind() -> None:
    wanted = {
        "covered_entity|business_associate": None,
        "governmental entities / required-by-law cases": None,
        "covered_entity": COVERED_ENTITY,
        "business_associate": BUSINESS_ASSOCIATE,
        "group_health_plan that discloses ePHI to a plan sponsor": frozenset({"group-health-plan"}),
        "health_care_clearinghouse that is part of a larger organization": frozenset(
            {"clearinghouse-in-larger-organization"}
        ),
    }
    for gold in GOLD["hipaa"]:
        assert roles(ROWS[gold["id"]], "own.hipaa") == wanted[gold["applies_to"]], gold["id"]


def test_gdpr_rows_are_asked_of_those_whom_they_bind() -> None:
    wanted = {
        "controller|processor": None,
        "controller": CONTROLLER,
        "processor": frozenset({"processor"}),
    }
    of_others = {"Art. 28(2)", "Art. 28(4)"}  # they bind the processors that we engage, too
    for gold in GOLD["gdpr"]:
        expected = None if gold["id"] in of_others else wanted[gold["obligation_on"]]
        if gold["id"] == "Art. 26":
            expected = frozenset({"joint-controller"})
        assert roles(ROWS[gold["id"]], "own.gdpr") == expected, gold["id"]


def test_joint_controllers_are_those_of_either_side() -> None:
    assert roles(ROWS["Art. 26"], "partners.gdpr") == frozenset({"joint-controller"})


def test_rows_about_some_categories_ask_for_them() -> None:
    found = {r.id: asked for r in GDPR.requirements if (asked := roles(r, "data.categories"))}
    special = frozenset(SPECIAL_CATEGORIES)
    assert found == {
        "Art. 8(1)": frozenset({"children"}),
        "Art. 9(1)": special,
        "Art. 9(2)": special,
        "Art. 10": frozenset({"criminal"}),
    }


def test_every_role_but_none_brings_a_framework_into_play() -> None:
    for framework, fact, wanted in (
        (HIPAA, "own.hipaa", COVERED_ENTITY | BUSINESS_ASSOCIATE),
        (GDPR, "own.gdpr", CONTROLLER | {"processor"}),
    ):
        assert [
            (leaf.fact, leaf.operand) for leaf in leaves(framework.applies_when) if isinstance(leaf, Leaf)
        ] == [(fact, wanted)]


def test_data_about_people_are_in_scope_whatever_word_says_so() -> None:
    [categories] = [
        leaf for leaf in leaves(GDPR.data) if isinstance(leaf, Leaf) and leaf.fact == "data.categories"
    ]
    assert isinstance(categories.operand, frozenset)
    assert categories.operand >= {
        "personal",
        "health",
        "genetic",
        "biometric",
        "criminal",
        "children",
        "contact",
    }


# mistakes of published lists

SEGMENTING = {"controlled-entry-point", "deny-by-default", "segment-data", "separate-administration"}
FORBIDDEN = [
    ("segmentation is no isolation of a clearinghouse", "164.308(a)(4)(ii)(A)", set(CONTROLS.controls)),
    ("patches are no security reminders", "164.308(a)(5)(ii)(A)", set(CONTROLS.controls)),
    ("logs are no documentation", "164.316(b)(2)(i)", set(CONTROLS.controls)),
    ("in transit is not at rest", "164.312(a)(2)(iv)", {"encrypt-in-transit", "no-obsolete-protocols"}),
    ("at rest is not in transit", "164.312(e)(2)(ii)", {"encrypt-at-rest", "manage-keys"}),
    ("the rule asks for no second factor", "164.312(d)", {"mfa"}),
    ("the rule asks for no segmentation", "164.312(a)(1)", SEGMENTING),
    ("a pseudonym is no de-identification", "164.514(a)", {"pseudonymise"}),
    ("a pseudonym is no de-identification", "164.514(b)", {"pseudonymise"}),
    ("a hash of a record number is no re-identification code", "164.514(c)", {"pseudonymise"}),
    ("a pseudonym is no de-identification", "164.502(d)", {"pseudonymise"}),
]


@pytest.mark.parametrize(("why", "requirement", "controls"), FORBIDDEN)
def test_known_wrong_mappings_are_absent(why: str, requirement: str, controls: set[str]) -> None:
    assert controls <= set(CONTROLS.controls)
    assert not controls & set(ROWS[requirement].controls), why


def test_transfers_and_second_factors_and_segments_are_no_matter_of_hipaa() -> None:
    named = {c for row in HIPAA.requirements for c in row.controls}
    assert named
    assert not named & {"transfer-mechanism", "mfa", "restrict-egress", *SEGMENTING}


@pytest.mark.parametrize("wrong", ["164.312(f)", "164.308(b)(4)", "164.312(a)(1)(i)"])
def test_numbers_that_do_not_exist_are_absent(wrong: str) -> None:
    assert wrong not in ROWS


def test_numbers_that_are_often_confused_have_their_own_titles() -> None:
    assert ROWS["164.404(a)"].title == "Standard (Notification to individuals)"
    assert ROWS["164.408"].title == "Notification to the Secretary"
    assert ROWS["164.308(a)(4)(ii)(B)"].title == "Access authorization"
    assert ROWS["164.312(b)"].designation == "required"


@pytest.mark.parametrize("name", ["gdpr", "hipaa"])
def test_no_text_promises_what_a_design_cannot(name: str) -> None:
    text = (CATALOGS / "frameworks" / f"{name}.yaml").read_text(encoding="utf-8")
    assert not re.search(r"\b(compliant|certified|passed)\b|\d ?%", text, re.IGNORECASE)


def test_context_and_outside_name_no_control_that_could_make_evidence() -> None:
    outside = [r for r in ROWS.values() if r.coverage == "outside"]
    assert len(outside) == 34
    assert not any(r.controls for r in outside)


def test_the_files_stay_small_enough_to_load() -> None:
    assert sum((CATALOGS / "frameworks" / f"{n}.yaml").stat().st_size for n in FRAMEWORKS) < 120_000


# the form of a framework file

HEAD = "id: rules\ntitle: Rules\nsource: us\nlaw_as_of: 2026-01-01\n"
ROW = (
    "{id: r1, title: Lock up, designation: required, category: all, coverage: partial, cannot_show: windows}"
)


def read(text: str) -> Framework:
    return parse_framework(parse(text, "rules.yaml"))


def codes(text: str) -> list[tuple[str, int]]:
    with pytest.raises(InputError) as caught:
        read(text)
    return [(d.code, d.span.line if d.span else 0) for d in caught.value.diagnostics]


def test_a_row_needs_little_and_takes_the_url_of_its_framework() -> None:
    [row] = read(f"{HEAD}url: https://rules.example\nrequirements: [{ROW}]\n").requirements
    assert (row.id, row.designation, row.coverage) == ("r1", "required", "partial")
    assert (row.controls, row.applies_when, row.evidence, row.note) == ((), None, "", "")
    assert row.url == "https://rules.example"


def test_a_row_may_have_a_url_of_its_own() -> None:
    own = ROW.replace("id: r1", "id: r1, url: rules/r1")
    [row] = read(f"{HEAD}url: https://rules.example\nrequirements: [{own}]\n").requirements
    assert row.url == "rules/r1"


def test_without_conditions_a_framework_is_always_asked_of_everything() -> None:
    framework = read(f"{HEAD}requirements: []\n")
    assert (framework.applies_when, framework.data, framework.requirements) == (None, None, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]\n", [("wrong-type", 1)]),
        (HEAD, [("missing-key", 1)]),
        (f"{HEAD}requirements: r1\n", [("wrong-type", 5)]),
        (f"{HEAD}requirements:\n- {ROW}\n- {ROW}\n", [("duplicate-id", 7)]),
        (f"{HEAD}requirements:\n- {ROW.replace('partial', 'most')}\n", [("unknown-word", 6)]),
        (f"{HEAD}requirements:\n- {ROW.replace('required', 'optional')}\n", [("unknown-word", 6)]),
        (f"{HEAD}requirements:\n- {ROW.replace('id: r1', 'id: r1, status: gap')}\n", [("unknown-key", 6)]),
        (f"{HEAD}requirements:\n- {ROW.replace('id: r1', 'id: 1.2')}\n", [("wrong-type", 6)]),
        (f"{HEAD}applies_when: {{own: true}}\nrequirements: []\n", [("unknown-fact", 5)]),
        (f"{HEAD}applies_when:\nrequirements: []\n", [("empty-value", 5)]),
        (f"{HEAD}data: {{held.categories: {{contains: health}}}}\nrequirements: []\n", [("unknown-fact", 5)]),
    ],
)
def test_what_is_wrong_is_told_at_its_line(text: str, expected: list[tuple[str, int]]) -> None:
    assert codes(text) == expected


def test_a_row_outside_the_model_may_name_no_control() -> None:
    row = ROW.replace("partial", "outside")
    assert read(f"{HEAD}requirements: [{row}]\n").requirements[0].controls == ()
    assert codes(f"{HEAD}requirements:\n- {row.replace('id: r1', 'id: r1, controls: lock-doors')}\n") == [
        ("control-outside", 6)
    ]


def test_rows_of_nist_800_53_name_the_controls_that_refer_to_them() -> None:
    path = CATALOGS / "frameworks" / "by-name" / "nist-800-53.yaml"
    framework = load_frameworks(CATALOGS, CONTROLS, (path,))[-1]
    referring: dict[str, list[str]] = {row.id: [] for row in framework.requirements}
    for control in CONTROLS.controls.values():
        for reference in control.references:
            if re.fullmatch(r"[A-Z]{2}-\d+(\(\d+\))?", reference):
                referring[reference].append(control.id)
    assert {row.id: list(row.controls) for row in framework.requirements} == referring
    assert all(
        (row.designation == "control enhancement") == ("(" in row.id) for row in framework.requirements
    )


def test_every_record_that_a_row_may_name_is_a_command_and_every_command_is_one() -> None:
    made = [f"{group.name} {name}" for group in (gdpr.command, hipaa.command) for name in group.commands]
    assert sorted(made) == sorted(RECORDS)
