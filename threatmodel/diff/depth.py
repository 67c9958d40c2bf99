"""Layers of defence that a change takes from the paths to an element, or gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, TypeAlias

from threatmodel.diff.changes import DepthChange, Detour
from threatmodel.diff.rename import Names
from threatmodel.results.paths import LayerDepth

DetourFinder: TypeAlias = Callable[[str, str], tuple[str, ...]]
"""Gives the shortest path to an element that does not pass a layer, element by element."""


def depth_changes(
    old: Sequence[LayerDepth], new: Sequence[LayerDepth], detour: DetourFinder, names: Names
) -> tuple[DepthChange, ...]:
    """Every element on both sides with more, fewer or other layers known: those that lost most first."""
    before = {names.of("element", depth.element): depth for depth in old}
    changes = _changes(before, new, detour)
    return tuple(sorted(changes, key=lambda c: (len(c.after) - len(c.before), len(c.after), c.id)))


def _changes(
    before: dict[str, LayerDepth], new: Sequence[LayerDepth], detour: DetourFinder
) -> Iterator[DepthChange]:
    for depth in new:
        was = before.get(depth.element)
        if was and was.known != depth.known:
            lost = [layer for layer in was.known if layer not in depth.known]
            detours = tuple(Detour(layer, detour(depth.element, layer)) for layer in lost)
            yield DepthChange(_how(was, depth), depth.element, was.known, depth.known, detours)


def _how(was: LayerDepth, now: LayerDepth) -> Literal["lowered", "changed", "raised"]:
    if len(was.known) == len(now.known):
        return "changed"
    return "lowered" if len(now.known) < len(was.known) else "raised"
