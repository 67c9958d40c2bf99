"""The screening of Article 35 shows declared triggers, asks for open ones and claims nothing else."""

from __future__ import annotations

import pytest

from tests.unit.records.small import column, graph, questions
from threatmodel.records import Record, screening

HEAD = "parties: {lab: {own: true, gdpr: controller}}\n"


def of(purpose: str = "{}", data: str = "categories: personal", more: str = "") -> Record:
    return screening(
        graph(f"{HEAD}purposes: {{work: {purpose}}}\ndata: {{x: {{{data}, purposes: work}}}}\n{more}")
    )


@pytest.mark.parametrize(
    ("record", "trigger"),
    [
        (of("{automated_decision: true}"), "Article 35(3)(a): extensive evaluation with automated decisions"),
        (
            of("{large_scale: true}", "categories: health"),
            "Article 35(3)(b): special categories or criminal data on a large scale",
        ),
        (of("{large_scale: true}"), "5. Large scale"),
        (of(data="categories: behaviour"), "1. Evaluation or scoring"),
        (of(data="categories: [personal, location]"), "3. Systematic monitoring"),
        (of(data="categories: [personal, criminal]"), "4. Sensitive data"),
        (of(data="categories: children"), "7. Vulnerable data subjects"),
        (
            of(
                data="categories: personal, subjects: nurse",
                more="actors: {nurse: {party: lab}}",
            ),
            "7. Vulnerable data subjects",
        ),
        (
            of(
                more="services: {ai: {kind: ai-model}, web: {}}\nflows: [{from: web, to: ai, sends: x}]",
            ),
            "8. New technology",
        ),
    ],
)
def test_a_declared_trigger_is_shown(record: Record, trigger: str) -> None:
    assert column(record, "State")[trigger] == ["shown"]


def test_data_that_combine_others_are_a_trigger() -> None:
    text = f"""{HEAD}purposes: {{work: {{}}}}
data:
  a: {{categories: personal, purposes: work}}
  b: {{categories: personal, purposes: work}}
  both: {{derived_from: [a, b], transform: combination}}
"""
    assert column(screening(graph(text)), "State")["6. Data sets matched or combined"] == ["shown"]


def test_what_is_not_said_is_asked_and_what_is_denied_is_not() -> None:
    assert questions(of()) == [
        "`work`: does it decide about people automatically?",
        "`work`: does it work on a large scale?",
    ]
    denied = of("{automated_decision: false, large_scale: false}", "categories: health")
    assert questions(denied) == []
    assert column(denied, "State")["5. Large scale"] == ["said not to be"]
    large = "Article 35(3)(b): special categories or criminal data on a large scale"
    assert column(denied, "State")[large] == ["said not to be"]


def test_special_categories_on_an_unknown_scale_are_not_known() -> None:
    large = "Article 35(3)(b): special categories or criminal data on a large scale"
    assert column(of(data="categories: health"), "State")[large] == ["not known"]
    assert column(of(), "State")[large] == ["not shown"]


def test_the_advice_follows_what_is_shown() -> None:
    advice = {
        "none": of("{automated_decision: false, large_scale: false}"),
        "two": of("{automated_decision: false, large_scale: true}", "categories: [personal, location]"),
        "article": of("{large_scale: true}", "categories: health"),
    }
    said = {name: record.sheets[0].about for name, record in advice.items()}
    assert said["none"].startswith("0 of nine criteria are shown")
    assert "from two on" in said["two"]
    assert said["article"].startswith("A case that Article 35(3) names is declared")


def test_only_purposes_of_controllers_with_personal_data_are_screened() -> None:
    assert of(data="categories: []").sheets == ()
    assert screening(graph("parties: {lab: {own: true, gdpr: none}}\n")).sheets == ()
