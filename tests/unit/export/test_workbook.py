"""The workbook: every row and result, text as text, the same bytes twice."""

from __future__ import annotations

import io
import json

import openpyxl
import pytest

from tests.unit.export.dossiers import LIBRARY, of_framework, sample, small
from tests.unit.render.written import HOSTILE
from threatmodel.export.workbook import workbook
from threatmodel.results import Verdict


def read(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def table(book: openpyxl.Workbook, name: str) -> list[dict[str, object]]:
    head, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_there_is_a_sheet_for_each_framework_and_for_what_stands_behind_it() -> None:
    book = read(workbook(sample("clinic")))
    assert book.sheetnames == ["About", "gdpr", "hipaa", "Evidence", "Not checked", "Questions"]
    assert read(workbook(of_framework(sample("clinic"), "hipaa"))).sheetnames[1:3] == ["hipaa", "Evidence"]


def test_every_row_of_a_framework_is_there_with_its_status_and_counts() -> None:
    book = read(workbook(sample("clinic")))
    for framework in LIBRARY.frameworks:
        rows = sample("clinic").result(framework).rows
        found = table(book, framework.id)
        assert [(r["Requirement"], r["Status"], r["Satisfied"], r["Gaps"]) for r in found] == [
            (r.requirement, r.status, r.satisfied, len(r.gaps)) for r in rows
        ]


def test_the_evidence_has_every_result_in_scope_with_its_place_and_no_other() -> None:
    book = read(workbook(of_framework(sample("clinic"), "hipaa")))
    rows = table(book, "Evidence")
    keys = {str(r["Key"]) for r in rows}
    assert "encrypt-at-rest@ehr-us" in keys
    assert "encrypt-at-rest@ehr-de" not in keys
    assert all(str(r["File"]).endswith("threatmodel.yaml") for r in rows)
    assert all(isinstance(r["Line"], int) for r in rows)
    (framework,) = of_framework(sample("clinic"), "hipaa").frameworks
    gaps = {key for row in sample("clinic").result(framework).rows for key in row.gaps}
    assert {r["Key"] for r in rows if r["Verdict"] == Verdict.GAP.word} >= gaps > set()


def test_what_was_not_checked_is_told_row_by_row() -> None:
    rows = table(read(workbook(sample("shop"))), "Not checked")
    assert {r["Status"] for r in rows} == {"not-modelled", "outside-model"}
    expected = sum(
        r.status in ("not-modelled", "outside-model")
        for f in LIBRARY.frameworks
        for r in sample("shop").result(f).rows
    )
    assert len(rows) == expected


def test_the_bytes_are_the_same_twice() -> None:
    assert workbook(sample("clinic")) == workbook(sample("clinic"))


@pytest.mark.parametrize("text", [*HOSTILE, "http://evil.example", "mailto:a@b", "+1", "-1", "@x"])
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    quoted = json.dumps(text)
    book = read(
        workbook(
            small(f"""owner: {quoted}
parties: {{p: {{own: true, gdpr: controller}}}}
data: {{who: {{categories: personal, title: {quoted}}}}}
stores: {{db: {{title: {quoted}, holds: who}}}}
""")
        )
    )
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert {c.data_type for c in cells} <= {"s", "n"}
    assert not [c for c in cells if c.hyperlink]


def test_long_and_alike_names_of_frameworks_get_sheets_of_their_own() -> None:
    (hipaa,) = of_framework(sample("tiny"), "hipaa").frameworks
    names = ["x" * 40, "x" * 41, "Evidence", "a/b[c]"]
    dossier = sample("tiny")
    (result,) = (f for f in dossier.assessment.frameworks if f.id == "hipaa")
    assessment = dossier.assessment._replace(frameworks=tuple(result._replace(id=n) for n in names))
    frameworks = tuple(hipaa._replace(id=n) for n in names)
    book = read(workbook(dossier._replace(assessment=assessment, frameworks=frameworks)))
    assert len(set(book.sheetnames)) == 8
    assert all(len(name) <= 31 for name in book.sheetnames)
