"""Limited data sets under 164.514(e): what stands against data being one, and the data use agreement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from threatmodel.graph import SystemGraph
from threatmodel.model import Agreement
from threatmodel.records.data import declaration
from threatmodel.records.parties import agreements, in_force
from threatmodel.records.record import Cell, question

_IDENTIFYING: Final = ("contact", "biometric", "device", "payment-card")
"""Categories whose data identify directly: numbers and addresses, biometrics, devices, accounts."""


def identifying(graph: SystemGraph, data: Sequence[str]) -> Cell:
    """The questions whether some data are free of the direct identifiers of 164.514(e)(2)."""
    items = []
    for name in data:
        categories = declaration(graph, name, "categories")
        found = [w for w in categories.words if w in _IDENTIFYING]
        if found:
            listed = ", ".join(found)
            ask = f"is `{name}`, of the categories {listed}, free of direct identifiers (164.514(e)(2))?"
            items.append(question(ask, categories.words[found[0]]))
        items += (
            question(f"of which categories is `{a.id}`?", graph.model.span(a.at)) for a in categories.silent
        )
    return tuple(items)


def data_use_agreement(
    graph: SystemGraph, owner: str, party: str, before: Collection[str]
) -> Agreement | None:
    """The data use agreement in force with a recipient: ours, or that of a party that had the data before."""
    found = (
        *agreements(graph, party, ("dua",), {owner, *before}),
        *agreements(graph, owner, ("dua",), {party}),
    )
    return next((a for a in found if in_force(a, graph.as_of)), None)
