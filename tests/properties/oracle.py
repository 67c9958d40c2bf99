"""A second, naive evaluation: one subject at a time, every place listed with its distance, no bitsets.

It reads statements and placement from the model itself; only the value of each fact is the engine's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.properties.walking import unreached, walked
from threatmodel.catalog import All, Any, Claimed, Condition, Control, EveryPath, Leaf, Not, Route, Satisfied
from threatmodel.facts import fact
from threatmodel.graph import SystemGraph
from threatmodel.logic import Choice, Domain, Known, Members, Range, Value
from threatmodel.model import Actor, Element, Flow, Host, Service, Statement, Statements, Store

_WORSE = ("absent", "weak", "planned", "partial", "bare", "alternative", "implemented")
_GOOD = ("implemented", "alternative", "bare")


class Heard(NamedTuple):
    """What one place says: the nearer, the smaller `distance`."""

    distance: tuple[int, int]
    weight: str


class Oracle:
    """Verdicts of controls for the subjects of one graph."""

    def __init__(self, graph: SystemGraph, controls: dict[str, Control]) -> None:
        self.graph = graph
        self.model = graph.model
        self.controls = controls

    def verdict(self, control: Control, kind: str, name: str) -> str:
        """The verdict by the steps of the semantics."""
        when = self.truth(control.when, kind, name) if control.when else True
        if when is False or self.out_of_scope(kind, name):
            return "not-applicable"
        if unreached(self, control, kind, name):
            return "not-applicable"
        rest = self.rest(control, kind, name)
        if rest == "not-applicable":
            return rest
        return "unknown" if when is None else rest

    def rest(self, control: Control, kind: str, name: str) -> str:
        """Everything after `when`: what is stated, inherited, expected, and the baseline."""
        expect = self.truth(control.expect, kind, name) if control.expect else None
        for said in (self.said(control, self.statements(kind, name)), self.of_type(control, kind, name)):
            if said and not (said == "bare" and expect is False):
                return "not-applicable" if said == "not-applicable" else _outcome(said)
        places = [h for h in self.places(control, kind, name) if h.weight != "not-applicable"]
        if expect is False:
            places = [h for h in places if h.weight != "bare"]
        nearest = min(places, key=lambda h: (h.distance, _WORSE.index(h.weight)), default=None)
        if nearest and nearest.weight in _GOOD:
            return "satisfied"
        if not nearest and control.covered_by.upstream:
            upstream = walked(self, Route((control.id,)), kind, name)
            if upstream.reached and upstream.holds:
                return "satisfied"
        if expect is not None:
            return "satisfied" if expect else "gap"
        if nearest:
            return "gap"
        base = self.said(control, self.model.baseline) if control.covered_by.baseline else None
        return _outcome(base) if base and self.is_ours(kind, name) else "unknown"

    def denied(self, control: Control, kind: str, name: str) -> bool:
        """Whether the nearest place beyond the subject and its type, else the baseline, denies it."""
        places = [h for h in self.places(control, kind, name) if h.weight != "not-applicable"]
        nearest = min(places, key=lambda h: (h.distance, _WORSE.index(h.weight)), default=None)
        if nearest:
            return nearest.weight not in _GOOD
        base = self.said(control, self.model.baseline) if control.covered_by.baseline else None
        return bool(base) and base not in _GOOD and self.is_ours(kind, name)

    def kind(self, element: str) -> str:
        """The kind of an element."""
        return self.graph.subject_kind[self.graph.index[element]]

    def places(self, control: Control, kind: str, name: str) -> Iterator[Heard]:
        """Every place beyond the subject and its type whose statement counts, with its distance."""
        covered = control.covered_by
        inside = "inside" in covered.boundary
        if kind == "flow":
            flow = self.flow(name)
            ends = [
                self.element(getattr(flow, side)) for side in ("source", "target") if side in covered.ends
            ]
            both = [self.element(flow.source), self.element(flow.target)]
            for end in ends:
                yield from self.heard(control, end.controls, (1, 0))
                yield from self.heard(control, self.type_of(end), (2, 0))
            hosts = {getattr(e, "host", None) for e in (ends or both)}
            for host in hosts if covered.host and (ends or len(hosts) == 1) else ():
                if host:
                    yield from self.heard(control, self.model.hosts[host].controls, (3, 0))
            source, target = (self.around(e) for e in both)
            entered = [b for b in target if b not in source] if "entering" in covered.boundary else []
            left = [b for b in source if b not in target] if "leaving" in covered.boundary else []
            common = [b for b in source if b in target] if inside else []
            for chain, distance in ((entered, 4), (left, 4), (common, 5)):
                for step, boundary in enumerate(chain):
                    statements = self.model.boundaries[boundary].controls
                    yield from self.heard(control, statements, (distance, step))
            return
        boundaries: list[str] = []
        if kind in ("service", "store", "actor"):
            element = self.element(name)
            host = getattr(element, "host", None)
            if covered.host and host:
                yield from self.heard(control, self.model.hosts[host].controls, (3, 0))
            boundaries = self.around(element)
        elif kind == "host":
            boundaries = self.outwards(self.model.hosts[name].boundary)
        elif kind == "boundary":
            boundaries = self.outwards(self.model.boundaries[name].parent)
        for step, boundary in enumerate(boundaries if inside else []):
            yield from self.heard(control, self.model.boundaries[boundary].controls, (5, step))

    def heard(self, control: Control, statements: Statements, at: tuple[int, int]) -> Iterator[Heard]:
        """What these statements say of the control, if anything."""
        weight = self.said(control, statements)
        if weight:
            yield Heard(at, weight)

    def said(self, control: Control, statements: Statements) -> str | None:
        """The weight of a statement; None when nothing is said or all its evidence has run out."""
        statement = statements.get(control.id)
        if statement is None:
            return None
        if statement.status not in ("implemented", "alternative"):
            return statement.status
        weak, strong = (_names(statement, words) for words in (control.weak, control.strong))
        if weak and not strong:
            return "weak"
        days = [(e.date or "", e.until or "9999") for e in statement.evidence]
        if days and not any(since <= self.graph.as_of <= until for since, until in days):
            return None
        if statement.status == "alternative":
            return "alternative"
        named = statement.mechanism and not weak
        return "implemented" if named or statement.by or statement.evidence else "bare"

    def statements(self, kind: str, name: str) -> Statements:
        """What a subject states itself."""
        match kind:
            case "model":
                return {}
            case "flow":
                return self.flow(name).controls
            case "service" | "store" | "actor":
                return self.element(name).controls
            case "data":
                return self.model.data[name].controls
            case "boundary":
                return self.model.boundaries[name].controls
            case "host":
                return self.model.hosts[name].controls
            case "party":
                return self.model.parties[name].controls
            case _:
                return self.model.purposes[name].controls

    def of_type(self, control: Control, kind: str, name: str) -> str | None:
        """What the type of a service or store says."""
        return self.said(control, self.type_of(self.element(name))) if kind in ("service", "store") else None

    def type_of(self, element: Element) -> Statements:
        """The statements of an element's type."""
        if isinstance(element, Actor) or element.type is None:
            return {}
        types = self.model.service_types if isinstance(element, Service) else self.model.store_types
        return types[element.type].controls

    def element(self, name: str) -> Element:
        """The element of this id."""
        found: dict[str, Element] = {**self.model.actors, **self.model.services, **self.model.stores}
        return found[name]

    def flow(self, name: str) -> Flow:
        """The flow of this id."""
        return next(f for f in self.model.flows if f.id == name)

    def around(self, element: Element) -> list[str]:
        """The boundaries around an element, from inside out."""
        host: Host | None = None
        if isinstance(element, (Service, Store)) and element.host:
            host = self.model.hosts[element.host]
        return self.outwards(element.boundary or (host.boundary if host else None))

    def outwards(self, boundary: str | None) -> list[str]:
        """A boundary and those around it."""
        chain = []
        while boundary:
            chain.append(boundary)
            boundary = self.model.boundaries[boundary].parent
        return chain

    def out_of_scope(self, kind: str, name: str) -> bool:
        """Whether nothing is asked of a subject."""
        if kind == "flow":
            flow = self.flow(name)
            return all(self.element(e).out_of_scope for e in (flow.source, flow.target))
        return kind in ("service", "store", "actor") and self.element(name).out_of_scope is not None

    def is_ours(self, kind: str, name: str) -> bool:
        """Whether own parties operate a subject; ways and data are ours, people and parties are not."""
        match kind:
            case "flow":
                flow = self.flow(name)
                ends = [self.element(e) for e in (flow.source, flow.target)]
                nodes = [e for e in ends if not isinstance(e, Actor)]
                return bool(nodes) and all(self.operated(e) for e in nodes)
            case "service" | "store":
                return self.operated(self.element(name))
            case "boundary":
                return self.party(None, name)
            case "host":
                host = self.model.hosts[name]
                return self.party(host.party, host.boundary)
            case "actor" | "party":
                return False
            case _:
                return True

    def operated(self, element: Element) -> bool:
        """Whether we operate an element."""
        chain = self.around(element)
        if element.party is None and not chain and isinstance(element, (Service, Store)) and element.host:
            return self.party(self.model.hosts[element.host].party, None)
        return self.party(element.party, chain[0] if chain else None)

    def party(self, stated: str | None, boundary: str | None) -> bool:
        """Whether the stated party, else that of the nearest boundary with one, is ours."""
        said = [stated, *(self.model.boundaries[b].party for b in self.outwards(boundary))]
        operator = next((p for p in said if p), None)
        return operator is None or self.model.parties[operator].own

    def truth(self, condition: Condition, kind: str, name: str) -> bool | None:
        """A condition for one subject in three values."""
        match condition:
            case All(parts):
                found = [self.truth(p, kind, name) for p in parts]
                return False if False in found else None if None in found else True
            case Any(parts):
                found = [self.truth(p, kind, name) for p in parts]
                return True if True in found else None if None in found else False
            case Not(part):
                inner = self.truth(part, kind, name)
                return None if inner is None else not inner
            case Claimed(control):
                return self.rest(self.controls[control], kind, name) == "satisfied"
            case EveryPath(route):
                found_paths = walked(self, route, kind, name)
                return found_paths.holds if found_paths.reached else None
            case Satisfied(control):
                verdict = self.rest(self.controls[control], kind, name)
                return {"satisfied": True, "gap": False}.get(verdict)
            case Leaf():
                found_fact = fact(kind, condition.fact)
                assert found_fact is not None
                position = self.graph.subjects[kind].index(name)
                return _leaf(
                    condition,
                    found_fact.domain,
                    found_fact.value(self.graph, self.graph.every(kind)[position]),
                )


def _outcome(weight: str) -> str:
    return "satisfied" if weight in _GOOD else "gap"


def _names(statement: Statement, listed: tuple[tuple[str, ...], ...]) -> bool:
    text = "".join(c if c.isalnum() or c == "." else " " for c in (statement.mechanism or "").lower())
    return any(f" {' '.join(words)} " in f" {' '.join(text.split())} " for words in listed)


def _leaf(leaf: Leaf, domain: Domain, value: Value) -> bool | None:
    """A comparison in three values, by trying every value that is possible."""
    wanted = leaf.operand if isinstance(leaf.operand, frozenset) else {leaf.operand}
    match value:
        case Members(certain, possible):
            if certain & wanted:
                return True
            return None if possible is None or possible & wanted else False
        case Known(known):
            candidates: list[object] = [known]
        case Choice(options):
            candidates = list(options)
        case Range(low, high):
            candidates = [None if n < 0 else domain.words[n] for n in range(low, high + 1)]
        case _:
            return None
    found = {_compare(leaf, domain, wanted, c) for c in candidates}
    return found.pop() if len(found) == 1 else None


def _compare(leaf: Leaf, domain: Domain, wanted: object, value: object) -> bool:
    assert isinstance(wanted, (set, frozenset))
    if leaf.operator in ("is", "one_of"):
        return value is not None and value in wanted
    if leaf.operator == "none_of":
        return value not in wanted
    if value is None:
        return False
    words: list[object] = list(domain.words)
    here, there = (words.index(v) if words else int(str(v)) for v in (value, leaf.operand))
    return here >= there if leaf.operator == "at_least" else here <= there
