"""Protection is told hop by hop and end to end: channels end at their ends, what is sealed stays closed."""

from __future__ import annotations

import pytest

from threatmodel.api import Library, Review, parse
from threatmodel.evaluate.protection import protection
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.results.paths import Protection
from threatmodel.source import parse as parse_yaml

LIBRARY = Library()
SEALED = "controls: {encrypt-payload: jwe, sign-messages: jws}"


def review(text: str) -> Review:
    return parse(parse_yaml("data: {card: }\n" + text, "m.yaml"), LIBRARY, "2026-01-01", fragment=True)


def of(text: str, aspect: str = "confidentiality", asset: str = "card") -> Protection:
    return next(p for p in review(text).protection(asset) if p.aspect == aspect)


def chain(
    middle: str, first: str = "protocol: https", second: str = "protocol: https", more: str = ""
) -> str:
    return (
        f"services: {{a: , b: , {middle}}}\nflows:\n  - {{from: a, to: lb, sends: card, {first}}}\n"
        f"  - {{from: lb, to: b, sends: card, {second}}}\n"
    )


@pytest.mark.parametrize(
    ("text", "ends", "broken", "unsaid"),
    [
        (chain("lb: "), None, (), ("lb",)),
        (chain("lb: {controls: {encrypt-payload: false}}"), False, ("lb",), ()),
        (chain("lb: {tls_passthrough: true}"), True, (), ()),
        (chain("lb: {tls_passthrough: true}", "protocol: http"), False, ("lb",), ()),
        (chain("lb: ", SEALED, SEALED), True, (), ()),
        (chain("lb: ", SEALED), None, (), ("lb",)),
        (chain("lb: {needs: card}"), True, (), ()),
    ],
)
def test_a_channel_ends_at_its_ends_unless_what_it_carries_is_sealed(
    text: str, ends: bool | None, broken: tuple[str, ...], unsaid: tuple[str, ...]
) -> None:
    found = of(text)
    assert (found.end_to_end, found.broken_at, found.unsaid_at) == (ends, broken, unsaid)


def test_a_relay_cannot_open_what_its_sender_sealed() -> None:
    text = "services: {a: , b: }\nstores: {queue: {kind: queue}}\nflows:\n"
    text += f"  - {{from: a, to: queue, sends: card, {SEALED}}}\n"
    text += "  - {from: b, to: queue, returns: card, protocol: https}\n"
    for aspect in ("confidentiality", "integrity"):
        assert of(text, aspect).end_to_end is True
    loose = text.replace(SEALED, "protocol: https")
    assert of(loose).unsaid_at == ("queue",)


def test_each_hop_is_kept_open_or_not_known() -> None:
    text = "services: {a: , b: , c: , d: }\nflows:\n  - {from: a, to: b, sends: card, protocol: https}\n"
    text += "  - {from: a, to: c, sends: card, protocol: http}\n  - {from: a, to: d, sends: card}\n"
    found = of(text)
    assert (found.hops, found.unprotected, found.unsaid) == (3, ("a->c",), ("a->d",))
    assert found.end_to_end is False


def test_origin_is_who_the_taker_knows_the_giver_to_be() -> None:
    text = "services: {a: , b: }\nflows:\n  - {from: a, to: b, data: card, protocol: https-mtls}\n"
    assert of(text, "origin").end_to_end is True
    one_way = of(text.replace("https-mtls", "https"), "origin")
    assert (one_way.hops, one_way.unsaid) == (2, ("a->b",))


def test_people_are_ends_and_users_of_what_is_made_of_data_open_them() -> None:
    text = "actors: {clerk: }\nservices: {a: {needs: mix}, b: }\n"
    data = "data:\n  card: \n  token: {derived_from: card, transform: tokenisation}\n"
    data += "  mix: {derived_from: token, transform: selection}\n"
    text += "flows:\n  - {from: clerk, to: a, data: card, protocol: https}\n"
    text += "  - {from: a, to: b, data: card, protocol: https}\n"
    model = parse(parse_yaml(data + text, "m.yaml"), LIBRARY, "2026-01-01", fragment=True)
    found = model.protection("card")[0]
    assert (found.used_by, found.unsaid_at) == (("a",), ())


def test_what_no_flow_carries_has_no_protection_to_speak_of() -> None:
    assert review("services: {a: }\nflows: []\n").protection("card") == ()


def test_a_catalog_without_these_controls_knows_nothing() -> None:
    graph = review(chain("lb: ")).graph
    found = protection(Engine(graph, {}), "card")
    assert [p.unsaid for p in found] == [("a->lb", "lb->b")] * 3
