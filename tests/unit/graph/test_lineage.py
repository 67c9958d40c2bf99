"""The trail of a data asset: where it comes in, who keeps it, how it moves, and what is made of it."""

from __future__ import annotations

import pytest

from threatmodel.api import Library, parse
from threatmodel.graph import SystemGraph
from threatmodel.graph.lineage import Trail, lineage, silent_flows
from threatmodel.source import parse as parse_yaml

MODEL = """\
data:
  record: {categories: [personal, health]}
  order: {derived_from: record, transform: selection, categories: [personal, health]}
  figure: {derived_from: order, transform: aggregation, categories: []}
  other: {categories: []}
actors: {patient: }
services: {web: , lab: , board: }
stores: {ehr: {holds: record}}
flows:
  - {from: patient, to: web, sends: record}
  - {from: web, to: ehr, data: record}
  - {from: lab, to: web, returns: order}
  - {from: lab, to: board, sends: figure}
  - {from: board, to: lab, sends: figure}
  - {from: board, to: web}
"""


@pytest.fixture(scope="module")
def graph() -> SystemGraph:
    return parse(parse_yaml(MODEL, "m.yaml"), Library(), "2026-01-01", fragment=True).graph


def _names(graph: SystemGraph, elements: tuple[int, ...]) -> list[str]:
    return [graph.elements[e] for e in elements]


def _moves(graph: SystemGraph, trail: Trail) -> list[tuple[str, str]]:
    return [(graph.elements[m.giver], graph.elements[m.taker]) for m in trail.moves]


def test_an_asset_is_followed_from_where_it_comes_in(graph: SystemGraph) -> None:
    record = lineage(graph, "record")[0]
    assert (record.asset, record.depth) == ("record", 0)
    assert _names(graph, record.origins) == ["patient"]
    assert _names(graph, record.kept) == ["ehr"]
    assert _names(graph, record.passing) == ["web"]
    assert _moves(graph, record) == [("patient", "web"), ("web", "ehr"), ("ehr", "web")]


def test_what_is_derived_follows_and_moves_against_the_connection_where_it_is_returned(
    graph: SystemGraph,
) -> None:
    trails = lineage(graph, "record")
    assert [(t.asset, t.depth) for t in trails] == [("record", 0), ("order", 1), ("figure", 2)]
    assert _moves(graph, trails[1]) == [("web", "lab")]


def test_what_goes_in_a_circle_is_made_where_its_source_arrives(graph: SystemGraph) -> None:
    figure = lineage(graph, "figure")[0]
    assert _names(graph, figure.origins) == ["lab"]
    assert len(figure.moves) == 2


def test_flows_that_do_not_say_what_they_carry_are_told(graph: SystemGraph) -> None:
    assert [graph.flows[i].id for i in silent_flows(graph)] == ["board->web"]
    assert lineage(graph, "other") == (Trail("other", 0, (), (), (), ()),)


AGENTS = """
data: {page: , prompt: {derived_from: page, transform: combination}, order: }
actors: {author: }
services:
  fetcher: {kind: api}
  helper: {kind: ai-agent}
  second: {kind: ai-agent}
  bystander: {kind: ai-agent}
  model: {kind: ai-model}
  desk: {kind: api}
  refund: {kind: api}
  mail: {kind: api}
stores: {notes: {holds: order}}
flows:
  - {from: author, to: fetcher, sends: page}
  - {from: helper, to: fetcher, sends: [], returns: page}
  - {from: helper, to: model, data: prompt}
  - {from: desk, to: model, data: []}
  - {from: helper, to: refund, sends: order}
  - {from: helper, to: second, data: []}
  - {from: second, to: [mail, helper], data: []}
  - {from: bystander, to: refund, sends: []}
  - {from: refund, to: notes, sends: order}
"""


def test_what_an_agent_reads_may_steer_all_that_it_calls() -> None:
    graph = parse(parse_yaml(AGENTS, "m.yaml"), Library(), "2026-01-01", fragment=True).graph
    found = lineage(graph, "page")[0].steers
    assert {(graph.elements[s.element], graph.elements[s.agent]) for s in found} == {
        ("fetcher", "helper"),
        ("refund", "helper"),
        ("second", "helper"),
        ("mail", "second"),  # the second agent reads what the first one tells it
        ("helper", "second"),
    }
    assert all(graph.elements[s.agent] == graph.flows[s.flow].source for s in found)


def test_what_a_model_reads_steers_the_agents_that_ask_it_and_nothing_steers_without_them() -> None:
    text = AGENTS.replace("helper, to: model, data: prompt", "helper, to: model, data: []")
    text = text.replace("desk, to: model, data: []", "desk, to: model, data: prompt")
    graph = parse(parse_yaml(text, "m.yaml"), Library(), "2026-01-01", fragment=True).graph
    assert {graph.elements[s.agent] for s in lineage(graph, "prompt")[0].steers} == {"helper", "second"}
    tame = parse(
        parse_yaml(text.replace("ai-agent", "api"), "m.yaml"), Library(), "2026-01-01", fragment=True
    )
    assert all(trail.steers == () for trail in lineage(tame.graph, "page"))


def test_who_brings_an_asset_in_may_get_it_back_beside_others_that_only_give_it() -> None:
    text = """
data: {ticket: }
actors: {user: }
services: {desk: , mail: }
flows:
  - {from: user, to: desk, data: ticket}
  - {from: desk, to: mail, returns: ticket}
"""
    found = parse(parse_yaml(text, "m.yaml"), Library(), "2026-06-01", fragment=True).graph
    (trail,) = lineage(found, "ticket")
    assert _names(found, trail.origins) == ["mail", "user"]
