"""Places as plain data, for what is written for machines."""

from __future__ import annotations

from threatmodel.errors import Span


def plain_place(span: Span | None) -> dict[str, object] | None:
    """Where a span begins; None where there is none."""
    return None if span is None else {"file": span.file, "line": span.line, "column": span.column}
