"""The shipped controls: their examples hold, lint has nothing against them, they cover what they should."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from threatmodel.api import Library, load
from threatmodel.api.examples import run_examples
from threatmodel.catalog import LAYERS, lint
from threatmodel.evaluate.notes.statement_places import places_of
from threatmodel.model.words import THREAT_CATEGORIES
from threatmodel.resources import resource_dir

CHECKOUT = Path(__file__).resolve().parents[2]
DESIGN = CHECKOUT.parent / "shared" / "design" / "models"
SAMPLES = CHECKOUT / "samples"
CONTROLS = sorted(p.stem for p in resource_dir("catalogs").glob("controls/*/*.yaml"))
LEFT_TO_OTHERS = {"detecting", "non-repudiation"}
"""Threats that a design can seldom counter as such; what counters them here is a side effect."""
_NIST = r"[A-Z]{2}-\d+(\(\d+\))?"
_REFERENCE = re.compile(
    r"CWE-\d+|CAPEC-\d+|T\d{4}(\.\d{3})?|D3-[A-Z0-9]+|LLM\d\d:2026|v5\.0\.0-\d+\.\d+|" + _NIST
)


@pytest.fixture(scope="session")
def library() -> Library:
    return Library()


def test_the_catalog_is_as_broad_as_promised(library: Library) -> None:
    controls = library.catalog.controls
    assert len(controls) >= 95
    assert {c.layer for c in controls.values()} == set(LAYERS)
    assert {s for c in controls.values() for s in c.subjects} >= {
        "flow",
        "service",
        "store",
        "boundary",
        "host",
        "data",
        "party",
        "purpose",
        "model",
    }


@pytest.mark.parametrize("name", CONTROLS)
def test_the_examples_of_a_control_hold(library: Library, name: str) -> None:
    control = library.catalog.controls[name]
    outcome = run_examples(control, library)
    assert [f"{d.span}: {d.message}" for d in outcome.failures] == []
    assert outcome.marks >= 3


@pytest.mark.parametrize("name", CONTROLS)
def test_the_examples_of_a_control_show_every_side(library: Library, name: str) -> None:
    marks = set(re.findall(r"# (gap|satisfied|unknown|not-applicable)$", _examples(library, name), re.M))
    assert {"gap", "satisfied"} < marks


def _examples(library: Library, name: str) -> str:
    return "\n".join(library.catalog.controls[name].examples)


def test_lint_has_nothing_against_the_catalog(library: Library) -> None:
    found = lint(library.catalog.controls, ())
    assert [d.message for d in found if d.level != "note"] == []
    assert [d.message for d in found if d.code == "large-condition"] == []


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_says_why_how_and_where_from(library: Library, name: str) -> None:
    control = library.catalog.controls[name]
    assert control.question.endswith("?")
    assert control.references
    assert all(_REFERENCE.fullmatch(r) for r in control.references)
    assert len(re.findall(r"[.?](?= [A-Z]|$)", control.rationale)) == 2, "two sentences say why it matters"
    assert control.fix.endswith(".")
    assert len(re.findall(r"\.(?= |$)", control.fix)) == 1, "one sentence says how to mend it"
    assert not control.title.endswith(".")


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_is_short(library: Library, name: str) -> None:
    text = library.catalog.controls[name].document.text
    assert text.split("\nexamples:", 1)[0].count("\n") + 1 <= 40


def test_every_threat_is_countered(library: Library) -> None:
    countered = {t for c in library.catalog.controls.values() for t in c.threats}
    assert countered >= set(THREAT_CATEGORIES) - LEFT_TO_OTHERS


def test_every_statement_of_the_designed_models_has_its_place(library: Library) -> None:
    controls = library.catalog.controls
    stated = {
        "encrypt-in-transit": {"boundary", "service", "store", "flow", "baseline"},
        "restrict-egress": {"boundary"},
        "deny-by-default": {"boundary"},
        "harden-runtime": {"boundary"},
        "isolate-runtime": {"host"},
        "encrypt-at-rest": {"host", "store"},
        "backup": {"host"},
        "least-privilege": {"service"},
        "authenticate-caller": {"service", "flow", "store"},
        "rate-limit": {"service"},
        "reject-replays": {"service"},
        "mfa": {"flow"},
        "pin-images": {"store"},
        "audit-log": {"store"},
    }
    lacking = {name: places - places_of(controls[name]) for name, places in stated.items()}
    assert {name: places for name, places in lacking.items() if places} == {}


SHIPPED = sorted(SAMPLES.glob("*/threatmodel.yaml"))
DESIGNED = sorted(DESIGN.glob("*.yaml"))


def test_there_are_models_to_try() -> None:
    assert SHIPPED
    if not DESIGNED:
        pytest.skip("the designed models are not beside this checkout")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.parent.name)
def test_gaps_and_questions_stay_below_three_for_each_element(library: Library, path: Path) -> None:
    review = load(path, library, "2026-11-24")
    assessment = review.assess(frameworks=False)
    causes = {(f.control, f.premises[0]) for f in assessment.findings}  # one statement of a type is one cause
    noise = len(causes) + len(assessment.questions)
    assert noise < 3 * len(review.graph.elements), f"{noise} for {len(review.graph.elements)} elements"


@pytest.mark.parametrize("path", [*SHIPPED, *DESIGNED], ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_gap_rests_on_something_that_the_model_says(library: Library, path: Path) -> None:
    assessment = load(path, library, "2026-11-24").assess(frameworks=False)
    for finding in assessment.findings:
        assert finding.premises, finding.key
        assert finding.because != "nobody said"
