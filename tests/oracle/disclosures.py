"""Between which parties data pass directly, as the oracle finds it: over flows, and on machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from tests.oracle.data import DATA_FACTS, Load, is_health, load
from tests.oracle.text import Text, moved
from tests.oracle.values import Truth

DataTest: TypeAlias = Callable[[Text, Load], Truth]
"""Whether data are such as a law speaks of."""
Parties: TypeAlias = tuple[set[str], set[str]]
"""Parties by their ids: those that are certain, and others that are possible."""


def healthy(text: Text, at: Load) -> Truth:
    """Whether health information is there."""
    return _some([is_health(text, name) for name in at[0]], at[1])


def personal(text: Text, at: Load) -> Truth:
    """Whether personal data are there."""
    found = [DATA_FACTS["data.categories"](text, text.entities["data", name]) for name in at[0]]
    said = [True if "personal" in f["certain"] else None if f["possible"] is None else False for f in found]
    return _some(said, at[1])


def _some(found: list[Truth], open_: bool) -> Truth:
    return True if True in found else None if open_ or None in found else False


def partners(text: Text, of: str, wanted: DataTest) -> Parties:
    """With whom a party needs an agreement: ours that give it such data, else others, else takers."""
    given = list(_given(text))
    ours = _theirs(text, [(a, at) for a, b, at in given if b == of], wanted, True)
    others = _theirs(text, [(a, at) for a, b, at in given if b == of], wanted, False)
    if ours[0] or not any(others):
        return ours if any(ours) else _theirs(text, [(b, at) for a, b, at in given if a == of], wanted, True)
    return (set(), ours[1].union(*others)) if any(ours) else others


def directly(text: Text, of: str, wanted: DataTest) -> Truth:
    """Whether such data pass between a party and ours; not where only others pass them on to it."""
    given = list(_given(text))
    both = [(a, at) for a, b, at in given if b == of] + [(b, at) for a, b, at in given if a == of]
    sure, possible = _theirs(text, both, wanted, True)
    if sure or possible:
        return True if sure else None
    sure, possible = _theirs(text, [(a, at) for a, b, at in given if b == of], wanted, False)
    return False if sure else None if possible else True


def _theirs(text: Text, found: list[tuple[str, Load]], wanted: DataTest, own: bool) -> Parties:
    sure, possible = set[str](), set[str]()
    for party, at in found:
        truth = wanted(text, at)
        unnamed = len(text.own) > 1 and not party
        if text.is_own(party) is own and truth is not False:
            (possible if unnamed or truth is None else sure).update(text.own if unnamed else {party})
    return sure, possible - sure


def _given(text: Text) -> Iterator[tuple[str, str, Load]]:
    """Who gives which data to whom: over a flow, or as they lie on the other's machines."""
    for flow in text.of("flow"):
        source, target = (text.party(text.elements[end]) for end in (flow.source, flow.target))
        for giver, taker, way in ((source, target, "sends"), (target, source, "returns")):
            if giver is not None and taker is not None and giver != taker:
                assets = moved(flow, way)
                yield giver, taker, (frozenset(assets or ()), assets is None)
    for element in text.elements.values():
        operator = text.party(element)
        if operator is not None:
            yield from ((operator, p, load(text, element)) for p in text.handlers(element) - {operator})
