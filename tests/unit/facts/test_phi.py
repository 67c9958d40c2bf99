"""Health information is what is called so, genetic data, and perhaps what identifies a patient."""

from __future__ import annotations

import pytest

from threatmodel.api import Library, parse
from threatmodel.facts import fact
from threatmodel.facts.fact import FALSE, TRUE
from threatmodel.facts.phi import health
from threatmodel.graph import SystemGraph
from threatmodel.logic import UNKNOWN, Value
from threatmodel.source import parse as parse_text

LIBRARY = Library()
WORLD = """
threatmodel: 1
name: t
parties: {us: {own: true, hipaa: provider}, vendor: {hipaa: none}, stranger: {hipaa: none}}
purposes:
  care: {hipaa_use: treatment}
  bill: {hipaa_use: payment}
  mail: {hipaa_use: operations}
  unsaid:
actors: {patient: , nurse: {party: us}, temp: {party: vendor}}
data: {x: {CATEGORIES}, part: {derived_from: x, transform: selection}}
services: {app: , out: {party: vendor}, far: {party: stranger}}
flows: [{from: app, to: out, sends: x}, {from: app, to: far, sends: []}]
"""


def world(said: str) -> SystemGraph:
    text = WORLD.replace("CATEGORIES", said)
    return parse(parse_text(text, "m.yaml"), LIBRARY, "2026-06-01").graph


CASES = (
    ("categories: [personal, health]", True),
    ("categories: genetic, purposes: mail", True),
    ("categories: contact, purposes: care", None),
    ("categories: [personal, financial], purposes: [mail, bill]", None),
    ("categories: contact", None),  # for what, nobody says
    ("categories: contact, purposes: unsaid", None),
    ("categories: contact, purposes: mail", False),
    ("categories: contact, purposes: []", False),
    ("categories: contact, purposes: care, subjects: nurse", False),  # records of an employer
    ("categories: contact, purposes: care, subjects: [nurse, patient]", None),
    ("categories: contact, purposes: care, subjects: temp", None),  # not of our workforce, for all we know
    ("categories: contact, purposes: care, subjects: []", None),
    ("categories: keys, purposes: care", False),
    ("categories: []", False),
    ("retention: P1Y", None),
)


@pytest.mark.parametrize(("said", "expected"), CASES)
def test_what_makes_an_asset_health_information(said: str, expected: bool | None) -> None:
    found = health(world(said))
    assert (found["x"], found["part"]) == (expected, expected)


def value(graph: SystemGraph, name: str, party: str) -> Value:
    asked = fact("party", name)
    assert asked
    return asked.value(graph, graph.subject("party", party))


def test_what_a_covered_entity_gives_to_a_party_is_phi_there_whatever_the_party_calls_itself() -> None:
    graph = world("categories: genetic")
    assert value(graph, "data.phi", "vendor") == TRUE
    assert value(graph, "data.phi", "stranger") == FALSE
    assert value(world("categories: contact"), "data.phi", "vendor") == UNKNOWN
