"""A condition is read into a tree, and everything that it cannot mean is told at its place."""

from __future__ import annotations

import pytest

from tests.unit.catalog.build import control, problems
from threatmodel.catalog import All, Any, Claimed, Leaf, Not, Satisfied, leaves


def test_a_mapping_is_and_and_words_combine() -> None:
    when = control(
        when="when: {crosses_boundary: true, any: [{flow.kind: backup}, {not: {source.element: actor}}]}"
    ).when
    assert when == All(
        (
            Leaf("crosses_boundary", "is", True, ("when", "crosses_boundary")),
            Any(
                (
                    Leaf("flow.kind", "is", "backup", ("when", "any", 0, "flow.kind")),
                    Not(Leaf("source.element", "is", "actor", ("when", "any", 1, "not", "source.element"))),
                )
            ),
        )
    )


def test_all_takes_a_list_so_that_one_fact_can_be_asked_twice() -> None:
    when = control(
        subject="subject: party",
        gap='gap: "{party}"',
        when="when: {all: [{contacts: {contains: incident}}, {contacts: {contains_any: [dpo, privacy]}}]}",
    ).when
    assert [(leaf.operator, leaf.operand) for leaf in leaves(when) if isinstance(leaf, Leaf)] == [
        ("contains", "incident"),
        ("contains_any", frozenset({"dpo", "privacy"})),
    ]


def test_one_value_may_stand_where_an_operator_takes_many() -> None:
    when = control(when="when: {flow.kind: {one_of: backup}}").when
    assert when == Leaf("flow.kind", "one_of", frozenset({"backup"}), ("when", "flow.kind"))


def test_expect_may_read_other_controls() -> None:
    expect = control(
        expect="expect: {satisfied: shut-windows, any: [{claimed: bar-windows}, {crosses_boundary: false}]}"
    ).expect
    assert [type(leaf) for leaf in leaves(expect)] == [Satisfied, Claimed, Leaf]


def test_no_condition_has_no_leaves() -> None:
    assert list(leaves(control().when)) == []


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("when: 1", "condition-form", "a condition is a mapping of facts"),
        ("when: {}", "condition-form", "a condition is a mapping of facts"),
        ("when: {any: {flow.kind: backup}}", "condition-form", "`any` takes a list of conditions"),
        ("when: {all: []}", "condition-form", "`all` takes a list of conditions"),
        (
            "when: {flow.kind: {one_of: [backup], none_of: [backup]}}",
            "condition-form",
            "exactly one operator",
        ),
        ("when: {flow.kind: {oneof: [backup]}}", "unknown-operator", "unknown operator `oneof`"),
        ("when: {flow.kinds: backup}", "unknown-fact", "unknown fact `flow.kinds`"),
        ("when: {exposed: true}", "unknown-fact", "unknown fact `exposed`"),
        ("when: {flow.kind: {at_least: backup}}", "operator-domain", "does not fit the enum `flow.kind`"),
        ("when: {target.traits: relay}", "operator-domain", "does not fit the set `target.traits`"),
        ("when: {crosses_boundary: {one_of: [true]}}", "operator-domain", "does not fit the boolean"),
        ("when: {flow.kind: backups}", "outside-domain", "`backups` is no value of `flow.kind`"),
        ("when: {flow.kind: {one_of: [backup, spare]}}", "outside-domain", "`spare` is no value"),
        ("when: {crosses_boundary: yes}", "outside-domain", "`yes` is no value of `crosses_boundary`"),
        ("when: {data.confidentiality: {at_least: secret}}", "outside-domain", "`secret` is no value"),
        ("when: {flow.kind: [backup]}", "condition-form", "`is` takes one value"),
        ("when: {claimed: x}", "statement-in-when", "`claimed` may stand in `expect` only"),
        ("expect: {not: {satisfied: x}}", "statement-under-not", "`satisfied` may not stand under `not`"),
        (
            "expect: {any: [{not: {claimed: x}}, {flow.kind: backup}]}",
            "statement-under-not",
            "`claimed` may not",
        ),
        ("expect: {claimed: x}", "claimed-alone", "`claimed` needs another condition beside it"),
        ("expect: {any: [{claimed: x}]}", "claimed-alone", "`claimed` needs another condition beside it"),
        ("expect: {satisfied: [x]}", "condition-form", "`satisfied` takes a control id"),
    ],
)
def test_what_a_condition_cannot_mean_is_told(line: str, code: str, message: str) -> None:
    found = problems(**{line.partition(":")[0]: line})
    assert [(p.code, message in p.message) for p in found] == [(code, True)]
    assert found[0].excerpt == line


def test_likely_words_are_suggested() -> None:
    (fact,) = problems(when="when: {flow.kinds: backup}")
    (word,) = problems(when="when: {flow.kind: backups}")
    (operator,) = problems(when="when: {flow.kind: {oneof: [backup]}}")
    assert (fact.help, word.help, operator.help) == (
        "did you mean `flow.kind`?",
        "did you mean `backup`?",
        "did you mean `one_of`?",
    )
    (number,) = problems(
        subject="subject: store", gap='gap: "{store}"', when="when: {exposure_hops: {at_least: true}}"
    )
    assert number.help == "one of number"


def test_a_number_is_compared_as_one() -> None:
    when = control(
        subject="subject: store", gap='gap: "{store}"', when="when: {exposure_hops: {at_most: 2}}"
    ).when
    assert when == Leaf("exposure_hops", "at_most", 2, ("when", "exposure_hops"))


def test_a_fact_must_exist_for_every_subject() -> None:
    (problem,) = problems(
        subject="subject: [service, store]", gap='gap: "{subject}"', when="when: {custom_code: true}"
    )
    assert problem.message == "store has no fact `custom_code`"


def test_facts_of_an_unknown_subject_are_told_as_the_wrong_subject_alone() -> None:
    found = problems(subject="subject: link", when="when: {crosses_boundary: true}")
    assert [d.code for d in found] == ["unknown-word"]
