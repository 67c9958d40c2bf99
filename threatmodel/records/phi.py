"""Protected health information: which data are PHI of an own party, surely or perhaps."""

from __future__ import annotations

from threatmodel.graph import SystemGraph
from threatmodel.model import Party
from threatmodel.records.assets import assets_of, said
from threatmodel.records.record import Item, unsaid


def phi_of(graph: SystemGraph, party: Party) -> tuple[str, ...]:
    """The health data of an own party with a role under HIPAA."""
    return tuple(d for d in assets_of(graph, party.id) if "health" in said(graph, d, "categories").words)


def perhaps_phi(graph: SystemGraph, party: Party) -> tuple[Item, ...]:
    """A question for each asset of which nobody says whether it is about health."""
    return tuple(
        unsaid(f"of which categories is `{d}`?", graph.model.span(graph.model.data[d].at))
        for d in assets_of(graph, party.id)
        if (s := said(graph, d, "categories")).silent and "health" not in s.words
    )


def uses(graph: SystemGraph, element: str, data: tuple[str, ...]) -> dict[str, Item]:
    """The HIPAA uses for which some data are at an element: by its own purposes, else by those of the data.

    An empty text stands for a purpose, or data, of which nobody says the use.
    """
    model = graph.model
    value = graph.values[graph.index[element]] if element in graph.index else None
    found: dict[str, Item] = {}
    if value is not None and value.purposes is not None:
        allowed = {p for d in data for p in said(graph, d, "purposes").words}
        names = [p for p in value.purposes if p in allowed] or list(value.purposes)
    else:
        names = [p for d in data for p in said(graph, d, "purposes").words]
        for d in data:
            for asset in said(graph, d, "purposes").silent:
                found[""] = unsaid(f"for what may `{asset.id}` be used?", model.span(asset.at))
    for name in dict.fromkeys(names):
        purpose = model.purposes[name]
        if purpose.hipaa_use:
            found.setdefault(purpose.hipaa_use, Item(purpose.hipaa_use, model.span(purpose.at, "hipaa_use")))
        else:
            found[""] = unsaid(f"which use under HIPAA is `{name}`?", model.span(purpose.at))
    return found
