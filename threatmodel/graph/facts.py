"""The fact registry: every fact by subject and name, in one explicit table."""

from __future__ import annotations

from collections.abc import Mapping

from threatmodel.graph.fact import Fact
from threatmodel.graph.facts_apart import APART_FACTS
from threatmodel.graph.facts_data import DATA_FACTS
from threatmodel.graph.facts_element import ELEMENT_FACTS
from threatmodel.graph.facts_flow import FLOW_FACTS
from threatmodel.graph.facts_hipaa import HIPAA_FACTS
from threatmodel.graph.facts_joined import JOINED_FACTS
from threatmodel.graph.facts_model import MODEL_FACTS
from threatmodel.graph.facts_outside import OUTSIDE_FACTS
from threatmodel.graph.facts_party import PARTY_FACTS
from threatmodel.graph.facts_place import PLACE_FACTS
from threatmodel.graph.facts_secret import SECRET_FACTS
from threatmodel.graph.facts_shown import SHOWN_FACTS
from threatmodel.graph.facts_way import WAY_FACTS

ALL_FACTS: tuple[Fact, ...] = (
    *FLOW_FACTS,
    *ELEMENT_FACTS,
    *PLACE_FACTS,
    *DATA_FACTS,
    *PARTY_FACTS,
    *HIPAA_FACTS,
    *SHOWN_FACTS,
    *WAY_FACTS,
    *MODEL_FACTS,
    *JOINED_FACTS,
    *APART_FACTS,
    *SECRET_FACTS,
    *OUTSIDE_FACTS,
)
FACTS: Mapping[tuple[str, str], Fact] = {(s, f.name): f for f in ALL_FACTS for s in f.subjects}


def fact(subject: str, name: str) -> Fact | None:
    """The fact of that name for a kind of subject, None when there is none."""
    return FACTS.get((subject, name))
