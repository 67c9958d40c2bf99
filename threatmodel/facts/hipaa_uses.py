"""For which uses under HIPAA data are somewhere: by the purposes of the element, else of the data."""

from __future__ import annotations

from collections.abc import Iterable

from threatmodel.facts.phi import health
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.logic.values import Members


def uses_at(graph: SystemGraph, element: int, names: Iterable[str]) -> Members:
    """The uses of some data at an element: those certain, and those possible (None: anything).

    An element that says what it works for uses data for what they allow of that, or for all of it where they
    allow nothing. One that does not say may use them for any purpose of theirs.
    """
    found = [graph.purposes[name] for name in sorted(names)]
    allowed = frozenset(p for purposes in found for p in purposes.certain)
    open_ = any(purposes.possible is None for purposes in found)
    own = graph.values[element].purposes
    if own is None:
        return _uses(
            graph, allowed if len(allowed) == 1 and not open_ else frozenset(), None if open_ else allowed
        )
    within = frozenset(own) & allowed
    return _uses(graph, within, frozenset(own)) if open_ else _uses(graph, *[within or frozenset(own)] * 2)


def uses_by(graph: SystemGraph, party: str) -> Members:
    """The uses of health information, and of what may be such, at all elements that a party gets at."""
    data = data_map(graph)
    certain, possible = frozenset[str](), frozenset[str]()
    open_ = False
    for element in data.with_party.get(party, ()):
        load = data.element(element)
        names = [d for d in load.ids if health(graph)[d] is not False]
        found = uses_at(graph, element, names) if names else Members(frozenset(), frozenset())
        certain |= found.certain
        possible |= found.possible or frozenset()
        open_ = open_ or load.open or found.possible is None
    return Members(certain, None if open_ else possible)


def _uses(graph: SystemGraph, certain: frozenset[str], possible: frozenset[str] | None) -> Members:
    uses = {p: graph.model.purposes[p].hipaa_use for p in certain | (possible or frozenset())}
    known = frozenset(use for p in certain if (use := uses[p]))
    if possible is None or None in uses.values():
        return Members(known, None)
    return Members(known, frozenset(use for use in uses.values() if use))
