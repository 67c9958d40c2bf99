"""A subject: the element, flow or other thing that a fact, a control or a result speaks of."""

from __future__ import annotations

from typing import NamedTuple


class Subject(NamedTuple):
    """A subject of a graph: its kind ("flow", "data", ...) and its position among those of that kind.

    `graph.subjects[kind][position]` is its id.
    """

    kind: str
    position: int
