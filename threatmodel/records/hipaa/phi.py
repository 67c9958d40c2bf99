"""Protected health information: which data are PHI of an own party, surely or perhaps."""

from __future__ import annotations

from threatmodel.facts.phi import health
from threatmodel.graph import SystemGraph
from threatmodel.model import Party
from threatmodel.records.data import assets_of, declaration
from threatmodel.records.record import Item, question


def phi_of(graph: SystemGraph, party: Party) -> tuple[str, ...]:
    """The health data of an own party with a role under HIPAA."""
    return tuple(d for d in assets_of(graph, party.id) if health(graph)[d])


def perhaps_phi(graph: SystemGraph, party: Party) -> tuple[Item, ...]:
    """A question for each asset of which nobody says whether it is health information."""
    return tuple(
        question(
            f"is `{d}` health information?"
            if declaration(graph, d, "categories").words
            else f"of which categories is `{d}`?",
            graph.model.span(graph.model.data[d].at),
        )
        for d in assets_of(graph, party.id)
        if health(graph)[d] is None
    )
