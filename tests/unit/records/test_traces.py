"""Every cell of every record of the clinic leads to a line of a file, or follows from what all of it says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from threatmodel.api import Library, Review, load
from threatmodel.records import (
    Record,
    addressable_record,
    associates,
    disclosures,
    minimum_necessary,
    processing_record,
    rights_record,
    screening,
    transfers,
)
from threatmodel.resources import resource_dir

SAMPLE = resource_dir("samples") / "clinic"
RECORDS: Final = (
    "record",
    "transfers",
    "rights",
    "dpia",
    "associates",
    "decisions",
    "minimum-necessary",
    "disclosures",
)
FOLLOWS: Final = (
    # what the law says or asks, and what rests on no single line
    r"Article 45: decision|human resources data are covered only|Article 46\(2\)\(c\)|none; decision",
    r"directly$|nobody: [a-z-]+$",
    r"(shown|shown in part|not known|gap)(:|$)|not shown$|no model shows it$|nothing$|to examine$|not said: ",
    r"none declared$|none recorded$|not needed|no procedure declared$|(to be told: )?not touched$",
    r"not asked|asked of that controller$|Article 35\(3\)\([abc]\): |\d\. |164\.3\d\d\(",
    r"(design-evidence|partial-evidence|not-modelled|outside-model|alternative|inherited|gap)$",
)
"""The only texts without a place."""


@cache
def clinic() -> Review:
    return load(SAMPLE / "threatmodel.yaml", Library(), "2026-11-01")


def record(name: str) -> Record:
    review = clinic()
    match name:
        case "record":
            return processing_record(review.graph, review.assess())
        case "decisions":
            return addressable_record(review.assess(), review.decisions)
        case _:
            made = {
                "transfers": transfers,
                "rights": rights_record,
                "dpia": screening,
                "associates": associates,
                "minimum-necessary": minimum_necessary,
                "disclosures": disclosures,
            }
            return made[name](review.graph)


@pytest.mark.parametrize("name", RECORDS)
def test_every_cell_leads_to_a_line_that_is_there(name: str) -> None:
    follows = re.compile("|".join(FOLLOWS))
    placed = 0
    for sheet in record(name).sheets:
        assert sheet.entries
        for entry in sheet.entries:
            assert len(entry.cells) == len(sheet.columns) - 1
            for item in (entry.title, *(i for cell in entry.cells for i in cell)):
                if item.span is None:
                    assert follows.match(item.text), item
                    continue
                placed += 1
                lines = Path(item.span.file).read_text(encoding="utf-8").splitlines()
                assert lines[item.span.line - 1].strip(), item
    assert placed >= 4


@pytest.mark.parametrize("name", RECORDS)
def test_what_names_something_of_the_model_stands_where_that_is_written(name: str) -> None:
    """A country, a day or a link in a cell is on the line that it leads to, or just below."""
    for sheet in record(name).sheets:
        for entry in sheet.entries:
            for item in (i for cell in entry.cells for i in cell if i.span):
                assert item.span
                lines = Path(item.span.file).read_text(encoding="utf-8").splitlines()
                near = "\n".join(lines[item.span.line - 1 : item.span.line + 12])
                for said in re.findall(r"\b\d{4}-\d\d-\d\d\b|\b[\w-]+/[\w-]+\.pdf\b|^[A-Z]{2}$", item.text):
                    assert said in near, item
