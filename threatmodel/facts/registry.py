"""The fact registry: every fact by subject and name, in one explicit table."""

from __future__ import annotations

from collections.abc import Mapping

from threatmodel.facts.architecture import MODEL_FACTS
from threatmodel.facts.data import DATA_FACTS
from threatmodel.facts.element import ELEMENT_FACTS
from threatmodel.facts.evidence import SHOWN_FACTS
from threatmodel.facts.exposure import OUTSIDE_FACTS
from threatmodel.facts.fact import Fact
from threatmodel.facts.flow import FLOW_FACTS
from threatmodel.facts.hipaa import HIPAA_FACTS
from threatmodel.facts.neighbours import JOINED_FACTS
from threatmodel.facts.party import PARTY_FACTS
from threatmodel.facts.placement import PLACE_FACTS
from threatmodel.facts.secrets import SECRET_FACTS
from threatmodel.facts.separation import APART_FACTS
from threatmodel.facts.surroundings import WAY_FACTS

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
