"""Between whom data pass directly, and so whose contract a recipient needs (164.502(e)(1), Article 28(4))."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from threatmodel.facts.fact import SET
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import Load, data_map, merge
from threatmodel.logic.values import truth
from threatmodel.model import Party

Law: TypeAlias = Callable[[SystemGraph, Load], bool | None]
"""Whether data are such as a law speaks of."""


class Dealings(NamedTuple):
    """Parties with which another one deals for data of a law, certainly and perhaps."""

    sure: tuple[Party, ...] = ()
    perhaps: tuple[Party, ...] = ()

    @property
    def none(self) -> bool:
        """Whether there is not even perhaps one."""
        return not (self.sure or self.perhaps)


def has_personal(graph: SystemGraph, load: Load) -> bool | None:
    """Whether some data of a load are personal."""
    return truth(SET, "contains", "personal", data_map(graph).categories(load))


def givers_to(graph: SystemGraph, party: str, law: Law, own: bool) -> Dealings:
    """The own parties, or with `own` false the others, that give a party data of a law."""
    found = {giver: load for (giver, taker), load in _passed(graph).items() if taker == party}
    return _dealings(graph, found, law, own)


def takers_from(graph: SystemGraph, party: str, law: Law) -> Dealings:
    """The own parties that get data of a law from a party."""
    found = {taker: load for (giver, taker), load in _passed(graph).items() if giver == party}
    return _dealings(graph, found, law, True)


def direct(graph: SystemGraph, party: str, law: Law) -> bool | None:
    """Whether data of a law pass between a party and own ones; not where others pass them on to it."""
    ours = givers_to(graph, party, law, True), takers_from(graph, party, law)
    if any(found.sure for found in ours):
        return True
    if not all(found.none for found in ours):
        return None
    others = givers_to(graph, party, law, False)
    return False if others.sure else None if others.perhaps else True


def needed_with(graph: SystemGraph, party: str, law: Law) -> Dealings:
    """With whom a party needs an agreement.

    With the own parties that give it data, or with no such one the others that do; else with the own parties
    that get data from it.
    """
    ours, others = (givers_to(graph, party, law, own) for own in (True, False))
    if ours.sure or others.none:
        return takers_from(graph, party, law) if ours.none else ours
    return others if ours.none else Dealings((), (*ours.perhaps, *others.sure, *others.perhaps))


def _dealings(graph: SystemGraph, found: Mapping[str, Load], law: Law, own: bool) -> Dealings:
    sure, perhaps = dict[str, Party](), dict[str, Party]()
    for name, load in sorted(found.items()):
        such, ours = law(graph, load), name in graph.own
        if such is False or ours is not own:
            continue
        if such and graph.model.parties[name].own is own:
            sure[name] = graph.model.parties[name]
        elif graph.model.parties[name].own is own:
            perhaps[name] = graph.model.parties[name]
        else:  # one of several of ours, and nobody said which
            perhaps |= {p.id: p for p in graph.model.parties.values() if p.own}
    return Dealings(tuple(sure.values()), tuple(p for p in perhaps.values() if p.id not in sure))


@lru_cache(maxsize=2)
def _passed(graph: SystemGraph) -> Mapping[tuple[str, str], Load]:
    """What each party gives to each other one, over flows and by keeping it on the machines of the other."""
    data = data_map(graph)
    found: dict[tuple[str, str], list[Load]] = {}
    for flow, source, target in zip(graph.flows, graph.flow_source, graph.flow_target, strict=True):
        ends = graph.element_party[source], graph.element_party[target]
        for (giver, taker), assets in ((ends, flow.sends), (ends[::-1], flow.returns)):
            if giver is not None and taker is not None and giver != taker:
                found.setdefault((giver, taker), []).append(_load(assets))
    for element, operator in enumerate(graph.element_party):
        for host in data.handlers(element):
            if operator is not None and host != operator:
                found.setdefault((operator, host), []).append(data.element(element))
    return {pair: merge(loads) for pair, loads in found.items()}


def _load(assets: Iterable[str] | None) -> Load:
    return Load(frozenset(), True) if assets is None else Load(frozenset(assets), False)
