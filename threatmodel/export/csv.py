"""Gaps, then possible bypasses, as CSV (RFC 4180) for spreadsheets and trackers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from threatmodel.export.outcome import Outcome
from threatmodel.render.text.escape import csv_cell
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.reasons import reason_text

_COLUMNS: Final = (
    "key severity disposition layer control subject title message because fix file line "
    "owner due waiver threats references"
).split()


def write(outcome: Outcome) -> str:
    """A table with one finding a row, gaps first, worst first; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows([csv_cell(cell) for cell in row] for row in _rows(outcome))
    return text.getvalue()


def _rows(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for f in (*outcome.assessment.findings, *outcome.assessment.bypasses):
        path, line, _ = outcome.place(f)
        yield (
            f.key,
            f.severity,
            outcome.state(f),
            f.layer,
            f.control,
            f.subject,
            f.title,
            message_text(f.message),
            reason_text(f.because),
            message_text(f.fix),
            path,
            str(line),
            f.owner or "",
            f.due or "",
            f.waiver or "",
            "; ".join(f.threats),
            "; ".join(f.references),
        )
