"""A scenario becomes a sequence of its flows, as Mermaid text and as SVG."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from tests.unit.render.drawn import SVG, assessed, graph, marked, texts
from tests.unit.render.test_diagram import HOSTILE
from threatmodel.render.diagram.sequence import sequence_mermaid, sequence_svg

MODEL = """
data: {{d: {{title: {name}}}}}
boundaries: {{zone: {{title: {name}, trust: trusted}}}}
actors: {{user: {{title: {name}, human: true}}}}
services: {{web: {{boundary: zone}}, elsewhere: }}
stores: {{db: {{boundary: zone}}}}
flows:
  - {{from: user, to: web, protocol: https, data: d}}
  - {{from: web, to: db, sends: d}}
  - {{from: web, to: elsewhere}}
scenarios: {{story: {{title: {name}, steps: [user->web, web->db, user->web]}}}}
"""


def test_steps_come_in_order_between_the_elements_they_touch() -> None:
    model = graph(MODEL.format(name="Title"))
    lines = sequence_mermaid(model, model.model.scenarios["story"]).splitlines()

    assert lines[0] == "sequenceDiagram"
    assert [re.sub(":.*", "", line) for line in lines if "->>" in line] == ["p3->>p4", "p4->>p1", "p3->>p4"]
    assert not any("elsewhere" in line for line in lines)
    assert "actor p3 as Title" in lines


def test_gaps_are_marked_in_both_forms() -> None:
    model = graph(MODEL.format(name="Title"))
    assessment = marked({("flow", "web->db"): "high"})
    scenario = model.model.scenarios["story"]

    assert sequence_mermaid(model, scenario, assessment).count("▲ 1 high") == 1
    assert texts(ElementTree.fromstring(sequence_svg(model, scenario, assessment))).count("▲ 1 high") == 1


def test_the_picture_shows_each_step_once_and_says_where_it_crosses() -> None:
    model = graph(MODEL.format(name="Title"))
    root = ElementTree.fromstring(sequence_svg(model, model.model.scenarios["story"]))
    steps = [g.get("id") for g in root.iter(f"{SVG}g")]

    assert steps == ["step-1", "step-2", "step-3"]
    assert texts(root).count("crosses into other trust") == 2
    assert "zone (trusted)".replace("zone", "Title") in texts(root)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(name: str) -> None:
    model, assessment = assessed(MODEL.format(name=json.dumps(name, ensure_ascii=False)))
    scenario = model.model.scenarios["story"]
    root = ElementTree.fromstring(sequence_svg(model, scenario, assessment))
    lines = sequence_mermaid(model, scenario, assessment).splitlines()
    text = r"[^\"`<>]*(?:<br/>[^\"`<>]*)*"
    forms = (
        r"sequenceDiagram|end",
        rf"title {text}",
        rf"box rgb\([\d,]+\) {text}",
        rf"(?:actor|participant) p\d+ as {text}",
        rf"p\d+->>p\d+: {text}",
    )

    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg",
        "title",
        "rect",
        "text",
        "line",
        "g",
        "path",
        "polygon",
    }
    assert [line for line in lines if not re.fullmatch("|".join(forms), line)] == []
