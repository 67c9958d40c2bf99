"""The table of the model language and the classes of its entities say the same, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

import pytest

from threatmodel.model import (
    Actor,
    Agreement,
    Boundary,
    DataAsset,
    Evidence,
    Host,
    Party,
    Purpose,
    RequirementDecision,
    Scenario,
    Service,
    Statement,
    Store,
    Threat,
    Waiver,
)
from threatmodel.model.language import ENTITIES, Key

# what stands in a class beside the keys, and keys that a field has another name for
CLASSES: dict[str, tuple[type, tuple[str, ...], dict[str, str]]] = {
    "parties": (Party, ("id", "at"), {}),
    "purposes": (Purpose, ("id", "at"), {}),
    "data": (DataAsset, ("id", "at"), {}),
    "boundaries": (Boundary, ("id", "at"), {}),
    "hosts": (Host, ("id", "at"), {}),
    "actors": (Actor, ("id", "at"), {}),
    "services": (Service, ("id", "at"), {}),
    "stores": (Store, ("id", "at"), {}),
    "scenarios": (Scenario, ("id", "at"), {}),
    "threats": (Threat, ("id", "at"), {}),
    "agreement": (Agreement, ("at",), {"with": "counterpart"}),
    "statement": (Statement, ("control", "at"), {}),
    "evidence": (Evidence, (), {}),
    "waiver": (Waiver, ("at",), {}),
    "requirement": (RequirementDecision, ("at",), {"from": "provider"}),
}
NARROWER = {("boundaries", "trust"), ("statement", "status")}  # a Literal of the words of the key


@pytest.mark.parametrize("section", CLASSES)
def test_a_class_has_a_field_for_every_key_and_no_other(section: str) -> None:
    kind, before, renamed = CLASSES[section]
    fields = {renamed.get(name, name) for name in ENTITIES[section].keys}
    assert set(get_type_hints(kind)) == {*before, *fields}


@pytest.mark.parametrize(
    ("section", "key"),
    [(s, key) for s in CLASSES for key in ENTITIES[s].keys.values() if (s, key.name) not in NARROWER],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_a_field_has_the_type_of_its_key(section: str, key: Key) -> None:
    kind, _, renamed = CLASSES[section]
    assert get_type_hints(kind)[renamed.get(key.name, key.name)] == _type(key)


def _type(key: Key) -> Any:
    """What a field holds: an item or many, and nothing where a key that is left out has no value."""
    match key.type:
        case "controls":
            one: Any = Mapping[str, Statement]
        case "contacts":
            one = Mapping[str, str]
        case "boolean":
            one = bool
        case "epsilon" | "delta":
            one = float
        case "agreement":
            one = Agreement
        case "evidence":
            one = Evidence
        case _:
            one = str
    value = tuple[one, ...] if key.many else one
    return value if key.required or key.default is not None else value | None
