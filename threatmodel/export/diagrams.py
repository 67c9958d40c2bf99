"""Diagrams in their formats: the data flow diagram of a model, and a scenario as a sequence."""

from __future__ import annotations

from typing import NamedTuple

from threatmodel.graph import SystemGraph
from threatmodel.model import Scenario
from threatmodel.render.diagram import dot as dot_language
from threatmodel.render.diagram import mermaid as mermaid_language
from threatmodel.render.diagram.picture import Picture
from threatmodel.results import Assessment


class Diagram(NamedTuple):
    """A picture, and the `dot` program to lay it out with, None for the bundled one or that on the PATH."""

    picture: Picture
    program: str | None = None


class Sequence(NamedTuple):
    """A scenario of a model with what is assessed of its flows."""

    graph: SystemGraph
    scenario: Scenario
    assessment: Assessment


def svg(diagram: Diagram) -> bytes:
    """A picture in SVG."""
    return _drawn(diagram, "svg")


def png(diagram: Diagram) -> bytes:
    """A picture in PNG."""
    return _drawn(diagram, "png")


def dot(diagram: Diagram) -> str:
    """The picture as text for Graphviz."""
    return dot_language.write(diagram.picture)


def mermaid(diagram: Diagram) -> str:
    """The picture as a Mermaid flowchart."""
    return mermaid_language.write(diagram.picture)


def sequence_svg(sequence: Sequence) -> str:
    """The scenario as a picture."""
    from threatmodel.render.diagram import sequence as drawing

    return drawing.sequence_svg(*sequence)


def sequence_mermaid(sequence: Sequence) -> str:
    """The scenario as a Mermaid sequence diagram."""
    from threatmodel.render.diagram import sequence as drawing

    return drawing.sequence_mermaid(*sequence)


def _drawn(diagram: Diagram, form: str) -> bytes:
    from threatmodel.render.diagram.drawing import draw

    return draw(dot(diagram), form, diagram.program, flows=len(diagram.picture.edges))
