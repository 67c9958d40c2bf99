"""Every copy of personal data is held against the scenarios that declare a right."""

from __future__ import annotations

import pytest

from tests.unit.records.small import column, graph, questions
from threatmodel.records import Record, rights_record

CLUB = """
parties:
  club: {own: true, gdpr: controller}
  mill: {gdpr: processor}
  bank: {gdpr: controller}
purposes: {membership: {legal_basis: contract}, safety: {legal_basis: legitimate-interests}}
data:
  member: {categories: personal, subjects: person, purposes: membership, retention: P3Y}
  trace: {categories: personal, subjects: person, purposes: safety, retention: P30D}
actors: {person: {human: true}}
services:
  web: {}
  printer: {party: mill}
  payments: {party: bank}
stores:
  members: {kind: relational-database, holds: member}
  copy: {kind: cache, holds: member}
  nightly: {kind: backup-store, holds: member, retention: P90D}
  journal: {kind: log-store, holds: trace}
  prices: {kind: relational-database, holds: []}
flows:
  - {from: person, to: web, data: member}
  - {from: web, to: members, data: member}
  - {from: web, to: copy, data: member}
  - {from: web, to: printer, sends: member}
  - {from: web, to: payments, sends: member}
  - {from: web, to: journal, sends: trace}
scenarios:
  leave: {title: A member leaves, rights: erasure, steps: [person->web, web->members]}
"""


def of(text: str = CLUB) -> Record:
    return rights_record(graph(text))


def test_objection_and_withdrawal_are_asked_where_the_basis_gives_them() -> None:
    objection = column(of(), "Objection (Article 21)")
    assert objection["journal"] == ["no procedure declared"]
    assert objection["members"][0].startswith("not asked, save of direct marketing: ")
    assert objection["payments"] == ["asked of that controller"]
    withdrawal = "Withdrawal of consent (Article 7(3))"
    assert column(of(), withdrawal)["members"] == ["not asked: nothing rests on consent"]
    assert "which scenario carries out the right of withdrawal of consent?" not in questions(of())
    assert "which scenario carries out the right of objection?" in questions(of())
    consent = CLUB.replace("legal_basis: contract", "legal_basis: consent")
    consent += "  stop: {title: A member says no, rights: withdrawal, steps: [web->members]}\n"
    assert column(of(consent), withdrawal)["members"] == ["A member says no"]
    assert column(of(consent), withdrawal)["copy"] == ["not touched"]


@pytest.mark.parametrize(
    ("purpose", "categories", "asked"),
    [
        ("{}", "personal", True),
        ("{legal_basis: contract}", "personal", False),
        ("{legal_basis: contract}", "health", True),
        ("{legal_basis: contract, condition: explicit-consent}", "health", True),
        ("{legal_basis: contract, condition: health-care}", "health", False),
    ],
)
def test_consent_to_special_categories_can_be_withdrawn_as_well(
    purpose: str, categories: str, asked: bool
) -> None:
    text = CLUB.replace("membership: {legal_basis: contract}", f"membership: {purpose}")
    text = text.replace("member: {categories: personal", f"member: {{categories: {categories}")
    (said,) = column(of(text), "Withdrawal of consent (Article 7(3))")["members"]
    assert (said == "no procedure declared") is asked


def test_all_that_keeps_the_data_is_a_copy_and_nothing_else_is() -> None:
    copies = {"members", "copy", "nightly", "journal", "printer", "payments"}
    assert column(of(), "Data").keys() == copies


def test_a_right_reaches_what_its_scenario_touches() -> None:
    erased = column(of(), "Erasure (Article 17)")
    assert erased == {
        "members": ["A member leaves"],
        "copy": ["not touched"],
        "nightly": ["not touched"],
        "journal": ["not touched"],
        "printer": ["not touched"],
        "payments": ["to be told: not touched"],
    }


def test_a_right_that_no_scenario_declares_is_asked_for() -> None:
    assert column(of(), "Access (Article 15)")["members"] == ["no procedure declared"]
    assert "which scenario carries out the right of access?" in questions(of())
    assert "which scenario carries out the right of erasure?" not in questions(of())


def test_portability_is_asked_only_where_consent_or_contract_is_the_basis() -> None:
    portable = column(of(), "Portability (Article 20)")
    assert portable["members"] == ["no procedure declared"]
    assert portable["journal"] == ["not asked: neither consent nor contract is the basis"]


def test_a_copy_says_what_it_is_and_how_long_it_is_kept() -> None:
    sorts = column(of(), "What it is")
    assert [sorts[n] for n in ("members", "copy", "nightly", "journal")] == [
        ["Relational database"],
        ["cache"],
        ["backup"],
        ["log"],
    ]
    assert column(of(), "Kept for")["nightly"] == ["90 days"]
    assert column(of(), "Kept for")["members"] == ["member: 3 years"]


def test_a_store_that_does_not_say_what_it_holds_counts_by_what_it_is_sent_and_is_asked() -> None:
    silent = of(CLUB.replace("{kind: cache, holds: member}", "{kind: cache}"))
    assert column(silent, "Data")["copy"] == ["member"]
    assert "what does `copy` hold?" in questions(silent)
