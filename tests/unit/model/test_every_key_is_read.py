"""No key exists that no fact, control, requirement or view reads."""

from __future__ import annotations

import importlib
import inspect
from fnmatch import fnmatchcase

import pytest

from threatmodel.facts import ALL_FACTS
from threatmodel.model.language import ENTITIES

PLACES = {
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
KEYS = sorted(
    {PLACES.get(e, f"{e}.*.{{}}").format(name) for e, entity in ENTITIES.items() for name in entity.keys}
)

# What reads a key apart from facts: the key (or pattern), the module, and words of it that do the reading.
READERS = (
    ("threatmodel", "threatmodel.model.load", "FORMAT"),
    ("name", "threatmodel.evaluate.assess", "model.name"),
    ("description", "threatmodel.render.inventory", "model.description"),
    ("owner", "threatmodel.evaluate.ownership", "model.owner"),
    ("include", "threatmodel.model.files", '"include"'),
    ("parties", "threatmodel.graph.build", "model.parties"),
    ("purposes", "threatmodel.graph.build", "model.purposes"),
    ("data", "threatmodel.graph.build", "model.data"),
    ("boundaries", "threatmodel.graph.build", "model.boundaries"),
    ("hosts", "threatmodel.graph.build", "model.hosts"),
    ("actors", "threatmodel.graph.build", "model.actors"),
    ("services", "threatmodel.graph.build", "model.services"),
    ("stores", "threatmodel.graph.build", "model.stores"),
    ("scenarios", "threatmodel.render.diagram.sequence", "scenario"),
    ("threats", "threatmodel.evaluate.threats.reported", "model.threats"),
    ("types", "threatmodel.model.load", '"types"'),
    ("types.*", "threatmodel.model.load", "_TYPED"),
    ("baseline", "threatmodel.evaluate.verdicts.statements", "baseline"),
    ("*.*.title", "threatmodel.render.inventory", "value.title"),
    ("flows[].title", "threatmodel.render.inventory", "flow.title"),
    ("*.*.description", "threatmodel.render.inventory", "value.description"),
    ("flows[].description", "threatmodel.render.inventory", "flow.description"),
    ("data.*.subjects", "threatmodel.render.inventory", "value.subjects"),
    ("*.*.owner", "threatmodel.evaluate.ownership", "value.owner"),
    ("*.*.controls", "threatmodel.evaluate.verdicts.statements", "stated"),
    ("flows[].controls", "threatmodel.evaluate.verdicts.statements", "stated"),
    ("flows[].name", "threatmodel.model.flows", "name"),
    ("*.*.out_of_scope", "threatmodel.evaluate.verdicts.engine", "out_of_scope"),
    ("services.*.type", "threatmodel.evaluate.verdicts.inheritance", '"type"'),
    ("stores.*.type", "threatmodel.evaluate.verdicts.inheritance", '"type"'),
    ("controls.*.status", "threatmodel.evaluate.verdicts.statements", "status"),
    ("controls.*.mechanism", "threatmodel.evaluate.verdicts.statements", "mechanism"),
    ("controls.*.by", "threatmodel.evaluate.explain.reasons", ".by"),
    ("controls.*.evidence", "threatmodel.evaluate.verdicts.statements", "evidence"),
    ("controls.*.reason", "threatmodel.evaluate.explain.reasons", "reason"),
    ("controls.*.owner", "threatmodel.evaluate.assess", "owner"),
    ("controls.*.due", "threatmodel.evaluate.assess", "due"),
    ("evidence.link", "threatmodel.evaluate.explain.reasons", "link"),
    ("evidence.date", "threatmodel.evaluate.verdicts.statements", "in_force"),
    ("evidence.until", "threatmodel.evaluate.verdicts.statements", "until"),
    ("scenarios.*.steps", "threatmodel.render.diagram.sequence", "steps"),
    ("threats.*.*", "threatmodel.evaluate.threats.reported", "threat"),
    ("decisions.threatmodel-decisions", "threatmodel.model.decisions", "FORMAT"),
    ("decisions.waivers", "threatmodel.policy.waivers", "waivers"),
    ("decisions.requirements", "threatmodel.evaluate.frameworks.requirements", "requirements"),
    ("waivers[].*", "threatmodel.policy.waivers", "waiver"),
    ("requirements[].*", "threatmodel.evaluate.frameworks.requirements", "decision"),
)

# Keys whose reader comes with a later issue. The list only shrinks.
PENDING = {
    "data.*.delta",
    "services.*.deployed_as",
    "stores.*.deployed_as",
    "flows[].port",
    "parties.*.agreements[].ref",
    "parties.*.agreements[].assessment",
}


def readers_of(key: str) -> list[str]:
    facts = [f.name for f in ALL_FACTS if any(key == read or fnmatchcase(key, read) for read in f.reads)]
    views = [module for pattern, module, _ in READERS if matches(key, pattern)]
    return facts + views


def matches(key: str, pattern: str) -> bool:
    return fnmatchcase(key.replace("[]", "()"), pattern.replace("[]", "()"))


@pytest.mark.parametrize("key", [k for k in KEYS if k not in PENDING])
def test_something_reads(key: str) -> None:
    assert readers_of(key), f"nothing reads `{key}`: remove it, or name its reader"


def test_a_pending_key_leaves_the_list_when_something_reads_it() -> None:
    assert set(KEYS) >= PENDING
    assert [key for key in sorted(PENDING) if readers_of(key)] == []


@pytest.mark.parametrize(("pattern", "module", "words"), READERS)
def test_a_named_reader_does_read(pattern: str, module: str, words: str) -> None:
    assert words in inspect.getsource(importlib.import_module(module))
    assert any(matches(key, pattern) for key in KEYS)


def test_facts_read_keys_that_exist() -> None:
    known = {*KEYS, *(section for section in ENTITIES)}
    for fact in ALL_FACTS:
        for read in fact.reads:
            assert any(matches(key, read) for key in known), f"fact {fact.name} reads `{read}`"
