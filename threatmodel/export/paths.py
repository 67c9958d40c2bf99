"""Weakest paths, blast radius and lineage in their formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from threatmodel.export.screen import Screen
from threatmodel.graph import SystemGraph
from threatmodel.graph.blast_radius import Reached
from threatmodel.graph.data_at_stake import Stake
from threatmodel.graph.lineage import Trail
from threatmodel.render import paths as render
from threatmodel.results.paths import LayerDepth, Protection, WeakPath


class Paths(NamedTuple):
    """Weakest paths under a title, the layers before each element, and where most is at stake."""

    graph: SystemGraph
    title: str
    paths: Sequence[WeakPath]
    depths: Sequence[LayerDepth]
    stakes: Sequence[Stake]
    screen: Screen = Screen()


class Reach(NamedTuple):
    """What an element reaches, or with `back` what reaches it."""

    graph: SystemGraph
    start: int
    reached: Sequence[Reached]
    back: bool
    screen: Screen = Screen()


class Lineage(NamedTuple):
    """Where data move and stay, and how they are protected; `silent` flows do not say what they carry."""

    graph: SystemGraph
    trails: Sequence[Trail]
    protections: Mapping[str, Sequence[Protection]]
    silent: Sequence[int]
    screen: Screen = Screen()


def paths_text(shown: Paths) -> str:
    """The paths hop by hop, for people."""
    paths = render.paths_text(shown.title, shown.paths, shown.depths, *shown.screen)
    return paths + render.stakes_text(shown.graph, shown.stakes, *shown.screen)


def paths_json(shown: Paths) -> str:
    """The paths as JSON, versioned."""
    return render.paths_json(shown.graph, shown.paths, shown.depths, shown.stakes)


def reach_text(shown: Reach) -> str:
    """What is reached step by step, for people."""
    return render.reach_text(shown.graph, shown.start, shown.reached, shown.back, *shown.screen)


def reach_json(shown: Reach) -> str:
    """What is reached as JSON, versioned."""
    return render.reach_json(shown.graph, shown.start, shown.reached, shown.back)


def lineage_text(shown: Lineage) -> str:
    """Every place and hop of the data, for people."""
    return render.lineage_text(shown.graph, shown.trails, shown.protections, shown.silent, *shown.screen)


def lineage_json(shown: Lineage) -> str:
    """Every place and hop of the data as JSON, versioned."""
    return render.lineage_json(shown.graph, shown.trails, shown.protections, shown.silent)
