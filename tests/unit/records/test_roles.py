"""Whoever is established in the EEA and says that the GDPR does not apply is asked why in every record."""

from __future__ import annotations

import pytest

from tests.unit.records.small import questions, review
from threatmodel.records import processing_record, rights_record, screening, transfers

NONE = "parties: {us: {own: true, gdpr: none, jurisdiction: COUNTRY}}\ndata: {d: {categories: CATEGORY}}\n"
ASK = "why does the GDPR not apply to us, which is under the law of DE (Article 3(1))?"


def all_questions(country: str, category: str) -> list[list[str]]:
    found = review(NONE.replace("COUNTRY", country).replace("CATEGORY", category))
    graph = found.graph
    records = (
        processing_record(graph, found.assess()),
        transfers(graph),
        rights_record(graph),
        screening(graph),
    )
    return [questions(record) for record in records]


def test_gdpr_none_of_a_party_in_the_eea_with_data_about_people_is_doubted() -> None:
    assert all_questions("[US, DE]", "personal") == [[ASK]] * 4


@pytest.mark.parametrize(("country", "category"), [("US", "personal"), ("DE", "[]")])
def test_elsewhere_or_without_data_about_people_it_is_not(country: str, category: str) -> None:
    assert all_questions(country, category) == [[]] * 4
