"""The diagram shows the model as it is: nothing lost, gaps and crossings seen without colour."""

from __future__ import annotations

import json
import re

import pytest

from tests.unit.render.drawn import (
    NOTHING,
    SVG,
    assessed,
    box,
    finding,
    graph,
    marked,
    part,
    svg,
    texts,
)
from threatmodel.render.diagram.diagram import dot_text, mermaid_text
from threatmodel.render.diagram.mermaid import MOST_CHARACTERS, MOST_EDGES
from threatmodel.render.diagram.picture import LABELLED_FLOWS, marks_by_subject, picture

SMALL = """
data: {record: {confidentiality: confidential}}
boundaries: {cloud: {trust: trusted}, zone: {parent: cloud}, empty: {trust: untrusted}}
parties: {us: {own: true}, lab: {title: The Laboratory}}
actors: {visitor: {human: true}}
services: {web: {boundary: cloud}, analysis: {party: lab}}
stores: {db: {boundary: zone}}
flows:
  - {from: visitor, to: web, protocol: https, data: record}
  - {from: web, to: db, protocol: http, sends: record}
  - {from: web, to: analysis}
"""
DATA = "everything-we-ever-knew-or-guessed-of-a-person-and-their-family"
HOSTILE = (
    '"><script>alert(1)</script>',
    "quote ' and \" and ` and \\",
    "back\\slash \\N \\G \\E \\l",
    "two\nlines\r\n\tand a tab",
    "right\u202eto\u200fleft",
    "end",
    "<b>bold</b> &amp; &lt;",
    "%%{init: {'theme':'dark'}}%% ; #35; ]]> -->",
    '}"] ; digraph { a -> b }',
    "Привет 漢字 ééé \U0001f600",
    "x" * 300,
)


def test_every_flow_is_an_edge_and_every_element_a_node() -> None:
    root = svg(graph(SMALL))
    groups = [g.get("id") or "" for g in root.iter(f"{SVG}g")]

    assert [i for i in groups if re.fullmatch(r"flow-\d+", i)] == ["flow-1", "flow-2", "flow-3"]
    assert sorted(i for i in groups if re.fullmatch(r"element-\d+", i)) == [
        f"element-{n}" for n in (1, 2, 3, 4)
    ]


def test_parallel_flows_stay_apart() -> None:
    text = """
services: {a: , b: }
flows: [{from: a, to: b, name: one}, {from: a, to: b, name: two}, {from: b, to: a}]
"""
    root = svg(graph(text))

    assert {"one: protocol ?", "two: protocol ?"} <= {t.strip() for t in texts(root)}
    assert sum((g.get("class") or "").startswith("edge") for g in root.iter(f"{SVG}g")) == 3


def test_boundaries_nest_as_declared_and_hold_their_elements() -> None:
    model = graph(SMALL)
    shown = picture(model, NOTHING)
    frame = {group.id: f"frame-{i}" for i, group in enumerate(shown.groups, 1)}
    node = {name: f"element-{i}" for i, name in enumerate(model.elements, 1)}
    root = svg(model)

    assert box(root, frame["cloud"]).holds(box(root, frame["zone"]))
    assert box(root, frame["zone"]).holds(box(root, node["db"]))
    assert box(root, frame["cloud"]).holds(box(root, node["web"]))
    assert not box(root, frame["zone"]).holds(box(root, node["web"]))
    assert box(root, frame["(lab)"]).holds(box(root, node["analysis"]))
    assert not any(box(root, f).holds(box(root, node["visitor"])) for f in frame.values())


def test_an_empty_boundary_is_no_frame_but_a_note() -> None:
    model = graph(SMALL)

    assert "empty" not in {group.id for group in picture(model, NOTHING).groups}
    assert "not drawn, nothing stands in it: empty" in texts(svg(model))


@pytest.mark.parametrize("trust", ["trusted", "third-party", "untrusted"])
def test_trust_is_said_in_a_word_and_in_the_line_of_the_frame(trust: str) -> None:
    root = svg(
        graph(f"boundaries: {{zone: {{trust: {trust}}}}}\nservices: {{web: {{boundary: zone}}}}\nflows: []")
    )
    frame = part(root, "frame-1")
    dashes = {"trusted": None, "third-party": "5,2", "untrusted": "1,5"}[trust]

    assert trust in texts(frame)
    assert next(frame.iter(f"{SVG}polygon")).get("stroke-dasharray") == dashes


def test_kinds_of_elements_have_shapes_of_their_own() -> None:
    model = graph("actors: {a: }\nservices: {b: }\nstores: {c: }\nflows: []")
    text = dot_text(model, NOTHING)

    assert re.search(r"^\ta .*peripheries=2 shape=box ", text, re.MULTILINE)
    assert re.search(r'^\tb .*peripheries=1 shape=box style="filled,rounded"', text, re.MULTILINE)
    assert re.search(r"^\tc .*shape=cylinder ", text, re.MULTILINE)


def test_a_crossing_flow_is_thicker_and_has_another_head() -> None:
    edges = re.findall(r"^.* -> .*$", dot_text(graph(SMALL), NOTHING), re.MULTILINE)
    looks = [re.search(r"arrowhead=(\w+) .*penwidth=([\d.]+)", edge) for edge in edges]
    inside = dot_text(graph("services: {a: , b: }\nflows: [{from: a, to: b}]"), NOTHING)

    assert [(m[1], m[2]) for m in looks if m] == [("normal", "2.8"), ("normal", "2.8"), ("normal", "2.2")]
    assert re.search(r"arrowhead=vee .*penwidth=1\.3", inside)


@pytest.mark.parametrize(
    ("flow", "style", "word"),
    [
        ("protocol: https", "solid", "encrypted"),
        ("protocol: http", "dashed", "clear"),
        ("protocol: postgresql", "dotted", "encrypted?"),
        ("protocol: [http, https]", "dashed", "clear"),
        (
            "protocol: http, controls: {encrypt-in-transit: wireguard}",
            "solid",
            "encrypted by statement (wireguard)",
        ),
        ("protocol: postgresql, controls: {encrypt-in-transit: false}", "dashed", "clear"),
    ],
)
def test_a_line_says_whether_the_flow_is_encrypted(flow: str, style: str, word: str) -> None:
    model, assessment = assessed(f"services: {{a: , b: }}\nflows: [{{from: a, to: b, {flow}}}]")
    words = " ".join(t.strip() for t in texts(part(svg(model, assessment), "flow-1")))

    assert f" style={style} " in dot_text(model, assessment)
    assert word in words


def test_a_mesh_is_named_where_it_encrypts_what_the_protocol_does_not() -> None:
    text = """
boundaries: {mesh: {trust: trusted, controls: {encrypt-in-transit: istio mtls strict}}}
services: {a: {boundary: mesh}, b: {boundary: mesh}, c: }
flows: [{from: a, to: b, protocol: http}, {from: a, to: c, protocol: http}]
"""
    inside, leaving = picture(*assessed(text)).edges

    assert (inside.transport, inside.words[0]) == ("encrypted", "encrypted by mesh (istio")
    assert leaving.transport == "clear"


def test_gaps_and_unknowns_are_seen_at_a_glance_and_counted() -> None:
    model = graph(SMALL)
    gaps = {
        ("flow", "web->db"): "high",
        ("store", "db"): "critical",
        ("boundary", "zone"): "low",
        ("data", "record"): "low",
    }
    assessment = marked(gaps, unknown=(("service", "web"), ("flow", "visitor->web")))
    root = svg(model, assessment)
    said = {name: texts(part(root, name)) for name in ("flow-2", "flow-3", "element-2", "element-4")}

    assert "▲ 1 high" in said["flow-3"]
    assert "▲ 1 critical" in said["element-2"]
    assert "? 1" in said["element-4"]
    assert not any("▲" in t or "?" in t.split() for t in said["element-4"][:1])
    assert "gap" in (part(root, "flow-3").get("class") or "").split()
    counted = next(t for t in texts(root) if t.startswith("4 gaps"))
    assert counted.split(" · ") == [
        "4 gaps: 1 critical, 1 high, 2 low",
        "2 unknown results",
        "1 gap on data, parties or the whole model not drawn",
    ]


def test_marks_count_the_gaps_of_a_subject_and_name_the_worst() -> None:
    assessment = NOTHING._replace(
        findings=(
            finding("store", "db", "low"),
            finding("store", "db", "high"),
            finding("store", "db", "critical")._replace(disposition="waived"),
        )
    )
    marks = marks_by_subject(assessment)["store", "db"]

    assert (marks.gaps, marks.worst, marks.waived) == (2, "high", 1)


def test_the_legend_explains_every_sign() -> None:
    said = " ".join(texts(svg(graph(SMALL))))

    for sign in (
        "actor",
        "service",
        "store",
        "trusted",
        "third-party",
        "untrusted",
        "▲ 3 high",
        "? 4",
        "telemetry",
    ):
        assert sign in said
    for line in ("solid line: encrypted", "dashed", "dotted", "crosses a boundary"):
        assert line in said


def test_a_host_is_named_on_its_elements() -> None:
    text = "hosts: {lambda: {title: Functions}}\nservices: {a: {host: lambda}}\nflows: []"
    root = svg(graph(text), marked({("host", "lambda"): "high"}))

    assert {"on Functions", "▲ 1 high"} <= {t.strip() for t in texts(part(root, "element-1"))}


def test_many_flows_carry_numbers_and_stand_in_a_table() -> None:
    names = [f"s{n}" for n in range(LABELLED_FLOWS + 2)]
    services, ends = ", ".join(f"{n}: " for n in names), ", ".join(names)
    text = f"services: {{{services}}}\nflows: [{{from: s0, to: [{ends}], protocol: https}}]"
    root = svg(graph(text))

    assert texts(part(root, "flow-7")) == ["7"]
    assert {"s0 → s1", "https encrypted"} <= set(texts(root))


def test_consumers_stand_after_the_queue_they_empty() -> None:
    text = """
services: {worker: }
stores: {jobs: {kind: queue}}
flows: [{from: worker, to: jobs, returns: []}, {from: worker, to: jobs, name: poll, returns: job}]
data: {job: {confidentiality: internal}}
"""
    lines = [line for line in dot_text(graph(text), NOTHING).splitlines() if " -> " in line]

    assert lines[0].startswith("\tworker -> jobs ")
    assert lines[1].startswith("\tjobs -> worker ")
    assert " dir=back " in lines[1]


def test_the_same_model_gives_the_same_text_in_any_order() -> None:
    turned = SMALL.replace("visitor: {human: true}", "visitor: {human: true}").splitlines()
    flows = [line for line in turned if line.startswith("  - ")]
    other = "\n".join([line for line in turned if line not in flows] + flows[::-1])

    assert dot_text(graph(SMALL), NOTHING) == dot_text(graph(other), NOTHING)
    assert mermaid_text(graph(SMALL), NOTHING) == mermaid_text(graph(other), NOTHING)


def _hostile_model(name: str) -> str:
    q = json.dumps(name, ensure_ascii=False)
    return f"""
name: {q}
data: {{d: {{title: {q}}}}}
parties: {{us: {{own: true}}, they: {{title: {q}}}}}
boundaries: {{zone: {{title: {q}, trust: trusted, party: they, region: EU}}}}
hosts: {{h: {{title: {q}, boundary: zone}}}}
actors: {{end: {{title: {q}}}}}
services: {{web: {{title: {q}, boundary: zone, host: h}}, ext: {{party: they}}}}
flows:
  - {{from: end, to: web, data: d, controls: {{encrypt-in-transit: {{mechanism: {q}}}}}}}
  - {{from: web, to: ext, sends: d}}
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(name: str) -> None:
    model, assessment = assessed(_hostile_model(name))
    root = svg(model, assessment)
    tags = {e.tag.removeprefix(SVG) for e in root.iter()}
    attributes = {key for e in root.iter() for key in e.attrib}
    said = "".join(texts(root))

    assert tags <= {"svg", "g", "title", "polygon", "polyline", "path", "text", "a", "ellipse"}
    assert not any(key.endswith("href") or key.startswith("on") for key in attributes)
    assert not re.search("[\u200b-\u200f\u202a-\u202e\x00-\x08]", said)
    for word in re.findall(r"script|slash|\\[NGEl]|bold|quote|Привет|漢字|&amp;", name):
        assert word in said
    assert dot_text(model, assessment).count("\n\tsubgraph ") == len(picture(model, assessment).groups)


@pytest.mark.parametrize("name", HOSTILE)
def test_mermaid_lines_have_one_form_whatever_the_names(name: str) -> None:
    lines = mermaid_text(*assessed(_hostile_model(name))).splitlines()
    label = r'"[^"`<>]*(?:<br/>[^"`<>]*)*"'
    forms = (
        r"---|flowchart LR|end|classDef .*|class [nb]\d+ [\w-]+|linkStyle [\d,]+ .*",
        r"title: \".*\"",
        rf"subgraph b\d+\[{label}\]",
        rf"n\d+(?:\[\[{label}\]\]|\({label}\)|\[\({label}\)\])",
        rf"n\d+ (?:-->|==>)\|{label}\| n\d+",
        rf"legend\[{label}\]:::legend",
    )

    assert [line for line in lines if not re.fullmatch("|".join(forms), line)] == []
    assert sum(line == "end" for line in lines) == sum(line.startswith("subgraph ") for line in lines)


@pytest.mark.parametrize(
    ("services", "zones", "note"),
    [
        (10, 1, ""),
        (160, 5, "they show their number, counted by id"),
        (300, 10, "one node a boundary"),
        (900, 99, "left out, fewest gaps first: 0 nodes and"),
        (2500, 2500, "left out, fewest gaps first: 2"),
    ],
)
def test_mermaid_stays_within_its_limits_and_says_what_it_left_out(
    services: int, zones: int, note: str
) -> None:
    text = "boundaries:\n" + "".join(f"  z{i}: {{trust: trusted}}\n" for i in range(zones)) + "services:\n"
    text += "".join(f"  s{i}: {{boundary: z{i % zones}}}\n" for i in range(services)) + "flows:\n"
    ends = sorted({(i, i * j % services) for i in range(services) for j in (7, 11, 13)})
    text += "".join(f"  - {{from: s{a}, to: s{b}, sends: {DATA}}}\n" for a, b in ends if a != b)
    text += f"data: {{{DATA}: }}\n"
    written = mermaid_text(graph(text), NOTHING)
    notes = [line for line in written.splitlines() if line.startswith("%% ")]

    assert len(written) <= MOST_CHARACTERS
    assert len(re.findall(r"^n\d+ (?:-->|==>)", written, re.MULTILINE)) <= MOST_EDGES
    assert note in "\n".join(notes)
    assert bool(notes) == bool(note)


def test_what_an_actor_is_told_stands_after_who_tells_it() -> None:
    text = "actors: {customer: }\nservices: {mail: }\nflows: [{from: mail, to: customer}]"

    assert "\tcustomer -> mail " in dot_text(graph(text), NOTHING)
    assert re.search(r" -> .*arrowtail=normal .*dir=back ", dot_text(graph(text), NOTHING))


def test_elements_say_who_operates_them_and_what_is_out_of_scope() -> None:
    text = """
parties: {us: {own: true}, them: {title: Them Ltd}}
boundaries: {cloud: {trust: trusted, kind: cloud-account, party: them, provider: them, region: eu-west-1}}
actors: {clerk: {boundary: cloud, party: us}}
services: {a: {boundary: cloud, party: us, technology: nginx}, b: {party: them, out_of_scope: bought}}
flows: [{from: clerk, to: a, data: []}, {from: a, to: b, data: []}]
"""
    shown = picture(graph(text), NOTHING)
    words = {node.id: " ".join(node.words) for node in shown.nodes}
    frames = {group.id: " ".join(group.words) for group in shown.groups}

    assert words["clerk"] == "actor · of us"
    assert words["a"].endswith("operated by us")
    assert words["b"] == "out of scope"
    assert frames["cloud"] == "trusted · Cloud account · operated by Them Ltd on Them Ltd · eu-west-1"


def test_boundaries_may_nest_without_end() -> None:
    text = "services: {a: {boundary: b1999}, c: }\nflows: [{from: a, to: c}]\n"
    text += "boundaries:\n  b0: {trust: trusted}\n"
    text += "".join(f"  b{i}: {{parent: b{i - 1}}}\n" for i in range(1, 2000))
    model = graph(text)

    assert dot_text(model, NOTHING).count("\n\tsubgraph ") == 2001
    assert len(mermaid_text(model, NOTHING)) <= MOST_CHARACTERS
