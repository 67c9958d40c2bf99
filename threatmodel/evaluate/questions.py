"""Unknown results as questions: each asks one fact or one statement where one answer settles most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from threatmodel.catalog import SEVERITIES, Condition, Control, CoveredBy, Leaf, leaves
from threatmodel.errors import Span
from threatmodel.evaluate import bits
from threatmodel.evaluate.engine import Engine
from threatmodel.evaluate.explain import fill, subject_span
from threatmodel.evaluate.risk import Risk
from threatmodel.graph import SystemGraph
from threatmodel.model import Path
from threatmodel.results import Question, result_key


class _Place(NamedTuple):
    """A place that could state a control; the smaller `distance`, the more specific."""

    distance: int
    kind: str
    id: str


_Asked: TypeAlias = tuple[str, int]
"""A subject: its kind and its index."""


def questions(engine: Engine) -> tuple[Question, ...]:
    """Every question, those that settle most of the gravest first; ties by text."""
    found = [q for c in engine.controls.values() for q in _of_control(engine, c)]
    found += _of_facts(engine)
    return tuple(sorted(found, key=_rank))


def _rank(q: Question) -> tuple[int, int, str]:
    return -SEVERITIES.index(q.severity), -len(q.settles), q.text


def _of_control(engine: Engine, control: Control) -> Iterator[Question]:
    remaining: set[_Asked] = set()
    for kind in control.subjects:
        d = engine.decide(control, kind)
        remaining |= {(kind, i) for i in bits.indexes(d.unknown & ~d.when_unknown, d.size)}
    by_place: dict[_Place, set[_Asked]] = {}
    for kind, i in remaining:
        for place in _places(engine, control, kind, i):
            by_place.setdefault(place, set()).add((kind, i))
    for place, settled in _cover(by_place, remaining):
        yield _statement_question(engine, control, place, sorted(settled))


def _cover(
    by_place: dict[_Place, set[_Asked]], remaining: set[_Asked]
) -> Iterator[tuple[_Place, set[_Asked]]]:
    """Places in falling order of what they settle, each with what no earlier one settled."""
    order = sorted(by_place, key=lambda p: (-len(by_place[p]), p))
    for place in order:
        settled = by_place[place] & remaining
        if settled:
            remaining -= settled
            yield place, settled


def _places(engine: Engine, control: Control, kind: str, i: int) -> Iterator[_Place]:
    g = engine.graph
    covered = control.covered_by
    if kind != "model":
        yield _Place(0, kind, g.subjects[kind][i])
    elements: list[int] = []
    if kind == "flow":
        ends = {"source": g.flow_source[i], "target": g.flow_target[i]}
        elements = [ends[side] for side in covered.ends]
        for e in elements:
            yield _Place(1, g.element_kind[e], g.elements[e])
    elif kind in ("service", "store"):
        elements = [g.index[g.subjects[kind][i]]]
    for e in elements:
        template = getattr(g.values[e], "type", None)
        if template:
            yield _Place(2, f"{g.element_kind[e]} type", template)
        if covered.host and g.element_host[e] >= 0:
            yield _Place(3, "host", g.hosts[g.element_host[e]])
    for step, zone in _boundaries(engine, covered, kind, i):
        yield _Place(_BOUNDARY + step, "boundary", g.zones[zone])
    if covered.baseline and engine.ours(kind) >> i & 1:
        yield _Place(_BASELINE, "baseline", "baseline")


_BOUNDARY, _BASELINE = 4, 1_000_000


def _boundaries(engine: Engine, covered: CoveredBy, kind: str, i: int) -> Iterator[tuple[int, int]]:
    """The declared boundaries whose statement counts for a subject, each with its distance."""
    g = engine.graph
    match kind:
        case "flow":
            source, target = g.element_zone[g.flow_source[i]], g.element_zone[g.flow_target[i]]
            around = g.lca(source, target)
            entered = _upwards(g, target, around) if "entering" in covered.boundary else ()
            left = _upwards(g, source, around) if "leaving" in covered.boundary else ()
            yield from enumerate(entered)
            yield from enumerate(left)
        case "service" | "store" | "actor":
            around = g.element_zone[g.index[g.subjects[kind][i]]]
        case "boundary":
            around = g.zone_parent[i]
        case "host":
            around = g.host_zone[i]
        case _:
            around = -1
    if "inside" in covered.boundary:
        yield from enumerate(_upwards(g, around, -1))


def _upwards(graph: SystemGraph, zone: int, stop: int) -> Iterator[int]:
    """The declared boundaries from a zone outwards, `stop` left out."""
    while zone not in (-1, stop):
        if zone < len(graph.subjects["boundary"]):
            yield zone
        zone = graph.zone_parent[zone]


def _statement_question(engine: Engine, control: Control, place: _Place, settled: list[_Asked]) -> Question:
    keys = tuple(result_key(control.id, kind, engine.graph.subjects[kind][i]) for kind, i in settled)
    risks = {kind: Risk(engine, control, kind) for kind, _ in settled}
    severity = max((risks[kind].of(i)[0] for kind, i in settled), key=SEVERITIES.index)
    kind, first = settled[0]
    alone = len(settled) == 1 and (place.distance == 0 or kind == "model")
    if alone and control.question:
        text = fill(engine, control.question, kind, first)
    elif place.kind == "baseline":
        text = f"does this hold for all that we operate: {_lower(control.title)}?"
    else:
        text = f"does this hold for {place.kind} `{place.id}`: {_lower(control.title)}?"
    where = "baseline" if place.kind == "baseline" else f"controls of {place.kind} `{place.id}`"
    span = subject_span(engine, kind, first) if alone else None
    return Question(text, f"`{control.id}` under {where}", place.id, severity, span, keys)


def _lower(title: str) -> str:
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _of_facts(engine: Engine) -> list[Question]:
    """Results whose `when` is unknown, by the key that is missing; none where the rest is satisfied."""
    grouped: dict[tuple[Path, str], tuple[Leaf, set[str], int]] = {}
    for control in engine.controls.values():
        for kind in control.subjects:
            d = engine.decide(control, kind)
            satisfied = engine.held(control.id, kind)[0]
            for i in bits.indexes(d.unknown & d.when_unknown & ~satisfied, d.size):
                leaf = _open_leaf(engine, control.when, kind, i)
                for path, key in _missing(engine, leaf, kind, i):
                    first = grouped.setdefault((path, key), (leaf, set(), 0))
                    first[1].add(result_key(control.id, kind, engine.graph.subjects[kind][i]))
                    severity = max(first[2], SEVERITIES.index(control.severity))
                    grouped[path, key] = (first[0], first[1], severity)
    flows = {flow.at: flow.id for flow in engine.graph.flows}
    return [
        _fact_question(engine, path, key, flows.get(path, str(path[-1])), sorted(keys), SEVERITIES[severity])
        for (path, key), (_, keys, severity) in grouped.items()
    ]


def _open_leaf(engine: Engine, when: Condition | None, kind: str, i: int) -> Leaf:
    plain = [leaf for leaf in leaves(when) if isinstance(leaf, Leaf)]
    for leaf in plain:
        yes, no = engine.truth(leaf, kind)
        if not (yes | no) >> i & 1:
            return leaf
    return plain[0]


def _missing(engine: Engine, leaf: Leaf, kind: str, i: int) -> Iterable[tuple[Path, str]]:
    """The first key that the model does not declare and that leaves the fact open, if there is one."""
    model = engine.graph.model
    places = engine.fact(kind, leaf.fact).places(engine.graph, kind, i)
    found = [(path, key) for path, key in places if path and key and not model.declares(path, key)]
    return found[:1]


def _fact_question(
    engine: Engine, path: Path, key: str, name: str, keys: list[str], severity: str
) -> Question:
    span: Span | None = engine.graph.model.span(path)
    return Question(
        f"what is `{key}` of `{name}`?", f"`{key}` of `{name}`", name, severity, span, tuple(keys)
    )
