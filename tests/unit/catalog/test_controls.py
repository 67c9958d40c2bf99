"""A control file is read strictly, all its faults at once; mechanisms are compared as whole words."""

from __future__ import annotations

import pytest

from tests.unit.catalog.build import PARTS, control, problems
from threatmodel.catalog import CoveredBy, is_weak, mechanism_words, names_one


def test_the_smallest_control_leaves_the_rest_empty() -> None:
    found = control()
    assert (found.id, found.layer, found.subjects, found.threats) == (
        "lock-doors",
        "perimeter",
        ("flow",),
        ("spoofing",),
    )
    assert (found.when, found.expect, found.covered_by) == (None, None, CoveredBy())
    assert (found.weak, found.strong, found.question, found.references) == ((), (), "", ())


@pytest.mark.parametrize("key", PARTS)
def test_a_required_key_that_is_missing_is_told(key: str) -> None:
    assert ("missing-key", f"this control has no `{key}`") in [
        (p.code, p.message) for p in problems(**{key: ""})
    ]


@pytest.mark.parametrize(
    ("part", "line", "code", "message"),
    [
        ("more", "reference: [CWE-1]", "unknown-key", "a control has no key `reference`"),
        ("layer", "layer: perimetre", "unknown-word", "`perimetre` is no value of `layer`"),
        ("severity", "severity: severe", "unknown-word", "`severe` is no value of `severity`"),
        ("subject", "subject: link", "unknown-word", "`link` is no value of `subject`"),
        ("subject", "subject: []", "empty-value", "`subject` names nothing"),
        (
            "severity",
            "severity: [low, high]",
            "wrong-type",
            "a word for `severity` is needed here, not a list",
        ),
        ("mechanisms", "mechanisms: {weak: [--]}", "empty-value", "a mechanism needs a letter or a digit"),
        ("threats", "threats: [spoof]", "unknown-word", "`spoof` is no value of `threats`"),
        ("title", "title: 12", "wrong-type", "a text is needed here, not `12`"),
        ("threats", "threats: [12]", "wrong-type", "a word for `threats` is needed here, not `12`"),
        ("more", "mechanisms: [ssl]", "wrong-type", "a group of mechanisms is a mapping of keys, not a list"),
        ("more", "mechanisms: {week: [ssl]}", "unknown-key", "a group of mechanisms has no key `week`"),
        ("more", "covered_by: {baseline: true}", "wrong-type", "`covered_by` takes a list, not a mapping"),
        ("more", "covered_by: [{baseline: 1}]", "coverage-form", "`baseline` can only be `true`"),
        ("more", "covered_by: [{boundary: outside}]", "unknown-word", "`outside` is no value of `boundary`"),
        ("more", "covered_by: [{ends: [middle]}]", "unknown-word", "`middle` is no value of `ends`"),
        (
            "more",
            "covered_by: [host]",
            "wrong-type",
            "a place of coverage is a mapping of keys, not the text `host`",
        ),
    ],
)
def test_what_a_control_cannot_say_is_told_at_its_line(part: str, line: str, code: str, message: str) -> None:
    found = problems(**{part: line})
    assert [(p.code, p.message, p.excerpt) for p in found] == [(code, message, line)]


def test_everything_is_told_at_once_with_the_likely_word() -> None:
    found = problems(layer="layer: perimetre", severity="severity: hihg")
    assert [p.help for p in found] == ["did you mean `perimeter`?", "did you mean `high`?"]


def test_places_of_coverage_add_up() -> None:
    places = (
        "{ends: [source, target]}, {host: true}, {boundary: inside}, {boundary: [leaving]}, {baseline: true}"
    )
    lines = f"covered_by: [{places}]"
    assert control(more=lines).covered_by == CoveredBy(
        ("source", "target"), True, ("inside", "leaving"), True
    )


def test_only_flows_have_ends() -> None:
    (found,) = problems(subject="subject: store", gap='gap: "{store}"', more="covered_by: [{ends: [target]}]")
    assert found.message == "`ends` fits controls of flows only"


@pytest.mark.parametrize(
    ("mechanism", "named"),
    [
        ("TLS 1.0", ("tls", "1.0")),
        ("tls-1.0, for now", ("tls", "1.0")),
        ("DES", ("des",)),
        ("3DES", ("3des",)),
        ("designed by us", None),
        ("tls 1.05", None),
        ("1.0 tls", None),
        ("", None),
    ],
)
def test_mechanisms_match_whole_words_in_order(mechanism: str, named: tuple[str, ...] | None) -> None:
    weak = control(more="mechanisms: {weak: [tls 1.0, des, 3des]}").weak
    assert names_one(mechanism_words(mechanism), weak) == named


@pytest.mark.parametrize(
    ("mechanism", "weak"),
    [
        ("password", True),
        ("username and password", True),
        ("only a PIN", True),
        ("password and totp", False),
        ("passwordless", False),
        ("and", False),
        ("", False),
    ],
)
def test_some_words_are_weak_where_nothing_else_is_named(mechanism: str, weak: bool) -> None:
    asked = control(more="mechanisms: {alone: [username password, pin]}")
    assert is_weak(asked, mechanism_words(mechanism)) is weak
