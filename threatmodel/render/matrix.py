"""Control matrices: every row of each framework with its official number, as text, Markdown, CSV or HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from threatmodel.catalog.overlay.editions import Edition
from threatmodel.render.catalogs import editions
from threatmodel.render.text.escape import csv_cell, terminal
from threatmodel.render.text.terminal_text import Run, columns, fold, prose
from threatmodel.render.text.wording import counted, listed
from threatmodel.results import STATUSES, FrameworkResult, RequirementResult

DISCLAIMER: Final = (
    "Design evidence derived from a declared model: it does not assess operation, decides nothing about the "
    "law and is no legal advice."
)
COLUMNS: Final = (
    *(
        "framework",
        "requirement",
        "title",
        "designation",
        "category",
        "applies",
        "status",
        "note",
        "decision",
    ),
    *("controls", "satisfied", "unknown", "gaps", "gap_keys", "responsible"),
    *("coverage", "evidence", "cannot_show", "references", "url", "law_as_of"),
    *("model", "as_of", "model_digest", "catalogs"),
)
"""The columns of the CSV form."""

_WIDTH = 100
_STATUS = max(map(len, STATUSES))
APPLIES: Final = {True: "applies", False: "does not apply", None: "whether it applies is not declared"}
"""What is said of a framework as a whole, by its `applies`."""


class Stamp(NamedTuple):
    """What dates a matrix: its model, the day, the digest of the model's text, and the catalogs."""

    name: str
    as_of: str
    digest: str
    catalogs: tuple[Edition, ...]

    def made_of(self) -> str:
        """The digest of the model and the catalogs in words."""
        return f"model {self.digest}; {editions(self.catalogs)}"


def status_counts(framework: FrameworkResult) -> tuple[tuple[str, int], ...]:
    """How many rows have each status, in the order of precedence, without zeros."""
    counts = Counter(row.status for row in framework.rows)
    return tuple((status, counts[status]) for status in STATUSES if counts[status])


def matrix_text(frameworks: Sequence[FrameworkResult], stamp: Stamp) -> str:
    """The matrices as text of 100 columns."""
    head = "\n".join(_folded(f"Control matrices of {stamp.name}, as of {stamp.as_of}"))
    parts = ["\n".join(line.rstrip() for line in _framework(f)) for f in frameworks]
    foot = "\n".join((*_folded(stamp.made_of()), *_folded(DISCLAIMER)))
    return "\n\n\n".join((head, *parts, foot)) + "\n"


def _folded(text: str) -> Iterator[str]:
    return fold([Run(terminal(text))], _WIDTH, False)


def _framework(framework: FrameworkResult) -> Iterator[str]:
    yield terminal(framework.title)
    about = f"{APPLIES[framework.applies]}; law as of {terminal(framework.law_as_of)}"
    yield from fold([Run(about)], _WIDTH, False)
    yield counted(len(framework.rows), "row")
    for status, rows in status_counts(framework):
        yield f"{rows:>5} {status:<{_STATUS}} {STATUSES[status]}"
    number = max([columns(terminal(r.requirement)) for r in framework.rows], default=0)
    for row in framework.rows:
        yield ""
        yield from _row(row, number)


def _row(row: RequirementResult, number: int) -> Iterator[str]:
    requirement = terminal(row.requirement)
    first = requirement + " " * (number - columns(requirement) + 2) + f"{row.status:<{_STATUS}}  "
    rest = " " * (number + _STATUS + 4)
    yield from fold([Run(f"{terminal(row.title)} ({terminal(row.designation)})")], _WIDTH, False, first, rest)
    if row.controls:
        gaps = counted(len(row.gaps), "gap")
        results = f"{row.satisfied} satisfied, {gaps}, {row.unknown} unknown by {listed(row.controls, 4)}"
        yield from fold([Run(terminal(results))], _WIDTH, False, rest, rest)
    for key in row.gaps:
        yield from fold([Run(f"gap {terminal(key)}")], _WIDTH, False, rest, rest)
    for text in (row.note, f"decision: {row.decision}" if row.decision else ""):
        if text:
            yield from fold(prose(text, False), _WIDTH, False, rest, rest)


def matrix_csv(frameworks: Sequence[FrameworkResult], stamp: Stamp) -> str:
    """The matrices as CSV, a requirement a row."""
    import csv
    import io

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")  # RFC 4180
    writer.writerow(COLUMNS)
    for framework in frameworks:
        for row in framework.rows:
            writer.writerow(
                [csv_cell(cell) if isinstance(cell, str) else cell for cell in _cells(framework, row, stamp)]
            )
    return stream.getvalue()


def _cells(framework: FrameworkResult, row: RequirementResult, stamp: Stamp) -> tuple[str | int, ...]:
    applies = {True: "yes", False: "no", None: "not declared"}[framework.applies]
    return (
        *(row.framework, row.requirement, row.title, row.designation, row.category, applies),
        *(row.status, row.note, row.decision, "; ".join(row.controls), row.satisfied, row.unknown),
        *(len(row.gaps), "; ".join(row.gaps), "; ".join(row.responsibility)),
        *(row.coverage, row.evidence, row.cannot_show, "; ".join(row.references), row.url),
        *(framework.law_as_of, stamp.name, stamp.as_of, stamp.digest, editions(stamp.catalogs)),
    )


def matrix_markdown(frameworks: Sequence[FrameworkResult], stamp: Stamp) -> str:
    """The matrices as a Markdown page."""
    from threatmodel.render.templating import render

    return render("matrix/page.md.j2", _values(frameworks, stamp), None)


def matrix_html(frameworks: Sequence[FrameworkResult], stamp: Stamp) -> str:
    """The matrices as one page of HTML."""
    from threatmodel.render.templating import render

    return render("matrix/page.html.j2", _values(frameworks, stamp), None)


def _values(frameworks: Sequence[FrameworkResult], stamp: Stamp) -> dict[str, object]:
    from threatmodel._version import __version__

    return {
        "frameworks": frameworks,
        "stamp": stamp,
        "statuses": STATUSES,
        "disclaimer": DISCLAIMER,
        "version": __version__,
    }
