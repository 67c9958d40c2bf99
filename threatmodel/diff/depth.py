"""Layers of defence that a change takes from the paths to an element, or gives them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from threatmodel.diff.changes import DepthChange
from threatmodel.diff.rename import Names
from threatmodel.results import LayerDepth


def depth_changes(
    old: Sequence[LayerDepth], new: Sequence[LayerDepth], names: Names
) -> tuple[DepthChange, ...]:
    """Every element on both sides with more or fewer layers known: those that lost most first."""
    before = {names.of("element", depth.element): depth for depth in old}
    changes = _changes(before, new)
    return tuple(sorted(changes, key=lambda c: (len(c.after) - len(c.before), len(c.after), c.id)))


def _changes(before: dict[str, LayerDepth], new: Sequence[LayerDepth]) -> Iterator[DepthChange]:
    for depth in new:
        was = before.get(depth.element)
        if was and len(was.known) != len(depth.known):
            way = (depth.weakest.source, *(hop.target for hop in depth.weakest.hops))
            lowered = len(depth.known) < len(was.known)
            yield DepthChange("lowered" if lowered else "raised", depth.element, was.known, depth.known, way)
