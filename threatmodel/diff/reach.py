"""Compares who gets where: what untrusted ground reaches, where data are, and which parties get them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from threatmodel.diff.changes import DataChange, ReachChange, ReachHow, RecipientChange, TransferChange
from threatmodel.diff.rename import Names
from threatmodel.facts import FACTS
from threatmodel.graph import SystemGraph
from threatmodel.graph.classification import LEVELS
from threatmodel.graph.data_map import data_map
from threatmodel.graph.reach import call_targets, hops
from threatmodel.logic import Members, Range

LEVEL_WORDS: Final = LEVELS["confidentiality"]
_HOWS: Final[tuple[ReachHow, ...]] = ("new", "nearer", "farther", "lost")


class Sensitivity(NamedTuple):
    """The highest confidentiality that is known of some data, and whether they are personal."""

    level: str
    personal: bool


def reach_changes(old: SystemGraph, new: SystemGraph, names: Names) -> tuple[ReachChange, ...]:
    """What untrusted ground reaches newly, sooner, later, or no more; untrusted elements are not listed."""
    was = {names.of("element", e): (hops(old)[i], i) for i, e in enumerate(old.elements)}
    now = {e: (hops(new)[i], i) for i, e in enumerate(new.elements)}
    ways = _Ways(old), _Ways(new)
    found = []
    for name in was.keys() | now.keys():
        (before, i), (after, j) = was.get(name, (0, -1)), now.get(name, (0, -1))
        if before == after or _untrusted(old, i) or _untrusted(new, j):
            continue
        side, place = (1, j) if after and (not before or after < before) else (0, i)
        graph = (old, new)[side]
        path = ways[side].path(place)
        found.append(
            ReachChange(
                _reach_how(before, after),
                graph.subject_kind[place],
                name,
                before,
                after,
                i >= 0 and j >= 0,
                graph.grounds[graph.element_ground[path[0]]],
                tuple(
                    names.of("element", graph.elements[e]) if side == 0 else graph.elements[e] for e in path
                ),
                sensitivity(graph, data_map(graph).element(place).ids).level,
            )
        )
    return tuple(sorted(found, key=_reach_order))


def _reach_how(before: int, after: int) -> ReachHow:
    if not before:
        return "new"
    if not after:
        return "lost"
    return "nearer" if after < before else "farther"


def _reach_order(change: ReachChange) -> tuple[int, bool, int, int, str]:
    level = LEVEL_WORDS.index(change.level) if change.level else -1
    return _HOWS.index(change.how), not change.stayed, -level, change.after or change.before, change.id


def _untrusted(graph: SystemGraph, element: int) -> bool:
    return element >= 0 and graph.trust(element) == "untrusted"


class _Ways:
    """The shortest ways from untrusted ground in one graph."""

    def __init__(self, graph: SystemGraph) -> None:
        self.graph = graph
        self.callers: list[list[int]] | None = None

    def path(self, element: int) -> list[int]:
        """The elements from untrusted ground to this one; of equal ways the first by id."""
        if self.callers is None:
            self.callers = [[] for _ in self.graph.elements]
            for source, targets in enumerate(call_targets(self.graph)):
                for target in targets:
                    self.callers[target].append(source)
        distance, path = hops(self.graph), [element]
        for left in range(distance[element] - 1, -1, -1):
            callers = self.callers[path[-1]]
            path.append(min(c for c in callers if (distance[c] == left if left else self._starts(c))))
        return path[::-1]

    def _starts(self, element: int) -> bool:
        return self.graph.trust(element) == "untrusted"


def data_changes(old: SystemGraph, new: SystemGraph, names: Names) -> tuple[DataChange, ...]:
    """Data that came to an element or to a party which had others, and data that left."""
    found: list[DataChange] = []
    was = _at_elements(old, names)
    now = _at_elements(new, None)
    for name in was.keys() | now.keys():
        kind, before = was.get(name, ("", frozenset()))
        after_kind, after = now.get(name, ("", frozenset()))
        if before != after:
            kinds, stayed = after_kind or kind, name in was and name in now
            found += _data(old, new, names, kinds, name, before, after, stayed)
    before_parties, after_parties = _at_parties(old, names), _at_parties(new, None)
    for party in before_parties.keys() & after_parties.keys():
        gone, here = before_parties[party], after_parties[party]
        if gone and here and gone != here:
            found += _data(old, new, names, "party", party, gone, here, True)
    return tuple(sorted(found, key=_data_order))


def _data(
    old: SystemGraph,
    new: SystemGraph,
    names: Names,
    kind: str,
    name: str,
    before: frozenset[str],
    after: frozenset[str],
    stayed: bool,
) -> Iterator[DataChange]:
    if came := after - before:
        reached = kind != "party" and _reached(new, new.index[name])
        data, of_people = tuple(sorted(came)), personal(new, came)
        yield DataChange("new", kind, name, data, *sensitivity(new, came), stayed, reached, of_people)
    if left := before - after:
        known = sensitivity(old, _earlier(old, names, left))
        reached = kind != "party" and _reached(old, old.index[names.earlier("element", name)])
        data, of_people = tuple(sorted(left)), personal(old, left, names)
        yield DataChange("gone", kind, name, data, *known, stayed, reached, of_people)


def _reached(graph: SystemGraph, element: int) -> bool:
    """Whether calls lead from untrusted ground to an element that stands on other ground."""
    return hops(graph)[element] > 0 and not _untrusted(graph, element)


def _data_order(change: DataChange) -> tuple[bool, bool, int, bool, str]:
    level = LEVEL_WORDS.index(change.level) if change.level else -1
    return change.how == "gone", not change.stayed, -level, change.kind != "party", change.id


def recipient_changes(old: SystemGraph, new: SystemGraph, names: Names) -> tuple[RecipientChange, ...]:
    """Parties that are not ours and get data for the first time, or no more."""
    was, now = _at_parties(old, names), _at_parties(new, None)
    found = []
    for party in was.keys() | now.keys():
        gone, here = was.get(party, frozenset()), now.get(party, frozenset())
        if here and not gone:
            known, of_people = sensitivity(new, here), personal(new, here)
            found.append(RecipientChange("new", party, tuple(sorted(here)), *known, of_people))
        elif gone and not here:
            known = sensitivity(old, _earlier(old, names, gone))
            of_people = personal(old, gone, names)
            found.append(RecipientChange("gone", party, tuple(sorted(gone)), *known, of_people))
    return tuple(sorted(found, key=lambda c: (c.how == "gone", c.party)))


def transfer_changes(old: SystemGraph, new: SystemGraph, names: Names) -> tuple[TransferChange, ...]:
    """Personal data that go to the law of a third country for the first time, or no more."""
    was, now = _transfers(old, names), _transfers(new, None)
    found = [TransferChange("new", party, *now[party]) for party in now.keys() - was.keys()]
    found += [TransferChange("ended", party, *was[party]) for party in was.keys() - now.keys()]
    return tuple(sorted(found, key=lambda c: (c.how == "ended", c.party)))


def _transfers(
    graph: SystemGraph, names: Names | None
) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The countries and the personal data of each party under the law of a third country."""
    if not any(p.own and p.gdpr not in (None, "none") for p in graph.model.parties.values()):
        return {}
    found = {}
    protection = FACTS["party", "jurisdiction.protection"]
    for i, party in enumerate(graph.subjects["party"]):
        if party in graph.own:
            continue
        where = protection.value(graph, graph.every("party")[i])
        ids = data_map(graph).party(party).ids
        personal = sorted(d for d in ids if "personal" in graph.assets[d].categories.certain)
        if personal and isinstance(where, Members) and "other" in where.certain:
            countries = tuple(sorted(graph.model.parties[party].jurisdiction or ()))
            data = tuple(sorted(_name(names, "data", d) for d in personal))
            found[_name(names, "party", party)] = countries, data
    return found


def _at_elements(graph: SystemGraph, names: Names | None) -> Mapping[str, tuple[str, frozenset[str]]]:
    """The kind and the data of every element."""
    data = data_map(graph)
    return {
        _name(names, "element", name): (graph.subject_kind[e], later_ids(names, data.element(e).ids))
        for e, name in enumerate(graph.elements)
    }


def _at_parties(graph: SystemGraph, names: Names | None) -> Mapping[str, frozenset[str]]:
    """The data of every party that is not ours."""
    data = data_map(graph)
    others = [p for p in graph.subjects["party"] if p not in graph.own]
    return {_name(names, "party", p): later_ids(names, data.party(p).ids) for p in others}


def later_ids(names: Names | None, ids: frozenset[str]) -> frozenset[str]:
    """Data by their later ids."""
    return frozenset(names.of("data", d) for d in ids) if names and names.any else ids


def _name(names: Names | None, kind: str, name: str) -> str:
    return names.of(kind, name) if names else name


def _earlier(graph: SystemGraph, names: Names, ids: Iterable[str]) -> frozenset[str]:
    """The earlier ids of data."""
    back = {new: old for old, new in names.spaces.get("data", {}).items()}
    return frozenset(back.get(d, d) for d in ids)


def sensitivity(graph: SystemGraph, ids: Iterable[str]) -> Sensitivity:
    """What is known of some data of a graph."""
    assets = [graph.assets[d] for d in ids]
    highest = max((_low(a.confidentiality) for a in assets), default=-1)
    level = LEVEL_WORDS[highest] if highest >= 0 else ""
    return Sensitivity(level, any("personal" in a.categories.certain for a in assets))


def personal(graph: SystemGraph, ids: Iterable[str], names: Names | None = None) -> tuple[str, ...]:
    """Those of some data that are known to be personal; with `names` the ids are the later ones."""
    return tuple(
        d for d in sorted(ids) if sensitivity(graph, _earlier(graph, names, [d]) if names else [d]).personal
    )


def _low(level: Range) -> int:
    """The level that is known for sure; data that nobody classified have none."""
    return level.low if level.low > 0 or level.high == 0 else -1
