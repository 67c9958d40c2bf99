"""Outcomes made by hand for the writers: an assessment, its control, and where its files stand."""

from __future__ import annotations

from collections.abc import Mapping

from tests.unit.catalog.build import control
from tests.unit.render.written import assessment, gap, premise, question
from threatmodel.errors import Span
from threatmodel.export.outcome import Outcome
from threatmodel.results import Assessment, Filled, Finding

CONTROL = control(
    id="id: encrypt",
    layer="layer: channel",
    references="references: [CWE-319, CAPEC-94, T1040, SC-8(1)]",
    rationale="rationale: Wires have ears.",
    fix='fix: "Encrypt {flow}."',
)


def outcome(made: Assessment, *, baseline: Mapping[str, str] | None = None) -> Outcome:
    """The outcome of an assessment, in the folder `app` of a repository."""
    controls = {"encrypt": CONTROL}
    return Outcome(made, controls, "model.yaml", "/repo/app", "/repo", baseline)


def every_state() -> Assessment:
    """One gap of each disposition, a found threat, and a question."""
    return assessment(
        gap(subject="db"),
        gap(subject="planned", severity="medium", disposition="planned", owner="ops", due="2027-01-01"),
        gap(subject="waived", disposition="waived", waiver="old (sec, until 2027-01-01)"),
        found(),
        questions=(question(),),
    )


def found(severity: str = "low") -> Finding:
    """A gap of a threat that people found, which has no control."""
    return gap(
        control="",
        subject="replay",
        severity=severity,
        key="threat:replay",
        subject_kind="threat",
        layer="found threats",
        title="Replay",
        references=(),
    )


def many(number: int, severity: str = "high") -> Assessment:
    """So many gaps of one control."""
    return assessment(*(gap(subject=f"s{i}", severity=severity) for i in range(number)))


def moved(finding: Finding) -> Finding:
    """The same gap after its lines moved and everything was retitled."""
    return finding._replace(
        span=Span("other.yaml", 99, 1, 99, 5),
        title="another title",
        message=Filled("other words", ()),
        premises=(premise("moved", Span("other.yaml", 98, 1, 98, 2)),),
    )
