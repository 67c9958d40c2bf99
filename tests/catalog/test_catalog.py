"""The shipped controls: their examples hold, lint has nothing against them, they cover what they should."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from threatmodel.api import Library, load
from threatmodel.api.examples import run_examples
from threatmodel.catalog import LAYERS, lint
from threatmodel.evaluate.verdicts.coverage import place_kinds
from threatmodel.model.words import THREAT_CATEGORIES
from threatmodel.resources import resource_dir
from threatmodel.results import Step

CHECKOUT = Path(__file__).resolve().parents[2]
DESIGN = CHECKOUT.parent / "shared" / "design" / "models"
SAMPLES = CHECKOUT / "samples"
CONTROLS = sorted(p.stem for p in resource_dir("catalogs").glob("controls/*/*.yaml"))
LEFT_TO_OTHERS = {"detecting", "non-repudiation"}
"""Threats that a design can seldom counter as such; what counters them here is a side effect."""


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


def test_lint_has_nothing_against_the_catalog(library: Library) -> None:
    found = lint(library.catalog.controls, ())
    assert [d.message for d in found if d.level != "note"] == []


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
    lacking = {name: places - place_kinds(controls[name]) for name, places in stated.items()}
    assert {name: places for name, places in lacking.items() if places} == {}


SHIPPED = sorted(SAMPLES.glob("*/threatmodel.yaml"))
DESIGNED = sorted(DESIGN.glob("*.yaml"))


def test_there_are_models_to_try() -> None:
    assert SHIPPED
    if not DESIGNED:
        pytest.skip("the designed models are not beside this checkout")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.parent.name)
def test_no_control_asks_more_than_one_question_for_each_five_elements(library: Library, path: Path) -> None:
    """Let such a control be stated under a boundary or the baseline: one answer settles many results then."""
    review = load(path, library, "2026-11-24")
    asked = Counter(
        name
        for question in review.assess(frameworks=False).questions
        for name in {key.partition("@")[0] for key in question.settles}
    )
    most = max(1, len(review.graph.elements) // 5)
    assert {name: number for name, number in asked.items() if number > most} == {}


@pytest.mark.parametrize("path", [*SHIPPED, *DESIGNED], ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_a_gap_rests_on_something_that_the_model_says(library: Library, path: Path) -> None:
    assessment = load(path, library, "2026-11-24").assess(frameworks=False)
    for finding in assessment.findings:
        assert finding.premises, finding.key
        assert finding.because.step is not Step.NOBODY
