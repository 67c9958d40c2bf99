"""Services of a kind that keeps data: what is asked of stores is not asked of them, which a note tells."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.graph import SystemGraph
from threatmodel.model import Path, Service
from threatmodel.results import Name


def stores_among_services(graph: SystemGraph) -> Iterator[tuple[Path, tuple[Name, Name]]]:
    """Where a service of ours passes on messages, or is said to hold data, and could be a store."""
    for element, value in enumerate(graph.values):
        ours = graph.element_party[element] in graph.own and not graph.element_out_of_scope[element]
        word = graph.kind_of(element)
        if not isinstance(value, Service) or not ours or word is None:
            continue
        kind = graph.kinds.kinds[word]
        if "store" in kind.subjects and ("relay" in kind.traits or value.holds):
            yield value.at, (Name(value.id), Name(word))
