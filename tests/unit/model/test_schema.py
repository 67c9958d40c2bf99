"""The JSON Schema agrees with the loader: what one accepts, the other accepts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from threatmodel.api import Library
from threatmodel.model.language import ENTITIES
from threatmodel.model.schema import decisions_schema, json_schema
from threatmodel.resources import resource_dir
from threatmodel.source import parse, read

LIBRARY = Library()
SCHEMA = json_schema(LIBRARY.kinds, {c.id: c.title for c in LIBRARY.catalog.controls.values()})
SAMPLES = sorted(resource_dir("samples").glob("*/threatmodel.yaml"))


def errors(text: str, schema: dict[str, Any] = SCHEMA) -> list[str]:
    return [e.message for e in Draft7Validator(schema).iter_errors(parse(text).root)]


def test_it_is_a_valid_draft_07_schema() -> None:
    Draft7Validator.check_schema(SCHEMA)
    Draft7Validator.check_schema(decisions_schema(LIBRARY.kinds))
    assert SCHEMA["$schema"].startswith("http://json-schema.org/draft-07/")


def test_it_uses_nothing_that_draft_07_editors_misread() -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            assert not {"$defs", "prefixItems"} & node.keys()
            assert set(node) == {"$ref"} if "$ref" in node else True
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(SCHEMA)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.parent.name)
def test_every_sample_is_valid(path: Path) -> None:
    for file in path.parent.glob("*.yaml"):
        schema = decisions_schema(LIBRARY.kinds) if file.name == "decisions.yaml" else SCHEMA
        assert errors(read(file).text, schema) == []


def test_every_key_of_the_language_is_described_with_an_example() -> None:
    for name in ("parties", "services", "stores", "data", "boundaries", "threats", "evidence"):
        properties = SCHEMA["definitions"][name]["properties"]
        assert properties.keys() == ENTITIES[name].keys.keys()
        for value in properties.values():
            assert value["description"]
            assert value["examples"]


def test_an_entity_may_be_left_empty_and_one_item_may_stand_without_brackets() -> None:
    assert errors("{threatmodel: 1, services: {web: }, stores: {db: {holds: x}}, data: {x: {}}}") == []


def test_control_ids_are_offered_and_others_allowed() -> None:
    offered = SCHEMA["definitions"]["controls"]["properties"]
    assert offered.keys() == LIBRARY.catalog.controls.keys()
    assert errors("{threatmodel: 1, services: {web: {controls: {our-own-control: true}}}}") == []


@pytest.mark.parametrize(
    "text",
    [
        "{threatmodel: 1, service: {}}",
        "{threatmodel: 1, services: {web: {color: red}}}",
        "{threatmodel: 1, services: {web: {kind: spaceship}}}",
        "{threatmodel: 1, stores: {db: {kind: web-application}}}",
        "{threatmodel: 1, data: {x: {confidentiality: secret}}}",
        "{threatmodel: 1, data: {x: {retention: 30 days}}}",
        "{threatmodel: 1, flows: [{from: a}]}",
        "{threatmodel: 1, flows: [{from: a, to: b, port: 70000}]}",
        "{threatmodel: 1, parties: {p: {jurisdiction: UK}}}",
        "{name: without version}",
    ],
)
def test_faults_are_underlined(text: str) -> None:
    assert errors(text)
