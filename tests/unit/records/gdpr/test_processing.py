"""The records of Article 30 say what the model says, with its place, and ask for the rest."""

from __future__ import annotations

import re

from tests.unit.records.small import LIBRARY, entries, questions, review
from threatmodel.catalog import Leaf, leaves
from threatmodel.model.words import PERSONAL_CATEGORIES
from threatmodel.records import Record, processing_record
from threatmodel.records.data import duration

SHOP = """
parties:
  shop: {title: Shop Ltd, own: true, jurisdiction: IE, gdpr: controller, contacts: {privacy: p@x, dpo: d@x}}
  cloud:
    title: Cloud Inc.
    jurisdiction: US
    gdpr: processor
    agreements: {type: scc, date: 2026-01-01, assessment: t}
  post: {title: Post GmbH, jurisdiction: DE, gdpr: controller}
purposes:
  sale: {title: Selling, legal_basis: contract}
  cure: {legal_basis: consent, condition: health-care}
  silent: {}
data:
  order: {categories: [personal, contact], subjects: buyer, purposes: [sale, silent], retention: P10Y}
  illness: {categories: [personal, health], subjects: buyer, purposes: [cure, silent], retention: P30D}
  label: {derived_from: order, transform: selection, purposes: sale}
  note: {categories: personal}
  price: {categories: [], purposes: sale}
boundaries: {account: {provider: cloud}}
actors: {buyer: {title: Customers, human: true}, courier: {human: true}}
services: {web: {boundary: account}, parcels: {party: post}}
stores: {orders: {boundary: account, holds: order, retention: P1Y}}
flows:
  - {from: buyer, to: web, data: [order, illness]}
  - {from: web, to: orders, data: order}
  - {from: web, to: parcels, sends: label}
  - {from: courier, to: web, returns: label}
"""


def of(text: str) -> Record:
    found = review(text)
    return processing_record(found.graph, found.assess())


def test_a_purpose_with_data_about_people_is_an_activity() -> None:
    names = [e.title.text for e in of(SHOP).sheets[1].entries]
    assert names == ["Selling", "cure", "silent", "purpose not declared"]


def test_the_legal_basis_is_named_with_its_article_or_asked_for() -> None:
    record = of(SHOP)
    activities = entries(record)
    assert activities["Selling"].cells[0][0].text == "contract (Article 6(1)(b))"
    assert activities["silent"].cells[0][0].missing
    assert "on which legal basis does `silent` rest?" in questions(record)


def test_a_condition_is_asked_only_where_special_categories_are_used() -> None:
    record = of(SHOP)
    activities = entries(record)
    assert activities["Selling"].cells[1][0].text == "not needed: no special categories are declared"
    assert activities["cure"].cells[1][0].text == "health care (Article 9(2)(h))"
    assert [q for q in questions(record) if "Article 9(2)" in q] == [
        "which condition of Article 9(2) allows special categories for `silent`?"
    ]


def test_recipients_are_operators_and_providers_of_ground() -> None:
    selling = entries(of(SHOP))["Selling"]
    assert [i.text for i in selling.cells[4] if not i.missing] == [
        "Cloud Inc. (processor)",
        "Post GmbH (controller)",
    ]


def test_somebody_without_a_party_who_gets_data_about_others_is_asked_about() -> None:
    asked = questions(of(SHOP))
    assert "for whom does `courier` work?" in asked
    assert "for whom does `buyer` work?" not in asked


def test_third_countries_come_with_mechanism_and_day() -> None:
    selling = entries(of(SHOP))["Selling"]
    (item,) = selling.cells[5]
    assert item.text.startswith("US, Cloud Inc.: standard contractual clauses with Shop Ltd of 2026-01-01")


def test_retention_is_that_of_the_data_and_of_the_places_that_say_their_own() -> None:
    selling = entries(of(SHOP))["Selling"]
    assert [i.text for i in selling.cells[6]] == ["order: 10 years", "label: 10 years", "in `orders`: 1 year"]


def test_data_made_of_several_say_of_which_each_time_is() -> None:
    both = SHOP.replace(
        "  price:", "  both: {derived_from: [order, illness], transform: combination}\n  price:"
    )
    kept = [i.text for i in entries(of(both))["cure"].cells[6]]
    assert kept[1:3] == ["both: 30 days, as illness", "both: 10 years, as order"]


def test_data_without_a_purpose_are_kept_in_the_record() -> None:
    loose = entries(of(SHOP))["purpose not declared"]
    assert [i.text for i in loose.cells[3]] == ["note: personal"]
    assert "for what is `note` processed?" in questions(of(SHOP))
    assert "whom is `note` about?" in questions(of(SHOP))


def test_measures_count_only_what_carries_the_data() -> None:
    selling = entries(of(SHOP))["Selling"]
    shown = " ".join(i.text for i in selling.cells[7])
    assert "encrypt-in-transit" in shown
    assert "encrypt-at-rest" in shown
    illness = entries(of(SHOP))["cure"]
    assert "encrypt-at-rest" not in " ".join(i.text for i in illness.cells[7])


def test_the_controller_is_named_with_its_contacts_or_asked_for_them() -> None:
    shop = entries(of(SHOP))["Shop Ltd"]
    assert [i.text for cell in shop.cells[:3] for i in cell] == ["p@x", "d@x", "none declared"]
    without = questions(of(SHOP.replace(", contacts: {privacy: p@x, dpo: d@x}", "")))
    assert "whom does one write to at Shop Ltd about privacy?" in without
    assert "who is the data protection officer of Shop Ltd, if it has one?" in without


def test_a_controller_outside_the_union_is_asked_for_its_representative() -> None:
    outside = SHOP.replace("jurisdiction: IE", "jurisdiction: US")
    asked = "who represents Shop Ltd in the Union, if Article 27 asks for it?"
    assert asked in questions(of(outside))
    named = of(outside.replace("dpo: d@x", "dpo: d@x, representative: r@x"))
    assert asked not in questions(named)
    assert entries(named)["Shop Ltd"].cells[2][0].text == "r@x"
    assert asked not in questions(of(SHOP))


def test_a_party_that_the_gdpr_does_not_concern_has_no_record() -> None:
    record = of("parties: {inc: {own: true, gdpr: none}}\ndata: {order: {categories: personal}}\n")
    assert record.sheets == ()
    assert record.questions == ()


def test_a_party_that_does_not_say_what_it_is_is_asked() -> None:
    record = of("parties: {inc: {own: true}}\ndata: {order: {categories: personal}}\n")
    assert "what is inc under the GDPR?" in questions(record)


def test_every_cell_says_where_it_is_written_or_what_it_is_made_of() -> None:
    derived = re.compile(r"^(none|not needed|shown|shown in part|not known|gap)\b|^purpose not declared$")
    for sheet in of(SHOP).sheets:
        for entry in sheet.entries:
            for item in (entry.title, *(i for cell in entry.cells for i in cell)):
                assert item.span or derived.match(item.text), item


def test_what_is_personal_is_what_the_framework_has_in_scope() -> None:
    (gdpr,) = (f for f in LIBRARY.frameworks if f.id == "gdpr")
    scope = [x for x in leaves(gdpr.data) if isinstance(x, Leaf) and x.fact == "data.categories"]
    assert {x.operand for x in scope} == {PERSONAL_CATEGORIES}


def test_durations_are_read_as_people_say_them() -> None:
    said = {
        "P10Y": "10 years",
        "P1Y6M": "1 year and 6 months",
        "P90D": "90 days",
        "indefinite": "without limit",
    }
    assert {text: duration(text) for text in said} == said


def test_who_only_gives_data_is_no_recipient_of_them() -> None:
    record = of("""
parties:
  here: {own: true, gdpr: controller}
  there: {own: true, gdpr: controller}
purposes: {sale: {legal_basis: contract}}
data: {order: {categories: personal, subjects: buyer, purposes: sale}}
actors: {buyer: {human: true}}
services: {web: {party: here}, report: {party: there}}
flows: [{from: web, to: report, sends: order}]
""")
    here, there = (sheet.entries[0] for sheet in record.sheets if sheet.title.startswith("Processing"))
    assert [i.text for i in here.cells[4]] == ["there (controller)"]
    assert [i.text for i in there.cells[4]] == ["none outside the organisation"]


ADS = """
parties:
  shop: {own: true, gdpr: ROLE}
  adnet: {gdpr: joint-controller, AGREED}
  other: {gdpr: joint-controller}
data: {clicks: {categories: behaviour}}
services: {web: {}, tag: {party: adnet}}
flows: [{from: web, to: tag, sends: clicks}]
"""


def joint(role: str, agreed: str) -> list[str]:
    record = of(ADS.replace("ROLE", role).replace("AGREED", agreed))
    return [i.text for i in entries(record)["shop"].cells[3]]


def test_only_joint_controllers_that_share_the_data_are_named_with_the_arrangement_or_the_question() -> None:
    ask = "which arrangement under Article 26(1) is there with adnet (`adnet`)?"
    assert joint("controller", "agreements: []") == ["adnet", ask]
    assert joint("controller", "agreements: {type: joint-controller, date: 2026-01-01}") == ["adnet"]
    assert joint("controller", "agreements: {type: joint-controller, until: 2026-01-01}") == ["adnet", ask]


def test_who_says_that_it_is_a_joint_controller_is_asked_with_whom() -> None:
    alone = ADS.replace("[{from: web, to: tag, sends: clicks}]", "[]").replace("AGREED", "title: adnet")
    assert "with whom is shop a joint controller?" in questions(of(alone.replace("ROLE", "joint-controller")))
