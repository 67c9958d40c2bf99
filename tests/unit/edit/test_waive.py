"""A waiver is added where a person would add it, and nothing else of the file changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threatmodel.edit.scalars import scalar
from threatmodel.edit.waive import NEW, with_waiver
from threatmodel.errors import InputError, UsageError
from threatmodel.source import parse

WAIVER = {
    "finding": "mfa@a->b:c",
    "reason": "until #3: the new, better one",
    "owner": "sec",
    "until": "2027-01-31",
}
ITEM = """- finding: mfa@a->b:c
  reason: "until #3: the new, better one"
  owner: sec
  until: 2027-01-31
"""
FLOW = '{finding: mfa@a->b:c, reason: "until #3: the new, better one", owner: sec, until: 2027-01-31}'


def indented(text: str, by: int = 2) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (NEW, NEW + "\nwaivers:\n" + indented(ITEM)),
        ("threatmodel-decisions: 1", "threatmodel-decisions: 1\n\nwaivers:\n" + indented(ITEM)),
        ("a: 1\nwaivers: []  # none yet\nb: 2\n", "a: 1\nwaivers:  # none yet\n" + indented(ITEM) + "b: 2\n"),
        ("a: 1\nwaivers:  # none\nb: 2\n", "a: 1\nwaivers:  # none\n" + indented(ITEM) + "b: 2\n"),
        ("a: 1\nwaivers:", "a: 1\nwaivers:\n" + indented(ITEM)),
        (
            "waivers:\n- finding: x\n  owner: y # why\n# end\nb: 2\n",
            "waivers:\n- finding: x\n  owner: y # why\n" + ITEM + "# end\nb: 2\n",
        ),
        ("waivers:\n    - finding: x", "waivers:\n    - finding: x\n" + indented(ITEM, 4)),
        (
            "waivers:\n  - finding: x\n    reason: >-\n      long\n      text\n\nb: 2\n",
            "waivers:\n  - finding: x\n    reason: >-\n      long\n      text\n"
            + indented(ITEM)
            + "\nb: 2\n",
        ),
        ("waivers: [{finding: x}]  # flow\n", f"waivers: [{{finding: x}}, {FLOW}]  # flow\n"),
        ("waivers: [\n  {finding: x},  # old\n]\n", f"waivers: [\n  {{finding: x}}, {FLOW},  # old\n]\n"),
        (
            "waivers:\r\n  - finding: x\r\n",
            ("waivers:\n  - finding: x\n" + indented(ITEM)).replace("\n", "\r\n"),
        ),
    ],
)
def test_a_waiver_is_added_last_and_the_rest_stays(before: str, after: str) -> None:
    assert with_waiver(before, "decisions.yaml", WAIVER) == after


@pytest.mark.parametrize(
    "text",
    [
        "waivers: {finding: x}\n",
        "waivers:\n  finding: x\n",
        "{threatmodel-decisions: 1}\n",
        "- 1\n",
        "waivers:\n-\n  finding: x\n",
        "waivers: &a\n  - finding: x\nrequirements: *a\n",
        "threatmodel-decisions: 1\n...\n",
    ],
)
def test_what_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        with_waiver(text, "decisions.yaml", WAIVER)
    assert "without changing the rest" in str(caught.value)


def test_a_broken_file_is_told_as_such() -> None:
    with pytest.raises(InputError):
        with_waiver("waivers: [\n", "decisions.yaml", WAIVER)


@given(st.text(max_size=30))
def test_any_text_reads_back_or_is_refused(text: str) -> None:
    waiver = {"finding": "a@b", "reason": text}
    before = "waivers:\n  - finding: x\n"
    try:
        after = with_waiver(before, "decisions.yaml", waiver)
    except UsageError:
        assert any("\ud800" <= c <= "\udfff" for c in text)
        return
    assert after.startswith(before)
    assert parse(after).root == {"waivers": [{"finding": "x"}, waiver]}


@given(st.text(max_size=20))
def test_a_scalar_reads_back_inside_brackets_and_outside(text: str) -> None:
    try:
        written = scalar(text)
        inside, outside = parse(f"a: [{written}, 1]").root, parse(f"a: {written}").root
    except InputError:
        assert any("\ud800" <= c <= "\udfff" for c in text)
        return
    assert (inside, outside) == ({"a": [text, 1]}, {"a": text})
