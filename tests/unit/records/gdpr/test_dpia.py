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
            of(more="hosts: {box: {kind: sensor}}\nstores: {meter: {host: box, holds: x}}\n"),
            "8. New technology",
        ),
        (of(more="services: {watch: {kind: wearable, holds: x}}\n"), "8. New technology"),
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


def test_an_automated_decision_is_to_be_examined_and_no_case_of_the_article_by_itself() -> None:
    article = "Article 35(3)(a): extensive evaluation with automated decisions"
    second = "2. Automated decisions with legal or similar effect"
    decides = of("{automated_decision: true, large_scale: false}")
    assert column(decides, "State")[article] == column(decides, "State")[second] == ["to examine"]
    assert "not said: whether its decisions have legal" in column(decides, "What shows it")[second][1]
    assert "systematically and extensively" in column(decides, "What shows it")[article][1]
    assert decides.sheets[0].about == (
        "A case that Article 35(3) names may be there: examine it. 0 of nine criteria are shown and 1 to "
        "examine; what is not known may change that."
    )
    both = of("{automated_decision: true, large_scale: true}")
    assert "1 of nine criteria is shown and 1 to examine: from two on" in both.sheets[0].about
    helps = of("{automated_decision: false, large_scale: false}")
    assert column(helps, "State")[article] == ["not shown"]
    assert column(helps, "State")[second] == ["said not to be"]
    assert "people decide on an automated evaluation" in column(helps, "What shows it")[article][1]


PROCESSOR = "parties: {lab: {own: true, gdpr: processor}}\n"


def test_what_a_processor_works_on_is_screened_for_its_controllers() -> None:
    purposes = "purposes: {work: {large_scale: true, automated_decision: false}}\n"
    record = screening(graph(f"{PROCESSOR}{purposes}data: {{x: {{categories: health, purposes: work}}}}\n"))
    (sheet,) = record.sheets
    assert sheet.title == "work (lab, as a processor)"
    assert "the controller's duty (Article 35(1))" in sheet.about
    assert "Article 28(3)(f)" in sheet.about
    assert "A case that Article 35(3) names is declared" in sheet.about


def test_a_processor_without_a_purpose_says_whose_duty_it_is_and_asks() -> None:
    record = screening(graph(f"{PROCESSOR}data: {{x: {{categories: personal}}, y: {{}}}}\n"))
    (sheet,) = record.sheets
    assert "the controller's duty" in sheet.about
    assert sheet.entries == ()
    assert questions(record) == [
        "for what is `x` processed?",
        "of which categories is `y`?",
    ]


def test_data_of_a_controller_without_a_purpose_are_asked_about() -> None:
    assert questions(screening(graph(f"{HEAD}data: {{x: {{categories: personal}}}}\n"))) == [
        "for what is `x` processed?"
    ]


def test_only_purposes_with_personal_data_are_screened() -> None:
    assert of(data="categories: []").sheets == ()
    assert screening(graph("parties: {lab: {own: true, gdpr: none}}\n")).sheets == ()
