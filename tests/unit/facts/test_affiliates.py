"""Personal data that reach a sister company are told, by whatever way; what only comes from it is not."""

from __future__ import annotations

import pytest

from threatmodel.api import Library, parse
from threatmodel.facts import fact
from threatmodel.facts.affiliates import givers
from threatmodel.graph import SystemGraph
from threatmodel.logic import Members
from threatmodel.source import parse as parse_text

LIBRARY = Library()
WORLD = """
threatmodel: 1
name: t
parties: {de: {own: true, gdpr: controller}, us: {own: true, gdpr: none AGREED}, vendor: , carrier: }
data:
  order: {categories: personal}
  part: {derived_from: order, transform: selection, categories: personal}
  count: {derived_from: order, transform: aggregation, categories: []}
  price: {categories: []}
  blank:
boundaries: {rack: {party: de, provider: us}, hall: {party: vendor, provider: us}}
actors: {buyer: , clerk: {party: us}}
services: {web: {party: de}, report: {party: us}, hub: {party: vendor}, hosted: {boundary: hall}, nobody: }
"""


def world(more: str, agreed: str = "") -> SystemGraph:
    text = WORLD.replace(" AGREED", agreed and f", {agreed}") + more
    return parse(parse_text(text, "m.yaml"), LIBRARY, "2026-06-01").graph


WAYS = (
    ("flows: [{from: web, to: report, sends: order}]", True, False),
    ("flows: [{from: report, to: web, returns: order}]", True, False),
    ("flows: [{from: report, to: web, sends: order}]", False, False),  # to us, not from us
    ("flows: [{from: web, to: report, sends: [price, count]}]", False, False),
    ("flows: [{from: web, to: report, sends: blank}]", False, True),  # of which category?
    ("flows: [{from: web, to: report}]", False, True),
    ("flows: [{from: web, to: clerk, sends: order}]", True, False),  # an employee of the other company
    ("flows: [{from: web, to: hub, sends: order}, {from: hub, to: report, sends: order}]", True, False),
    ("flows: [{from: web, to: hub, sends: order}, {from: hub, to: report, sends: part}]", True, False),
    ("flows: [{from: web, to: hub, sends: order}, {from: hub, to: report, sends: count}]", False, False),
    ("flows: [{from: web, to: hub, sends: price}, {from: hub, to: report, sends: order}]", False, False),
    ("flows: [{from: web, to: hub, sends: order}, {from: hub, to: report}]", False, True),
    ("flows: [{from: web, to: hub}, {from: hub, to: report, sends: order}]", False, True),
    ("flows: [{from: web, to: hub, sends: order}, {from: report, to: hub, sends: order}]", False, False),
    (
        "flows: [{from: web, to: buyer, sends: order}, {from: buyer, to: report, sends: order}]",
        False,
        False,
    ),
    ("flows: [{from: web, to: hosted, sends: order}]", True, False),  # on its machines
    ("flows: []\nstores: {db: {boundary: rack, holds: order}}", True, False),
    ("flows: []\nstores: {db: {boundary: rack, holds: price}}", False, False),
    ("flows: []\nstores: {db: {boundary: rack}}", False, True),
    ("flows: []\nstores: {db: {party: us, holds: order}, own: {party: de, holds: order}}", False, False),
    ("flows: [{from: nobody, to: report, sends: order}]", False, True),  # whose is it?
    ("flows: [{from: web, to: nobody, sends: order}]", False, True),
)
"""What a model says besides, and whether data of `de` reach `us` for sure or perhaps."""


@pytest.mark.parametrize(("more", "sure", "perhaps"), WAYS)
def test_from_whom_personal_data_reach_a_company(more: str, sure: bool, perhaps: bool) -> None:
    found = [[p.id for p in parties] for parties in givers(world(more), "us")]
    assert found == [["de"] if sure else [], ["de"] if perhaps else []]


def test_neither_strangers_nor_an_only_company_have_sisters() -> None:
    sent = "flows: [{from: web, to: [hub, report], sends: order}]"
    assert givers(world(sent), "vendor") == ([], [])
    alone = "threatmodel: 1\nname: t\nservices: {a: , b: }\nflows: [{from: a, to: b}]\n"
    graph = parse(parse_text(alone, "m.yaml"), LIBRARY, "2026-06-01").graph
    assert givers(graph, "") == ([], [])


def agreeing(ours: str, theirs: str) -> str:
    """The model in which personal data reach a company, with what each says of agreements."""
    text = WORLD.replace(" AGREED", ours and f", {ours}").replace(
        "gdpr: controller}", f"gdpr: controller{theirs and f', {theirs}'}}}"
    )
    return text + "flows: [{from: web, to: report, sends: order}]"


AGREED: tuple[tuple[str, str, set[str], set[str] | None], ...] = (
    ("agreements: {type: scc, with: de}", "", {"scc"}, {"scc"}),
    ("", "agreements: {type: bcr, with: us}", {"bcr"}, None),
    ("agreements: []", "agreements: {type: scc, with: us}", {"scc"}, {"scc"}),
    ("agreements: {type: scc, with: vendor}", "", set(), set()),
    ("agreements: {type: scc, with: de, until: 2026-05-31}", "", set(), set()),
    ("agreements: []", "agreements: {type: scc, with: vendor}", set(), set()),
    ("jurisdiction: IN, agreements: {type: adequacy, with: de}", "", set(), set()),
    ("jurisdiction: US, agreements: {type: adequacy, with: de}", "", {"adequacy"}, {"adequacy"}),
    ("agreements: {type: adequacy, with: de}", "", set(), {"adequacy"}),
    ("", "", set(), None),
)
"""What each of two companies says of agreements, and which of them count."""


@pytest.mark.parametrize(("ours", "theirs", "certain", "possible"), AGREED)
def test_an_agreement_between_two_of_ours_counts_on_whichever_it_stands(
    ours: str, theirs: str, certain: set[str], possible: set[str] | None
) -> None:
    graph = parse(parse_text(agreeing(ours, theirs), "m.yaml"), LIBRARY, "2026-06-01").graph
    asked = fact("party", "sister.agreements")
    assert asked
    found = [asked.value(graph, graph.subject("party", p)) for p in ("us", "vendor")]
    assert found == [
        Members(frozenset(certain), None if possible is None else frozenset(possible)),
        Members(frozenset(), frozenset()),
    ]
