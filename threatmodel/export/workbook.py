"""Control matrices as a workbook: a sheet for each framework, one of evidence, one of what was not checked.

Nothing in it can run: every cell is written as a text or a number, and no text becomes a formula or a link.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from threatmodel._version import __version__
from threatmodel.export.dossier import Dossier
from threatmodel.render.catalogs import editions
from threatmodel.render.matrix import DISCLAIMER
from threatmodel.render.text.escape import one_line
from threatmodel.render.text.questions import phrased
from threatmodel.results import STATUSES, FrameworkResult, RequirementResult

Cell: TypeAlias = str | int
_MOST: Final = 32_767  # characters that a cell can hold
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_MATRIX: Final = {
    "Requirement": 20,
    "Title": 40,
    "Designation": 13,
    "Category": 16,
    "Status": 17,
    "Why": 50,
    "Decision": 40,
    "Controls": 40,
    "Satisfied": 10,
    "Unknown": 10,
    "Gaps": 8,
    "Gap keys": 50,
    "Responsible": 20,
    "Coverage": 10,
    "A design shows": 50,
    "A design cannot show": 50,
    "Other standards": 24,
    "Source": 40,
}
_EVIDENCE: Final = {
    "Framework": 12,
    "Control": 28,
    "Verdict": 12,
    "Subject": 36,
    "Kind": 10,
    "Key": 50,
    "File": 36,
    "Line": 8,
    "Requirements": 60,
}
_UNCHECKED: Final = {
    "Framework": 12,
    "Requirement": 20,
    "Title": 40,
    "Status": 17,
    "Why": 60,
    "A design cannot show": 60,
}
_QUESTIONS: Final = {"Question": 70, "Answer": 50, "File": 36, "Line": 8, "Settles results": 14}
_STATUS_COLORS: Final = {
    "gap": "#F8D7DA",
    "not-modelled": "#FFF3CD",
    "partial-evidence": "#E2F0D9",
    "design-evidence": "#C6E0B4",
    "alternative": "#DDEBF7",
    "inherited": "#DDEBF7",
    "risk-accepted": "#FCE4D6",
}


def workbook(dossier: Dossier) -> bytes:
    """The workbook; the same bytes for the same dossier."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, _OPTIONS)
    book.set_properties(
        {
            "title": f"Control matrices of {one_line(dossier.assessment.name)}",
            "comments": DISCLAIMER,
            "created": datetime.fromisoformat(dossier.assessment.as_of),
        }
    )
    head = book.add_format({"bold": True, "bg_color": "#D9D9D9", "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    status = {
        s: book.add_format({"text_wrap": True, "valign": "top", "bg_color": color})
        for s, color in _STATUS_COLORS.items()
    }
    names = _names(f.id for f in dossier.frameworks)
    _fill(book.add_worksheet("About"), {"What": 24, "": 110}, _about(dossier), head, plain, {})
    for framework in dossier.frameworks:
        rows = (_row(result, row.references) for row, result in dossier.rows(framework))
        _fill(book.add_worksheet(names[framework.id]), _MATRIX, rows, head, plain, status)
    _fill(book.add_worksheet("Evidence"), _EVIDENCE, _evidence(dossier), head, plain, status)
    _fill(book.add_worksheet("Not checked"), _UNCHECKED, _unchecked(dossier), head, plain, status)
    _fill(book.add_worksheet("Questions"), _QUESTIONS, _questions(dossier), head, plain, {})
    book.close()
    return target.getvalue()


def _fill(
    sheet: Worksheet,
    columns: dict[str, int],
    rows: Iterable[Sequence[Cell]],
    head: Format,
    plain: Format,
    colors: dict[str, Format],
) -> None:
    for i, (name, width) in enumerate(columns.items()):
        sheet.set_column(i, i, width)
        sheet.write_string(0, i, name, head)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, 1):
        for i, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(last, i, cell, plain)
            else:
                sheet.write_string(last, i, one_line(cell)[:_MOST], colors.get(cell, plain))
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _names(ids: Iterable[str]) -> dict[str, str]:
    """A sheet's name for each framework: at most 31 characters without those that are refused, each once."""
    names: dict[str, str] = {}
    taken = {"about", "evidence", "not checked", "questions", "history"}
    for id in ids:
        base = re.sub(r"[\[\]:*?/\\']", " ", one_line(id))[:28].strip() or "framework"
        name, n = base, 2
        while name.lower() in taken:
            name, n = f"{base[:26]} {n}", n + 1
        taken.add(name.lower())
        names[id] = name
    return names


def _about(dossier: Dossier) -> Iterator[tuple[Cell, ...]]:

    yield "Model", dossier.assessment.name
    yield "As of", dossier.assessment.as_of
    yield "Made with", f"threatmodel {__version__}"
    yield "Model text", dossier.digest
    yield "Catalogs", editions(dossier.assessment.catalogs)
    yield "What it is", DISCLAIMER
    for framework in dossier.frameworks:
        result = dossier.result(framework)
        yield framework.title, f"{framework.source}; law as of {framework.law_as_of}; {_applies(result)}"
    yield from STATUSES.items()


def _applies(result: FrameworkResult) -> str:
    if result.applies is None:
        return "whether it applies is not declared"
    return "applies by the declared roles" if result.applies else "does not apply by the declared roles"


def _row(row: RequirementResult, references: Sequence[str]) -> tuple[Cell, ...]:
    return (
        *(row.requirement, row.title, row.designation, row.category, row.status, row.note, row.decision),
        *("; ".join(row.controls), row.satisfied, row.unknown, len(row.gaps), "; ".join(row.gaps)),
        *("; ".join(row.responsibility), row.coverage, row.evidence, row.cannot_show),
        *("; ".join(references), row.url),
    )


def _evidence(dossier: Dossier) -> Iterator[tuple[Cell, ...]]:
    for framework in dossier.frameworks:
        rows: dict[str, list[str]] = {}
        for row in framework.requirements:
            for name in row.controls:
                rows.setdefault(name, []).append(row.id)
        for o in dossier.counted(framework):
            place = o.span
            yield (
                *(framework.id, o.control, o.verdict.word, o.subject, o.kind, o.key),
                *(place.file, place.line, "; ".join(rows[o.control])),
            )


def _unchecked(dossier: Dossier) -> Iterator[tuple[Cell, ...]]:
    for framework in dossier.frameworks:
        for row in dossier.result(framework).rows:
            if row.status in ("not-modelled", "outside-model"):
                why = row.note or STATUSES[row.status]
                yield framework.id, row.requirement, row.title, row.status, why, row.cannot_show


def _questions(dossier: Dossier) -> Iterator[tuple[Cell, ...]]:
    for q in phrased(dossier.assessment.questions):
        span = q.question.span
        place = (span.file, span.line) if span else ("", "")
        yield (q.text, q.answer, *place, len(q.question.settles))
