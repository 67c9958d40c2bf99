"""What PHI are used for is asked of each datum, and decides on agreements and on the accounting."""

from __future__ import annotations

import pytest

from tests.unit.records.small import column, graph, questions
from threatmodel.records import Record, associates, disclosures, minimum_necessary

SENT = """
parties:
  clinic: {own: true, hipaa: provider}
  other: {hipaa: ROLE, agreements: [AGREEMENTS]}
purposes:
  cure: {hipaa_use: treatment}
  use: {hipaa_use: USE}
data:
  case: {categories: [health], purposes: MAY}
  MORE
services: {records: {}, taker: {party: other, WORKS}}
flows: [{from: records, to: taker, sends: SENDS}]
"""


def sent(
    use: str,
    role: str = "none",
    may: str = "use",
    works: str = "title: taker",
    agreements: str = "",
    more: str = "{}",
    sends: str = "case",
) -> str:
    words = {
        "USE": use,
        "ROLE": role,
        "MAY": may,
        "WORKS": works,
        "AGREEMENTS": agreements,
        "  MORE": "" if more == "{}" else f"  {more}",
        "SENDS": sends,
    }
    text = SENT
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def first(record: Record, name: str) -> list[str]:
    (cell,) = column(record, name).values()
    return cell


def test_a_use_that_the_data_do_not_allow_exempts_from_nothing_and_is_asked_about() -> None:
    text = sent("public-interest", role="provider", works="purposes: cure, needs: []")
    ask = "for what does `taker` get `case`, as it works for nothing that this may be used for?"
    for record in (associates(graph(text)), disclosures(graph(text))):
        assert ask in questions(record)
    assert first(disclosures(graph(text)), "In the accounting") == ["not known: no use is declared"]
    assert first(associates(graph(text)), "State") == ["no agreement"]
    (beyond,) = column(minimum_necessary(graph(text)), "Beyond its needs")["taker"]
    assert beyond == "case"


def test_the_use_of_one_datum_says_nothing_about_another() -> None:
    text = sent(
        "authorization",
        works="purposes: use",
        may="[cure]",
        more="sample: {categories: [health], purposes: use}",
        sends="[case, sample]",
    )
    assert first(disclosures(graph(text)), "In the accounting") == [
        "not known: no use is declared: case",
        "no: under an authorization (164.528(a)(1)(iv)): sample",
    ]
    assert first(associates(graph(text)), "State") == ["no agreement"]


def test_data_that_do_not_say_what_they_may_be_used_for_are_asked_about_whatever_the_element_does() -> None:
    text = sent("authorization", works="purposes: use").replace(", purposes: use}\n", "}\n")
    assert questions(disclosures(graph(text))) == ["for what may `case` be used?"]
    assert first(disclosures(graph(text)), "In the accounting") == ["not known: no use is declared"]


@pytest.mark.parametrize(
    ("use", "role", "state"),
    [
        ("payment", "health-plan", "none needed: payment, to a health plan (164.506(c))"),
        ("payment", "none", "no agreement"),
        ("required-by-law", "none", "none needed: required by law (164.512(a))"),
        ("public-interest", "none", "none needed: public interest (164.512(b) to (l))"),
        (
            "individual",
            "none",
            "none needed: at the request of the individual (164.502(a)(1)(i), 164.524(c)(3)(ii))",
        ),
        ("authorization", "none", "none needed: under an authorization (164.508)"),
        ("authorization", "business-associate", "no agreement"),
        ("operations", "none", "no agreement"),
        ("limited-data-set", "none", "no data use agreement (164.514(e)(4))"),
    ],
)
def test_who_gets_phi_on_a_ground_of_its_own_needs_no_agreement(use: str, role: str, state: str) -> None:
    record = associates(graph(sent(use, role)))
    assert first(record, "State") == [state]
    if state.startswith("none needed"):
        assert first(record, "Agreement with") == [f"nobody: {use}"]


def test_every_use_needs_its_ground() -> None:
    mixed = sent("operations", may="[use, use2]").replace(
        "  use:", "  use2: {hipaa_use: authorization}\n  use:"
    )
    assert first(associates(graph(mixed)), "State") == ["no agreement"]


def test_who_does_not_say_what_it_is_may_still_work_for_us() -> None:
    silent = sent("authorization").replace("hipaa: none, ", "")
    record = associates(graph(silent))
    assert first(record, "State") == ["not known"]
    assert questions(record) == ["what is other (`other`) under HIPAA: does it do this for us?"]
    bound = silent.replace("agreements: []", "agreements: [{type: baa, date: 2026-01-01, ref: x}]")
    assert first(associates(graph(bound)), "State") == ["agreement in force"]


def test_a_data_use_agreement_is_no_business_associate_agreement() -> None:
    text = sent("operations", "business-associate", agreements="{type: dua, date: 2026-01-01, ref: x}")
    assert first(associates(graph(text)), "State") == ["no agreement"]


DUA = "{type: dua, date: 2026-01-01, ref: x}"


@pytest.mark.parametrize(
    ("agreements", "categories", "said"),
    [
        (DUA, "health", ["no: part of a limited data set (164.528(a)(1)(viii))"]),
        ("", "health", ["is there a data use agreement with other (`other`) in force (164.514(e)(4))?"]),
        (
            DUA,
            "health, contact, biometric",
            ["is `case`, of the categories contact, biometric, free of direct identifiers (164.514(e)(2))?"],
        ),
        (
            "{type: dua, date: 2024-01-01, until: 2025-01-01}",
            "health",
            ["is there a data use agreement with other (`other`) in force (164.514(e)(4))?"],
        ),
    ],
)
def test_a_limited_data_set_needs_an_agreement_and_no_direct_identifiers(
    agreements: str, categories: str, said: list[str]
) -> None:
    text = sent("limited-data-set", agreements=agreements).replace("[health]", f"[{categories}]")
    record = disclosures(graph(text))
    assert first(record, "In the accounting") == said
    assert questions(record) == [s for s in said if s.endswith("?")]
    if "contact" in categories:
        assert questions(associates(graph(text))) == said


def test_what_goes_to_another_for_the_individual_is_not_exempt_by_itself() -> None:
    (said,) = first(disclosures(graph(sent("individual"))), "In the accounting")
    assert said.startswith("to decide: ")


HOSTED = """
parties:
  clinic: {own: true, hipaa: provider}
  cloud: {ROLE}
purposes: {report: {hipaa_use: required-by-law}}
data: {case: {categories: health, purposes: report}}
boundaries: {account: {provider: cloud}}
stores: {charts: {boundary: account, holds: case}}
"""
KEPT = HOSTED.replace("{boundary: account, holds", "{party: cloud, holds")
OPERATIONS = "no: health care operations, kept for us by a business associate (164.528(a)(1)(i))"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HOSTED.replace("ROLE", "hipaa: business-associate"), OPERATIONS),
        (KEPT.replace("ROLE", "hipaa: subcontractor"), OPERATIONS),
        (HOSTED.replace("ROLE", ""), "is cloud (`cloud`), which keeps PHI for us, a business associate?"),
        (KEPT.replace("ROLE", "hipaa: none"), "yes: required-by-law"),
        (
            KEPT.replace("ROLE", "hipaa: business-associate").replace("holds", "purposes: report, holds"),
            "yes: required-by-law",
        ),
    ],
)
def test_what_a_business_associate_only_keeps_for_us_is_our_own_operations(text: str, said: str) -> None:
    assert first(disclosures(graph(text)), "In the accounting") == [said]
    if said == OPERATIONS:
        assert first(disclosures(graph(text)), "Used for") == ["hosting for us"]
