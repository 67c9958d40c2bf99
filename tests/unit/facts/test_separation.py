"""Facts about what is kept apart, about dead letters and about what a release of statistics spends."""

from __future__ import annotations

import pytest

from tests.unit.facts.test_architecture import pointed_at, value
from threatmodel.logic import UNKNOWN, Known, Value

TRUE, FALSE = Known(True), Known(False)
PLACES = """
hosts: {box: , sealed: }
boundaries: {safe: , app: , dark: }
actors: {keeper: {boundary: safe}}
services:
  login: {kind: identity-provider, boundary: safe}
  shop: {kind: api, boundary: app, host: box}
  thing: {boundary: dark}
stores:
  vault: {kind: secret-store, boundary: safe}
  keys: {kind: key-management, boundary: app}
  boxed: {kind: secret-store, boundary: safe, host: box}
  sealed-keys: {kind: hsm, boundary: safe, host: sealed}
  unseen: {kind: secret-store, boundary: dark}
"""


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        ("vault", TRUE),  # beside it an identity provider and vaults; people do not count
        ("keys", UNKNOWN),  # a shop stands in the same boundary
        ("boxed", UNKNOWN),  # a shop runs on the same host
        ("sealed-keys", TRUE),
        ("unseen", UNKNOWN),  # nobody said what stands beside it
    ],
)
def test_a_vault_stands_apart_where_nothing_but_guards_is_beside_it(store: str, expected: Value) -> None:
    assert value(PLACES, "store", "stands_apart", store) == expected


RECORDS = """
data: {event: }
hosts: {box: {boundary: app}, node: {boundary: archive}}
boundaries: {app: , inner: {parent: app}, archive: }
services:
  shop: {boundary: inner}
  desk: {boundary: app}
  agent: {host: node}
  reader: {boundary: archive}
stores:
  trail: {boundary: archive}
  read: {boundary: archive}
  fetching: {boundary: archive}
  near: {boundary: archive}
  beside: {boundary: app}
  around: {boundary: app}
  within: {boundary: inner}
  boxed: {boundary: app, host: node}
  unwritten: {boundary: archive}
  nowhere:
flows:
  - {from: shop, to: [trail, read, around, nowhere], sends: event}
  - {from: desk, to: [beside, within]}
  - {from: reader, to: read, sends: [], returns: event}
  - {from: fetching, to: desk, returns: event}
  - {from: near, to: reader, returns: event}
  - {from: agent, to: boxed, sends: event}
  - {from: unwritten, to: shop, sends: event}
"""


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        ("trail", TRUE),
        ("read", TRUE),  # whoever only reads it may stand beside it
        ("fetching", TRUE),  # it fetches what a desk elsewhere has
        ("near", UNKNOWN),  # what it fetches from stands beside it
        ("beside", UNKNOWN),  # nobody says that nothing is sent
        ("around", UNKNOWN),  # whoever holds the inner boundary stands in its own
        ("within", UNKNOWN),  # whoever holds the outer one holds it as well
        ("boxed", UNKNOWN),  # one host runs both
        ("unwritten", UNKNOWN),  # nothing is drawn that it would be apart from
        ("nowhere", TRUE),  # the shop stands in a boundary, it does not
    ],
)
def test_records_stand_apart_where_nothing_that_writes_them_does(store: str, expected: Value) -> None:
    assert value(RECORDS, "store", "apart_from_writers", store) == expected


SECRETS = """
parties: {bank: }
data: {one: , two: , held: , theirs: , thrown: , perhaps: , nobody: }
services:
  shop: {kind: api}
  desk: {kind: api, holds: held}
  pay: {kind: payment-service, party: bank}
  kms: {kind: key-management}
  thing:
stores: {table: {kind: relational-database, holds: [one, theirs]}}
flows:
  - {from: shop, to: kms, returns: [one, two, held]}
  - {from: desk, to: kms, returns: two}
  - {from: shop, to: pay, sends: theirs}
  - {from: shop, to: thing, sends: perhaps}
"""


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("one", FALSE),  # a shop; the key store and the table are no services that use it
        ("two", TRUE),
        ("held", TRUE),  # one gets it, the other says that it holds it
        ("theirs", FALSE),  # what others do with it is theirs
        ("perhaps", UNKNOWN),  # the other end may be a vault
        ("nobody", FALSE),
    ],
)
def test_a_secret_is_given_to_several_where_two_services_of_ours_have_it(data: str, expected: Value) -> None:
    assert value(SECRETS, "data", "given_to_several", data) == expected


def test_while_a_flow_lists_nothing_another_service_may_have_the_secret() -> None:
    silent = SECRETS + "  - {from: shop, to: desk}\n"
    assert value(silent, "data", "given_to_several", "one") == UNKNOWN
    assert value(silent, "data", "given_to_several", "two") == TRUE


@pytest.mark.parametrize(
    ("human", "way", "expected"),
    [
        ("{human: true}", "sends", UNKNOWN),
        ("{human: true}", "data", UNKNOWN),
        ("", "sends", UNKNOWN),  # it may be a person
        ("{human: false}", "sends", TRUE),
        ("{human: true}", "returns", TRUE),  # who is only shown it has none of their own
    ],
)
def test_what_people_send_may_be_one_for_each_of_them(human: str, way: str, expected: Value) -> None:
    text = SECRETS.replace("services:", f"actors: {{someone: {human}}}\nservices:", 1)
    text += f"  - {{from: someone, to: shop, {way}: two}}\n"
    assert value(text, "data", "given_to_several", "two") == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("{kind: mobile-application}", UNKNOWN), ("", UNKNOWN), ("{kind: worker}", TRUE)],
)
def test_what_devices_of_people_send_may_be_one_for_each_of_them(kind: str, expected: Value) -> None:
    text = SECRETS.replace("  shop:", f"  app: {kind}\n  shop:", 1)
    text += "  - {from: app, to: shop, sends: two}\n"
    assert value(text, "data", "given_to_several", "two") == expected


def test_a_shared_secret_points_at_the_services_that_have_it() -> None:
    assert pointed_at(SECRETS, "data", "given_to_several", "two") == ["two", "desk", "kms", "shop"]


QUEUES = """
stores: {dead: {kind: dead-letter-queue}, orders: {kind: queue}, bills: {kind: queue}}
services: {shop: {kind: worker}, thing: }
flows: [{from: orders, to: dead}, {from: shop, to: bills}, {from: thing, to: bills}]
"""


@pytest.mark.parametrize(("store", "expected"), [("orders", TRUE), ("bills", UNKNOWN)])
def test_dead_letters_are_shown_by_a_flow_and_never_denied(store: str, expected: Value) -> None:
    assert value(QUEUES, "store", "at_dead_letters", store) == expected


def test_a_release_says_how_much_privacy_it_spends_or_nothing_is_known() -> None:
    noisy = "data: {a: {categories: personal}, b: {derived_from: a, transform: differential-privacy%s}}"
    assert value(noisy % ", epsilon: 0.5", "data", "epsilon.declared", "b") == TRUE
    assert value(noisy % "", "data", "epsilon.declared", "b") == UNKNOWN
