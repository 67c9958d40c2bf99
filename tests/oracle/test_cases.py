"""Facts of the smallest models: what they must be, by the facts layer and by the oracle alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.oracle.compare import both, fragment
from threatmodel.source import parse

ROWS: Any = parse((Path(__file__).parent / "cases.yaml").read_text(encoding="utf-8"), "cases.yaml").root


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['fact']} of {row['of']}" for row in ROWS])
def test_a_fact_is_what_the_table_says(row: dict[str, Any]) -> None:
    kind, subject = row["of"].split()
    assert both(fragment(row["model"]), row["fact"], kind, subject) == (row["value"], (row["value"],))


@pytest.mark.parametrize(
    ("name", "kind", "subject", "model", "value"),
    [
        ("data.integrity", "data", "x", "data: {x: {integrity: medium}}", {"one_of": ["moderate"]}),
        (
            "data.categories",
            "data",
            "x",
            "data: {x: {categories: pii}}",
            {"certain": ["personal"], "possible": ["personal"]},
        ),
        (
            "transform",
            "data",
            "y",
            "data: {x: , y: {derived_from: x, transform: pseudonymization}}",
            {"one_of": ["pseudonymisation"]},
        ),
        ("criticality", "store", "d", "stores: {d: {criticality: high}}", {"one_of": ["high"]}),
    ],
)
def test_what_the_oracle_does_not_derive_or_is_a_word_of_other_tools_is_left_to_the_table(
    name: str, kind: str, subject: str, model: str, value: Any
) -> None:
    assert both(fragment(model), name, kind, subject) == (value, None)
