"""HIPAA's records: business associates by reach, minimum necessary, disclosures, addressable decisions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.records.small import DAY, LIBRARY, column, entries, graph, questions
from threatmodel.api import load
from threatmodel.records import Record, addressable_record, associates, disclosures, minimum_necessary

CLINIC = """
parties:
  clinic: {own: true, hipaa: provider}
  vendor: {hipaa: business-associate, AGREEMENTS}
purposes:
  cure: {hipaa_use: treatment}
  bill: {hipaa_use: payment}
data:
  chart: {categories: [personal, health], subjects: patient, purposes: [cure, bill]}
  claim: {derived_from: chart, transform: selection, purposes: bill}
  price: {categories: []}
actors: {patient: {human: true}}
services:
  records: {}
  billing: {party: vendor, purposes: bill, needs: claim}
flows:
  - {from: patient, to: records, data: chart}
  - {from: records, to: billing, sends: claim}
"""


def clinic(agreements: str = "agreements: []") -> str:
    return CLINIC.replace("AGREEMENTS", agreements)


def states(record: Record) -> dict[str, list[str]]:
    return column(record, "State")


@pytest.mark.parametrize(
    ("agreements", "state"),
    [
        ("agreements: []", "no agreement"),
        ("agreements: {type: dpa}", "no agreement"),
        ("agreements: {type: baa, date: 2026-01-01, ref: baa.pdf}", "agreement in force"),
        ("agreements: {type: baa, date: 2025-01-01, until: 2026-01-01}", "no agreement in force"),
        ("agreements: {type: baa, date: 2027-01-01}", "no agreement in force"),
    ],
)
def test_a_business_associate_needs_an_agreement_in_force(agreements: str, state: str) -> None:
    assert states(associates(graph(clinic(agreements)))) == {"vendor (business associate)": [state]}


def test_an_agreement_without_a_day_or_a_place_is_asked_for_both() -> None:
    assert questions(associates(graph(clinic("agreements: {type: baa}")))) == [
        "since when is the agreement with vendor in force?",
        "where is the agreement with vendor filed?",
    ]


def test_nothing_said_of_agreements_is_a_question() -> None:
    record = associates(graph(CLINIC.replace(", AGREEMENTS", "")))
    assert states(record) == {"vendor (business associate)": ["not known"]}
    assert questions(record) == ["is there an agreement with vendor (`vendor`)?"]


@pytest.mark.parametrize(
    ("role", "purposes", "needed"),
    [
        ("provider", "cure", False),
        ("provider", "[cure, bill]", True),
        ("provider", "bill", True),
        ("health-plan", "cure", True),
        ("business-associate", "cure", True),
    ],
)
def test_a_disclosure_to_a_provider_for_treatment_needs_no_agreement(
    role: str, purposes: str, needed: bool
) -> None:
    text = clinic().replace("hipaa: business-associate", f"hipaa: {role}")
    text = text.replace("purposes: bill, needs: claim", f"purposes: {purposes}")
    text = text.replace("sends: claim", "sends: chart")
    ((state,),) = states(associates(graph(text))).values()
    assert state.startswith("none needed") is not needed


CHAIN = """
parties:
  clinic: {own: true, hipaa: provider}
  biller: {hipaa: business-associate, agreements: {type: baa, date: 2026-01-01, ref: x}}
  printer: {hipaa: subcontractor, agreements: AGREEMENT}
data: {claim: {categories: health}}
services: {records: {}, billing: {party: biller}, letters: {party: printer}}
flows:
  - {from: records, to: billing, sends: claim}
  - {from: billing, to: letters, sends: claim}
"""


@pytest.mark.parametrize(
    ("agreement", "state"),
    [
        ("{type: baa, with: biller, date: 2026-01-01}", "agreement in force"),
        ("{type: baa, with: clinic, date: 2026-01-01}", "agreement in force, but not with biller"),
        ("[]", "no agreement"),
    ],
)
def test_a_subcontractor_answers_to_the_business_associate_that_engages_it(
    agreement: str, state: str
) -> None:
    record = associates(graph(CHAIN.replace("AGREEMENT", agreement)))
    assert states(record)["printer (subcontractor)"] == [state]
    assert column(record, "Agreement with")["printer (subcontractor)"] == ["biller (business associate)"]
    assert column(record, "Path")["printer (subcontractor)"] == [
        "`records` to `billing`",
        "`billing` to `letters`",
    ]


def test_the_provider_of_the_ground_is_a_business_associate_too() -> None:
    record = associates(
        graph("""
parties:
  clinic: {own: true, hipaa: provider}
  cloud: {agreements: []}
data: {chart: {categories: health}}
boundaries: {account: {provider: cloud}}
stores: {charts: {boundary: account, holds: chart}}
""")
    )
    assert states(record) == {"cloud": ["no agreement"]}


TWICE = """
parties:
  clinic: {own: true, hipaa: provider}
  firm: {hipaa: none, agreements: []}
data:
  chart: {categories: health}
  extract: {derived_from: chart, transform: selection}
services: {records: {}, tool: {party: firm}}
stores: {archive: {party: firm, holds: HELD}}
flows:
  - {from: records, to: tool, sends: chart}
  - {from: tool, to: archive, sends: chart}
"""


def test_what_a_recipient_moves_within_its_own_house_is_no_second_way() -> None:
    once = associates(graph(TWICE.replace("HELD", "chart")))
    assert column(once, "Path") == {"firm": ["`records` to `tool`"]}
    more = associates(graph(TWICE.replace("HELD", "extract")))
    assert len(more.sheets[0].entries) == 2


def test_health_data_of_nobody_under_hipaa_are_no_phi() -> None:
    record = associates(graph(clinic().replace("hipaa: provider", "hipaa: none")))
    assert record.sheets == ()


def test_what_is_sent_beyond_the_declared_needs_is_shown() -> None:
    text = clinic().replace("sends: claim", "sends: [claim, chart]")
    assert column(minimum_necessary(graph(text)), "Beyond its needs")["billing"] == ["chart"]
    assert column(minimum_necessary(graph(clinic())), "Beyond its needs")["billing"] == ["nothing"]


def test_needs_that_nobody_declared_are_asked_for_and_the_individual_is_left_out() -> None:
    record = minimum_necessary(graph(clinic()))
    assert questions(record) == ["which data does `records` need?"]
    assert column(record, "Beyond its needs").keys() == {"records", "billing"}


def test_treatment_by_another_provider_is_not_limited() -> None:
    text = clinic().replace("hipaa: business-associate", "hipaa: provider")
    text = text.replace("purposes: bill, needs: claim", "purposes: cure, needs: []").replace(
        "sends: claim", "sends: chart"
    )
    (beyond, exempt) = column(minimum_necessary(graph(text)), "Beyond its needs")["billing"]
    assert beyond == "chart"
    assert exempt.startswith("not limited")


@pytest.mark.parametrize(
    ("use", "counts"),
    [
        ("treatment", "no: treatment (164.528(a)(1)(i))"),
        ("operations", "no: health care operations (164.528(a)(1)(i))"),
        ("public-interest", "yes: public-interest"),
        ("required-by-law", "yes: required-by-law"),
    ],
)
def test_the_use_decides_whether_a_disclosure_is_accounted_for(use: str, counts: str) -> None:
    text = clinic().replace("hipaa_use: payment", f"hipaa_use: {use}")
    assert column(disclosures(graph(text)), "In the accounting") == {"vendor (business associate)": [counts]}


def test_an_unknown_use_is_asked_for() -> None:
    record = disclosures(graph(clinic().replace("bill: {hipaa_use: payment}", "bill: {}")))
    assert column(record, "In the accounting") == {
        "vendor (business associate)": ["not known: no use is declared"]
    }
    assert questions(record) == ["which use under HIPAA is `bill`?"]


def test_every_addressable_specification_has_a_line_with_its_decision_or_the_question(tmp_path: Path) -> None:
    model = tmp_path / "m.yaml"
    model.write_text(f"threatmodel: 1\nname: m\n{clinic()}")
    (tmp_path / "decisions.yaml").write_text("""threatmodel-decisions: 1
requirements:
  - framework: hipaa
    requirement: 164.312(a)(2)(iii)
    decision: alternative
    reason: shared computers
    alternative: badges
    evidence: wards.pdf
    owner: nora
    date: 2026-02-01
    review: 2026-10-01
""")
    review = load(model, LIBRARY, DAY)
    record = addressable_record(review.assess(), review.decisions)
    lines = entries(record)
    assert len(lines) == 22
    (logoff,) = (e for title, e in lines.items() if title.startswith("164.312(a)(2)(iii)"))
    assert [i.text for cell in logoff.cells[1:] for i in cell] == [
        "alternative, was due for review on 2026-10-01",
        "shared computers",
        "badges",
        "nora, 2026-02-01",
        "wards.pdf",
    ]
    assert all(i.span for cell in logoff.cells[1:] for i in cell)
    asked = [q for q in questions(record) if "164.312(a)(2)(iii)" in q]
    assert asked == []
    assert any("164.312(e)(2)(ii)" in q for q in questions(record))


@pytest.mark.parametrize(("alternative", "asks"), [("", True), ("alternative: none is, says nora", False)])
def test_who_refuses_a_specification_is_asked_for_an_equivalent_measure(
    tmp_path: Path, alternative: str, asks: bool
) -> None:
    model = tmp_path / "m.yaml"
    model.write_text(f"threatmodel: 1\nname: m\n{clinic()}")
    (tmp_path / "decisions.yaml").write_text(f"""threatmodel-decisions: 1
requirements:
  - framework: hipaa
    requirement: 164.312(a)(2)(iii)
    decision: not-reasonable-and-appropriate
    reason: shared computers
    owner: nora
    date: 2026-02-01
    {alternative}
""")
    review = load(model, LIBRARY, DAY)
    record = addressable_record(review.assess(), review.decisions)
    found = [q for q in questions(record) if "which equivalent measure, or why none" in q]
    assert bool(found) is asks
