"""An override changes what it says and no more; what makes a control find less needs a reason."""

from __future__ import annotations

import pytest

from tests.unit.catalog.build import control
from threatmodel.catalog import Control
from threatmodel.catalog.overlay.overrides import Overridden, apply_overrides, parse_overrides
from threatmodel.errors import Diagnostic, InputError
from threatmodel.source import parse

DOORS = control(mechanisms="mechanisms: {weak: [latch, paper lock]}", references="references: [CWE-319]")


def overridden(text: str, *controls: Control) -> Overridden:
    known = {c.id: c for c in controls or (DOORS,)}
    return apply_overrides(parse_overrides(parse(f"overrides: {text}", "o.yaml")), "acme", known)


def after(text: str) -> Control:
    return overridden(f"{{lock-doors: {text}}}").controls["lock-doors"]


def told(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        overridden(text)
    return [_line(d) for d in caught.value.diagnostics]


def _line(d: Diagnostic) -> str:
    assert d.span is not None
    assert d.excerpt
    return f"{d.span.line}:{d.span.column} {d.code}: {d.message}" + (f" | {d.help}" if d.help else "")


def test_each_key_changes_its_part_and_nothing_else() -> None:
    changed = after(
        "{severity: critical, mechanisms: {weak: [Chair, latch]}, question: why?, gap: open, fix: shut,"
        " references: [CWE-319, CWE-1], tags: [ai]}"
    )
    expected = DOORS._replace(
        severity="critical",
        weak=(("latch",), ("paper", "lock"), ("chair",)),
        question="why?",
        gap="open",
        fix="shut",
        references=("CWE-319", "CWE-1"),
        tags=("ai",),
    )
    assert changed._replace(changes=()) == expected
    assert [(c.key, c.what, c.weaker) for c in changed.changes] == [
        ("severity", "severity critical instead of high", False),
        ("mechanisms", "also weak: `chair`, `latch`", False),
        ("question", "another text for `question`", False),
        ("gap", "another text for `gap`", False),
        ("fix", "another text for `fix`", False),
        ("references", "more references: `CWE-319`, `CWE-1`", False),
        ("tags", "more tags: `ai`", False),
    ]


def test_a_change_says_who_makes_it_why_and_where() -> None:
    [change] = after("{severity: low, reason: ' behind a wall '}").changes
    assert change[:2] == ("lock-doors", "acme")
    assert (change.what, change.weaker, change.reason) == (
        "severity low instead of high",
        True,
        "behind a wall",
    )
    assert str(change.span) == "o.yaml:1:26"


def test_a_disabled_control_stays_with_its_reason() -> None:
    found = overridden("{lock-doors: {disable: true, reason: no doors}}")
    off = found.controls["lock-doors"].disabled
    assert off is not None
    assert (off.what, off.weaker, off.reason) == ("disabled", True, "no doors")
    assert found.changes == (off,)


def test_a_weak_mechanism_can_be_taken_back_with_a_reason() -> None:
    changed = after("{mechanisms: {not_weak: Paper-Lock}, reason: steel paper}")
    assert changed.weak == (("latch",),)
    assert [(c.what, c.weaker) for c in changed.changes] == [("no longer weak: `paper lock`", True)]


def test_the_severity_that_it_has_is_no_change() -> None:
    assert after("{severity: high}").changes == ()


def test_a_control_that_is_not_named_stays_as_it_is() -> None:
    windows = control("controls/perimeter/bar-windows.yaml", id="id: bar-windows")
    found = overridden("{lock-doors: {fix: shut}}", DOORS, windows)
    assert found.controls["bar-windows"] is windows


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{}", []),
        ("[]", ["1:12 wrong-type: `overrides` takes a mapping, not a list"]),
        ("", ["1:1 empty-value: `overrides` is empty"]),
        (
            "{lock-dors: {fix: shut}}",
            ["1:13 unknown-control: no control `lock-dors` to override | did you mean `lock-doors`?"],
        ),
        (
            "{zzz: {fix: shut}}",
            [
                (
                    "1:13 unknown-control: no control `zzz` to override"
                    " | `threatmodel catalog list` shows every control"
                )
            ],
        ),
        (
            "{lock-doors: {disable: true}}",
            [
                (
                    "1:26 missing-reason: `lock-doors` would be weaker (disabled): say why"
                    " | add `reason: ...` to this override"
                )
            ],
        ),
        (
            "{lock-doors: {severity: low, mechanisms: {not_weak: latch}}}",
            [
                (
                    "1:26 missing-reason: `lock-doors` would be weaker (severity low instead of high):"
                    " say why | add `reason: ...` to this override"
                ),
                (
                    "1:41 missing-reason: `lock-doors` would be weaker (no longer weak: `latch`): say why"
                    " | add `reason: ...` to this override"
                ),
            ],
        ),
        (
            "{lock-doors: {mechanisms: {not_weak: lach}, reason: x}}",
            ["1:39 unknown-word: `lach` is no weak mechanism of `lock-doors` | did you mean `latch`?"],
        ),
        (
            "{lock-doors: {gap: '{flw} is open'}}",
            ["1:26 unknown-placeholder: nothing fills the placeholder `{flw}` | did you mean `flow`?"],
        ),
        (
            "{lock-doors: {fix: ' '}}",
            ["1:31 empty-value: this text is empty | leave it out when it is not known"],
        ),
        ("{lock-doors: {fix: 1}}", ["1:31 wrong-type: a text is needed here, not `1` | put it in quotes"]),
        (
            "{lock-doors: {reason: x}}",
            [
                (
                    "1:13 empty-override: the override of `lock-doors` changes nothing"
                    " | say one of: disable, severity, mechanisms, question, gap, fix, references, tags"
                )
            ],
        ),
        (
            "{lock-doors: {disable: false, reason: x}}",
            ["1:35 wrong-type: `disable` can only be `true` | leave it out to keep the control"],
        ),
        (
            "{lock-doors: {disable: true, severity: low, reason: x}}",
            ["1:41 key-without-use: `severity` counts for nothing in a control that is disabled"],
        ),
        (
            "{lock-doors: {when: {crosses_boundary: true}}}",
            [
                (
                    "1:26 unknown-key: an override has no key `when` | known keys: disable, severity,"
                    " mechanisms, question, gap, fix, references, tags, reason"
                )
            ],
        ),
        (
            "{lock-doors: {mechanisms: {weak: ['--']}}}",
            ["1:46 empty-value: a mechanism needs a letter or a digit"],
        ),
        (
            "{lock-doors: shut}",
            [
                (
                    "1:25 wrong-type: an override is a mapping of keys, not the text `shut`"
                    " | write its keys on indented lines or in `{...}`"
                )
            ],
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, problems: list[str]) -> None:
    if problems:
        assert told(text) == problems
    else:
        assert overridden(text) == Overridden({"lock-doors": DOORS}, ())


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = "{lock-doors: {disable: true}, gates: {fix: shut}, walls: {fix: high}}"
    assert [line.split()[1] for line in told(text)] == [
        "missing-reason:",
        "unknown-control:",
        "unknown-control:",
    ]


def test_what_is_disabled_cannot_be_overridden_any_more() -> None:
    off = overridden("{lock-doors: {disable: true, reason: none}}").controls["lock-doors"]
    with pytest.raises(InputError, match="`lock-doors` is disabled by the catalog `acme`"):
        overridden("{lock-doors: {severity: critical}}", off)
