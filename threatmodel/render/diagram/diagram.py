"""The data flow diagram of a model as text: DOT and Mermaid from the same picture.

`drawing` makes a picture of the DOT text; reports and the command line call both.
"""

from __future__ import annotations

from threatmodel.graph import SystemGraph
from threatmodel.render.diagram import dot, mermaid
from threatmodel.render.diagram.picture import picture
from threatmodel.results import Assessment


def dot_text(graph: SystemGraph, assessment: Assessment) -> str:
    """The whole model in DOT: every flow an edge, boundaries nested as declared, gaps marked, a legend."""
    return dot.write(picture(graph, assessment))


def mermaid_text(graph: SystemGraph, assessment: Assessment) -> str:
    """The whole model as a Mermaid flowchart, summarised by boundary where Mermaid's limits demand it."""
    return mermaid.write(picture(graph, assessment))
