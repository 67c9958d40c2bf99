"""No text costs more than its limits allow: hostile ones are refused quickly, with a place and a reason."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from threatmodel.errors import Diagnostic, InputError
from threatmodel.source import Limits, parse

LAUGHS = "a0: &a0 lol\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
HOSTILE = {
    "brackets": ("[" * 200_000, "too-deep"),
    "braces": ("{" * 200_000, "too-deep"),
    "indented mappings": ("".join(" " * i + "a:\n" for i in range(1_000)), "too-deep"),
    "lists in lists": ("- " * 100_000, "too-deep"),
    "keys in keys": ("? " * 100_000, "too-deep"),
    "a billion laughs": (LAUGHS, "alias-expansion"),
    "a long text named often": (
        "a: &a " + "x" * 100_000 + "\nb: [" + "*a, " * 20_000 + "]",
        "alias-expansion",
    ),
    "a short text named often": ("a: &a x\nb: [" + "*a, " * 1_000_000 + "]", "alias-expansion"),
    "many equal keys": ("k: 1\n" * 200_000, "duplicate-key"),
    "many tags": ("[" + "!!x y, " * 200_000 + "]", "yaml-tag"),
    "a long tag named often": (
        f"%TAG ! tag:{'x' * 200_000}\n---\n[" + "!a b, " * 10_000 + "]",
        "yaml-directive",
    ),
    "many documents": ("---\n" * 200_000, "several-documents"),
    "many complex keys": ("? [a]\n: b\n" * 50_000, "key-not-text"),
    "many aliases as keys": ("x: &x y\n" + "*x : 1\n" * 50_000, "key-not-text"),
    "many merges": ("<<: 1\n" * 50_000, "merge-key"),
    "colons": (":" * 200_000 + " ", "yaml-syntax"),
    "open quotes": ("'" * 300_001, "yaml-syntax"),
    "NULs": ("\0" * 1_000_000, "forbidden-character"),
    "a long line that breaks off": ("a: {" + ", ".join(f"b{i}" for i in range(100_000)) + "]", "yaml-syntax"),
    "a long alias": ("a: *" + "x" * 1_000_000, "yaml-syntax"),
    "spaces": (" " * 10_000_000, "empty-file"),
    "carriage returns": ("\r" * 5_000_000, "empty-file"),
    "comments": ("#\n" * 5_000_000, "empty-file"),
}
LARGE = {
    "a long value": "a: " + "x" * 10_000_000,
    "many escapes": 'a: "' + "\\x41" * 1_000_000 + '"',
    "many keys": "".join(f"k{i}: 1\n" for i in range(100_000)),
    "many anchors": "".join(f"- &x{i} v\n" for i in range(100_000)),
    "one anchor again and again": "- &x v\n" * 100_000,
    "numbers of any length": "["
    + ", ".join(["9" * 400, "1e999", "0." + "1" * 100_000, "0x" + "f" * 9_999])
    + "]",
    "a folded text": "a: >\n" + "  x\n\n" * 200_000,
    "a plain text of many lines": "a: b\n" + "  c\n" * 200_000,
}


def refused(text: str, limits: Limits | None = None) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as caught:
        parse(text, limits=limits) if limits else parse(text)
    return caught.value.diagnostics


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_refused_quickly(name: str) -> None:
    text, code = HOSTILE[name]
    start = time.process_time()
    problems = refused(text)
    assert code in [d.code for d in problems]
    assert len(problems) <= 101
    assert all(len(d.message) < 200 for d in problems)
    assert time.process_time() - start < 2


@pytest.mark.parametrize("name", LARGE)
def test_a_large_text_is_read(name: str) -> None:
    start = time.process_time()
    assert parse(LARGE[name]).root
    assert time.process_time() - start < 2


@pytest.mark.parametrize("name", ["a billion laughs", "brackets", "a long text named often"])
def test_refusing_takes_little_memory(name: str) -> None:
    text, _ = HOSTILE[name]
    tracemalloc.start()
    try:
        refused(text)
        assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_depth_counts_lists_and_mappings() -> None:
    assert parse("[{a: [1]}]", limits=Limits(depth=3)).root == [{"a": [1]}]
    (problem,) = refused("[{a: [1]}]", Limits(depth=2))
    assert problem.message == "nested more than 2 levels deep"
    assert problem.span is not None
    assert problem.span.column == 6


@pytest.mark.parametrize("text", ["[a, b]", "{a: b}", "[[], a]", "[a, []]", "[[], []]", "a: []"])
def test_every_key_value_and_container_counts(text: str) -> None:
    assert parse(text, limits=Limits(nodes=3)).root
    (problem,) = refused(text, Limits(nodes=2))
    assert (problem.code, problem.message) == ("too-many-values", "more than 2 values")


def test_aliases_count_by_what_they_stand_for_aliases_within_included() -> None:
    text = "a: &a [x, y]\nb: &b [*a, *a]\nc: *b"
    written = len("&a [x, y]")
    inner = 2 * written
    outer = len("&b [*a, *a]") + inner
    assert parse(text, limits=Limits(alias_characters=inner + outer)).at(("c",)) == [["x", "y"], ["x", "y"]]
    (problem,) = refused(text, Limits(alias_characters=inner + outer - 1))
    assert problem.code == "alias-expansion"
    assert problem.span is not None
    assert problem.span.line == 3


def test_an_alias_stands_for_the_last_anchor_of_its_name() -> None:
    assert parse("[&a x, *a, &a y, *a]").root == ["x", "x", "y", "y"]
    assert parse("[&a [&a x, *a], *a]").root == [["x", "x"], "x"]


def test_a_key_can_be_named_by_an_alias() -> None:
    assert parse("&k key: 1\nother: *k").root == {"key": 1, "other": "key"}


def test_what_is_left_out_is_said() -> None:
    problems = refused("[" + "!x a, " * 500 + "]")
    assert len(problems) == 101
    assert problems[-1].code == "more-problems"
