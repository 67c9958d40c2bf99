"""An agreement counts with everyone who needs it, while it is in force, and where its law has room for it."""

from __future__ import annotations

import pytest

from threatmodel.api import Library, parse
from threatmodel.facts import fact
from threatmodel.logic import Members
from threatmodel.source import parse as parse_text

LIBRARY = Library()
ONE = "us: {own: true, gdpr: controller}"
TWO = "de: {own: true, gdpr: controller, hipaa: none}, us: {own: true, gdpr: none, hipaa: provider}"
BOTH = "de: {own: true, gdpr: controller, hipaa: none}, at: {own: true, gdpr: controller}"
OPEN = "de: {own: true, gdpr: controller}, at: {own: true}"
SENT = "{from: d, to: x, sends: a}, {from: u, to: x, sends: b}"


def of(
    own: str,
    them: str,
    flows: str = "{from: s, to: x, sends: a}",
    services: str = "s: ",
    other: str = "other: ",
) -> Members:
    """The types of agreement that count with the party `them`."""
    text = (
        f"threatmodel: 1\nname: t\nparties: {{{own}, them: {{{them}}}, {other}}}\n"
        f"data: {{a: {{categories: health}}, b: {{categories: health}}}}\n"
        f"services: {{{services}, x: {{party: them}}}}\nflows: [{flows}]\n"
    )
    graph = parse(parse_text(text, "m.yaml"), LIBRARY, "2026-06-01").graph
    asked = fact("party", "agreements")
    assert asked
    found = asked.value(graph, graph.subject("party", "them"))
    assert isinstance(found, Members)
    return found


def known(*words: str) -> Members:
    return Members(frozenset(words), frozenset(words))


def perhaps(word: str) -> Members:
    return Members(frozenset(), frozenset({word}))


@pytest.mark.parametrize(
    ("them", "expected"),
    [
        ("agreements: []", known()),
        (
            "agreements: [{type: dpa}, {type: scc, until: 2026-05-31}, {type: bcr, date: 2026-06-02}]",
            known("dpa"),
        ),
        ("jurisdiction: US, agreements: {type: adequacy}", known("adequacy")),
        ("jurisdiction: [DE, CH], agreements: {type: adequacy}", known("adequacy")),
        ("jurisdiction: IN, agreements: {type: adequacy}", known()),
        ("jurisdiction: [CH, IN], agreements: [{type: adequacy}, {type: scc}]", known("scc")),
        ("agreements: {type: adequacy}", perhaps("adequacy")),
        ("agreements: {type: derogation}", perhaps("derogation")),  # for a standing flow?
    ],
)
def test_an_agreement_counts_while_it_is_in_force_and_adequacy_where_it_was_decided(
    them: str, expected: Members
) -> None:
    assert of(ONE, them) == expected


@pytest.mark.parametrize(
    ("own", "agreements", "expected"),
    [
        (TWO, "{type: baa, with: us}", known("baa")),
        (TWO, "{type: baa, with: de}", known()),
        (TWO, "{type: dpa, with: de}", known("dpa")),
        (TWO, "{type: dpa, with: us}", known()),
        (TWO, "{type: baa, with: other}", known()),
        (TWO, "{type: other, with: us}", known("other")),
        (BOTH, "{type: dpa, with: de}", known()),
        (BOTH, "[{type: dpa, with: de}, {type: dpa, with: at}]", known("dpa")),
        (BOTH, "{type: baa, with: de}", perhaps("baa")),
        (OPEN, "{type: dpa, with: de}", perhaps("dpa")),
    ],
)
def test_of_several_own_parties_each_that_the_law_concerns_needs_an_agreement(
    own: str, agreements: str, expected: Members
) -> None:
    first, second = (name.strip().split(":")[0] for name in own.split("}, "))
    services = f"d: {{party: {first}}}, u: {{party: {second}}}"
    assert of(own, f"agreements: {agreements}", SENT, services) == expected


def test_an_own_party_whose_data_go_elsewhere_needs_none() -> None:
    services = "d: {party: de}, u: {party: at}"
    assert of(BOTH, "agreements: {type: dpa, with: de}", "{from: d, to: x, sends: a}", services) == known(
        "dpa"
    )


def test_whoever_only_has_the_same_data_needs_none() -> None:
    flows = "{from: d, to: u, sends: a}, {from: d, to: x, sends: a}"
    services = "d: {party: de}, u: {party: at}"
    assert of(BOTH, "agreements: {type: dpa, with: de}", flows, services) == known("dpa")


def test_whoever_may_give_it_the_data_leaves_it_open() -> None:
    flows, services = "{from: d, to: x, sends: a}, {from: v, to: x}", "d: {party: de}, v: {party: at}"
    assert of(BOTH, "agreements: {type: dpa, with: de}", flows, services) == perhaps("dpa")


CHAIN = "{from: s, to: o, sends: a}, {from: o, to: x, sends: a}"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("{type: baa, with: other}", known("baa")),
        ("{type: baa, with: us}", known()),
        ("{type: dpa, with: us}", perhaps("dpa")),  # nobody says whether the law concerns `other`
        ("{type: scc, with: us}", known("scc")),  # of ours, for what is passed on
        ("{type: scc, with: other}", known("scc")),
    ],
)
def test_a_subcontractor_is_bound_to_whom_it_works_for(said: str, expected: Members) -> None:
    own = "us: {own: true, gdpr: controller, hipaa: provider}"
    roles = "other: {hipaa: business-associate}"
    assert of(own, f"agreements: {said}", CHAIN, "s: , o: {party: other}", roles) == expected
