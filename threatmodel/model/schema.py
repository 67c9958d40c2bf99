"""The model language as a JSON Schema (draft-07) for editors, made from its table so that both agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from threatmodel.kinds import Kinds
from threatmodel.model.language import ENTITIES, Key
from threatmodel.model.values import DURATION
from threatmodel.model.words import COUNTRIES

Schema: TypeAlias = dict[str, Any]

_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_SECTIONS: Final = (
    "parties",
    "purposes",
    "data",
    "boundaries",
    "hosts",
    "actors",
    "services",
    "stores",
    "scenarios",
    "threats",
)
_NESTED: Final[Mapping[str, str]] = {
    "agreement": "agreement",
    "contacts": "contacts",
    "controls": "controls",
    "flows": "flows",
    "types": "types",
    "waiver": "waiver",
    "requirement": "requirement",
}
_ID: Final = r"^[^\s_.\-][^\s]*$"
_PLAIN: Final[Mapping[str, Schema]] = {
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    "delta": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
    "duration": {"type": "string", "pattern": f"^(indefinite|{DURATION})$"},
    "epsilon": {"type": "number", "exclusiveMinimum": 0},
    "integer": {"type": "integer"},
    "jurisdiction": {"type": "string", "enum": ["EU", *sorted(COUNTRIES)]},
    "name": {"type": "string", "pattern": _ID},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "word": {"type": "string", "pattern": r"^\S+$"},
}
_TEXT: Final[Schema] = {"type": "string", "minLength": 1}


def json_schema(kinds: Kinds, controls: Mapping[str, str]) -> Schema:
    """The schema of a model file; `controls` maps the ids that completion offers to their titles."""
    return _with_header("Threat model", _object("root", kinds), _definitions(kinds, controls))


def decisions_schema(kinds: Kinds) -> Schema:
    """The schema of a decisions file."""
    names = ("waiver", "requirement", "evidence")
    definitions = {name: _object(name, kinds) for name in names}
    return _with_header("Threat model decisions", _object("decisions", kinds), definitions)


def _with_header(title: str, root: Schema, definitions: Schema) -> Schema:
    return {"$schema": _DRAFT, "title": title, **root, "definitions": definitions}


def _definitions(kinds: Kinds, controls: Mapping[str, str]) -> Schema:
    definitions = {name: _object(name, kinds) for name in (*_SECTIONS, "contacts", "agreement", "evidence")}
    for section in ("services", "stores"):
        template = _object(section, kinds)
        del template["properties"]["type"]
        definitions[f"type-of-{section}"] = template
    definitions["flow"] = {**_object("flows", kinds), "type": "object"}
    definitions["flows"] = {"type": ["array", "null"], "items": _ref("flow")}
    definitions["types"] = {
        "type": ["object", "null"],
        "properties": {s: _section(f"type-of-{s}") for s in ("services", "stores")},
        "additionalProperties": False,
    }
    long_form = {**_object("statement", kinds), "type": "object", "minProperties": 1}
    short_form = {"type": ["boolean", "string"], "examples": [True, False, "planned", "aes-256"]}
    definitions["statement"] = {"anyOf": [short_form, long_form]}
    definitions["controls"] = {
        "type": "object",
        "properties": {
            c: {"description": title, "allOf": [_ref("statement")]} for c, title in controls.items()
        },
        "additionalProperties": _ref("statement"),
    }
    return definitions


def _object(entity: str, kinds: Kinds) -> Schema:
    """The schema of one mapping of the language."""
    noun, keys = ENTITIES[entity]
    schema: Schema = {
        "type": ["object", "null"] if entity in _SECTIONS else "object",
        "properties": {name: _described(key, _value(key, entity, noun, kinds)) for name, key in keys.items()},
        "additionalProperties": False,
    }
    if required := [k.name for k in keys.values() if k.required]:
        schema["required"] = required
    return schema


def _described(key: Key, value: Schema) -> Schema:
    """A value with what editors show beside it; draft-07 ignores what stands beside a bare `$ref`."""
    absent = "Required." if key.required else f"When absent: {key.absent}."
    described = {"allOf": [value]} if "$ref" in value else value
    return {"description": f"{key.meaning} {absent}", **described, "examples": [key.example]}


def _value(key: Key, entity: str, noun: str, kinds: Kinds) -> Schema:
    one = _one(key, entity, noun, kinds)
    if not key.many:
        return one
    return {"anyOf": [one, {"type": "array", "items": one, "uniqueItems": True}]}


def _one(key: Key, entity: str, noun: str, kinds: Kinds) -> Schema:
    match key.type:
        case "enum":
            return _words([*key.values, *key.aliases])
        case "kind":
            return _words(n for n, kind in kinds.kind_names.items() if noun in kinds.kinds[kind].subjects)
        case "technology":
            return _words(kinds.technology_names)
        case "protocol":
            return _words(kinds.protocol_names)
        case "evidence":
            return {"anyOf": [_TEXT, _ref("evidence")]}
        case "section":
            return _section(key.name if entity == "root" else f"type-of-{key.name}")
        case nested if nested in _NESTED:
            return _ref(_NESTED[nested])
        case plain:
            return _PLAIN.get(plain, _TEXT)


def _words(words: Iterable[str]) -> Schema:
    return {"type": "string", "enum": list(dict.fromkeys(words))}


def _section(name: str) -> Schema:
    return {"type": ["object", "null"], "propertyNames": {"pattern": _ID}, "additionalProperties": _ref(name)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
