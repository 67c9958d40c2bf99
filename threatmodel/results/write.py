"""Writes an assessment as JSON text, one finding, question, row or result per line: quick, and it diffs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from threatmodel.results.assessment import Assessment
from threatmodel.results.plain import THREATS_FORMAT, plain_found, plain_threat, to_plain
from threatmodel.results.threats import FoundThreat, ThreatResult


def to_json(assessment: Assessment, *, every: bool = False, baseline: Mapping[str, str] | None = None) -> str:
    """The versioned JSON document; `every` and `baseline` add what `to_plain` says."""
    plain = to_plain(assessment, every=every, baseline=baseline)
    return _document(plain)


def threats_to_json(
    name: str, as_of: str, results: Iterable[ThreatResult], found: Iterable[FoundThreat]
) -> str:
    """Threats as a JSON document of their own, version 1, one threat to one subject a line."""
    plain: dict[str, object] = {
        "threatmodel-threats": THREATS_FORMAT,
        "name": name,
        "as_of": as_of,
        "threats": [plain_threat(r) for r in results],
        "found": [plain_found(f) for f in found],
    }
    return _document(plain)


def _document(plain: Mapping[str, object]) -> str:
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
