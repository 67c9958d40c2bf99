"""Whether a claim about paths follows from the text: a witness is walked, closed sets are searched again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from threatmodel.verify.text import Entity, Text, many
from threatmodel.verify.values import Truth


class Route(NamedTuple):
    """What paths pass in order, the kinds of flow that paths take (empty: all), and where these begin."""

    controls: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    origin: str = "untrusted"


class Way(NamedTuple):
    """Whether every path to a subject passes a route, and whether one leads there at all.

    Where not all of them do, or it is open, `start` and `hops` are one that does not: the element at which
    it begins, then the ids of flows, `<` before one that a relay is walked back over. `closed` are the
    elements that paths still reach where all of them do.
    """

    outcome: Truth
    reached: bool
    start: str = ""
    hops: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


class Ways:
    """The calls of one text; `shows` tells whether something on a path shows a control."""

    def __init__(
        self, text: Text, shows: Callable[[str, Entity], Truth], flow_kind: Callable[[Entity], str]
    ) -> None:
        self._text = text
        self._shows = shows
        self._flow_kind = flow_kind
        self._found: dict[tuple[Route, bool], frozenset[tuple[str, str]]] = {}

    def decided(self, route: Route, to: Entity, claim: Way) -> Way:
        """The claim about the paths to a subject where it follows, else what does, without a witness."""
        found = self._decided(route, to)
        if claim == found or (
            found.reached
            and found.outcome is not True
            and claim == found._replace(start=claim.start, hops=claim.hops)
            and self._gets_round(route, to, claim)
        ):
            return claim
        return found

    def _decided(self, route: Route, to: Entity) -> Way:
        key, all_ = (to.kind, to.id), route._replace(controls=())
        if key not in self._short(all_, True):
            return Way(None, False)
        short = self._short(route, True)
        if key not in short and key in self._short(all_, False) and self._text.untrusted:
            return Way(True, True, closed=self._closed(route, short))
        return Way(False if key in self._short(route, False) else None, True)

    def _closed(self, route: Route, short: frozenset[tuple[str, str]]) -> tuple[str, ...]:
        """The elements at which no path begins among what is reached."""
        begin = self._begin(route, True)
        return tuple(sorted(n for kind, n in short if kind != "flow" and n not in begin))

    def _begin(self, route: Route, perhaps: bool) -> frozenset[str]:
        """The elements at which paths begin: certainly, or also for all that is known."""
        return self._text.beginnings(route.origin, perhaps)

    def _gets_round(self, route: Route, to: Entity, claim: Way) -> bool:
        """Whether the witness is a path to the subject that does not pass the route, or may not."""
        at, passed, flow = claim.start, 0, None
        if at not in self._begin(route, claim.outcome is None):
            return False
        for number, hop in enumerate(claim.hops, 1):
            name = hop.removeprefix("<")
            calls = self._text.calls[at]
            step = next((c for c in calls if c[1].id == name and c[2] == (hop != name)), None)
            at_flow = to.kind == "flow" and number == len(claim.hops)
            if not step or not self._open(route, step[1]) or (at_flow and step[2]):
                return False
            at, flow = step[0], step[1]
            passed = self._after(route, passed, step, claim.outcome is None, at_flow)
        last = flow if to.kind == "flow" else self._text.elements[at]
        return bool(claim.hops) and last is to and passed < len(route.controls)

    def _short(self, route: Route, certain: bool) -> frozenset[tuple[str, str]]:
        """The elements and flows, by kind and id, at which a path arrives that is short of a route.

        With `certain` only what certainly shows a control counts, else all that may; of a route without
        controls every path is short.
        """
        if (route, certain) not in self._found:
            self._found[route, certain] = frozenset(self._arrivals(route, certain))
        return self._found[route, certain]

    def _arrivals(self, route: Route, certain: bool) -> Iterator[tuple[str, str]]:
        length, elements = len(route.controls), self._text.elements
        states = [(name, 0) for name in sorted(self._begin(route, certain))]
        seen = set(states)
        for at, passed in states:
            for call in self._text.calls[at]:
                target, flow, back = call
                if not self._open(route, flow):
                    continue
                if not back and (not length or self._after(route, passed, call, certain, True) < length):
                    yield "flow", flow.id
                after = self._after(route, passed, call, certain, False)
                if not length or after < length:
                    yield elements[target].kind, target
                    if (target, after) not in seen:
                        seen.add((target, after))
                        states.append((target, after))

    def _after(
        self, route: Route, passed: int, call: tuple[str, Entity, bool], certain: bool, at_flow: bool
    ) -> int:
        """How many controls are passed after a call; `at_flow` where the path ends with its flow."""
        target, flow, back = call
        for thing in (*(() if back else (flow,)), *(() if at_flow else (self._text.elements[target],))):
            ends = {thing.source, thing.target} if thing.source else {thing.id}
            if ends <= self._begin(route, certain):
                continue
            while passed < len(route.controls):
                shows = self._shows(route.controls[passed], thing)
                if shows is False or (certain and shows is None):
                    break
                passed += 1
        return passed

    def _open(self, route: Route, flow: Entity) -> bool:
        return not route.kinds or self._flow_kind(flow) in route.kinds


def route_of(value: Any) -> Route:
    """The route that `every_path_passes` names."""
    if not isinstance(value, dict):
        return Route(many(value) or ())
    return Route(
        many(value["controls"]) or (), many(value.get("flows")) or (), value.get("from", "untrusted")
    )


def routes(condition: Any) -> Iterator[Route]:
    """The path obligations in a condition."""
    for key, value in condition.items() if isinstance(condition, dict) else ():
        if key == "every_path_passes":
            yield route_of(value)
        for part in value if isinstance(value, list) else [value]:
            yield from routes(part) if key in ("all", "any", "not") else ()
