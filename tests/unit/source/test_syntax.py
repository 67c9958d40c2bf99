"""What is no YAML, or YAML that we refuse, is told in plain words at the place of its cause."""

from __future__ import annotations

import pytest
import yaml

from threatmodel.errors import Diagnostic, InputError
from threatmodel.source import parse
from threatmodel.source.syntax import fault

QUOTE = "put it in quotes"
CASES = {
    # text: (line, column, message, help)
    "a: b: c": (
        1,
        5,
        "a `:` may not stand here",
        "put a text that contains `: ` in quotes, or begin a new line",
    ),
    "a\nb: c": (2, 2, "a `:` may not stand here", "the line above may lack its `:`"),
    "a: b\n  c: d": (2, 4, "a `:` may not stand here", "the line above may lack its `:`"),
    "a:\n  b\nc: [d": (3, 4, "this `[` is never closed", "close it with `]`"),
    "a: {b: c": (1, 4, "this `{` is never closed", "close it with `}`"),
    "a: 'x": (1, 4, "this `'` is never closed", "close it with `'`"),
    'a: "x\n\n': (1, 4, 'this `"` is never closed', 'close it with `"`'),
    "a:\n b: 1\n  c: 2\nd": (3, 4, "a `:` may not stand here", "the line above may lack its `:`"),
    "a: 1\nb\nc: 1": (2, 1, "a `:` is missing after this key", "write `key: value`"),
    "a: 1\nb": (2, 1, "a `:` is missing after this key", "write `key: value`"),
    "a:\n  b: 1\n c: 2": (3, 2, "a key is needed here", "indent the keys of a mapping alike"),
    "a: 'x' y": (1, 8, "nothing may follow a closing quote", "a text with quotes in it"),
    'a: "x" "y"': (1, 8, "nothing may follow a closing quote", "a text with quotes in it"),
    "a: [b]]": (1, 7, "this `]` closes nothing", "remove it"),
    "a: {b: c}}": (1, 10, "this `}` closes nothing", "remove it"),
    "a: }": (
        1,
        4,
        "a value is needed here, not `}`",
        "remove it, or put a text that begins with it in quotes",
    ),
    "a: ,": (
        1,
        4,
        "a value is needed here, not `,`",
        "remove it, or put a text that begins with it in quotes",
    ),
    "a:\n  - b\n  c: d": (3, 3, "an item that begins with `- ` is needed here", "indent the items of a list"),
    "a: {b: [1, 2}": (1, 13, "a `,` or `]` is needed here", "a text that contains `,`"),
    "a: {b: 1\nc: 2}": (2, 2, "a `,` or `}` is needed here", "a text that contains `,`"),
    "a: - b": (1, 4, "a list may not begin here", "begin its first `- ` on a new line"),
    "a: ? b": (1, 4, "a key may not begin here", "begin a new line"),
    "[a]\nb: c": (2, 1, "nothing may follow the end of the document", "put everything under the keys"),
    "a: *": (1, 4, "a name is needed here", "a text that begins with `*` or `&` needs quotes"),
    "a: & b": (1, 5, "a name is needed here", "a text that begins with `*` or `&` needs quotes"),
    "a: *b": (1, 4, "no anchor `&b` before this alias", "a text that begins with `*` needs quotes"),
    "a:\n\tb: c": (2, 1, "a tab may not indent", "indent with spaces"),
    "a: |\n\tx": (2, 1, "a tab may not indent", "indent with spaces"),
    "a: @x": (1, 4, "a text may not begin with `@`", QUOTE),
    "a: `x`": (1, 4, "a text may not begin with a backtick", QUOTE),
    'a: "\\q"': (1, 5, "this escape is unknown", "in double quotes write `\\\\`"),
    'a: "\\xzz"': (1, 7, "an escape needs hexadecimal digits here", "in double quotes write `\\\\`"),
    'a: "\\ud800"': (1, 7, "no character has this number", "in double quotes write `\\\\`"),
    "a: |0\n x": (1, 5, "a block text cannot be indented by 0", ""),
    "a: |x\n  y": (1, 5, "only a comment may follow here", ""),
    "a: 'x\n---\n'": (
        2,
        1,
        "a text in quotes may not hold a line that begins with `---` or `...`",
        "indent it",
    ),
    "a: {b: d, ": (1, 10, "the text ends where a value is needed", "close what is open"),
    ": x": (1, 1, "a key is needed here", "indent the keys of a mapping alike"),
    "{: x}": (1, 2, "a value is needed here", ""),
}
OTHERS = {
    # text: (code, line, column, message, help)
    "a: %x": (
        "yaml-directive",
        1,
        4,
        "directives are not allowed",
        "a text that begins with `%` needs quotes",
    ),
    "%FOO bar\n---\na: b": ("yaml-directive", 1, 5, "directives are not allowed", "a text that begins with"),
    "%YAML 1.1\n---\na: b": (
        "yaml-directive",
        1,
        1,
        "this is read as YAML 1.2, not 1.1",
        "remove the `%YAML`",
    ),
    "%YAML 2.0\n---\na: b": ("yaml-directive", 1, 1, "only YAML 1.2 is read", "remove the line"),
    "%TAG ! x:\n---\na: b": ("yaml-directive", 1, 1, "`%TAG` is not supported", "remove the line"),
    "a: !!str b": ("yaml-tag", 1, 4, "tags are not allowed: `!!str`", "remove it"),
    "a: ! b": ("yaml-tag", 1, 4, "tags are not allowed: `!`", "remove it"),
    "!!str a: b": ("yaml-tag", 1, 1, "tags are not allowed: `!!str`", "remove it"),
    "a: !!map {b: c}": ("yaml-tag", 1, 4, "tags are not allowed: `!!map`", "remove it"),
    "a: !e!f b": ("yaml-tag", 1, 4, "tags are not allowed: `!e!f`", "remove it"),
    "a: !<x b": ("yaml-tag", 1, 4, "tags are not allowed: `!<x`", "remove it"),
    "a: 1\n---\nb: 2": (
        "several-documents",
        2,
        1,
        "only one document may stand in a file",
        "remove the `---`",
    ),
    "a: b\n--- c": ("several-documents", 2, 1, "only one document may stand in a file", "remove the `---`"),
    "x: 1\na: 2\na: 3": ("duplicate-key", 3, 1, "key `a` stands here twice", "keep one of them"),
    "{a: 1, 'a': 2}": ("duplicate-key", 1, 8, "key `a` stands here twice", "keep one of them"),
    "a: {<<: {b: 1}}": ("merge-key", 1, 5, "`<<` is not supported", "use a type, or write the keys out"),
    "? [a]\n: b": ("key-not-text", 1, 3, "a key must be a word, not a mapping or list", "write one word"),
    "{a: 1}: b": ("key-not-text", 1, 1, "a key must be a word, not a mapping or list", "write one word"),
    "a: &x b\n*x : c": ("key-not-text", 2, 1, "a key must be a word, not an alias", "write one word"),
    "&a [*a]": (
        "recursive-alias",
        1,
        5,
        "`*a` stands inside itself",
        "an alias can only name what has ended",
    ),
    "": (
        "empty-file",
        1,
        1,
        "the file holds nothing",
        "`threatmodel init` writes a first model",
    ),
    "# note\n": (
        "empty-file",
        1,
        1,
        "the file holds nothing",
        "`threatmodel init` writes a first model",
    ),
}


def refused(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(InputError) as caught:
        parse(text)
    return caught.value.diagnostics


@pytest.mark.parametrize("text", [*CASES, *OTHERS])
def test_it_is_told_in_plain_words(text: str) -> None:
    code, *expected = OTHERS[text] if text in OTHERS else ("yaml-syntax", *CASES[text])
    line, column, message, help = expected
    (problem,) = refused(text)
    assert problem.span is not None
    found = problem.code, problem.span.line, problem.span.column, problem.message
    assert found == (code, line, column, message)
    assert problem.help.startswith(str(help))
    assert bool(problem.help) == bool(help)


def test_what_is_left_open_is_shown_beside_what_is_needed() -> None:
    (problem,) = refused("a: {b: [1, 2}")
    assert [(what, span.column) for what, span in problem.related] == [("the list begins here", 8)]


def test_the_first_of_two_equal_keys_is_shown() -> None:
    (problem,) = refused("{x: 1, a: 2, b: 3, a: 4}")
    assert [(what, span.column) for what, span in problem.related] == [("first here", 8)]


def test_the_version_that_we_read_may_be_said() -> None:
    assert parse("%YAML 1.2\n---\na: no").root == {"a": "no"}
    assert parse("---\na: b\n...\n").root == {"a": "b"}


def test_a_quoted_merge_key_is_a_key() -> None:
    assert parse("'<<': x").root == {"<<": "x"}


def test_one_bad_key_does_not_shift_what_follows() -> None:
    problems = refused("? [a]\n: b\n? {c: d}\n: b\ne: 1\ne: 2\n")
    assert [(d.code, d.span and d.span.line) for d in problems] == [
        ("key-not-text", 1),
        ("key-not-text", 3),
        ("duplicate-key", 6),
    ]


def test_problems_before_a_syntax_error_are_told_with_it() -> None:
    assert [d.code for d in refused("a: !x 1\na: 2\nb: [")] == ["yaml-tag", "duplicate-key", "yaml-syntax"]


def test_a_message_that_has_no_words_of_ours_is_passed_on() -> None:
    mark = yaml.Mark("m", 3, 0, 3, None, 0)
    found = fault(yaml.MarkedYAMLError("while", None, "found  a 'new' thing", mark), "a: x")
    assert (found.code, found.message) == ("yaml-syntax", "not valid YAML: found a `new` thing")
    assert fault(yaml.MarkedYAMLError(problem="no place"), "a").message == "not valid YAML: no place"


@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
def test_conflicts_of_a_merge_are_told_as_such_and_nothing_else_is(breaks: str) -> None:
    text = "a: 1\n<<<<<<< HEAD\nb: {\n||||||| base\n=======\nc: 3\n>>>>>>> other\n"
    text += "<<<<<<< HEAD\n=======\n>>>>>>> x\n"
    with pytest.raises(InputError) as caught:
        parse(text.replace("\n", breaks))
    first, second = caught.value.diagnostics
    assert (first.code, first.span.line if first.span else 0) == ("merge-conflict", 2)
    assert [(what, place.line) for what, place in first.related] == [("it ends here", 7)]
    assert second.span is not None
    assert second.span.line == 8


def test_a_text_that_only_looks_like_a_conflict_is_none() -> None:
    text = "a: |\n  <<<<<<< HEAD\n  =======\n  >>>>>>> other\nb: '<<<<<<< '\n"
    assert parse(text).root == {"a": "<<<<<<< HEAD\n=======\n>>>>>>> other\n", "b": "<<<<<<< "}
