"""A compromise spreads over calls and over what elements share, rest on and are delivered by, and back."""

from __future__ import annotations

import pytest

from threatmodel.api import Library, parse
from threatmodel.graph import SystemGraph
from threatmodel.graph.blast_radius import spread
from threatmodel.source import parse as parse_yaml

MODEL = """\
hosts: {node: , other: {controls: {encrypt-at-rest: {mechanism: aes, by: keys}}}}
data: {d: }
types: {services: {worker: {controls: {authorize: {mechanism: roles, by: rules}}}}}
services:
  web: {host: node, identity: shared}
  twin: {host: node}
  batch: {identity: shared}
  registry: {kind: container-registry}
  rules:
  worker: {type: worker}
  reader:
  lonely:
  keys: {kind: key-management}
  login: {kind: identity-provider}
  gate:
  model: {kind: ai-model}
  agent: {kind: ai-agent}
  page: {kind: web-application}
  tool: {kind: api}
stores:
  queue: {kind: queue}
  disk: {host: other}
flows:
  - {from: web, to: worker, data: d}
  - {from: worker, to: queue, sends: d}
  - {from: reader, to: queue, returns: d}
  - {from: twin, to: registry, kind: deployment, returns: d}
  - {from: agent, to: model, data: d}
  - {from: agent, to: tool, sends: d}
  - {from: page, to: model, data: d}
  - {from: web, to: gate, controls: {authenticate-caller: {mechanism: oidc, by: login}}}
"""


@pytest.fixture(scope="module")
def graph() -> SystemGraph:
    return parse(parse_yaml(MODEL, "m.yaml"), Library(), "2026-01-01", fragment=True).graph


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("worker", {"queue": (1, "calls", "worker->queue"), "reader": (2, "relay", "reader->queue")}),
        ("keys", {"disk": (1, "rests", "encrypt-at-rest")}),
        ("rules", {"worker": (1, "rests", "authorize"), "queue": (2, "calls", "worker->queue")}),
        ("login", {"gate": (1, "rests", "authenticate-caller")}),
        ("registry", {"twin": (1, "delivery", "twin->registry"), "web": (2, "host", "node")}),
        ("batch", {"web": (1, "identity", "shared"), "twin": (2, "host", "node")}),
        ("model", {"agent": (1, "decides", "agent->model"), "tool": (2, "calls", "agent->tool")}),
        ("tool", {}),
        ("lonely", {}),
    ],
)
def test_a_compromise_reaches(graph: SystemGraph, start: str, expected: dict[str, object]) -> None:
    found = {
        graph.elements[r.element]: (r.steps, r.step.how, r.step.name)
        for r in spread(graph, graph.index[start])
    }
    assert {name: found[name] for name in expected} == expected
    if not expected:
        assert found == {}


def test_back_is_the_inverse(graph: SystemGraph) -> None:
    count = len(graph.elements)
    onward = {(a, r.element): r.steps for a in range(count) for r in spread(graph, a)}
    back = {(r.element, b): r.steps for b in range(count) for r in spread(graph, b, back=True)}
    assert onward == back
    assert len(onward) > 20


def test_every_step_leads_on_from_what_was_reached_before(graph: SystemGraph) -> None:
    for start in range(len(graph.elements)):
        steps = {start: 0}
        for r in spread(graph, start):
            assert r.steps == steps[r.before] + 1
            steps[r.element] = r.steps
