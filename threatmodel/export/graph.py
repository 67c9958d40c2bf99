"""The graph of a model as JSON: node-link, as networkx and many drawing programs read it."""

from __future__ import annotations

import json

from threatmodel.export.dossier import Dossier
from threatmodel.graph.to_networkx import node_link

FORMAT = 1


def write(dossier: Dossier) -> str:
    """Elements and flows, versioned; `networkx.node_link_graph` gives the graph back."""
    plain = {"threatmodel-graph": FORMAT, **node_link(dossier.graph)}
    return json.dumps(plain, indent=1, ensure_ascii=False) + "\n"
