"""Every way on which personal data leave the EEA is listed, with its path and what it rests on."""

from __future__ import annotations

import pytest

from tests.unit.records.small import column, graph, questions
from threatmodel.records import Record, transfers

US = """
parties:
  shop: {own: true, jurisdiction: DE, gdpr: controller}
  vendor: {jurisdiction: US, gdpr: processor, AGREEMENTS}
purposes: {sale: {}}
data: {order: {categories: personal, subjects: buyer, purposes: sale}}
actors: {buyer: {human: true}}
services:
  web: {}
  mailer: {party: vendor}
flows:
  - {from: buyer, to: web, data: order}
  - {from: web, to: mailer, sends: order}
"""


def of(text: str, day: str = "2026-11-01") -> Record:
    return transfers(graph(text, day))


def with_agreements(text: str) -> str:
    return US.replace("AGREEMENTS", text)


@pytest.mark.parametrize(
    ("agreements", "status", "mechanism"),
    [
        ("agreements: []", "no mechanism", "none"),
        ("agreements: {type: dpa, date: 2026-01-01}", "no mechanism", "none"),
        (
            "agreements: {type: scc, date: 2026-01-01, assessment: tia.pdf}",
            "mechanism named",
            "standard contractual clauses with shop of 2026-01-01, transfer impact assessment tia.pdf",
        ),
        (
            "agreements: {type: scc, date: 2025-01-01, until: 2026-10-31}",
            "no mechanism",
            (
                "standard contractual clauses with shop of 2025-01-01 ended on 2026-10-31: "
                "not in force on 2026-11-01"
            ),
        ),
        (
            "agreements: {type: adequacy, date: 2026-01-01, ref: its entry in the list}",
            "mechanism named",
            "adequacy decision, relied on by shop since 2026-01-01 (its entry in the list)",
        ),
    ],
)
def test_a_transfer_rests_on_a_mechanism_in_force_and_on_no_other_contract(
    agreements: str, status: str, mechanism: str
) -> None:
    record = of(with_agreements(agreements))
    assert column(record, "Status") == {"vendor (processor)": [status]}
    assert column(record, "Mechanism") == {"vendor (processor)": [mechanism]}


def test_a_derogation_is_no_mechanism_but_a_claim_that_names_its_situation() -> None:
    """Article 49 is for specific situations: EDPB Guidelines 2/2018."""
    record = of(with_agreements("agreements: {type: derogation, date: 2026-01-01}"))
    assert column(record, "Status") == {"vendor (processor)": ["derogation claimed"]}
    assert questions(record) == ["which situation of Article 49(1) is the transfer to vendor?"]
    named = of(with_agreements("agreements: {type: derogation, date: 2026-01-01, ref: claim 7}"))
    assert questions(named) == []
    both = "{type: derogation, date: 2026-01-01, ref: x}, {type: bcr, date: 2026-01-01, assessment: t}"
    beside = f"agreements: [{both}]"
    assert column(of(with_agreements(beside)), "Status") == {"vendor (processor)": ["mechanism named"]}


def test_what_nobody_said_is_a_question_and_no_gap() -> None:
    silent = of(US.replace(", AGREEMENTS", ""))
    assert column(silent, "Status") == {"vendor (processor)": ["not known"]}
    assert questions(silent) == ["which transfer mechanism covers vendor (`vendor`)?"]
    nowhere = of(US.replace("jurisdiction: US, gdpr: processor, AGREEMENTS", "gdpr: processor"))
    assert questions(nowhere) == ["under whose law is vendor (`vendor`)?"]


def test_clauses_without_an_assessment_and_a_day_ask_for_both() -> None:
    record = of(with_agreements("agreements: {type: scc}"))
    assert questions(record) == [
        "since when is the mechanism for vendor in force?",
        "where is the transfer impact assessment for vendor?",
    ]


@pytest.mark.parametrize(
    ("country", "statuses"),
    [("FR", []), ("RE", []), ("AX", []), ("NO", []), ("CH", ["adequacy decision"]), ("IN", ["no mechanism"])],
)
def test_the_country_of_the_recipient_decides(country: str, statuses: list[str]) -> None:
    record = of(with_agreements("agreements: []").replace("jurisdiction: US", f"jurisdiction: {country}"))
    assert [s for found in column(record, "Status").values() for s in found] == statuses


def test_an_adequacy_decision_ends_on_its_day() -> None:
    text = with_agreements("agreements: []").replace("jurisdiction: US", "jurisdiction: GB")
    assert column(of(text, "2031-12-27"), "Status") == {"vendor (processor)": ["adequacy decision"]}
    assert column(of(text, "2031-12-28"), "Status") == {"vendor (processor)": ["no mechanism"]}


@pytest.mark.parametrize(
    ("country", "ground", "reserved"),
    [
        ("BR", "on BR since 2026-01-26: decision (EU) 2026/179", None),
        (
            "GB",
            "on GB since 2021-06-28: decision (EU) 2021/1772, renewed on 2025-12-19, until 2031-12-27",
            "not compared with the Official Journal",
        ),
        ("KR", "on KR since 2021-12-17: decision (EU) 2022/254", "does not cover religious organisations"),
        (
            "IL",
            "on IL since 2011-01-31: decision 2011/61/EU",
            "automated means: check that this is no such case",
        ),
    ],
)
def test_an_adequacy_decision_is_named_with_its_days_and_with_what_it_leaves_open(
    country: str, ground: str, reserved: str | None
) -> None:
    text = with_agreements("agreements: []").replace("jurisdiction: US", f"jurisdiction: {country}")
    first, *rest = column(of(text), "Legal ground")["vendor (processor)"]
    assert first == f"Article 45, {ground}"
    assert [reserved in r for r in rest if reserved] == ([True] if reserved else [])


@pytest.mark.parametrize("country", ["US", "CA", "JP"])
def test_where_only_some_recipients_are_covered_it_is_asked_whether_this_is_one(country: str) -> None:
    claimed = with_agreements("agreements: {type: adequacy, date: 2026-01-01}")
    (asked,) = questions(of(claimed.replace("jurisdiction: US", f"jurisdiction: {country}")))
    assert asked.startswith("what shows that vendor is one of the ")
    for agreements in ("agreements: []", "title: vendor"):
        text = with_agreements(agreements).replace("jurisdiction: US", f"jurisdiction: {country}")
        ((ground,),) = column(of(text), "Legal ground").values()
        assert ground.startswith("none; decision ")
        assert ground.endswith(" only: if it is one, say so with `type: adequacy`")


def test_a_partial_adequacy_decision_has_to_be_claimed_and_says_what_to_check() -> None:
    record = of(with_agreements("agreements: {type: adequacy, date: 2026-01-01}"))
    ground, note = column(record, "Legal ground")["vendor (processor)"]
    assert note.startswith("human resources data are covered only where")
    assert "(EU) 2023/1795" in ground
    assert "check that it is one" in ground
    india = of(
        with_agreements("agreements: {type: adequacy, date: 2026-01-01}").replace(
            "jurisdiction: US", "jurisdiction: IN"
        )
    )
    assert column(india, "Status") == {"vendor (processor)": ["no mechanism"]}


def test_a_region_in_the_union_does_not_hide_a_provider_elsewhere() -> None:
    record = of("""
parties:
  shop: {own: true, jurisdiction: DE, gdpr: controller}
  cloud: {jurisdiction: US, gdpr: processor, agreements: []}
data: {order: {categories: personal}}
boundaries: {account: {provider: cloud, region: eu-central-1}}
stores: {orders: {boundary: account, holds: order}}
""")
    assert column(record, "Path") == {
        "cloud (processor)": ["`orders` stands in `account`, whose machines it provides"]
    }
    assert column(record, "Status") == {"cloud (processor)": ["no mechanism"]}


def test_whoever_runs_the_host_or_provides_an_outer_boundary_gets_the_data_too() -> None:
    record = of("""
parties:
  shop: {own: true, jurisdiction: DE, gdpr: controller}
  cloud: {jurisdiction: US, gdpr: processor, agreements: []}
  platform: {jurisdiction: US, gdpr: processor, agreements: []}
  dbco: {jurisdiction: IN, gdpr: processor, agreements: []}
data: {order: {categories: personal}}
boundaries: {account: {provider: cloud}, space: {parent: account, provider: platform, party: shop}}
hosts: {pg: {kind: database-server, party: dbco}}
stores: {orders: {boundary: space, host: pg, holds: order}, old: {host: pg, party: dbco, holds: order}}
""")
    assert column(record, "Path") == {
        "cloud (processor)": ["`orders` stands in `account`, whose machines it provides"],
        "platform (processor)": ["`orders` stands in `space`, whose machines it provides"],
        "dbco (processor)": ["at `old`", "`orders` stands on `pg`, which it operates"],
    }


@pytest.mark.parametrize("kind", ["administration", "telemetry", "backup"])
def test_support_access_logs_and_backups_are_transfers_too(kind: str) -> None:
    text = with_agreements("agreements: []")
    record = of(text.replace("sends: order}", f"sends: order, kind: {kind}}}"))
    assert column(record, "Path") == {"vendor (processor)": ["`web` to `mailer`"]}


def test_somebody_who_reads_from_outside_gets_the_data() -> None:
    record = of("""
parties:
  shop: {own: true, jurisdiction: DE, gdpr: controller}
  helpers: {jurisdiction: IN, gdpr: processor, agreements: []}
data: {order: {categories: personal}}
actors: {supporter: {party: helpers}}
stores: {orders: {holds: order}}
flows: [{from: supporter, to: orders, kind: administration, returns: order}]
""")
    assert column(record, "Path") == {"helpers (processor)": ["`orders` to `supporter`"]}


def test_onward_transfers_name_whom_they_go_through() -> None:
    record = of(
        """
parties:
  shop: {own: true, jurisdiction: DE, gdpr: controller}
  agency: {jurisdiction: FR, gdpr: processor, agreements: {type: dpa}}
  printer:
    jurisdiction: IN
    gdpr: processor
    agreements: {type: scc, with: agency, assessment: tia.pdf, date: 2026-01-01}
data:
  order: {categories: personal}
  label: {derived_from: order, transform: selection}
services:
  web: {}
  letters: {party: agency}
  press: {party: printer}
flows:
  - {from: web, to: letters, sends: order}
  - {from: letters, to: press, sends: label}
"""
    )
    assert column(record, "Path") == {"printer (processor)": ["`web` to `letters`", "`letters` to `press`"]}
    assert column(record, "Through") == {"printer (processor)": ["agency"]}
    assert column(record, "Status") == {"printer (processor)": ["mechanism named"]}


def test_data_that_are_about_nobody_and_people_themselves_are_no_transfer() -> None:
    record = of("""
parties:
  shop: {own: true, jurisdiction: DE, gdpr: controller}
  cdn: {jurisdiction: US, agreements: []}
data: {picture: {categories: []}, order: {categories: personal, subjects: buyer}}
actors: {buyer: {jurisdiction: US}}
services: {web: {}, edge: {party: cdn}}
flows:
  - {from: web, to: edge, sends: picture}
  - {from: buyer, to: web, data: order}
""")
    assert column(record, "Status") == {}
    assert record.questions == ()


def test_a_flow_to_another_party_that_says_nothing_is_asked_about() -> None:
    record = of(with_agreements("agreements: []").replace(", sends: order}", "}"))
    assert questions(record) == ["which data does `web->mailer` carry?"]


def test_a_sister_company_outside_the_eea_is_a_recipient() -> None:
    record = of("""
parties:
  here: {own: true, jurisdiction: DE, gdpr: controller}
  there: {own: true, jurisdiction: US, gdpr: none, agreements: []}
data: {order: {categories: personal}}
services: {web: {party: here}, report: {party: there}}
flows: [{from: web, to: report, sends: order}]
""")
    assert column(record, "Status") == {"there": ["no mechanism"]}


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (", agreements: {type: bcr, with: there, date: 2024-05-02}", ""),
        ("", "{type: bcr, with: here, date: 2024-05-02}"),
    ],
)
def test_an_agreement_between_sisters_stands_on_either(here: str, there: str) -> None:
    record = of(f"""
parties:
  here: {{own: true, jurisdiction: DE, gdpr: controller{here}}}
  there: {{own: true, jurisdiction: US, gdpr: none, agreements: [{there}]}}
data: {{order: {{categories: personal}}}}
services: {{web: {{party: here}}, report: {{party: there}}}}
flows: [{{from: web, to: report, sends: order}}]
""")
    assert column(record, "Status") == {"there": ["mechanism named"]}
    assert column(record, "Legal ground") == {"there": ["Article 46(2)(b) with Article 47"]}


def test_what_only_comes_from_a_sister_company_is_no_transfer() -> None:
    record = of("""
parties:
  here: {own: true, jurisdiction: DE, gdpr: controller}
  there: {own: true, jurisdiction: US, gdpr: none, agreements: []}
data: {order: {categories: personal}}
services: {web: {party: here}, shop: {party: there}}
flows: [{from: shop, to: web, sends: order}]
""")
    assert column(record, "Status") == {}


GROUP = """
parties:
  here: {own: true, jurisdiction: DE, gdpr: controller}
  there: {own: true, jurisdiction: FR, gdpr: ROLE}
  cloud: {jurisdiction: US, gdpr: processor, AGREED}
data: {order: {categories: personal}}
actors: {buyer: {human: true}}
services: {web: {party: here}, report: {party: there}, vm: {party: cloud}}
flows:
  - {from: buyer, to: web, sends: order}
""".replace("AGREED", "agreements: [{type: scc, with: here, date: 2026-01-01, assessment: t}]")
EXPORT = "  - {from: web, to: [report, vm], sends: order}\n"
CHAIN = "  - {from: web, to: report, sends: order}\n  - {from: report, to: vm, sends: order}\n"


def by_company(text: str) -> dict[str, list[str]]:
    return {
        sheet.title.removeprefix("Transfers of "): [entry.title.text for entry in sheet.entries]
        for sheet in of(text).sheets
    }


def test_a_company_that_only_receives_exports_nothing_to_those_whom_its_sister_engages() -> None:
    text = GROUP.replace("ROLE", "controller") + EXPORT
    assert by_company(text) == {"here": ["cloud (processor)"], "there": []}


@pytest.mark.parametrize(
    ("role", "exporters"),
    [
        ("controller", {"here": [], "there": ["cloud (processor)"]}),
        ("none", {"here": ["cloud (processor)"]}),
    ],
)
def test_a_sister_that_passes_data_on_is_the_exporter_where_it_keeps_a_record(
    role: str, exporters: dict[str, list[str]]
) -> None:
    assert by_company(GROUP.replace("ROLE", role) + CHAIN) == exporters


def test_what_people_hand_straight_to_a_vendor_is_the_transfer_of_whoever_has_its_contract() -> None:
    text = GROUP.replace("ROLE", "controller") + "  - {from: buyer, to: [report, vm], sends: order}\n"
    assert by_company(text) == {"here": ["cloud (processor)"], "there": []}
    silent = text.replace(", agreements: [{type: scc, with: here, date: 2026-01-01, assessment: t}]", "")
    assert by_company(silent) == {"here": ["cloud (processor)"], "there": ["cloud (processor)"]}


def test_the_ground_of_a_sister_is_no_transfer_of_who_gets_data_from_her() -> None:
    text = GROUP.replace("ROLE", "controller") + "  - {from: web, to: report, sends: order}\n"
    text += "boundaries: {account: {party: here, provider: cloud}}\n"
    text = text.replace("web: {party: here}", "web: {boundary: account}")
    assert by_company(text) == {"here": ["cloud (processor)"], "there": []}


def test_a_provider_named_more_than_once_around_an_element_is_listed_once() -> None:
    record = of("""
parties:
  shop: {own: true, jurisdiction: DE, gdpr: controller}
  platform: {jurisdiction: US, gdpr: processor, agreements: []}
  cloud: {jurisdiction: US, gdpr: processor, agreements: []}
data: {order: {categories: personal}}
boundaries:
  account: {provider: cloud}
  rooms: {parent: account, provider: cloud}
  apps: {parent: rooms, provider: platform}
stores: {orders: {boundary: apps, holds: order}}
""")
    assert column(record, "Path") == {
        "cloud (processor)": ["`orders` stands in `rooms`, whose machines it provides"],
        "platform (processor)": ["`orders` stands in `apps`, whose machines it provides"],
    }
