"""The dated list of the EEA and of adequacy decisions: what it says, and that it is read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from threatmodel.errors import InputError
from threatmodel.kinds import Jurisdictions, load_jurisdictions
from threatmodel.resources import resource_dir

SHIPPED = resource_dir("catalogs") / "jurisdictions.yaml"
TERRITORIES = "GP GF MQ YT RE MF AX".split()
MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()


@pytest.fixture(scope="module")
def shipped() -> Jurisdictions:
    return load_jurisdictions(SHIPPED)


def test_the_eea_is_the_27_members_their_territories_the_three_eea_states_and_the_union(
    shipped: Jurisdictions,
) -> None:
    assert len(MEMBERS) == 27
    assert shipped.eea == {*MEMBERS, *TERRITORIES, "IS", "LI", "NO", "EU"}


@pytest.mark.parametrize(
    ("country", "day", "protection"),
    [
        ("DE", "2018-05-25", "eea"),
        ("CH", "2026-11-01", "adequate"),
        ("BR", "2026-01-25", "other"),
        ("BR", "2026-01-26", "adequate"),
        ("GB", "2031-12-27", "adequate"),
        ("GB", "2031-12-28", "other"),
        ("US", "2026-11-01", "other"),  # for participants of a framework only: a party says that it is one
        ("CA", "2026-11-01", "other"),
        ("JP", "2026-11-01", "other"),
        ("XX", "2026-11-01", "other"),
    ],
)
def test_a_country_is_protected_while_a_decision_on_all_of_it_counts(
    shipped: Jurisdictions, country: str, day: str, protection: str
) -> None:
    assert shipped.protection(country, day) == protection


def test_a_decision_that_covers_some_recipients_says_which(shipped: Jurisdictions) -> None:
    partial = {country: d.covers for country, d in shipped.adequacy.items() if d.covers}
    assert partial.keys() == {"CA", "JP", "US"}
    assert "PIPEDA" in (partial["CA"] or "")
    assert "Data Privacy Framework" in (partial["US"] or "")


def test_what_a_decision_leaves_out_and_what_the_list_is_not_sure_of_is_told(shipped: Jurisdictions) -> None:
    told = {c: (d.leaves_out, d.note) for c, d in shipped.adequacy.items() if d.leaves_out or d.note}
    assert told.keys() == {"GB", "IL", "KR", "US"}
    assert "credit information" in (told["KR"][0] or "")
    assert "Official Journal" in (told["GB"][1] or "")


def test_the_list_says_when_it_was_checked_and_from_what(shipped: Jurisdictions) -> None:
    assert shipped.checked >= "2026-11-24"
    assert "European Commission" in shipped.source
    assert all(d.decision and d.since for d in shipped.adequacy.values())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("checked: 2026-01-01\nsource: x\neea: [DE]\n", "missing-key"),
        ("checked: soon\nsource: x\neea: [DE]\nadequacy: {}\n", "bad-date"),
        ("checked: 2026-01-01\nsource: x\neea: [Germany]\nadequacy: {}\n", "unknown-word"),
        ("checked: 2026-01-01\nsource: x\neea: [DE]\nadequacy: {CH: {decision: x}}\n", "missing-key"),
        ("checked: 2026-01-01\nsource: x\neea: [DE]\nadequacy: {CH: yes}\n", "wrong-type"),
        ("checked: 2026-01-01\nsource: x\neea: [DE]\nadequacy: {CH: {till: x}}\n", "unknown-key"),
    ],
)
def test_a_faulty_list_is_refused_with_its_place(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "jurisdictions.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        load_jurisdictions(path)
    assert code in [d.code for d in error.value.diagnostics]
    assert all(d.span for d in error.value.diagnostics)
