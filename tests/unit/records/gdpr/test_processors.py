"""The record of Article 30(2) names the controllers that a processor works for, and who works for it."""

from __future__ import annotations

import pytest

from tests.unit.records.small import column, questions, review
from threatmodel.records import Record, processing_record

PAYROLL = """
parties:
  payroll: {own: true, jurisdiction: DE, gdpr: processor, OURS, contacts: {privacy: p@x, dpo: d@x}}
  employer: {jurisdiction: AT, gdpr: controller, THEIRS, contacts: {privacy: e@x}}
  cloud: {jurisdiction: DE, gdpr: processor, agreements: {type: dpa, with: payroll, date: 2026-01-01}}
  tax-office: {jurisdiction: DE, gdpr: controller, agreements: []}
purposes: {pay: {title: Paying wages}}
data: {wage: {categories: personal, subjects: worker, purposes: pay}}
actors: {worker: {}, hr: {party: employer}}
services: {app: {}, vm: {party: cloud}, taxes: {party: tax-office}}
flows:
  - {from: hr, to: app, data: wage}
  - {from: app, to: [vm, taxes], sends: wage}
"""
DPA = "agreements: {type: dpa, with: %s, date: 2026-01-01}"
GIVES = "employer: gives it personal data; no data processing agreement is in force"


def of(text: str) -> Record:
    found = review(text)
    return processing_record(found.graph, found.assess())


def payroll(ours: str = "title: payroll", theirs: str = "title: employer") -> str:
    return PAYROLL.replace("OURS", ours).replace("THEIRS", theirs)


def cell(text: str, name: str, party: str = "payroll") -> list[str]:
    return column(of(text), name)[party]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(DPA % "employer", "title: employer"), ("title: payroll", DPA % "payroll")],
)
def test_the_controller_of_an_agreement_on_either_side_is_named(ours: str, theirs: str) -> None:
    text = payroll(ours, theirs)
    assert cell(text, "On behalf of") == ["employer", "e@x"]
    assert cell(text, "Categories of processing") == ["Paying wages"]
    assert questions(of(text)) == []


def test_processors_that_work_for_us_are_no_controllers_of_ours() -> None:
    assert cell(payroll(DPA % "employer"), "Sub-processors") == ["cloud"]
    assert cell(payroll(DPA % "employer"), "Other recipients") == ["tax-office (controller)"]


def test_a_controller_that_gives_data_without_a_contract_is_named_and_asked_about() -> None:
    (gives, ask, contact) = cell(payroll(), "On behalf of")
    assert (gives, contact) == (GIVES, "e@x")
    assert ask == "does payroll process data for employer, and by which contract (Article 28(3))?"
    assert ask in questions(of(payroll()))


def test_an_agreement_that_ended_binds_nobody() -> None:
    ended = "agreements: {type: dpa, with: employer, date: 2024-01-01, until: 2025-01-01}"
    assert cell(payroll(ended), "On behalf of")[0] == GIVES


def test_without_any_controller_it_is_asked_for_whom_the_processor_works() -> None:
    text = payroll().replace("  - {from: hr, to: app, data: wage}\n", "")
    assert cell(text, "On behalf of") == ["for which controllers does payroll process data?"]


def test_who_gives_data_and_does_not_say_what_it_is_is_asked() -> None:
    text = payroll(DPA % "employer").replace(
        "hr: {party: employer}", "hr: {party: employer}, x: {party: firm}"
    )
    text = text.replace("  tax-office:", "  firm: {}\n  tax-office:")
    text = text.replace("{from: hr,", "{from: [hr, x],")
    assert "what is firm (`firm`) under the GDPR?" in cell(text, "On behalf of")


def test_contact_officer_and_representative_have_their_cells() -> None:
    assert cell(payroll(), "Data protection officer") == ["d@x"]
    outside = payroll().replace("own: true, jurisdiction: DE", "own: true, jurisdiction: US")
    asked = "who represents payroll in the Union, if Article 27 asks for it?"
    assert cell(outside, "Representative") == [asked]
    silent = payroll().replace(", contacts: {privacy: e@x}", "")
    assert "whom does one write to at employer about privacy?" in questions(of(silent))


def test_a_sub_processor_without_a_contract_is_asked_for_one() -> None:
    text = payroll().replace("agreements: {type: dpa, with: payroll, date: 2026-01-01}", "agreements: []")
    ask = "under which contract does cloud (`cloud`) process data (Article 28(4))?"
    assert cell(text, "Sub-processors") == ["cloud", ask]


GROUP = """
parties:
  main: {own: true, jurisdiction: DE, gdpr: processor}
  desk: {own: true, jurisdiction: DE, gdpr: processor, agreements: {type: dpa, with: main}}
  client: {jurisdiction: DE, gdpr: controller, agreements: {type: dpa, with: main}}
data: {wage: {categories: personal}}
services: {pay: {party: main}, help: {party: desk}}
flows: [{from: pay, to: help, FLOW: wage}]
"""


@pytest.mark.parametrize("flow", ["sends", "data"])
def test_a_processor_engaged_by_another_works_for_its_controllers(flow: str) -> None:
    text = GROUP.replace("FLOW", flow)
    assert cell(text, "On behalf of", "desk") == ["client, through main"]
    assert cell(text, "Sub-processors", "main") == ["desk"]
    assert cell(text, "Sub-processors", "desk") == ["none"]


def test_an_outside_processor_that_only_gives_data_is_asked_for_its_controllers() -> None:
    text = (
        payroll(DPA % "agency")
        .replace("employer", "agency")
        .replace("gdpr: controller, title", "gdpr: processor, title")
    )
    text = text.replace("data: wage}", "sends: wage}")
    assert cell(text, "On behalf of") == ["for which controllers does agency engage payroll?"]
    assert cell(text, "Sub-processors") == ["cloud"]
