"""Path verdicts explain themselves: hop by hop with places, or by what stands in every path's way."""

from __future__ import annotations

from threatmodel.api import Library, Review, parse
from threatmodel.evaluate import Reason
from threatmodel.render.text.reasons import premise_text, reason_text
from threatmodel.source import parse as parse_yaml

LIBRARY = Library()
MODEL = """\
data: {order: {confidentiality: confidential}}
actors: {customer: }
services:
  gateway: {controls: {authenticate-caller: {mechanism: oidc}}}
  orders:
  debug: {controls: {authenticate-caller: false}}
  reader:
  inner:
stores: {events: {kind: queue}, db: {holds: order}}
flows:
  - {from: customer, to: gateway, data: order}
  - {from: gateway, to: orders, data: order}
"""


def review(*flows: str) -> Review:
    text = MODEL + "".join(f"  - {{{flow}}}\n" for flow in flows)
    return parse(parse_yaml(text, "m.yaml"), LIBRARY, "2026-01-01", fragment=True)


def why(found: Review, control: str, subject: str) -> Reason:
    wanted = LIBRARY.catalog.controls[control]
    kind = next(k for k in wanted.subjects if subject in found.graph.subjects[k])
    return found.reason(wanted, kind, subject)


def told(found: Reason) -> list[str]:
    return [f"{premise_text(p)} @{p.span.line}" if p.span else premise_text(p) for p in found.premises]


def test_a_gap_shows_its_path_and_what_was_said_on_it() -> None:
    found = why(review("from: customer, to: debug, data: order"), "authenticate-every-way", "debug")
    assert (found.verdict.word, reason_text(found.because)) == ("gap", "a path goes round it")
    assert told(found)[:2] == [
        "nothing shows `authenticate-caller` on the path `customer` -> `debug` @13",
        "`customer` calls `debug`: service `debug` says `authenticate-caller`: absent @13",
    ]


def test_an_unknown_shows_what_is_silent_at_each_hop() -> None:
    found = why(review("from: customer, to: orders, data: order"), "authenticate-every-way", "orders")
    assert (found.verdict.word, reason_text(found.because)) == ("unknown", "a path may go round it")
    assert told(found)[:2] == [
        "nobody said what shows `authenticate-caller` on the path `customer` -> `orders` @13",
        (
            "`customer` calls `orders`: nobody said whether `customer->orders` or `orders` shows"
            " `authenticate-caller` @13"
        ),
    ]


def test_an_ordered_list_shows_what_was_passed_and_what_comes_too_late() -> None:
    found = why(review("from: orders, to: db, data: order"), "authorize-every-way", "db")
    assert told(found)[:4] == [
        (
            "nobody said what shows `authorize` after `authenticate-caller`"
            " on the path `customer` -> `gateway` -> `orders` -> `db` @11"
        ),
        "`customer` calls `gateway`: `gateway` shows `authenticate-caller` @11",
        "`gateway` calls `orders`: nobody said whether `orders` shows `authorize` @12",
        "`orders` calls `db`: nobody said whether `db` shows `authorize` @13",
    ]


def test_a_relay_hands_out_over_a_flow_that_shows_nothing() -> None:
    flows = (
        "from: customer, to: events, data: order",
        "from: reader, to: events, returns: order, protocol: mtls",
    )
    found = why(review(*flows), "authenticate-every-way", "reader")
    assert told(found)[2].startswith(
        "`events` hands data out to `reader`: nobody said whether `reader` shows"
    )
    assert told(found)[2].endswith("@14")


def test_a_satisfied_path_names_its_choke_point_and_what_is_left_outside() -> None:
    found = why(review("from: customer, to: debug, data: []"), "authenticate-every-way", "orders")
    assert found.verdict.word == "satisfied"
    assert told(found)[:2] == [
        (
            "every path from untrusted or third-party ground over all but deployment flows passes"
            " `authenticate-caller`; without it only `debug` can be reached"
        ),
        "every path passes `gateway`, which shows `authenticate-caller` @4",
    ]


def test_what_no_path_reaches_is_not_applicable_and_says_so() -> None:
    found = why(review("from: inner, to: gateway, data: order"), "authenticate-every-way", "inner")
    assert (found.verdict.word, reason_text(found.because)) == ("not-applicable", "no path leads there")
    assert told(found) == ["no path leads from untrusted or third-party ground to service `inner`"]


def test_the_kinds_of_flow_that_are_followed_are_named() -> None:
    stated = MODEL.replace("  orders:\n", "  orders: {controls: {authorize: {mechanism: roles}}}\n")
    text = stated + "  - {from: orders, to: db, data: order}\n"
    found = parse(parse_yaml(text, "m.yaml"), LIBRARY, "2026-01-01", fragment=True)
    assert "over business flows passes" in told(why(found, "authorize-every-way", "db"))[0]
