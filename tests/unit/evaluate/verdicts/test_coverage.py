"""Nearest wins: a flow, its ends, their types, hosts, boundaries from inside out, the baseline.

What counts for one subject (`levels`, `statements`) and what fills columns (`own`, `inherited`) must agree.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.evaluate.build import control, engine, why
from threatmodel.evaluate import Engine
from threatmodel.evaluate.verdicts.coverage import place_kinds
from threatmodel.render.text.reasons import reason_text
from threatmodel.results import BASELINE

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


MODES = [
    [],
    ["inside"],
    ["entering"],
    ["leaving"],
    ["entering", "leaving"],
    ["inside", "entering", "leaving"],
]
ENDS: list[list[str]] = [[], ["source"], ["target"], ["source", "target"]]
RICH = """
types:
  services: {t: {controls: {c: {status: partial, reason: half of it}}}}
  stores: {u: {controls: {c: vault}}}
boundaries:
  a: {controls: {c: vault}}
  b: {parent: a}
  m: {parent: a, controls: {c: planned}}
  n: {parent: m}
  o: {parent: n, controls: {c: {status: not-applicable, reason: closed}}}
  z: {controls: {c: false}}
hosts: {h: {boundary: b, controls: {c: vault}}, k: {boundary: n, controls: {c: false}}, l: {boundary: z}}
actors: {v: {boundary: z, controls: {c: vault}}, w: {}}
services:
  p: {boundary: a}
  q: {boundary: b, host: h, type: t, controls: {c: planned}}
  r: {boundary: n, host: k, type: t}
  s: {boundary: o, host: k}
  x: {host: l, controls: {c: vault}}
stores: {d: {boundary: n, host: k, type: u}, e: {boundary: m, host: h, controls: {c: vault}}}
flows:
  - {from: v, to: q}
  - {from: w, to: p}
  - {from: q, to: r, controls: {c: vault}}
  - {from: r, to: s}
  - {from: s, to: d}
  - {from: q, to: d}
  - {from: d, to: e}
  - {from: p, to: e}
  - {from: x, to: q}
  - {from: e, to: x}
baseline: {c: vault}
"""


def _places(world: Engine, kind: str, name: str) -> list[tuple[int, str]]:
    """The places that count for a subject, each with its distance."""
    coverage = world.coverage(world.controls["c"])
    levels = coverage.levels(world.graph.subject(kind, name))
    return [(n, f"{p.kind} {p.id}") for n, level in enumerate(filter(_some, levels)) for p in level.places]


def _some(level: Any) -> bool:
    return bool(level.places)


def test_the_places_of_a_flow_go_from_itself_outwards() -> None:
    world = engine(
        FLOW.format(**dict.fromkeys(PLACES, "vault")), control(subject="flow", covered_by=EVERYWHERE)
    )
    assert _places(world, "flow", "s->d") == [
        (0, "flow s->d"),
        (1, "service s"),
        (1, "store d"),
        (2, "service type t"),
        (2, "store type u"),
        (3, "host h"),
        (3, "host k"),
        (4, "boundary n"),
        (4, "boundary b"),
        (5, "boundary m"),
        (6, "boundary a"),
        (7, "baseline baseline"),
    ]


def test_the_places_of_an_element_go_from_itself_outwards() -> None:
    covered = [{"host": True}, {"boundary": "inside"}, {"baseline": True}]
    world = engine(
        FLOW.format(**dict.fromkeys(PLACES, "vault")), control(subject="store", covered_by=covered)
    )
    assert _places(world, "store", "d") == [
        (0, "store d"),
        (1, "store type u"),
        (2, "host k"),
        (3, "boundary n"),
        (4, "boundary m"),
        (5, "boundary a"),
        (6, "baseline baseline"),
    ]


def test_all_that_is_stated_is_listed_nearest_first_and_the_worse_of_two_before_the_other() -> None:
    said = dict.fromkeys(PLACES, "vault") | {
        "target": "false",
        "other_host": "planned",
        "source_boundary": "false",
    }
    asked = control(subject="flow", covered_by=EVERYWHERE)
    world = engine(FLOW.format(**said), asked)
    stated = world.coverage(asked).statements(world.graph.subject("flow", "s->d"), world.statements.of("c"))
    assert [s.place.id for s in stated] == [*"s->d d s t u k h b n m a".split(), "baseline"]


def test_a_shared_host_is_a_place_of_a_flow_whose_control_lists_no_ends() -> None:
    text = """
hosts: {h: {}, k: {}}
services: {s: {host: h}, t: {host: h}, u: {host: k}}
flows: [{from: s, to: t}, {from: s, to: u}]
"""
    world = engine(text, control(subject="flow", covered_by=[{"host": True}]))
    assert _places(world, "flow", "s->t") == [(0, "flow s->t"), (1, "host h")]
    assert _places(world, "flow", "s->u") == [(0, "flow s->u")]


def test_ground_that_no_boundary_declares_is_no_place() -> None:
    world = engine("services: {s: {}}", control(subject="service", covered_by=[{"boundary": "inside"}]))
    assert _places(world, "service", "s") == [(0, "service s")]


def test_what_a_boundary_says_itself_is_not_what_it_inherits() -> None:
    text = """
boundaries: {a: {controls: {c: vault}}, b: {parent: a, controls: {c: planned}}, z: {controls: {c: vault}}}
"""
    asked = control(subject="boundary", covered_by=[{"boundary": "inside"}])
    world = engine(text, asked)
    inherited = world.coverage(asked).inherited("boundary", world.statements.of("c"))
    names = world.graph.subjects["boundary"]
    assert {names[i]: said.place.id for i, said in inherited.items()} == {"b": "a"}


def test_a_subject_inherits_nothing_from_a_place_that_its_control_does_not_name() -> None:
    asked = control(subject=["service", "boundary", "host", "flow"])
    world = engine(RICH, asked)
    for kind in asked.subjects:
        assert not world.coverage(asked).inherited(kind, world.statements.of("c")), kind


def test_no_place_speaks_for_a_subject_of_another_kind_than_the_control_counts_at() -> None:
    for covered in EVERYWHERE:
        asked = control(subject="flow", covered_by=[covered])
        world = engine(RICH, asked)
        kinds = place_kinds(asked)
        for name in world.graph.subjects["flow"]:
            levels = world.coverage(asked).levels(world.graph.subject("flow", name))
            assert {p.kind.removesuffix(" type") for level in levels for p in level.places} <= kinds


@pytest.mark.parametrize("modes", MODES, ids="+".join)
@pytest.mark.parametrize("ends", ENDS, ids="+".join)
@pytest.mark.parametrize("host", [False, True])
def test_columns_hold_what_the_nearest_place_of_each_subject_says(
    modes: list[str], ends: list[str], host: bool
) -> None:
    covered: list[dict[str, Any]] = [{"boundary": modes}] if modes else []
    covered += [{"ends": ends}] if ends else []
    covered += [{"host": True}] if host else []
    of_flows = bool(ends or {"entering", "leaving"} & {*modes})
    kinds = ["flow"] if of_flows else ["flow", "service", "store", "actor", "boundary", "host"]
    asked = control(subject=kinds, covered_by=covered)
    world = engine(RICH, asked)
    coverage, stated = world.coverage(asked), world.statements.of("c")
    for kind in kinds:
        own, inherited = coverage.own(kind, stated), coverage.inherited(kind, stated)
        for i, name in enumerate(world.graph.subjects[kind]):
            subject = world.graph.subject(kind, name)
            itself = {p for level in coverage.own_levels(subject) for p in level.places}
            said = coverage.statements(subject, stated)
            beyond = [s for s in said if s.place not in itself and s.weight != "not-applicable"]
            assert own.get(i) == next((s for s in said if s.place in itself), None), name
            assert inherited.get(i) == next((s for s in beyond if s.place != BASELINE), None), name
