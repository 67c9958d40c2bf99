"""Writes an assessment as JSON text, one finding, question, row or result per line: quick, and it diffs."""

from __future__ import annotations

import json
from collections.abc import Mapping

from threatmodel.results.assessment import Assessment
from threatmodel.results.plain import to_plain


def to_json(assessment: Assessment, *, every: bool = False, baseline: Mapping[str, str] | None = None) -> str:
    """The versioned JSON document; `every` and `baseline` add what `to_plain` says."""
    plain = to_plain(assessment, every=every, baseline=baseline)
    parts = (f"{_line(key)}: {_part(key, value)}" for key, value in plain.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _part(key: str, value: object) -> str:
    if not isinstance(value, list):
        return _line(value)
    if key == "frameworks":
        return _lines([_framework(item) for item in value])
    return _lines([_line(item) for item in value])


def _framework(framework: dict[str, object]) -> str:
    head = {key: value for key, value in framework.items() if key != "rows"}
    rows = framework["rows"]
    assert isinstance(rows, list)
    return f'{_line(head)[:-1]}, "rows": {_lines([_line(row) for row in rows])}}}'


def _lines(items: list[str]) -> str:
    return "[\n" + ",\n".join(items) + "\n]" if items else "[]"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
