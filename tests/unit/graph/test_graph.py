"""The graph resolves every default, measures reach and common ground, and equals its networkx form."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.properties.effort import examples
from tests.properties.models import Plain, plain_models
from tests.properties.world import SHIPPED, review
from threatmodel.api import Library, parse
from threatmodel.facts import fact
from threatmodel.graph import SystemGraph, to_networkx
from threatmodel.graph.data_map import data_map
from threatmodel.graph.reach import call_targets, hops, reach
from threatmodel.source import parse as parse_yaml

LIBRARY = Library()


def graph(text: str) -> SystemGraph:
    return parse(parse_yaml(text, "m.yaml"), LIBRARY, "2026-06-01", fragment=True).graph


@examples(25)
@given(plain_models(SHIPPED.catalog.controls))
def test_the_networkx_form_has_the_same_elements_and_flows(model: Plain) -> None:
    ours = review(model).graph
    theirs = to_networkx(ours)
    assert sorted(theirs.nodes) == sorted(ours.elements)
    assert sorted((s, t, key) for s, t, key in theirs.edges(keys=True)) == sorted(
        (f.source, f.target, f.id) for f in ours.flows
    )
    for i, name in enumerate(ours.elements):
        assert theirs.nodes[name] == {
            "element": ours.subject_kind[i],
            "boundary": ours.grounds[ours.element_ground[i]],
            "trust": ours.trust(i),
        }


def test_operators_of_element_and_host_and_all_providers_around_get_at_the_data() -> None:
    found = graph("""
parties: {us: {own: true}, cloud: , platform: , dbco: , rack: }
boundaries: {account: {provider: cloud}, space: {parent: account, provider: platform}, hall: {provider: rack}}
hosts: {pg: {party: dbco, boundary: hall}, box: }
stores: {orders: {boundary: space, host: pg}, notes: {boundary: space, host: box}}
""")
    handlers = data_map(found).handlers
    assert handlers(found.index["orders"]) == {"us", "cloud", "platform", "dbco", "rack"}
    assert handlers(found.index["notes"]) == {"us", "cloud", "platform"}


def test_an_edge_carries_protocols_and_data() -> None:
    found = to_networkx(
        graph(
            "data: {x: , y: }\nservices: {a: , b: }\nflows: [{from: a, to: b, protocol: http, sends: [y, x]}]"
        )
    )
    assert found.edges["a", "b", "a->b"] == {"protocols": ["http"], "data": ["x", "y"]}


GROUND = """
parties: {us: {own: true}, them: }
boundaries: {b: , inner: {parent: b}, theirs: {party: them}, wild: {kind: internet}, deep: {parent: wild}}
hosts: {h: {boundary: b}, loose: {party: them}, ours: , phone: {kind: mobile-device}}
actors: {out: , in: {boundary: b}}
services:
  plain:
  placed: {boundary: inner}
  hosted: {host: h}
  both: {boundary: inner, host: h}
  other: {party: them}
  guest: {boundary: b, party: them}
  tenant: {boundary: theirs}
  adrift: {host: loose}
  deepest: {boundary: deep}
  app: {kind: mobile-application}
  page: {technology: electron, party: them}
  kiosk: {kind: browser-application, boundary: b}
  terminal: {kind: browser-application, host: h}
  held: {host: phone}
stores: {keychain: {kind: device-storage}}
"""


@pytest.mark.parametrize(
    ("element", "zone", "trust", "party"),
    [
        ("plain", "(system)", "trusted", "us"),
        ("placed", "inner", "trusted", "us"),
        ("hosted", "b", "trusted", "us"),
        ("both", "inner", "trusted", "us"),
        ("other", "(them)", "third-party", "them"),
        ("guest", "b", "trusted", "them"),
        ("tenant", "theirs", "third-party", "them"),
        ("adrift", "(them)", "third-party", "them"),
        ("deepest", "deep", "untrusted", "us"),
        ("app", "(outside)", "untrusted", "us"),  # in the hands of people
        ("page", "(outside)", "untrusted", "them"),
        ("keychain", "(outside)", "untrusted", "us"),
        ("held", "(outside)", "untrusted", "us"),
        ("kiosk", "b", "trusted", "us"),  # placed by the model
        ("terminal", "b", "trusted", "us"),
        ("out", "(outside)", "untrusted", None),
        ("in", "b", "trusted", None),
    ],
)
def test_an_element_stands_where_it_says_else_on_its_operators_ground(
    element: str, zone: str, trust: str, party: str | None
) -> None:
    found = graph(GROUND)
    i = found.index[element]
    assert (found.grounds[found.element_ground[i]], found.trust(i), found.element_party[i]) == (
        zone,
        trust,
        party,
    )


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("placed", "hosted", "b"),
        ("placed", "both", "inner"),
        ("placed", "plain", ""),
        ("deepest", "tenant", ""),
        ("plain", "plain", "(system)"),
    ],
)
def test_two_elements_share_the_innermost_boundary_around_both(one: str, other: str, common: str) -> None:
    found = graph(GROUND)
    zones = [found.element_ground[found.index[e]] for e in (one, other)]
    for a, b in (zones, zones[::-1]):
        shared = found.common_ground(a, b)
        assert (found.grounds[shared] if shared >= 0 else "") == common


RELAYS = """
data: {x: }
actors: {u: }
services:
  {front: {kind: api}, worker: {kind: api}, taker: {kind: api}, guess: {kind: api}, silent: {kind: api}}
stores: {queue: {kind: queue}, unknown: , db: {kind: cache}}
flows:
  - {from: u, to: front, data: x}
  - {from: front, to: queue, sends: x}
  - {from: worker, to: queue, returns: x}
  - {from: worker, to: db, data: x}
  - {from: taker, to: queue, sends: x}
  - {from: silent, to: queue}
  - {from: front, to: unknown, data: x}
  - {from: guess, to: unknown, data: x}
  - {from: guess, to: taker, data: x}
"""


@pytest.mark.parametrize(
    ("element", "certain", "possible"),
    [
        ("u", 0, 0),
        ("front", 1, 1),
        ("queue", 2, 2),
        ("worker", 3, 3),
        ("db", 4, 4),
        ("taker", 0, 4),
        ("silent", 0, 3),
        ("guess", 0, 3),
        ("unknown", 2, 2),
    ],
)
def test_reach_tells_what_is_certain_from_what_an_unknown_relay_may_add(
    element: str, certain: int, possible: int
) -> None:
    found = graph(RELAYS)
    far, i = reach(found), found.index[element]
    assert (far.certain[i], far.possible[i]) == (certain, possible)


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ("guess", [("unknown", "kind"), ("7", "data")]),
        ("taker", [("unknown", "kind"), ("7", "data")]),
        ("silent", [("5", "data")]),
        ("worker", [("worker", "boundary")]),
    ],
)
def test_an_open_reach_points_at_the_relay_in_doubt(element: str, expected: list[tuple[str, str]]) -> None:
    found = graph(RELAYS)
    asked = fact("service", "reachable_from_untrusted")
    assert asked is not None
    places = asked.places(found, found.subject("service", element))
    assert [(str(path[-1]), key) for path, key in places] == expected


def test_calls_as_drawn_go_through_known_relays() -> None:
    found = graph(RELAYS)
    calls = call_targets(found)
    assert {found.elements[t] for t in calls[found.index["queue"]]} == {"worker", "silent"}
    assert hops(found)[found.index["silent"]] == 3
    assert hops(found)[found.index["guess"]] == 0


def test_untrusted_ground_that_is_called_is_as_far_as_its_caller_plus_one() -> None:
    text = """
boundaries: {wild: {kind: internet}}
services: {a: {boundary: wild}, b: {boundary: wild}, c: }
flows: [{from: a, to: b}, {from: b, to: c}, {from: c, to: a}]
"""
    found = graph(text)
    assert {name: hops(found)[found.index[name]] for name in "abc"} == {"a": 2, "b": 1, "c": 1}
    assert list(reach(found).certain) == hops(found)


def test_a_long_chain_of_derived_data_and_of_boundaries_is_resolved() -> None:
    chain = [f"  d{n}: {{derived_from: [d{n - 1}, d{n - 2}], transform: selection}}" for n in range(2, 1500)]
    nested = [f"  b{n}: {{parent: b{n - 1}}}" for n in range(1, 1500)]
    text = "\n".join(
        (
            "data:",
            "  d0: {confidentiality: restricted, purposes: [], retention: P1D}",
            "  d1: {derived_from: d0, transform: selection}",
            *chain,
            "boundaries:",
            "  b0: {trust: untrusted}",
            *nested,
            "services: {s: {boundary: b1499, holds: d1499}}",
        )
    )
    found = parse(parse_yaml(text, "m.yaml"), LIBRARY, "2026-06-01", fragment=True)
    assert found.graph.assets["d1499"].confidentiality.low == 3
    assert found.graph.purposes["d1499"].possible == frozenset()
    assert found.graph.trust(0) == "untrusted"
    assert found.assess().columns
