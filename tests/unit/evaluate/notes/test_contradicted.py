"""A statement that the model's own facts contradict counts, and its author is told once."""

from __future__ import annotations

import pytest

from tests.unit.evaluate.build import control, engine
from threatmodel.evaluate import assess
from threatmodel.render.text.notes import diagnostics

ASKED = control(
    expect={"tenancy": "single"},
    when={"criticality": {"at_least": "high"}},
    covered_by=[{"boundary": "inside"}, {"baseline": True}],
    mechanisms={"weak": ["md5"]},
)


def told(text: str) -> list[tuple[str, str]]:
    return [(w.code, w.message) for w in diagnostics(assess(engine(text, ASKED)).warnings)]


@pytest.mark.parametrize("status", ["vault", "{status: alternative, reason: x}", "{evidence: audit.pdf}"])
def test_a_claim_against_a_fact_is_told_with_the_fact(status: str) -> None:
    text = f"stores: {{d: {{criticality: high, tenancy: shared, controls: {{c: {status}}}}}}}"
    word = "alternative" if "alternative" in status else "implemented"
    message = f"`c` is stated as {word}, but for store `d` tenancy is shared"
    assert told(text) == [("contradicted-statement", message)]


@pytest.mark.parametrize(
    "text",
    [
        "stores: {d: {criticality: high, tenancy: single, controls: {c: vault}}}",
        "stores: {d: {criticality: high, controls: {c: vault}}}",
        "stores: {d: {criticality: low, tenancy: shared, controls: {c: vault}}}",
        "stores: {d: {criticality: high, tenancy: shared, controls: {c: true}}}",
        "stores: {d: {criticality: high, tenancy: shared, controls: {c: md5}}}",
        "stores: {d: {criticality: high, tenancy: single, controls: {c: false}}}",
        "stores: {d: {criticality: high, tenancy: shared}}\nbaseline: {c: vault}",
        """
boundaries: {b: {controls: {c: vault}}}
stores: {d: {boundary: b, criticality: high, tenancy: shared}}
""",
    ],
)
def test_nothing_is_told_where_nothing_is_contradicted_or_nothing_is_asked(text: str) -> None:
    assert told(text) == []


def test_one_statement_of_many_subjects_is_told_once_at_its_place() -> None:
    text = """
types: {stores: {t: {criticality: high, tenancy: shared, controls: {c: vault}}}}
stores: {d: {type: t}, e: {type: t}}
"""
    (warning,) = diagnostics(assess(engine(text, ASKED)).warnings)
    assert str(warning.span) == "m.yaml:2:69"
    assert [text for text, _ in warning.related] == ["tenancy is shared"]
    assert warning.level == "warning"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("{mechanism: vault, evidence: {link: a, until: 2020-01-01}}", "expired-evidence"),
        ("{mechanism: vault, evidence: {link: a, date: 2099-01-01}}", "expired-evidence"),
        ("md5 or sha-256", "mixed-mechanism"),
        ("{status: alternative, reason: x, mechanism: md5 or sha-256}", "mixed-mechanism"),
    ],
)
def test_statements_that_count_for_less_are_told_once(statement: str, code: str) -> None:
    asked = control(subject="flow", mechanisms={"weak": ["md5"], "strong": ["sha 256"]})
    text = f"services: {{s: , t: , u: }}\nflows: [{{from: [s, t], to: u, controls: {{c: {statement}}}}}]"
    assert [w.code for w in assess(engine(text, asked)).warnings] == [code]
