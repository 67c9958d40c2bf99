"""No name of a source breaks out of the YAML that it is written into."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threatmodel.importers.model_text import Ids, Plain, flow_style, model_text, one_line, quote
from threatmodel.model.ids import is_id
from threatmodel.source import parse

WRITABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


def read(text: str) -> object:
    root = parse(f"key: {text}\n").root
    assert isinstance(root, dict)
    return root["key"]


@pytest.mark.parametrize("text", ["orders", "Spring Boot", "a/b", "v1.2", "Kafka (old)"])
def test_a_harmless_text_stays_plain(text: str) -> None:
    assert quote(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "true",
        "null",
        "12",
        "~",
        "a: b",
        "a #b",
        "- x",
        "{x}",
        'say "no"',
        "back\\slash",
        "two\nlines",
        "&anchor",
        "*alias",
        "!tag",
        "% directive",
        "\u2028 separated",
        "\u0085next",
        "\u202eturned",
        "ü",
        "🔐",
    ],
)
def test_a_text_that_means_something_to_yaml_is_quoted_and_comes_back(text: str) -> None:
    assert quote(text).startswith('"')
    assert read(quote(text)) == text


@given(one_line_text=WRITABLE.map(one_line))
def test_every_visible_line_comes_back_as_it_was(one_line_text: str) -> None:
    assert read(quote(one_line_text)) == one_line_text
    assert read(flow_style({"k": [one_line_text, True, 3]})) == {"k": [one_line_text, True, 3]}


@given(st.lists(st.text(max_size=20), max_size=12))
def test_ids_are_valid_and_differ_whatever_the_names(names: list[str]) -> None:
    ids = Ids()
    given_ids = [ids.give(name) for name in names]
    assert all(is_id(i) for i in given_ids)
    assert len(set(given_ids)) == len(names)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("orders", "orders"),
        ("my service", "my-service"),
        ("../etc/passwd", "etc-passwd"),
        ("_hidden", "hidden"),
        ("***", "element"),
        ("größe", "größe"),
    ],
)
def test_an_id_stays_near_its_name(name: str, expected: str) -> None:
    assert Ids().give(name) == expected


def test_names_that_come_out_the_same_get_numbers() -> None:
    ids = Ids()
    assert [ids.give(n) for n in ("a b", "a/b", "a-b", "a-b-2")] == ["a-b", "a-b-2", "a-b-3", "a-b-2-2"]


def test_invisible_text_becomes_one_visible_line() -> None:
    assert one_line(" a\n\tb\u202ec\0 ") == "a b c"
    assert len(one_line("x" * 1000)) == 300


def test_a_short_entity_takes_one_line_and_a_long_one_a_line_for_each_key() -> None:
    long: dict[str, Plain] = {
        "title": "t" * 60,
        "description": "d" * 60,
        "controls": {"a": "x" * 60, "b": "y" * 60},
    }
    services: dict[str, Plain] = {"web": {}, "db": {"kind": "api"}, "x": long}
    text = model_text("made\nup", {"threatmodel": 1, "services": services})
    assert text == (
        "# made up\nthreatmodel: 1\n\nservices:\n  web:\n  db: {kind: api}\n  x:\n"
        f"    title: {'t' * 60}\n    description: {'d' * 60}\n    controls:\n"
        f"      a: {'x' * 60}\n      b: {'y' * 60}\n"
    )


def test_a_long_item_takes_a_line_for_each_key_and_empty_sections_are_left_out() -> None:
    flow = {"from": "a" * 60, "to": ["b" * 60, "c"]}
    text = model_text("c", {"data": {}, "flows": [flow]})
    assert text == f"# c\n\nflows:\n  - from: {'a' * 60}\n    to: [{'b' * 60}, c]\n"
