"""Places are named as people write them, and every mistake is told with what was meant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import KINDS
from threatmodel.edit.naming import assignment, site_named
from threatmodel.errors import UsageError
from threatmodel.model import parse_model
from threatmodel.source import parse

TEXT = """
data: {order: {retention: P1Y}}
parties: {lab: }
boundaries: {zone: }
services: {api: {type: t}, api.v2: , lone: }
stores: {services: }
types: {services: {t: }}
flows:
  - {from: api, to: [api.v2, lone]}
  - {from: api, to: lone, name: again}
"""
MODEL = parse_model(parse(TEXT, "m.yaml"), KINDS, fragment=True)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("api.kind", ("services", "api", "kind")),
        ("api.controls.mfa", ("services", "api", "controls", "mfa")),
        ("api.v2.kind", ("services", "api.v2", "kind")),
        ('services["api.v2"].kind', ("services", "api.v2", "kind")),
        ("services.api.kind", ("services", "api", "kind")),
        ("services.holds", ("stores", "services", "holds")),
        ("types.services.t.controls.mfa", ("types", "services", "t", "controls", "mfa")),
        ("data:order.retention", ("data", "order", "retention")),
        ("data.order.retention", ("data", "order", "retention")),
        ("party:lab.controls.x", ("parties", "lab", "controls", "x")),
        ("zone.trust", ("boundaries", "zone", "trust")),
        ('flows["api->lone:again"].protocol', ("flows", 1, "protocol")),
        ("flows['api->lone'].protocol", ("flows", 0, "protocol")),
        ("api->api.v2.protocol", ("flows", 0, "protocol")),
        ("api->lone:again.protocol", ("flows", 1, "protocol")),
        ("baseline.mfa", ("baseline", "mfa")),
        ("model.owner", ("owner",)),
    ],
)
def test_a_place_is_found_by_its_name(text: str, steps: tuple[int | str, ...]) -> None:
    assert site_named(MODEL, text)[:2] == (0, steps)


def test_all_flows_of_an_entry_are_named() -> None:
    assert site_named(MODEL, "api->lone.protocol").flows == ("api->api.v2", "api->lone")


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("apy.kind", "nothing is called `apy`", "did you mean `api`?"),
        ("order.retention", "nothing is called `order`", "did you mean `data:order`?"),
        ('flows["api->lonee"].x', "nothing is called `api->lonee`", "api->lone"),
        ("qqqq.kind", "nothing is called `qqqq`", "name an element"),
        ("api", "`api` names no key", "write for instance"),
        ("api.controls.", "`api.controls.` names no key", "write for instance"),
        ("api..kind", "`api..kind` names no key", "write for instance"),
        ("", "nothing is called ``", "name an element"),
    ],
)
def test_a_mistake_is_told_with_what_was_meant(text: str, message: str, help: str) -> None:
    with pytest.raises(UsageError) as caught:
        site_named(MODEL, text)
    assert str(caught.value) == message
    assert help in caught.value.help


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b=c", "c"),
        ("a.b = true", True),
        ("a.b=[x, y]", ["x", "y"]),
        ("a.b={mechanism: tls 1.3}", {"mechanism": "tls 1.3"}),
        ("a.b=P30D", "P30D"),
        ('a.b="yes"', "yes"),
    ],
)
def test_a_value_is_written_as_in_the_file(text: str, value: Any) -> None:
    assert assignment(text) == ("a.b", value)


@pytest.mark.parametrize(
    "text", ["a.b", "=c", "a.b=", "a.b=[x", "a.b=x\ny: 1", "a.b=# x", "a.b=c: d", "a.b=!x y"]
)
def test_what_is_no_assignment_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        assignment(text)
