"""Path obligations by enumeration: every simple path of a small model, and every thing on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from threatmodel.catalog import (
    All,
    Any,
    Claimed,
    Condition,
    Control,
    EveryPath,
    Leaf,
    Not,
    Route,
    Satisfied,
    leaves,
    shown_on_paths,
)

if TYPE_CHECKING:
    from tests.properties.oracle import Oracle

Thing: TypeAlias = tuple[str, str]
"""Kind and id of an element or flow that a path passes."""


class Walked(NamedTuple):
    """What the paths to a subject come to; `holds` is None where it depends on what is not known."""

    reached: bool
    holds: bool | None


def walked(oracle: Oracle, route: Route, kind: str, name: str) -> Walked:
    """Whether every path passes these controls in order; without untrusted elements there may be others."""
    found = [_walked(oracle, route, kind, name, begin) for begin in _beginnings(oracle, route.origin)]
    if all(w.holds is False for w in found):
        return Walked(True, False)
    if not _sources(oracle):
        return Walked(True, None)
    if all(w.reached and w.holds for w in found):
        return Walked(True, True)
    return Walked(any(w.reached for w in found), None)


def _walked(oracle: Oracle, route: Route, kind: str, name: str, begin: frozenset[str]) -> Walked:
    paths = list(_paths(oracle, route.kinds, kind, name, begin))
    found = [_passes(oracle, path, route.controls, begin) for path in paths]
    return Walked(bool(found), False if False in found else None if None in found or not found else True)


def unreached(oracle: Oracle, control: Control, kind: str, name: str) -> bool:
    """Whether a control asks for paths and none leads to the subject."""
    routes = [leaf.route for leaf in leaves(control.expect) if isinstance(leaf, EveryPath)]
    return bool(routes) and not any(walked(oracle, route, kind, name).reached for route in routes)


def _passes(
    oracle: Oracle, path: list[Thing], controls: tuple[str, ...], begin: frozenset[str]
) -> bool | None:
    certain = possible = 0
    for thing in path:
        if _ends(oracle, *thing) <= begin:
            continue
        while certain < len(controls) and shows(oracle, controls[certain], *thing) is True:
            certain += 1
        while possible < len(controls) and shows(oracle, controls[possible], *thing) is not False:
            possible += 1
    return True if certain == len(controls) else None if possible == len(controls) else False


def shows(oracle: Oracle, name: str, kind: str, thing: str) -> bool | None:
    """Whether an element or flow shows a control by itself."""
    control = oracle.controls[name]
    if _untrusted(oracle, kind, thing):
        return False
    asked = kind in control.subjects
    expect = _expected(oracle, control.expect, kind, thing) if asked and control.expect else None
    for said in (
        oracle.said(control, oracle.statements(kind, thing)),
        oracle.of_type(control, kind, thing),
    ):
        if said and not (said == "bare" and expect is False):
            return said in ("implemented", "alternative", "bare")
    if expect is not None:
        return expect
    if kind not in shown_on_paths(control):
        return False
    return False if asked and oracle.denied(control, kind, thing) else None


def _expected(oracle: Oracle, condition: Condition, kind: str, thing: str) -> bool | None:
    match condition:
        case All(parts):
            found = [_expected(oracle, p, kind, thing) for p in parts]
            return False if False in found else None if None in found else True
        case Any(parts):
            found = [_expected(oracle, p, kind, thing) for p in parts]
            return True if True in found else None if None in found else False
        case Not(part):
            inner = _expected(oracle, part, kind, thing)
            return None if inner is None else not inner
        case Claimed(control):
            return shows(oracle, control, kind, thing) is True
        case Satisfied(control):
            return shows(oracle, control, kind, thing)
        case EveryPath():
            return False
        case _:
            return oracle.truth(condition, kind, thing)


def _untrusted(oracle: Oracle, kind: str, thing: str) -> bool:
    return _ends(oracle, kind, thing) <= _sources(oracle)


def _ends(oracle: Oracle, kind: str, thing: str) -> set[str]:
    flow = oracle.flow(thing) if kind == "flow" else None
    return {flow.source, flow.target} if flow else {thing}


def _beginnings(oracle: Oracle, origin: str) -> Iterator[frozenset[str]]:
    """Where paths of an origin begin, for each way in which what is not known may turn out."""
    g = oracle.graph
    others = {"untrusted": ["untrusted"]}.get(origin, ["untrusted", "third-party"])
    there = {name for i, name in enumerate(g.elements) if g.trust(i) in others}
    people = {name: actor.human for name, actor in oracle.model.actors.items()} if origin == "people" else {}
    there |= {name for name, human in people.items() if human}
    open_ = [name for name, human in people.items() if human is None and name not in there]
    for chosen in range(1 << len(open_)):
        yield frozenset(there | {name for n, name in enumerate(open_) if chosen >> n & 1})


def _sources(oracle: Oracle) -> set[str]:
    g = oracle.graph
    return {name for i, name in enumerate(g.elements) if g.trust(i) == "untrusted"}


def _paths(
    oracle: Oracle, kinds: tuple[str, ...], kind: str, name: str, begin: frozenset[str]
) -> Iterator[list[Thing]]:
    """Every simple path to a subject as the things that it passes."""
    if kind == "flow":
        flow = oracle.flow(name)
        if not _open(oracle, kinds, name):
            return
        if flow.source in begin:
            yield [("flow", name)]
        for path in _paths(oracle, kinds, oracle.kind(flow.source), flow.source, begin):
            yield [*path, ("flow", name)]
        return

    def walk(element: str, passed: list[Thing], seen: set[str]) -> Iterator[list[Thing]]:
        for target, flow in _calls(oracle, kinds, element):
            here = [*passed, *([("flow", flow)] if flow else []), (oracle.kind(target), target)]
            if target == name:
                yield here
            elif target not in seen:
                yield from walk(target, here, seen | {target})

    for source in sorted(begin):
        yield from walk(source, [], {source})


def _calls(oracle: Oracle, kinds: tuple[str, ...], element: str) -> Iterator[tuple[str, str]]:
    g = oracle.graph
    for flow in oracle.model.flows:
        if not _open(oracle, kinds, flow.id):
            continue
        if flow.source == element:
            yield flow.target, flow.id
        if flow.target == element and g.relays[g.index[element]] and flow.returns != ():
            yield flow.source, ""


def _open(oracle: Oracle, kinds: tuple[str, ...], flow: str) -> bool:
    return not kinds or oracle.truth(Leaf("flow.kind", "one_of", frozenset(kinds), ()), "flow", flow) is True
