"""Whether a flow is encrypted, as a diagram says it: by its protocol, by a verdict, or by a statement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from threatmodel.facts import FACTS
from threatmodel.graph import SystemGraph
from threatmodel.logic import Known
from threatmodel.model import Statement
from threatmodel.results import Assessment, Verdict

Transport = Literal["encrypted", "clear", "unknown"]

ENCRYPTION: Final = "encrypt-in-transit"
"""The control whose verdict and statements tell whether a flow is encrypted where its protocol does not."""


def encryption_verdicts(assessment: Assessment) -> Mapping[str, Verdict]:
    """For each flow the verdict on its encryption, where the catalog has that control."""
    return {
        flow: Verdict(verdict)
        for column in assessment.columns
        if column.control == ENCRYPTION and column.subject_kind == "flow"
        for flow, verdict in zip(column.ids, column.verdicts, strict=True)
    }


def transport(graph: SystemGraph, flow: int, verdict: Verdict | None) -> tuple[Transport, str]:
    """What is known, and who states it ("" where the protocol or nobody does).

    The control is not asked of flows within a boundary: there the nearest statement counts.
    """
    fact = FACTS["flow", "transport.encrypted"].value(graph, graph.every("flow")[flow])
    encrypted = fact.value if isinstance(fact, Known) else None
    if verdict is Verdict.GAP:
        return "clear", ""
    if encrypted:
        return "encrypted", ""
    place, said = next(_statements(graph, flow), ("", None))
    if verdict is Verdict.SATISFIED:
        return "encrypted", _claim(place, said)
    if said is not None and verdict is not Verdict.UNKNOWN:
        return ("encrypted", _claim(place, said)) if _holds(said) else ("clear", "")
    return ("unknown", "") if encrypted is None else ("clear", "")


def _claim(place: str, said: Statement | None) -> str:
    if said is None:
        return ""
    return f"encrypted by {place}" + (f" ({said.mechanism})" if said.mechanism else "")


def _holds(said: Statement) -> bool:
    return said.status in ("implemented", "alternative") and not said.bare


def _statements(graph: SystemGraph, flow: int) -> Iterator[tuple[str, Statement]]:
    """What reaches a flow, nearest first: its own statement, its ends' (worse first), those around both."""
    value = graph.flows[flow]
    ends = graph.flow_source[flow], graph.flow_target[flow]
    at_ends = [(graph.elements[e], graph.values[e].controls) for e in ends]
    at_ends.sort(key=lambda end: ENCRYPTION in end[1] and _holds(end[1][ENCRYPTION]))
    places = [("statement", value.controls), *at_ends]
    ground = graph.common_ground(graph.element_ground[ends[0]], graph.element_ground[ends[1]])
    while ground >= 0:
        if declared := graph.model.boundaries.get(graph.grounds[ground]):
            places.append((declared.title or declared.id, declared.controls))
        ground = graph.ground_parent[ground]
    for place, controls in places:
        if said := controls.get(ENCRYPTION):
            yield place, said
