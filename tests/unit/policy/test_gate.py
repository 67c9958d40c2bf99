"""Of the thresholds that speak for a finding the strictest counts, and only open, unknown gaps fail."""

from __future__ import annotations

import pytest

from tests.unit.render.written import assessment, framework, gap, question, row
from threatmodel.api import Library
from threatmodel.graph import SystemGraph, build_graph
from threatmodel.model import parse_model
from threatmodel.policy import Gate, boundaries_of, failing
from threatmodel.source import parse

MODEL = """
threatmodel: 1
name: m
boundaries: {cloud: {}, inner: {parent: cloud}, edge: {}}
hosts: {node: {boundary: inner}}
actors: {user: {}}
services: {web: {boundary: edge}}
stores: {db: {boundary: inner, holds: []}}
data: {record: {}}
flows: [{from: user, to: web}, {from: web, to: db}]
"""


@pytest.fixture(scope="module")
def graph() -> SystemGraph:
    kinds = Library().kinds
    return build_graph(parse_model(parse(MODEL), kinds), kinds, "2026-11-24")


@pytest.mark.parametrize(
    ("severity", "fail_on", "fails"),
    [
        ("low", "low", True),
        ("low", "medium", False),
        ("high", "high", True),
        ("high", "critical", False),
        ("critical", "critical", True),
        ("critical", "never", False),
    ],
)
def test_a_gap_fails_at_or_above_the_threshold(
    graph: SystemGraph, severity: str, fail_on: str, fails: bool
) -> None:
    assert any(failing(assessment(gap(severity=severity)), Gate(fail_on), graph)) is fails


@pytest.mark.parametrize("disposition", ["waived", "planned"])
def test_what_is_decided_never_fails(graph: SystemGraph, disposition: str) -> None:
    made = assessment(gap(severity="critical", disposition=disposition))
    assert not any(failing(made, Gate("low"), graph))


def test_what_the_baseline_knows_never_fails(graph: SystemGraph) -> None:
    made = assessment(gap(), gap("other"))
    assert [f.key for f in failing(made, Gate(), graph, {"encrypt@db"}).findings] == ["other@db"]


@pytest.mark.parametrize(
    ("gate", "fails"),
    [
        (Gate("never", layers={"channel": "high"}), True),
        (Gate("never", layers={"channel": "critical"}), False),
        (Gate("low", layers={"channel": "never"}), False),
        (Gate("low", layers={"audit": "never"}), True),
        (Gate("never", boundaries={"inner": "high"}), True),
        (Gate("never", boundaries={"cloud": "high"}), True),
        (Gate("never", boundaries={"edge": "high"}), False),
        (Gate("never", boundaries={"nowhere": "high"}), False),
        (Gate("never", frameworks={"gdpr": "high"}), True),
        (Gate("never", frameworks={"hipaa": "low"}), False),
        (Gate("never", layers={"channel": "never"}, frameworks={"gdpr": "medium"}), True),
        (Gate("low", layers={"channel": "critical"}, boundaries={"inner": "never"}), False),
    ],
)
def test_the_strictest_threshold_that_speaks_counts(graph: SystemGraph, gate: Gate, fails: bool) -> None:
    made = assessment(gap(), frameworks=(framework(row()),))
    assert any(failing(made, gate, graph)) is fails


def test_found_threats_are_a_layer(graph: SystemGraph) -> None:
    made = assessment(gap(layer="found threats", subject_kind="threat", key="threat:x"))
    assert not any(failing(made, Gate("low", layers={"found-threats": "never"}), graph))


def test_questions_fail_only_by_their_own_threshold(graph: SystemGraph) -> None:
    made = assessment(questions=(question(),))
    assert not any(failing(made, Gate("low"), graph))
    assert len(failing(made, Gate("never", "high"), graph).questions) == 1
    assert not any(failing(made, Gate("never", "critical"), graph))


@pytest.mark.parametrize(
    ("kind", "subject", "around"),
    [
        ("store", "db", {"inner", "cloud"}),
        ("service", "web", {"edge"}),
        ("actor", "user", set()),
        ("flow", "web->db", {"edge", "inner", "cloud"}),
        ("flow", "user->web", {"edge"}),
        ("host", "node", {"inner", "cloud"}),
        ("boundary", "inner", {"inner", "cloud"}),
        ("data", "record", set()),
        ("model", "model", set()),
        ("threat", "x", set()),
    ],
)
def test_a_subject_stands_in_the_boundaries_around_it(
    graph: SystemGraph, kind: str, subject: str, around: set[str]
) -> None:
    assert boundaries_of(graph, kind, subject) == around
