"""A framework: a law or standard as rows in its own numbering, each naming the controls that support it."""

from __future__ import annotations

from typing import NamedTuple

from threatmodel.catalog.conditions import Condition, parse_condition
from threatmodel.catalog.reading import Reader
from threatmodel.model import Path
from threatmodel.source import Document

COVERAGE = ("full", "partial", "context", "outside")
SCOPED = ("flow", "service", "store", "boundary", "host", "data")
_FRAMEWORK = ("id", "title", "source", "law_as_of", "applies_when", "data", "requirements")
_ROW_REQUIRED = ("id", "title", "designation", "category", "coverage", "evidence", "cannot_show", "url")
_ROW = (*_ROW_REQUIRED, "controls", "applies_when", "note")
_DESIGNATIONS = ("required", "addressable", "standard", "mandatory", "definition", "context")


class Requirement(NamedTuple):
    """A row: `coverage` says how far a design can show it, `cannot_show` what it cannot."""

    id: str
    title: str
    designation: str
    category: str
    coverage: str
    controls: tuple[str, ...]
    applies_when: Condition | None
    evidence: str
    cannot_show: str
    url: str
    note: str
    at: Path


class Framework(NamedTuple):
    """A framework; `data` maps each scoped kind of subject to the condition that puts one in scope."""

    id: str
    title: str
    source: str
    law_as_of: str
    applies_when: Condition | None
    data: dict[str, Condition]
    requirements: tuple[Requirement, ...]
    document: Document


def parse_framework(document: Document) -> Framework:
    """The framework of one file; raises InputError with everything that is wrong in it."""
    reader = Reader(document)
    raw = reader.mapping(
        document.root, (), _FRAMEWORK, ("id", "title", "source", "law_as_of", "requirements")
    )
    rows = raw.get("requirements")
    if not isinstance(rows, list):
        reader.problem("wrong-type", "`requirements` takes a list", ("requirements",))
        rows = []
    framework = Framework(
        id=reader.text(raw.get("id"), ("id",)),
        title=reader.text(raw.get("title"), ("title",)),
        source=reader.text(raw.get("source"), ("source",)),
        law_as_of=reader.text(raw.get("law_as_of"), ("law_as_of",)),
        applies_when=_condition(reader, raw, ()),
        data=_scope(reader, raw),
        requirements=tuple(_row(reader, row, ("requirements", i)) for i, row in enumerate(rows)),
        document=document,
    )
    _unique(reader, framework)
    reader.finish()
    return framework


def _row(reader: Reader, value: object, at: Path) -> Requirement:
    raw = reader.mapping(value, at, _ROW, _ROW_REQUIRED)
    return Requirement(
        id=reader.text(raw.get("id"), (*at, "id")),
        title=reader.text(raw.get("title"), (*at, "title")),
        designation=reader.choice(raw.get("designation"), (*at, "designation"), _DESIGNATIONS, "standard"),
        category=reader.text(raw.get("category"), (*at, "category")),
        coverage=reader.choice(raw.get("coverage"), (*at, "coverage"), COVERAGE, "outside"),
        controls=reader.words(raw.get("controls"), (*at, "controls")),
        applies_when=_condition(reader, raw, at),
        evidence=reader.text(raw.get("evidence"), (*at, "evidence")),
        cannot_show=reader.text(raw.get("cannot_show"), (*at, "cannot_show")),
        url=reader.text(raw.get("url"), (*at, "url")),
        note=reader.text(raw.get("note"), (*at, "note")),
        at=at,
    )


def _condition(reader: Reader, raw: dict[str, object], at: Path) -> Condition | None:
    if "applies_when" not in raw:
        return None
    return parse_condition(reader, raw["applies_when"], (*at, "applies_when"), ("model",))


def _scope(reader: Reader, raw: dict[str, object]) -> dict[str, Condition]:
    if "data" not in raw:
        return {}
    return {s: parse_condition(reader, raw["data"], ("data",), (s,)) for s in SCOPED}


def _unique(reader: Reader, framework: Framework) -> None:
    seen: set[str] = set()
    for row in framework.requirements:
        if row.id in seen:
            reader.problem("duplicate-id", f"requirement `{row.id}` is listed twice", (*row.at, "id"))
        seen.add(row.id)
