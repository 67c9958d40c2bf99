"""Safeguards that do the same work twice on one flow: a cost on every message that protects nothing more.

Only controls whose `redundant` text says so are looked at: in other cases a second safeguard is depth.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from threatmodel.catalog import Any, Claimed, Condition, Control
from threatmodel.evaluate.explain.reasons import fill, premises
from threatmodel.evaluate.verdicts.statements import AppliedStatement
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.graph import Subject
from threatmodel.logic import bits
from threatmodel.results import BASELINE, ClaimedControl, Facts, Filled, Protector, Safeguard

_FLOW = "flow"
_NAMED = frozenset({"implemented", "alternative"})
_AROUND = frozenset({"host", "boundary"})


class Redundant(NamedTuple):
    """A flow (position), what a control says of it, and what protects it more than once."""

    flow: int
    text: Filled
    protectors: tuple[Protector, ...]


def redundant(engine: Engine) -> Iterator[Redundant]:
    """Every flow for which a control holds in more than one way, control by control."""
    for control in engine.asked.values():
        if control.redundant and _FLOW in control.subjects:
            for flow in bits.indexes(engine.holds(control.id, _FLOW)[0], engine.size(_FLOW)):
                protectors = tuple(dict.fromkeys(_protectors(engine, control, flow)))
                if len(protectors) > 1:
                    yield Redundant(flow, fill(engine, control.redundant, _FLOW, flow), protectors)


def _protectors(engine: Engine, control: Control, flow: int) -> Iterator[Protector]:
    """What makes a control hold for a flow: the flow itself, what stands in for it, what is around it.

    What is stated twice in the same words is one safeguard; so is a statement beside what the facts show.
    """
    shown = [p for p in _alternatives(control.expect) if engine.outcome(p, _FLOW, flow)]
    stated = list(_stated(engine, control, flow))
    here = [s for near, s in stated if near]
    if here:
        yield _safeguard(here[0])
    elif itself := [p for p in shown if not isinstance(p, Claimed)]:
        yield Facts(tuple(premise.basis for premise in premises(engine, itself[0], _FLOW, flow)))
    for part in shown:
        if isinstance(part, Claimed) and not _asked(engine, part.control, flow):
            yield ClaimedControl(part.control)
    mechanisms = {s.statement.mechanism for s in here}
    for _, said in stated:
        if said.statement.mechanism not in mechanisms:
            mechanisms.add(said.statement.mechanism)
            yield _safeguard(said)


def _alternatives(expect: Condition | None) -> tuple[Condition, ...]:
    match expect:
        case None:
            return ()
        case Any(parts):
            return parts
        case _:
            return (expect,)


def _stated(engine: Engine, control: Control, flow: int) -> Iterator[tuple[bool, AppliedStatement]]:
    """What is said to be in place, the nearest first, and whether the flow or an end of it says so."""
    places = engine.statements.of(control.id)
    for level in engine.coverage(control).levels(Subject(_FLOW, flow)):
        for place in level.places if BASELINE not in level.places else ():
            said = places.at(place)
            if said and said.weight in _NAMED:
                yield place.kind not in _AROUND, said


def _asked(engine: Engine, control: str, flow: int) -> bool:
    return not engine.decide(engine.controls[control], _FLOW).not_applicable >> flow & 1


def _safeguard(said: AppliedStatement) -> Safeguard:
    return Safeguard(said.statement.mechanism or "", said.place)
