"""A mapping is read strictly by a table: every problem has its place, and something harmless in its stead."""

from __future__ import annotations

import pytest

from threatmodel.errors import InputError
from threatmodel.source import parse
from threatmodel.source.problems import Problems
from threatmodel.source.reading import (
    Field,
    boolean,
    by_name,
    date,
    given,
    integer,
    kept,
    listed,
    many,
    mapping,
    optional,
    port,
    read_fields,
    required,
    table,
    text,
    verbatim,
    word,
)

DOOR = table(
    "door",
    {
        "name": required(text, ""),
        "colour": optional(word(("red", "blue"), {"scarlet": "red"}), "blue"),
        "keys": Field(many(text, once=True), absent=()),
        "hinges": optional(listed(integer), ()),
        "locks": optional(many(word(("bolt", "latch")), some=True), ()),
        "open": Field(boolean),
        "since": Field(date),
        "number": Field(port),
        "sizes": optional(by_name(integer), {}),
        "lock": optional(mapping(table("lock", {"kind": required(verbatim)}))),
        "signs": optional(given(table("group of signs", {"in": Field(text), "out": Field(text)})), {}),
        "note": Field(kept, example="x"),
    },
)


def problems(written: str) -> list[str]:
    document = parse(written)
    found = Problems(document)
    read_fields(found, DOOR, document.root)
    with pytest.raises(InputError) as caught:
        found.finish()
    return [
        f"{d.span.line}:{d.span.column} {d.code}: {d.message}" + (f" | {d.help}" if d.help else "")
        for d in caught.value.diagnostics
        if d.span
    ]


def test_what_is_written_is_kept_and_the_rest_is_absent() -> None:
    written = "{name: ' front ', colour: scarlet, keys: a, signs: {in: x}, lock: {kind: ' k '}, hinges: [1]}"
    document = parse(written)
    found = Problems(document)
    assert read_fields(found, DOOR, document.root) == {
        "name": "front",
        "colour": "red",
        "keys": ("a",),
        "hinges": (1,),
        "locks": (),
        "open": None,
        "since": None,
        "number": None,
        "sizes": {},
        "lock": {"kind": " k "},
        "signs": {"in": "x"},
        "note": None,
    }
    found.finish()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[]", "1:1 wrong-type: a door is a mapping of keys, not a list | write `name: ...`"),
        ("{}", "1:1 missing-key: this door has no `name`"),
        ("{name: }", "1:2 empty-value: `name` is empty"),
        ("{name: a, open: }", "1:11 empty-value: `open` is empty"),
        ("{name: a, nmae: b}", "1:11 unknown-key: a door has no key `nmae` | did you mean `name`?"),
        (
            "{name: a, colour: rde}",
            "1:19 unknown-word: `rde` is no value of `colour` | did you mean `red`?",
        ),
        (
            "{name: a, colour: [red]}",
            "1:19 wrong-type: a word for `colour` is needed here, not a list | one of `red`, `blue`",
        ),
        ("{name: a, keys: [b, b]}", "1:21 repeated-item: `b` stands in this list already | keep one of them"),
        ("{name: a, keys: [b, 1]}", "1:21 wrong-type: a text is needed here, not `1` | put it in quotes"),
        ("{name: a, locks: []}", "1:18 empty-value: `locks` names nothing"),
        ("{name: a, hinges: 1}", "1:19 wrong-type: `hinges` takes a list, not `1`"),
        ("{name: a, sizes: 1}", "1:18 wrong-type: `sizes` takes a mapping, not `1`"),
        ("{name: a, sizes: {b: '1'}}", "1:22 wrong-type: a whole number is needed here, not the text `1`"),
        ("{name: a, lock: {}}", "1:11 missing-key: this lock has no `kind`"),
        ("{name: a, signs: {up: x}}", "1:19 unknown-key: a group of signs has no key `up`"),
        ("{name: a, open: 'yes'}", "1:17 wrong-type: `true` or `false` is needed here, not the text `yes`"),
        ("{name: a, since: 2026-02-30}", "1:18 bad-date: there is no day `2026-02-30`"),
        ("{name: a, number: 0}", "1:19 out-of-range: `0` is no port"),
    ],
)
def test_what_does_not_fit_has_its_place(written: str, told: str) -> None:
    (problem,) = problems(written)
    assert problem.startswith(told)


def test_a_key_of_another_tool_is_answered_with_ours() -> None:
    foreign = table("door", {"name": Field(text)}, {"label": "name"}.get)
    document = parse("{label: a}")
    found = Problems(document)
    read_fields(found, foreign, document.root)
    (problem,) = found.diagnostics()
    assert problem.help == "did you mean `name`?"


def test_few_words_are_listed_where_none_is_near_and_many_are_not() -> None:
    for count, help in ((2, "one of `word0`, `word1`"), (25, "")):
        document = parse("{a: zzz}")
        found = Problems(document)
        read_fields(
            found, table("t", {"a": Field(word(tuple(f"word{i}" for i in range(count))))}), document.root
        )
        assert [d.help for d in found.diagnostics()] == [help]


def test_everything_is_collected_at_once() -> None:
    assert [line.split()[1] for line in problems("{colour: rde, opne: true, sizes: 1}")] == [
        "missing-key:",
        "unknown-word:",
        "unknown-key:",
        "wrong-type:",
    ]
