"""Coverage: at which places a statement of a control counts for a subject, and which place is nearest.

`levels` lists the places of one subject by distance; `own` and `inherited` fill whole columns of subjects
with what the nearest place says, from the farthest kind of place to the nearest, reading only what is stated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple, TypeAlias

from threatmodel.catalog import Control
from threatmodel.evaluate.verdicts.scope import is_ours
from threatmodel.evaluate.verdicts.statements import AppliedStatement, Statements
from threatmodel.graph import Subject, SystemGraph
from threatmodel.logic import bits
from threatmodel.results import BASELINE, Place

_SELF, _END, _TYPE, _HOST, _BOUNDARY = range(5)
FARTHEST: Final = 1_000_000

_Nearest: TypeAlias = Mapping[int, tuple[AppliedStatement, int]]
"""By ground what the nearest boundary that states it says, and that boundary's depth."""


_Column: TypeAlias = Callable[[str, Statements], dict[int, AppliedStatement]]


class Level(NamedTuple):
    """Places at one distance from a subject, of which the worse counts; the subject itself has distance 0."""

    distance: int
    places: tuple[Place, ...]


def place_kinds(control: Control) -> frozenset[str]:
    """The kinds of place, types apart, where a statement of a control counts for something."""
    covered = control.covered_by
    ends = {"service", "store", "actor"} if covered.ends else set()
    others = {"host": covered.host, "boundary": covered.boundary, BASELINE.kind: covered.baseline}
    return frozenset({*control.subjects, *ends, *(kind for kind, counts in others.items() if counts)})


class Coverage:
    """Where the statements of one control count in one graph."""

    def __init__(self, graph: SystemGraph, control: Control) -> None:
        self.graph = graph
        self.control = control
        self._known: dict[tuple[int, int], tuple[Level, ...]] = {}

    def levels(self, subject: Subject) -> Iterator[Level]:
        """The places whose statement counts for a subject, the nearest first, the baseline last."""
        yield from self.own_levels(subject)
        yield from self.inherited_levels(subject)
        if self.by_baseline(subject):
            yield Level(FARTHEST, (BASELINE,))

    def own_levels(self, subject: Subject) -> list[Level]:
        """A subject itself, and its type if it has one; nothing can be stated of the model itself."""
        graph, (kind, i) = self.graph, subject
        if kind == "model":
            return []
        itself = Level(_SELF, (Place(kind, graph.subjects[kind][i]),))
        types = self._types([graph.positions[kind][i]]) if kind in graph.positions else ()
        return [itself, Level(_TYPE, types)] if types else [itself]

    def inherited_levels(self, subject: Subject) -> Iterator[Level]:
        """The places from which a subject inherits, the nearest first, the baseline apart."""
        graph, covered, (kind, i) = self.graph, self.control.covered_by, subject
        hosted: Sequence[int] = [graph.positions[kind][i]] if kind in graph.positions else []
        if kind == "flow":
            source, target = graph.flow_source[i], graph.flow_target[i]
            hosted = [e for side, e in (("source", source), ("target", target)) if side in covered.ends]
            if hosted:
                yield Level(_END, tuple(Place(graph.subject_kind[e], graph.elements[e]) for e in hosted))
            if types := self._types(hosted):
                yield Level(_TYPE, types)
            if not hosted and graph.element_host[source] == graph.element_host[target]:
                hosted = [source]
        hosts = {h: None for e in hosted if (h := graph.element_host[e]) >= 0} if covered.host else {}
        if hosts:
            yield Level(_HOST, tuple(Place("host", graph.hosts[h]) for h in hosts))
        crossed = self._crossed(i) if kind == "flow" else []
        for step, grounds in enumerate(crossed):
            if places := self._boundaries(grounds):
                yield Level(_BOUNDARY + step, places)
        if "inside" in covered.boundary:
            yield from self._inside(self._ground(subject), _BOUNDARY + len(crossed))

    def by_baseline(self, subject: Subject) -> bool:
        """Whether the baseline counts for a subject."""
        return self.control.covered_by.baseline and is_ours(self.graph, subject)

    def statements(self, subject: Subject, stated: Statements) -> list[AppliedStatement]:
        """All that is stated for a subject: by itself, its type and the places beyond, the nearest first."""
        levels = self.levels(subject) if stated.by_kind else ()
        found = (filter(None, map(stated.at, level.places)) for level in levels)
        return [s for level in found for s in sorted(level, key=_rank)]

    def own(self, kind: str, stated: Statements, against: int = 0) -> Mapping[int, AppliedStatement]:
        """What each subject of a kind (by position) says itself, else its type.

        Bare statements count for nothing `against` the expectation of these subjects.
        """
        return self._counting(self._own, kind, stated, against)

    def inherited(self, kind: str, stated: Statements, against: int = 0) -> Mapping[int, AppliedStatement]:
        """What each subject of a kind inherits, the baseline apart; `not-applicable` is not."""
        return self._counting(self._inherited, kind, stated.without("not-applicable"), against)

    def _counting(
        self, column: _Column, kind: str, stated: Statements, against: int
    ) -> Mapping[int, AppliedStatement]:
        found = column(kind, stated)
        firm = stated.without("bare") if against else stated
        if firm is stated:
            return found
        flags = bits.to_flags(against, len(self.graph.subjects[kind]))
        there = {i: said for i, said in column(kind, firm).items() if flags[i]}
        return {i: said for i, said in found.items() if not flags[i]} | there

    def _own(self, kind: str, stated: Statements) -> dict[int, AppliedStatement]:
        graph, order = self.graph, self.graph.order[kind]
        found: dict[int, AppliedStatement] = {}
        for template, said in stated.of(f"{kind} type").items():
            for element in graph.of_type.get((kind, template), ()):
                found[order[graph.elements[element]]] = said
        found.update((order[name], said) for name, said in stated.of(kind).items())
        return found

    def _inherited(self, kind: str, stated: Statements) -> dict[int, AppliedStatement]:
        covered = self.control.covered_by
        near = self._nearest_boundaries(stated) if covered.boundary else {}
        found: dict[int, AppliedStatement] = {}
        if near and "inside" in covered.boundary:
            grounds = self._grounds(kind)[: len(self.graph.subjects[kind])]
            found = {i: near[ground][0] for i, ground in enumerate(grounds) if ground in near}
        if near and kind == "flow":
            found.update(self._crossing(near))
        if covered.host:
            found.update(self._on_hosts(kind, stated))
        if kind == "flow" and covered.ends:
            for level in self._elements(stated):
                found.update(self._at_ends(level))
        return found

    def _elements(self, stated: Statements) -> Iterator[list[tuple[int, AppliedStatement]]]:
        """What types of elements say, then what elements say themselves."""
        graph = self.graph
        kinds, of_type = graph.positions, graph.of_type
        types = ((kind, template, s) for kind in kinds for template, s in stated.of(f"{kind} type").items())
        yield [(e, said) for kind, template, said in types for e in of_type.get((kind, template), ())]
        yield [(graph.index[name], said) for kind in kinds for name, said in stated.of(kind).items()]

    def _types(self, elements: Iterable[int]) -> tuple[Place, ...]:
        graph = self.graph
        named = ((graph.subject_kind[e], getattr(graph.values[e], "type", None)) for e in elements)
        return tuple(Place(f"{kind} type", name) for kind, name in dict.fromkeys(named) if name)

    def _inside(self, ground: int, distance: int) -> tuple[Level, ...]:
        """A ground and those around it; made once, because many subjects share them."""
        if ground < 0:
            return ()
        key = ground, distance
        if key not in self._known:
            places = self._boundaries([ground])
            here = (Level(distance, places),) if places else ()
            self._known[key] = here + self._inside(self.graph.ground_parent[ground], distance + 1)
        return self._known[key]

    def _boundaries(self, grounds: Iterable[int]) -> tuple[Place, ...]:
        """The declared ones of some grounds; nothing can be stated of the others."""
        declared = len(self.graph.subjects["boundary"])
        return tuple(Place("boundary", self.graph.grounds[g]) for g in grounds if g < declared)

    def _crossed(self, flow: int) -> list[list[int]]:
        """The grounds that a flow enters or leaves and whose boundary counts, by steps from its ends."""
        graph, modes = self.graph, self.control.covered_by.boundary
        common = graph.flow_ground[flow]
        entered = self._below(graph.flow_target[flow], common) if "entering" in modes else ()
        left = self._below(graph.flow_source[flow], common) if "leaving" in modes else ()
        return [[ground for ground in step if ground is not None] for step in zip_longest(entered, left)]

    def _below(self, element: int, common: int) -> Iterator[int]:
        """The grounds around an element, from inside out, that lie inside `common`."""
        ground = self.graph.element_ground[element]
        while ground not in (-1, common):
            yield ground
            ground = self.graph.ground_parent[ground]

    def _ground(self, subject: Subject) -> int:
        """The ground around a subject, -1 for none."""
        graph, (kind, i) = self.graph, subject
        if kind in graph.positions:
            return graph.element_ground[graph.positions[kind][i]]
        grounds = self._grounds(kind)
        return grounds[i] if grounds else -1

    def _grounds(self, kind: str) -> Sequence[int]:
        """The ground that is around each subject of a kind; -1 for none."""
        graph = self.graph
        match kind:
            case "flow":
                return graph.flow_ground
            case "service" | "store" | "actor":
                return [graph.element_ground[e] for e in graph.positions[kind]]
            case "boundary":
                return graph.ground_parent  # and that of implied ground after them
            case "host":
                return graph.host_ground
            case _:
                return ()

    def _nearest_boundaries(self, stated: Statements) -> _Nearest:
        """What boundaries say, at each ground that one of them covers."""
        graph, boundaries = self.graph, stated.of("boundary")
        found: dict[int, tuple[AppliedStatement, int]] = {}
        for ground in graph.grounds_outermost_first if boundaries else ():
            said, parent = boundaries.get(graph.grounds[ground]), graph.ground_parent[ground]
            if said:
                found[ground] = said, graph.ground_depth[ground]
            elif parent in found:
                found[ground] = found[parent]
        return found

    def _crossing(self, near: _Nearest) -> dict[int, AppliedStatement]:
        """Boundaries that a flow enters or leaves: the fewest steps from its end, the worse of two."""
        graph, modes = self.graph, self.control.covered_by.boundary
        found: dict[int, AppliedStatement] = {}
        depth, ground = graph.ground_depth, graph.element_ground
        sides = [
            ends
            for mode, ends in (("entering", graph.flow_target), ("leaving", graph.flow_source))
            if mode in modes
        ]
        for flow, common in enumerate(graph.flow_ground if sides else ()):
            below = depth[common] if common >= 0 else -1
            level: list[tuple[int, AppliedStatement]] = []
            for ends in sides:
                end = ground[ends[flow]]
                if (nearest := near.get(end)) and nearest[1] > below:
                    level.append((depth[end] - nearest[1], nearest[0]))
            if level:
                fewest = min(steps for steps, _ in level)
                found[flow] = min((said for steps, said in level if steps == fewest), key=_rank)
        return found

    def _on_hosts(self, kind: str, stated: Statements) -> dict[int, AppliedStatement]:
        """Hosts of elements and of listed ends; where no end is listed, the one host of both ends."""
        graph, hosts = self.graph, self.graph.order["host"]
        hosted = [(e, said) for name, said in stated.of("host").items() for e in graph.on_host[hosts[name]]]
        if kind in graph.positions:
            order = graph.order[kind]
            return {order[graph.elements[e]]: said for e, said in hosted if graph.subject_kind[e] == kind}
        if kind != "flow":
            return {}
        if self.control.covered_by.ends:
            return self._at_ends(hosted)
        host = graph.element_host
        return {
            flow: said
            for e, said in hosted
            for flow in graph.flows_out[e]
            if host[graph.flow_target[flow]] == host[e]
        }

    def _at_ends(self, level: Iterable[tuple[int, AppliedStatement]]) -> dict[int, AppliedStatement]:
        """What elements at the listed ends say, the worse where two do."""
        graph, sides = self.graph, self.control.covered_by.ends
        found: dict[int, AppliedStatement] = {}
        for element, said in level:
            flows = graph.flows_out[element] if "source" in sides else []
            for flow in (*flows, *(graph.flows_in[element] if "target" in sides else [])):
                other = found.get(flow)
                found[flow] = said if other is None else min(said, other, key=_rank)
        return found


def _rank(said: AppliedStatement) -> tuple[int, Place]:
    return said.rank
