"""What is at stake at an element: what is there, and what whoever holds it reaches, by every way there is."""

from __future__ import annotations

import random

from threatmodel.api import Library, parse
from threatmodel.graph import SystemGraph
from threatmodel.graph.blast_radius import spread
from threatmodel.graph.data_at_stake import stakes
from threatmodel.graph.data_map import data_map
from threatmodel.source import parse as parse_yaml

LIBRARY = Library()
MODEL = """\
data: {card: , order: , note: }
hosts: {node: }
actors: {clerk: }
services:
  web: {identity: shop}
  job: {identity: shop}
  mail: {host: node}
  print: {host: node}
stores: {cards: {holds: card}, orders: {holds: order}}
flows:
  - {from: clerk, to: web, data: note}
  - {from: web, to: orders, data: order}
  - {from: job, to: cards, data: card}
"""


def build(text: str) -> SystemGraph:
    return parse(parse_yaml(text, "m.yaml"), LIBRARY, "2026-01-01", fragment=True).graph


def told(text: str, *assets: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    graph = build(text)
    return [(graph.elements[s.element], s.there, s.within_reach) for s in stakes(graph, assets)]


def test_the_elements_with_most_at_stake_come_first() -> None:
    assert told(MODEL, "card", "order") == [
        ("job", ("card",), ("order",)),
        ("web", ("order",), ("card",)),
        ("cards", ("card",), ()),
        ("orders", ("order",), ()),
    ]


def test_a_shared_host_gives_away_what_the_others_reach() -> None:
    assert ("mail", (), ("order",)) in told(MODEL + "  - {from: print, to: orders, data: order}\n", "order")


def test_nothing_is_at_stake_where_nothing_sensitive_is() -> None:
    assert told(MODEL) == []


def test_it_is_what_the_spread_of_each_element_finds() -> None:
    chance = random.Random(7)
    compared = 0
    for _ in range(60):
        size = chance.randint(2, 7)
        names = [f"s{n}" for n in range(size)]
        kinds = ["", "host: h", "identity: i", "identity: j", "kind: web-application"]
        text = "data: {a: , b: }\nhosts: {h: }\nservices:\n"
        text += "".join(f"  {name}: {{{chance.choice(kinds)}}}\n" for name in names)
        text += "stores: {q: {kind: queue}}\nflows:\n"
        ends = [*names, "q"]
        for source, target in sorted({tuple(chance.sample(ends, 2)) for _ in range(size + 2)}):
            text += f"  - {{from: {source}, to: {target}, data: {chance.choice(['a', 'b', '[]'])}}}\n"
        graph = build(text)
        by_element = {s.element: s for s in stakes(graph, ("a", "b"))}
        for element in range(len(graph.elements)):
            reached = {element, *(r.element for r in spread(graph, element))}
            expected = {d for e in reached for d in data_map(graph).element(e).ids}
            found = by_element.get(element)
            assert {*found.there, *found.within_reach} == expected if found else not expected
            compared += bool(expected)
    assert compared > 100
