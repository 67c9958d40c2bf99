"""Nearest wins: a flow, its ends, their types, hosts, boundaries from inside out, the baseline."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control, engine, why
from threatmodel.render.text.reasons import reason_text

FLOW = """
types: {{services: {{t: {{controls: {{c: {type_}}}}}}}, stores: {{u: {{controls: {{c: {other_type}}}}}}}}}
boundaries:
  a: {{controls: {{c: {outer}}}}}
  b: {{parent: a, controls: {{c: {source_boundary}}}}}
  m: {{parent: a, controls: {{c: {middle}}}}}
  n: {{parent: m, controls: {{c: {target_boundary}}}}}
hosts: {{h: {{controls: {{c: {host}}}}}, k: {{controls: {{c: {other_host}}}}}}}
services: {{s: {{boundary: b, host: h, type: t, controls: {{c: {source}}}}}}}
stores: {{d: {{boundary: n, host: k, type: u, controls: {{c: {target}}}}}}}
flows: [{{from: s, to: d, controls: {{c: {flow}}}}}]
baseline: {{c: {baseline}}}
"""
PLACES = (
    "flow",
    "source",
    "target",
    "type_",
    "other_type",
    "host",
    "other_host",
    "source_boundary",
    "target_boundary",
    "middle",
    "outer",
    "baseline",
)
EVERYWHERE: list[dict[str, Any]] = [
    {"ends": ["source", "target"]},
    {"host": True},
    {"boundary": ["inside", "entering", "leaving"]},
    {"baseline": True},
]


def decides(covered: list[dict[str, Any]], **said: str) -> str:
    """The step that decides the flow where only these places speak."""
    text = FLOW.format(
        **{place: said.get(place, "{evidence: {link: x, until: 2000-01-01}}") for place in PLACES}
    )
    return reason_text(why(engine(text, control(subject="flow", covered_by=covered)), "c@s->d").because)


ABSENT, STATED = "false", "vault"


@pytest.mark.parametrize(
    ("near", "far", "names"),
    [
        ("source", "type_", "service `s`"),
        ("target", "other_type", "store `d`"),
        ("target", "type_", "store `d`"),
        ("type_", "host", "service type `t`"),
        ("other_type", "host", "store type `u`"),
        ("host", "source_boundary", "host `h`"),
        ("other_host", "target_boundary", "host `k`"),
        ("source_boundary", "middle", "boundary `b`"),
        ("target_boundary", "middle", "boundary `n`"),
        ("target_boundary", "outer", "boundary `n`"),
        ("middle", "outer", "boundary `m`"),
        ("outer", "baseline", "boundary `a`"),
    ],
)
def test_the_nearer_of_two_places_decides_whatever_each_says(near: str, far: str, names: str) -> None:
    assert decides(EVERYWHERE, **{near: ABSENT, far: STATED}) == f"inherited from {names}: absent"
    assert decides(EVERYWHERE, **{near: STATED, far: ABSENT}) == f"inherited from {names}"


@pytest.mark.parametrize(
    ("one", "other", "first", "second"),
    [
        ("source", "target", "service `s`", "store `d`"),
        ("type_", "other_type", "service type `t`", "store type `u`"),
        ("host", "other_host", "host `h`", "host `k`"),
        ("source_boundary", "target_boundary", "boundary `b`", "boundary `n`"),
    ],
)
def test_of_two_at_the_same_distance_the_worse_counts(one: str, other: str, first: str, second: str) -> None:
    assert decides(EVERYWHERE, **{one: ABSENT, other: STATED}) == f"inherited from {first}: absent"
    assert decides(EVERYWHERE, **{one: STATED, other: ABSENT}) == f"inherited from {second}: absent"
    assert decides(EVERYWHERE, **{one: "planned", other: ABSENT}) == f"inherited from {second}: absent"
    assert decides(EVERYWHERE, **{one: "true", other: STATED}) == f"inherited from {first}"


@pytest.mark.parametrize(
    ("covered", "speaking"),
    [
        ([{"ends": ["source"]}], {"source", "type_"}),
        ([{"ends": ["target"]}], {"target", "other_type"}),
        ([{"host": True}], set()),
        ([{"ends": ["source"]}, {"host": True}], {"source", "type_", "host"}),
        ([{"boundary": "inside"}], {"outer"}),
        ([{"boundary": "entering"}], {"target_boundary", "middle"}),
        ([{"boundary": "leaving"}], {"source_boundary"}),
        ([{"baseline": True}], {"baseline"}),
        ([], set()),
    ],
)
def test_only_the_places_that_a_control_names_count_for_it(
    covered: list[dict[str, Any]], speaking: set[str]
) -> None:
    found = {place for place in PLACES[1:] if decides(covered, **{place: STATED}) != "nobody said"}
    assert found == speaking


@pytest.mark.parametrize(
    ("hosts", "expected"),
    [
        (("h", "h"), "inherited from host `h`"),
        (("h", "k"), "nobody said"),
        (("h", ""), "nobody said"),
        (("", ""), "nobody said"),
    ],
)
def test_without_listed_ends_a_host_covers_the_flows_between_its_own_elements(
    hosts: tuple[str, str], expected: str
) -> None:
    source, target = (f"{{host: {h}}}" if h else "" for h in hosts)
    text = f"""
hosts: {{h: {{controls: {{c: vault}}}}, k: {{controls: {{c: vault}}}}}}
services: {{s: {source}, t: {target}}}
flows: [{{from: s, to: t}}]
"""
    world = engine(text, control(subject="flow", covered_by=[{"host": True}]))
    assert reason_text(why(world, "c@s->t").because) == expected


def test_a_step_nearer_to_its_end_beats_a_boundary_of_the_other_end() -> None:
    text = """
boundaries: {m: {controls: {c: false}}, n: {parent: m}, b: {controls: {c: vault}}}
services: {s: {boundary: b}, t: {boundary: n}}
flows: [{from: s, to: t}]
"""
    asked = control(subject="flow", covered_by=[{"boundary": ["entering", "leaving"]}])
    assert reason_text(why(engine(text, asked), "c@s->t").because) == "inherited from boundary `b`"


def test_a_boundary_that_holds_both_ends_is_neither_entered_nor_left() -> None:
    text = """
boundaries: {a: {controls: {c: vault}}, b: {parent: a}}
services: {s: {boundary: a}, t: {boundary: b}}
flows: [{from: s, to: t}, {from: t, to: s}]
"""
    world = engine(text, control(subject="flow", covered_by=[{"boundary": ["entering", "leaving"]}]))
    assert {reason_text(why(world, key).because) for key in ("c@s->t", "c@t->s")} == {"nobody said"}


@pytest.mark.parametrize(
    ("subject", "key"),
    [("service", "c@s"), ("store", "c@d"), ("actor", "c@u"), ("boundary", "c@b"), ("host", "c@h")],
)
def test_what_stands_inside_a_boundary_inherits_from_it(subject: str, key: str) -> None:
    text = """
boundaries: {a: {controls: {c: vault}}, b: {parent: a}}
hosts: {h: {boundary: a}}
actors: {u: {boundary: b}}
services: {s: {boundary: b}}
stores: {d: {host: h}}
"""
    asked = control(subject=[*{subject, "boundary"}], covered_by=[{"boundary": "inside"}])
    assert reason_text(why(engine(text, asked), key).because) == "inherited from boundary `a`"


def test_an_element_inherits_from_its_host_before_its_boundary() -> None:
    text = """
boundaries: {b: {controls: {c: vault}}}
hosts: {h: {boundary: b, controls: {c: planned}}}
services: {s: {host: h}, t: {boundary: b}}
stores: {d: {host: h}}
"""
    asked = control(subject="service", covered_by=[{"host": True}, {"boundary": "inside"}])
    world = engine(text, asked)
    assert reason_text(why(world, "c@s").because) == "inherited from host `h`: planned"
    assert reason_text(why(world, "c@t").because) == "inherited from boundary `b`"


@pytest.mark.parametrize("subject", ["data", "party", "purpose", "model"])
def test_what_stands_nowhere_inherits_from_the_baseline_alone(subject: str) -> None:
    text = """
boundaries: {b: {controls: {c: vault}}}
parties: {us: {own: true}}
data: {us: }
purposes: {us: }
services: {s: {boundary: b}}
"""
    asked = control(subject=[subject, "boundary"], covered_by=[{"boundary": "inside"}])
    world = engine(text, asked)
    decided = world.decide(asked, subject)
    assert decided.size == 1
    assert decided.satisfied == 0
