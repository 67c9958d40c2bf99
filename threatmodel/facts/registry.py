"""The registry of facts: every fact by kind of subject and name, in one explicit table."""

from __future__ import annotations

from collections.abc import Mapping

from threatmodel.facts import (
    architecture,
    data,
    element,
    evidence,
    exposure,
    flow,
    hipaa,
    neighbours,
    party,
    placement,
    secrets,
    separation,
    surroundings,
)
from threatmodel.facts.fact import Fact

ALL_FACTS: tuple[Fact, ...] = (
    *flow.FACTS,
    *element.FACTS,
    *placement.FACTS,
    *data.FACTS,
    *party.FACTS,
    *hipaa.FACTS,
    *evidence.FACTS,
    *surroundings.FACTS,
    *architecture.FACTS,
    *neighbours.FACTS,
    *separation.FACTS,
    *secrets.FACTS,
    *exposure.FACTS,
)
FACTS: Mapping[tuple[str, str], Fact] = {(s, f.name): f for f in ALL_FACTS for s in f.subjects}


def fact(kind: str, name: str) -> Fact | None:
    """The fact of that name for a kind of subject, None when there is none."""
    return FACTS.get((kind, name))
