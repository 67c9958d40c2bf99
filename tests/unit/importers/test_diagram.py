"""Diagrams are read leniently in form and refused with a message where they are none."""

from __future__ import annotations

import json

import pytest

from threatmodel.errors import InputError, UsageError
from threatmodel.importers.code2dfd.diagram import read_diagram

EMPTY: dict[str, object] = {"services": [], "external_entities": [], "information_flows": []}


def test_a_file_may_hold_one_diagram_without_a_name() -> None:
    assert read_diagram(json.dumps(EMPTY), "f").name == "Imported diagram"
    assert read_diagram(json.dumps(EMPTY), "f", "shop").name == "shop"


def test_a_file_may_hold_several_diagrams_by_name() -> None:
    both = json.dumps({"shop": EMPTY, "bank": EMPTY})
    assert read_diagram(both, "f", "bank").name == "bank"
    with pytest.raises(UsageError, match="the file holds 2 diagrams") as several:
        read_diagram(both, "f")
    assert several.value.help == "choose one with --name: `shop`, `bank`"
    with pytest.raises(UsageError, match="no diagram is called `bnk`") as near:
        read_diagram(both, "f", "bnk")
    assert near.value.help == "did you mean `bank`?"


def test_the_only_diagram_of_a_file_needs_no_name() -> None:
    assert read_diagram(json.dumps({"shop": EMPTY}), "f").name == "shop"


def test_missing_sections_and_keys_are_empty() -> None:
    diagram = read_diagram('{"services": [{"name": "a"}]}', "f")
    assert [(s.name, s.stereotypes, dict(s.tags), s.place) for s in diagram.services] == [
        ("a", (), {}, "services[0]")
    ]
    assert not diagram.externals
    assert not diagram.flows


def test_other_forms_of_the_same_diagram_are_read_alike() -> None:
    plain = {
        "services": [{"name": "a", "stereotypes": ["gateway"], "tagged_values": {"Port": 80}}],
        "external_entities": [{"name": "u"}],
        "information_flows": [{"sender": "u", "receiver": "a"}],
    }
    other = {
        "microservices": {
            "0": {"name": "a", "stereotype_instances": ["gateway"], "tagged_values": [["Port", 80]]}
        },
        "external_components": {"0": {"name": "u"}},
        "information_flows": {"0": {"sender": "u", "receiver": "a"}},
    }
    read, again = (read_diagram(json.dumps(d), "f") for d in (plain, other))
    assert read.services[0][:3] == again.services[0][:3]
    assert read.externals[0][:3] == again.externals[0][:3]
    assert read.flows[0][:4] == again.flows[0][:4]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Local Logging", "local_logging"),
        ("authentication_scopes_all", "authentication_scope_all_requests"),
        ("encrypted_connection", "encrypted"),
        ("ssl-enabled", "encrypted"),
        ("authenticated_request", "authenticated"),
        ("log_sanitisation", "log_sanitization"),
        ("never_seen", "never_seen"),
    ],
)
def test_stereotypes_have_one_spelling(written: str, read: str) -> None:
    diagram = read_diagram(json.dumps({"services": [{"name": "a", "stereotypes": [written, written]}]}), "f")
    assert diagram.services[0].stereotypes == (read,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is not JSON: expecting value"),
        ("{", "this is not JSON"),
        ("[" * 200_000, "nested too deep"),
        ('{"a": ' + "9" * 5000 + "}", "numbers that are too long"),
        ("[]", "a diagram is a mapping"),
        ("{}", "the file holds no diagram"),
        ('{"shop": 3}', "the diagram `shop` is no mapping"),
        ('{"services": 3}', "`services` is no list"),
        ('{"services": [3]}', "`services[0]` is no mapping"),
        ('{"services": [{}]}', "`services[0]` has no `name`"),
        ('{"information_flows": [{"sender": "a"}]}', "`information_flows[0]` has no `receiver`"),
    ],
)
def test_what_is_no_diagram_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        read_diagram(text, "f.json")
    (diagnostic,) = error.value.diagnostics
    assert message in diagnostic.message


def test_a_mistake_in_the_json_is_shown_at_its_place() -> None:
    with pytest.raises(InputError) as error:
        read_diagram('{\n "services": oops}', "f.json")
    (diagnostic,) = error.value.diagnostics
    assert diagnostic.span is not None
    assert str(diagnostic.span) == "f.json:2:14"
    assert diagnostic.excerpt == ' "services": oops}'
