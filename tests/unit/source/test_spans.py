"""Every key, item and value has its place: what an editor would select for it."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from threatmodel.errors import Span
from threatmodel.source import Document, parse
from threatmodel.source.text import split_lines


def selected(document: Document, span: Span) -> str:
    """The text that a span selects."""
    lines = split_lines(document.text)[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)


class Case(NamedTuple):
    text: str
    path: tuple[int | str, ...]
    key: str
    value: str


CASES = {
    "a key in block style": Case("a: 1\nbc: xyz\n", ("bc",), "bc", "xyz"),
    "a key in flow style": Case("m: {a: 1, bc: xyz}", ("m", "bc"), "bc", "xyz"),
    "a key in flow style over several lines": Case("m: {\n  a: 1,\n  bc: xyz\n}", ("m", "bc"), "bc", "xyz"),
    "a double-quoted key": Case('"a b": x', ("a b",), '"a b"', "x"),
    "a key with an escaped quote": Case(r'"a\"b": x', ('a"b',), r'"a\"b"', "x"),
    "a single-quoted key": Case("'a b': x", ("a b",), "'a b'", "x"),
    "a key with a doubled quote": Case("'it''s': x", ("it's",), "'it''s'", "x"),
    "a key written as an escape": Case(r'"\u0061": x', ("a",), r'"\u0061"', "x"),
    "a key with an anchor": Case("&n key: x", ("key",), "key", "x"),
    "an explicit key": Case("? key\n: x", ("key",), "key", "x"),
    "a key in JSON": Case('{"a":1,"b":[2]}', ("b",), '"b"', "[2]"),
    "a key that is a number": Case("12: x", ("12",), "12", "x"),
    "an empty key": Case("? \n: x", ("",), " ", "x"),
    "a key after wide characters": Case("m: {日本 🏦: 1, ключ: y}", ("m", "ключ"), "ключ", "y"),
    "a plain value before a comment": Case("a: x y   # no", ("a",), "a", "x y"),
    "a quoted value": Case("a: 'x: y'", ("a",), "a", "'x: y'"),
    "a value with an anchor": Case("a: &n x", ("a",), "a", "&n x"),
    "an alias": Case("a: &n x\nb: *n", ("b",), "b", "*n"),
    "a plain value over two lines": Case("a: x\n  y\nb: 1", ("a",), "a", "x\n  y"),
    "a quoted value over two lines": Case('a: "x\n  y"\nb: 1', ("a",), "a", '"x\n  y"'),
    "a block text": Case("a: |\n  x\n  y\n\n\nb: 1", ("a",), "a", "|\n  x\n  y"),
    "a folded text at the end": Case("a: >-\n  x\n  y", ("a",), "a", ">-\n  x\n  y"),
    "a mapping in block style": Case("a:\n  b: 1\n  c: 2\n\n# end\nd: 3", ("a",), "a", "b: 1\n  c: 2"),
    "a list in block style": Case("a:\n- x\n- y z  # end\nd: 3", ("a",), "a", "- x\n- y z"),
    "a list in flow style": Case("a: [x, [y]]", ("a",), "a", "[x, [y]]"),
    "an empty mapping": Case("a: {}", ("a",), "a", "{}"),
    "an empty value": Case("a:\nb: 1", ("a",), "a", "a"),
    "an empty value in flow style": Case("m: {a: , b: 1}", ("m", "a"), "a", "a"),
    "an item in flow style": Case("a: [x, yz]", ("a", 1), "yz", "yz"),
    "an item in block style": Case("a:\n  - x\n  - yz", ("a", 1), "yz", "yz"),
    "an item that is a mapping": Case(
        "a:\n  - b: 1\n    c: 2\n  - d", ("a", 0), "b: 1\n    c: 2", "b: 1\n    c: 2"
    ),
    "an item that is a flow mapping": Case("a:\n- {b: 1}", ("a", 0), "{b: 1}", "{b: 1}"),
    "a key of an item": Case("- a: 1\n  bc: 2", (0, "bc"), "bc", "2"),
    "an empty item": Case("a:\n  -\n  - x", ("a", 0), "-", "-"),
    "an item of an item": Case("- - x\n  - y", (0, 1), "y", "y"),
    "a path through an alias": Case("a: &n {b: xy}\nc: *n", ("c", "b"), "b", "xy"),
    "a missing key": Case("a: {b: 1}", ("a", "c"), "a", "{b: 1}"),
    "a missing item": Case("a: [x]", ("a", 1), "a", "[x]"),
    "a path beyond a value": Case("a: x", ("a", "b", 0), "a", "x"),
    "a number where a key is": Case("a: {b: 1}", ("a", 0), "a", "{b: 1}"),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_it_stands_where_it_is_written(name: str, line_end: str) -> None:
    case = CASES[name]
    document = parse(case.text.replace("\n", line_end))
    assert selected(document, document.span(case.path)) == case.key
    assert selected(document, document.span(case.path, "value")) == case.value


@pytest.mark.parametrize("name", CASES)
def test_a_byte_order_mark_moves_nothing(name: str) -> None:
    case = CASES[name]
    document = parse(b"\xef\xbb\xbf" + case.text.encode())
    assert document.span(case.path) == parse(case.text).span(case.path)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: 1", 1, 1),
        ("\n\n  a: 1", 3, 3),
        ("# note\n- x", 2, 1),
        ("{a: 1}", 1, 1),
        ("x", 1, 1),
        ("--- # note\na: 1", 2, 1),
    ],
)
def test_the_empty_path_is_where_the_root_begins(text: str, line: int, column: int) -> None:
    document = parse(text)
    span = document.span(())
    assert (span.line, span.column) == (line, column)
    assert document.span(("nowhere", 3)) == span


def test_spans_count_from_one_and_end_after_the_last_character() -> None:
    assert parse("a:\n  bc: xyz", "m.yaml").span(("a", "bc"), "value") == Span("m.yaml", 2, 7, 2, 10)


def test_lines_are_told_without_their_ends() -> None:
    document = parse("a: 1\r\nb: 2\rc: 3\n")
    assert [document.excerpt(n) for n in range(6)] == ["", "a: 1", "b: 2", "c: 3", "", ""]
