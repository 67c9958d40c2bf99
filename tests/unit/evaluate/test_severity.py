"""Severity moves by one step at most, for what is at stake and who can reach it; the unknown counts 0."""

from __future__ import annotations

import pytest

from tests.unit.evaluate.build import control, engine
from threatmodel.evaluate.severity import Risk

TEXT = """
data:
  top: {{confidentiality: restricted, integrity: {integrity}}}
  low: {{confidentiality: public, integrity: low}}
  mid: {{confidentiality: internal, integrity: moderate}}
  open: {{}}
actors: {{user: }}
services: {{front: {{kind: api}}, back: {{kind: api}}, apart: {{kind: api}}, perhaps: {{kind: api}}}}
stores: {{unsaid: {{holds: []}}}}
flows:
  - {{from: user, to: front, data: {data}}}
  - {{from: front, to: back, data: {data}}}
  - {{from: apart, to: back, data: {data}}}
  - {{from: front, to: unsaid, data: []}}
  - {{from: perhaps, to: unsaid, data: {data}}}
"""


@pytest.mark.parametrize(
    ("service", "data", "severity"),
    [
        ("front", "top", "high"),
        ("back", "top", "high"),
        ("apart", "top", "medium"),
        ("front", "mid", "high"),
        ("back", "mid", "medium"),
        ("apart", "mid", "low"),
        ("front", "low", "medium"),
        ("back", "low", "low"),
        ("apart", "low", "low"),
        ("front", "open", "high"),
        ("back", "open", "medium"),
        ("apart", "open", "low"),
        ("perhaps", "mid", "medium"),
    ],
)
def test_stake_and_exposure_move_a_severity_by_one_step_together(
    service: str, data: str, severity: str
) -> None:
    asked = control(subject="service", threats=["information-disclosure"])
    world = engine(TEXT.format(data=data, integrity="high"), asked)
    risk = Risk(world, asked, "service")
    assert risk.of(world.graph.order["service"][service])[0] == severity


@pytest.mark.parametrize(
    ("severity", "service", "data", "expected"),
    [
        ("critical", "front", "top", "critical"),
        ("low", "apart", "low", "low"),
        ("low", "front", "top", "medium"),
    ],
)
def test_a_severity_stays_on_its_scale(severity: str, service: str, data: str, expected: str) -> None:
    asked = control(subject="service", threats=["information-disclosure"], severity=severity)
    world = engine(TEXT.format(data=data, integrity="high"), asked)
    assert Risk(world, asked, "service").of(world.graph.order["service"][service])[0] == expected


@pytest.mark.parametrize(
    ("threats", "service", "expected"),
    [
        (
            ["tampering"],
            "front",
            ("control: medium", "data.integrity: +1", "exposure: +1, direct from untrusted ground"),
        ),
        (
            ["information-disclosure", "denial-of-service"],
            "back",
            ("control: medium", "data.confidentiality: +1", "data.availability: unknown", "exposure: 0"),
        ),
        (
            ["non-compliance"],
            "apart",
            ("control: medium", "exposure: -1, not reachable from untrusted ground"),
        ),
        (["non-compliance"], "perhaps", ("control: medium", "exposure: unknown")),
    ],
)
def test_a_severity_lists_its_inputs(threats: list[str], service: str, expected: tuple[str, ...]) -> None:
    asked = control(subject="service", threats=threats)
    world = engine(TEXT.format(data="top", integrity="critical"), asked)
    risk = Risk(world, asked, "service")
    assert risk.of(world.graph.order["service"][service])[1] == expected


def test_where_nothing_can_be_at_stake_or_exposed_the_severity_is_the_controls() -> None:
    asked = control(subject="purpose", threats=["non-compliance"])
    risk = Risk(engine("purposes: {p: , q: }", asked), asked, "purpose")
    assert risk.of(0) == ("medium", ("control: medium", "exposure: does not apply"))
    assert risk.highest([0, 1]) == "medium"


def test_the_highest_of_several_is_the_gravest() -> None:
    asked = control(subject="service", threats=["information-disclosure"])
    world = engine(TEXT.format(data="mid", integrity="high"), asked)
    risk = Risk(world, asked, "service")
    assert risk.highest(range(4)) == "high"
    assert risk.highest([world.graph.order["service"]["apart"]]) == "low"
