"""Compares the facts layer with the oracle, fact by fact and subject by subject, over one model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from tests.oracle.derivation import derive
from tests.oracle.text import Text
from tests.unit.evaluate.build import DAY
from threatmodel.api import Library
from threatmodel.facts import FACTS
from threatmodel.graph import SystemGraph, build_graph
from threatmodel.graph.paths import ORIGINS, calls_of
from threatmodel.model import Model, parse_model
from threatmodel.source import Document, parse, read
from threatmodel.verify.values import Written, written

SHIPPED = Library()


@cache
def vocabulary() -> Sequence[Document]:
    """The files of kinds, technologies, protocols and countries of the shipped catalog."""
    return [read(SHIPPED.folder.parent / name, name) for name in SHIPPED.vocabulary]


def fragment(text: str) -> Model:
    """A model of a few lines."""
    return parse_model(parse(text, "m.yaml"), SHIPPED.kinds, fragment=True)


def both(model: Model, name: str, kind: str, subject: str) -> tuple[Written, tuple[Written] | None]:
    """A fact by the facts layer, and as the oracle derives it, None where it does not."""
    text, graph = _read(model)
    found = FACTS[kind, name].value(graph, graph.subject(kind, subject))
    return written(found, FACTS[kind, name].domain), derive(text, name, text.entities[kind, subject])


def differences(model: Model) -> list[str]:
    """Where the two say something else of a fact, or of who calls whom; in words for a failing test."""
    text, graph = _read(model)
    found = _calls(text, graph)
    for (kind, name), fact in FACTS.items():
        column = fact.column(graph, kind)
        for subject, code in zip(graph.subjects[kind], column.codes, strict=True):
            derived = derive(text, name, text.entities[kind, subject])
            value = written(column.table[code], fact.domain)
            if derived not in (None, (value,)):
                found.append(f"{name} of {kind} {subject}: facts say {value}, the oracle {derived}")
    return found


def _calls(text: Text, graph: SystemGraph) -> list[str]:
    """Where paths begin and who calls whom, which facts and the checker of proofs take from the graph."""
    found = []
    for origin in ORIGINS:
        for perhaps in (True, False):
            begin = {graph.elements[e] for e in calls_of(graph, origin, perhaps=perhaps).sources}
            if begin != text.beginnings(origin, perhaps):
                found.append(f"paths from {origin} begin at {begin}")
    for element, arcs in zip(graph.elements, calls_of(graph).arcs, strict=True):
        calls = {(graph.elements[to], graph.flows[max(flow, ~flow)].id, flow < 0) for to, flow in arcs}
        if calls != {(to, flow.id, back) for to, flow, back in text.calls[element]}:
            found.append(f"{element} calls {calls}")
    return found


def _read(model: Model) -> tuple[Text, SystemGraph]:
    return Text(model.documents, vocabulary(), DAY), build_graph(model, SHIPPED.kinds, DAY)
