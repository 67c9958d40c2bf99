"""Which data are health information under HIPAA (160.103): by what they are called, and what they serve."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from threatmodel.facts.data_at import speaking
from threatmodel.facts.fact import SET
from threatmodel.graph.build import SystemGraph
from threatmodel.graph.data_map import Load
from threatmodel.logic.kleene import all_of, any_of
from threatmodel.logic.values import truth
from threatmodel.model import Party

CARE: Final = frozenset({"treatment", "payment"})
"""The uses under HIPAA that make what identifies a person health information, whatever it is called."""
_NAMED: Final = frozenset({"health", "genetic"})


@lru_cache(maxsize=2)
def health(graph: SystemGraph) -> Mapping[str, bool | None]:
    """For each data asset whether it is health information; None where that is not known.

    Health and genetic data are. Other personal data may be, as they may relate to care or its payment: unless
    all their purposes have other uses, or they are about our own workforce, whose records are none.
    """
    return {name: _is_health(graph, name) for name in graph.model.data}


def has_health(graph: SystemGraph, load: Load) -> bool | None:
    """Whether some data of a load are health information."""
    return any_of((*(health(graph)[name] for name in load.ids), None if load.open else False))


def is_phi(graph: SystemGraph, load: Load, handlers: Iterable[str]) -> bool | None:
    """Whether a load is PHI there: health information that a party with a role under HIPAA gets at."""
    found = has_health(graph, load)
    if found is False:
        return False
    return all_of((found, any_of(has_role(graph.model.parties[p]) for p in handlers)))


def has_role(party: Party) -> bool | None:
    """Whether HIPAA binds a party, as it says itself."""
    return None if party.hipaa is None else any(role != "none" for role in party.hipaa)


def of_workforce(graph: SystemGraph, name: str) -> bool:
    """Whether all whom an asset is declared to be about work for own parties."""
    found = [graph.model.data[source].subjects for source in speaking(graph, "subjects")[name]]
    people = [graph.model.actors[s] for subjects in found for s in subjects or ()]
    return bool(people) and all(found) and all(actor.party in graph.own for actor in people)


def _is_health(graph: SystemGraph, name: str) -> bool | None:
    categories = graph.categories[name]
    named = truth(SET, "contains_any", _NAMED, categories)
    if named is not False:
        return named
    personal = truth(SET, "contains", "personal", categories)
    return False if personal is False or of_workforce(graph, name) or _serves_else(graph, name) else None


def _serves_else(graph: SystemGraph, name: str) -> bool:
    """Whether all purposes of an asset are said, and none of them is care or its payment."""
    purposes = graph.purposes[name]
    if purposes.possible is None:
        return False
    found = [graph.model.purposes[p].hipaa_use for p in purposes.certain]
    return all(use is not None and use not in CARE for use in found)
