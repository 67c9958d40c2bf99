"""No key of the language is accepted and then read by nothing: traced through all that is made of a model."""

from __future__ import annotations

from functools import cache

import pytest

from threatmodel import records
from threatmodel.api import Library, Review, load
from threatmodel.diff import compare
from threatmodel.facts import ALL_FACTS
from threatmodel.graph.lineage import lineage
from threatmodel.model.language import ENTITIES
from threatmodel.render.diagram.sequence import sequence_mermaid
from threatmodel.render.inventory import inventory
from threatmodel.resources import resource_dir
from tools.reads import AS_OF, EVERY_KEY, Trace

HOLDERS = {
    "root": "{}",
    "contacts": "parties.*.contacts.{}",
    "agreement": "parties.*.agreements[].{}",
    "flows": "flows[].{}",
    "statement": "controls.*.{}",
    "evidence": "evidence.{}",
    "types": "types.{}",
    "decisions": "decisions.{}",
    "waiver": "waivers[].{}",
    "requirement": "requirements[].{}",
}
KEYS = {HOLDERS.get(e, f"{e}.*.{{}}").format(name) for e, entity in ENTITIES.items() for name in entity.keys}

LOADING = {
    "threatmodel": "the version of the form",
    "decisions.threatmodel-decisions": "the version of the form",
    "include": "which files make up the model",
}
"""Keys that the reader of models itself uses up, with what for: nothing behind it can look at them."""

UNREAD = {
    "services.*.deployed_as": "kept for imports and drift, which do not compare yet",
    "stores.*.deployed_as": "kept for imports and drift, which do not compare yet",
    "data.*.delta": "documents a release; no budget of it is counted yet",
    **{
        f"{section}.*.description": "for those who read the file; no view shows it yet"
        for section in ("boundaries", "hosts", "parties", "purposes", "scenarios", "threats")
    },
    **{
        f"{section}.*.owner": "for those who read the file; no finding about it names an owner yet"
        for section in ("data", "hosts", "purposes")
    },
}
"""Keys that are accepted and that nothing reads, with the reason. The list only shrinks."""


@cache
def keys_read() -> frozenset[str]:
    """The keys at which something looked, in the samples and in a model that uses every key."""
    trace, library = Trace(), Library()
    for path in (*sorted(resource_dir("samples").glob("*/threatmodel.yaml")), EVERY_KEY):
        plain = load(path, library, AS_OF)
        model, decisions = trace.of(plain.model), trace.of_decisions(plain.decisions)
        make_everything(Review(model, library, AS_OF, decisions))
    return frozenset(trace.keys)


def make_everything(review: Review) -> None:
    graph, engine = review.graph, review.engine
    for fact in ALL_FACTS:
        for kind in fact.subjects:
            fact.column(graph, kind)
    assessment = review.assess()._replace(notes=review.notes())
    version = review.version()
    compare(version, version)
    inventory(graph)
    for data in graph.model.data:
        lineage(graph, data)
    for scenario in graph.model.scenarios.values():
        sequence_mermaid(graph, scenario, assessment)
    review.threats().found(assessment)
    for finding in assessment.findings:
        if control := engine.controls.get(finding.control):
            review.explanation(control, finding.subject_kind, finding.subject, assessment)
    records.processing_record(graph, assessment)
    records.addressable_record(assessment, review.decisions)
    for record in (records.rights_record, records.transfers, records.screening):
        record(graph)
    for record in (records.associates, records.disclosures, records.minimum_necessary):
        record(graph)


@pytest.mark.parametrize("key", sorted(KEYS - LOADING.keys() - UNREAD.keys()))
def test_something_reads(key: str) -> None:
    assert key in keys_read(), f"nothing reads `{key}`: remove it, or name it in UNREAD with the reason"


def test_a_key_leaves_the_lists_when_something_reads_it() -> None:
    assert (LOADING.keys() | UNREAD.keys()) <= KEYS
    assert (LOADING.keys() | UNREAD.keys()) & keys_read() == set()


def test_what_is_read_is_a_key_of_the_language() -> None:
    assert {key for key in keys_read() if not key.startswith("types.")} <= KEYS | {"flows", "types"}
