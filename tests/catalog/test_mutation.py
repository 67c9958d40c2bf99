"""The examples of the catalog notice when a control is changed: a mutation test, and what a mutant is."""

from __future__ import annotations

import pytest

from benchmarks.catalog_mutation import mutants, score
from tests.unit.catalog.build import control
from threatmodel.api import Library

_TLS, _NEW = "`transport.encrypted is true`", "`transport.obsolete is false`"
_BOTH = "`source.element one_of actor, service`"


def test_the_examples_kill_at_least_ninety_five_of_a_hundred_mutants() -> None:
    library = Library()
    scores = [score(c, library) for c in library.catalog.controls.values()]
    killed = sum(s.killed for s in scores)
    survivors = [f"{s.control}: {m.change}" for s in scores for m in s.survivors]
    assert killed > 1000
    assert killed >= 0.95 * (killed + len(survivors)), survivors


@pytest.mark.parametrize(
    ("parts", "changes"),
    [
        ({}, []),
        (
            {"when": "when: {crosses_boundary: true}"},
            ["when dropped", "when: `crosses_boundary is true` negated"],
        ),
        (
            {"expect": "expect: {any: [{transport.encrypted: true}, {transport.obsolete: false}]}"},
            [
                "expect dropped",
                f"expect: any({_TLS}, {_NEW}) with `any` and `all` exchanged",
                f"expect: alternative {_TLS} dropped",
                f"expect: {_TLS} negated",
                f"expect: alternative {_NEW} dropped",
                f"expect: {_NEW} negated",
            ],
        ),
        (
            {"when": "when: {source.trust: {at_least: third-party}}"},
            [
                "when dropped",
                "when: `source.trust at_least third-party` negated",
                "when: `source.trust at_least third-party` became `source.trust at_most third-party`",
                "when: `source.trust at_least third-party` became `source.trust at_least untrusted`",
                "when: `source.trust at_least third-party` became `source.trust at_least trusted`",
            ],
        ),
        (
            {"when": "when: {source.element: {one_of: [actor, service]}}"},
            [
                "when dropped",
                f"when: {_BOTH} negated",
                f"when: {_BOTH} became `source.element one_of service`",
                f"when: {_BOTH} became `source.element one_of actor`",
                f"when: {_BOTH} became `source.element one_of actor, service, store`",
            ],
        ),
        (
            {"when": "when: {not: {crosses_boundary: true}}"},
            [
                "when dropped",
                "when: not `crosses_boundary is true` without `not`",
                "when: `crosses_boundary is true` negated",
            ],
        ),
        (
            {
                "covered_by": "covered_by: [{ends: [source, target]}, {boundary: inside}, {baseline: true}]",
                "mechanisms": "mechanisms: {weak: [chain, rope], strong: [bolt]}",
            },
            [
                "covered_by without ends: source",
                "covered_by without ends: target",
                "covered_by without boundary: inside",
                "covered_by without baseline",
                "no weak mechanism",
                "no strong mechanism",
            ],
        ),
    ],
)
def test_a_mutant_is_a_control_with_one_thing_changed(parts: dict[str, str], changes: list[str]) -> None:
    assert [m.change for m in mutants(control(**parts))] == changes


def test_no_mutant_is_the_control_itself() -> None:
    for original in Library().catalog.controls.values():
        assert all(repr(m.control) != repr(original) for m in mutants(original))


def test_what_no_known_value_tells_apart_is_equivalent_and_what_nothing_kills_survives() -> None:
    loose = control(
        when="when: {source.trust: {at_least: trusted}}",
        examples="examples: ['{services: {a: , b: }, flows: [{from: a, to: b}]}  # unknown']",
    )
    library = Library()
    library.catalog = library.catalog._replace(controls={**library.catalog.controls, loose.id: loose})
    found = score(loose, library)
    assert found.survivors
    assert all("at_least trusted" in m.change or m.change == "when dropped" for m in found.survivors)
