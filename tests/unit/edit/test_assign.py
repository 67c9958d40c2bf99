"""A value is set or taken away where a person would do it; comments and all the rest of the file stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.effort import examples
from threatmodel.edit.assign import Steps, with_value, without_value
from threatmodel.edit.comments import attach
from threatmodel.edit.tree import read_tree
from threatmodel.errors import UsageError
from threatmodel.source import Value, parse

SAMPLES = Path(__file__).resolve().parents[3] / "samples"
TEXT = """\
services:
  web:
  api: {kind: api}   # the api
  db:
    # why
    kind: api
    controls:
      audit-log:   # later
        status: absent   # yes
        # inner
        reason: nobody has time   # last
      mfa: planned   # soon
  # about c
  c:
    kind: api   # k

flows:
  - {from: web, to: api}   # f
  - from: api
    to: db
    protocol: http
"""
NEW = {"status": "planned", "owner": "team a"}
LINE = "{status: planned, owner: team a}"


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that are gone, and those that are new."""
    old, new = before.splitlines(), after.splitlines()
    return [x for x in old if x not in new], [x for x in new if x not in old]


@pytest.mark.parametrize(
    ("steps", "gone", "new"),
    [
        (("services", "web", "controls", "mfa"), ["  web:"], [f"  web: {{controls: {{mfa: {LINE}}}}}"]),
        (
            ("services", "api", "controls", "mfa"),
            ["  api: {kind: api}   # the api"],
            [f"  api: {{kind: api, controls: {{mfa: {LINE}}}}}   # the api"],
        ),
        (
            ("services", "db", "controls", "audit-log"),
            [
                "      audit-log:   # later",
                "        status: absent   # yes",
                "        # inner",
                "        reason: nobody has time   # last",
            ],
            ["      # later", "      # yes", "      # inner", f"      audit-log: {LINE}   # last"],
        ),
        (
            ("services", "db", "controls", "mfa"),
            ["      mfa: planned   # soon"],
            [f"      mfa: {LINE}   # soon"],
        ),
        (("services", "db", "controls", "new"), [], [f"      new: {LINE}"]),
        (("services", "c", "controls", "new"), [], [f"    controls: {{new: {LINE}}}"]),
        (
            ("flows", 0, "controls", "x"),
            ["  - {from: web, to: api}   # f"],
            [f"  - {{from: web, to: api, controls: {{x: {LINE}}}}}   # f"],
        ),
        (("flows", 1, "controls", "x"), [], [f"    controls: {{x: {LINE}}}"]),
        (("baseline", "mfa"), [], ["baseline:", f"  mfa: {LINE}"]),
    ],
)
def test_a_statement_is_written_in_the_style_of_its_place(
    steps: Steps, gone: list[str], new: list[str]
) -> None:
    assert changed(TEXT, with_value(TEXT, "m.yaml", steps, NEW)) == (gone, new)


@pytest.mark.parametrize(
    ("steps", "gone", "new"),
    [
        (("services", "db", "controls", "mfa"), ["      mfa: planned   # soon"], ["      # soon"]),
        (("services", "c", "kind"), ["  c:", "    kind: api   # k"], ["  c: {}   # k"]),
        (("flows", 0, "to"), ["  - {from: web, to: api}   # f"], ["  - {from: web}   # f"]),
        (("flows", 0, "from"), ["  - {from: web, to: api}   # f"], ["  - {to: api}   # f"]),
        (("flows", 1, "from"), ["  - from: api", "    to: db"], ["  - to: db"]),
        (("flows", 1, "protocol"), ["    protocol: http"], []),
        (("services", "api", "kind"), ["  api: {kind: api}   # the api"], ["  api: {}   # the api"]),
    ],
)
def test_a_key_is_taken_away_and_comments_stay(steps: Steps, gone: list[str], new: list[str]) -> None:
    assert changed(TEXT, without_value(TEXT, "m.yaml", steps)) == (gone, new)


@pytest.mark.parametrize(
    ("before", "steps", "after"),
    [
        ("a: 1", ("b",), "a: 1\n\nb: no\n"),
        ("a: 1\r\n", ("b",), "a: 1\r\n\r\nb: no\r\n"),
        ("a: {}\n", ("a", "b"), "a: {b: no}\n"),
        ("a: |\n  long\n  text\nb: 1\n", ("a",), "a: no\nb: 1\n"),
        ("a: &x {b: 1}\nc: *x\n", ("a",), "a: no\nc: &x {b: 1}\n"),
        ("a: &x\n  b: 1\nc: *x\nd: *x\n", ("a",), "a: no\nc: &x {b: 1}\nd: *x\n"),
        ("a: &x 1\nc: *x\n", ("a",), "a: no\nc: &x 1\n"),
        ("a: &x 1\nc: *x\n", ("c",), "a: &x 1\nc: no\n"),
    ],
)
def test_line_ends_and_shared_values_are_kept(before: str, steps: Steps, after: str) -> None:
    assert with_value(before, "m.yaml", steps, "no") == after


def test_a_long_statement_takes_a_line_for_each_key() -> None:
    reason = "a long story " * 12
    written = with_value("a:\n  b: 1\n", "m.yaml", ("a", "c"), {"reason": reason.strip(), "owner": "me"})
    assert written == f"a:\n  b: 1\n  c:\n    reason: {reason.strip()}\n    owner: me\n"


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("a: &x {b: 1}\nc: *x\n", ("a", "d")),
        ("a: &x {b: 1}\nc: *x\n", ("c", "d")),
        ("a: {b: &x 1}\nc: *x\n", ("a",)),
        ("a: 1\n", ("a", "b")),
        ("a: [1]\n", ("a", "b")),
    ],
)
def test_what_cannot_be_kept_is_refused(text: str, steps: Steps) -> None:
    with pytest.raises(UsageError):
        with_value(text, "m.yaml", steps, "no")


@pytest.mark.parametrize(
    ("text", "steps"), [("a: 1\n", ("b",)), ("a: 1\n", ("a", "b")), ("a: &x {b: 1}\nc: *x\n", ("c", "b"))]
)
def test_what_is_not_there_cannot_be_taken_away(text: str, steps: Steps) -> None:
    with pytest.raises(UsageError):
        without_value(text, "m.yaml", steps)


def _paths(value: Any, at: Steps = ()) -> list[Steps]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(p for key, item in below for p in _paths(item, (*at, key)))]


_VALUES: list[Value] = ["word", "two: words # x", True, 3, ["a", "b"], {"k": "v", "l": []}]
_FILES = sorted(SAMPLES.glob("*/*.yaml"))


@examples(120)
@given(st.data())
def test_any_value_of_the_samples_can_be_changed_or_is_refused_as_it_is(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(_FILES))
    text = path.read_text(encoding="utf-8")
    document = parse(text, path.name)
    steps = data.draw(st.sampled_from([p for p in _paths(document.root) if p and isinstance(p[-1], str)]))
    value = data.draw(st.sampled_from(_VALUES))
    try:
        written = with_value(text, path.name, steps, value)
    except UsageError:
        assert "&" in text, "nothing but shared values is refused"
        return
    after = parse(written, path.name)
    assert after.at(steps) == value
    assert attach(read_tree(after), written).texts() == attach(read_tree(document), text).texts()
