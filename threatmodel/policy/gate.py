"""The gate: which findings and questions let a check fail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from threatmodel.graph import SystemGraph
from threatmodel.model.words import SEVERITIES
from threatmodel.results import Assessment, Finding, Question

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Gate(NamedTuple):
    """Thresholds: a severity, or "never".

    Of those for a finding's layer, its boundaries and the frameworks whose rows it touches the strictest
    counts; `fail_on` where none of them speaks. `unknown` is for questions and possible bypasses.
    """

    fail_on: str = "high"
    unknown: str = "never"
    layers: Mapping[str, str] = _NOTHING
    boundaries: Mapping[str, str] = _NOTHING
    frameworks: Mapping[str, str] = _NOTHING


class Failing(NamedTuple):
    """What stands at or above the gate."""

    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]


def failing(
    assessment: Assessment, gate: Gate, graph: SystemGraph, known: Collection[str] = frozenset()
) -> Failing:
    """What fails, findings with a key in `known` apart: gaps, and by its own threshold what is unknown."""
    touched = _touched(assessment, gate)
    gaps = (
        f
        for f in assessment.findings
        if f.disposition == "open"
        and f.key not in known
        and _reaches(f.severity, _threshold(f, gate, graph, touched))
    )
    bypasses = (
        f
        for f in assessment.bypasses
        if f.disposition == "unknown" and f.key not in known and _reaches(f.severity, gate.unknown)
    )
    questions = (q for q in assessment.questions if _reaches(q.severity, gate.unknown))
    return Failing((*gaps, *bypasses), tuple(questions))


def boundaries_of(graph: SystemGraph, kind: str, subject: str) -> frozenset[str]:
    """The declared boundaries around a subject: of a flow, around either end; of a boundary, with itself."""
    return frozenset(_around(graph, kind, subject))


def _threshold(finding: Finding, gate: Gate, graph: SystemGraph, touched: Mapping[str, set[str]]) -> str:
    speaking = [gate.frameworks[name] for name in touched.get(finding.key, ())]
    layer = finding.layer.replace(" ", "-")
    if layer in gate.layers:
        speaking.append(gate.layers[layer])
    if gate.boundaries:
        around = boundaries_of(graph, finding.subject_kind, finding.subject)
        speaking += [word for name, word in gate.boundaries.items() if name in around]
    return min(speaking, key=(*SEVERITIES, "never").index) if speaking else gate.fail_on


def _reaches(severity: str, threshold: str) -> bool:
    return threshold != "never" and SEVERITIES.index(severity) >= SEVERITIES.index(threshold)


def _touched(assessment: Assessment, gate: Gate) -> dict[str, set[str]]:
    """For each gap the gated frameworks in which it stands against a row."""
    found: dict[str, set[str]] = {}
    for framework in assessment.frameworks:
        if framework.id in gate.frameworks:
            for row in framework.rows:
                for key in row.gaps:
                    found.setdefault(key, set()).add(framework.id)
    return found


def _around(graph: SystemGraph, kind: str, subject: str) -> Iterator[str]:
    for ground in _grounds(graph, kind, subject):
        while ground >= 0:
            if graph.grounds[ground] in graph.model.boundaries:
                yield graph.grounds[ground]
            ground = graph.ground_parent[ground]


def _grounds(graph: SystemGraph, kind: str, subject: str) -> tuple[int, ...]:
    match kind:
        case "flow":
            flow = graph.order["flow"][subject]
            return graph.element_ground[graph.flow_source[flow]], graph.element_ground[
                graph.flow_target[flow]
            ]
        case "service" | "store" | "actor":
            return (graph.element_ground[graph.index[subject]],)
        case "host":
            return (graph.host_ground[graph.order["host"][subject]],)
        case "boundary":
            return (graph.order["boundary"][subject],)
        case _:
            return ()
