"""A framework: a law or standard as rows in its own numbering, each naming the controls that support it."""

from __future__ import annotations

from typing import NamedTuple

from threatmodel.catalog.conditions import Condition, parse_condition
from threatmodel.catalog.reading import Reader
from threatmodel.model import Path
from threatmodel.source import Document

COVERAGE = ("full", "partial", "context", "outside")
SCOPED = ("flow", "service", "store", "actor", "boundary", "host", "data", "party")
_FRAMEWORK_REQUIRED = ("id", "title", "source", "law_as_of", "requirements")
_FRAMEWORK = (*_FRAMEWORK_REQUIRED, "url", "applies_when", "data")
_ROW_REQUIRED = ("id", "title", "designation", "category", "coverage", "cannot_show")
_ROW = (
    *_ROW_REQUIRED,
    "controls",
    "references",
    "applies_when",
    "data",
    "only_if",
    "evidence",
    "url",
    "note",
    "record",
)
RECORDS = (
    *("gdpr record", "gdpr transfers", "gdpr rights", "gdpr dpia"),
    *("hipaa associates", "hipaa decisions", "hipaa disclosures", "hipaa minimum-necessary"),
)
"""The records that are made from a model, as the commands that make them."""
_DESIGNATIONS = (
    "required",
    "addressable",
    "standard",
    "mandatory",
    "conditional",
    "definition",
    "scope",
    "factors",
    "rule of interpretation",
    "control",
    "control enhancement",
)


class Requirement(NamedTuple):
    """A row: `coverage` says how far a design can show it, `evidence` what it shows, `cannot_show` what not.

    `controls` support the row; one that no design can show has none. Without a `url` of its own it has the
    framework's; `data` puts subjects in scope in place of the framework's condition. `references` are clauses
    of other standards that a public crosswalk sets beside it: they are told, and no status follows from them.
    `only_if` says in words on what it depends whether the row binds at all, "" where it binds whomever its
    framework and trigger do. `record` is the command that tells what a model says of the row, "" for none.
    """

    id: str
    title: str
    designation: str
    category: str
    coverage: str
    controls: tuple[str, ...]
    references: tuple[str, ...]
    applies_when: Condition | None
    data: Condition | None
    only_if: str
    evidence: str
    cannot_show: str
    url: str
    note: str
    record: str
    at: Path


class Framework(NamedTuple):
    """A framework; `data` is the condition that puts a subject of a `SCOPED` kind in scope, None for all."""

    id: str
    title: str
    source: str
    law_as_of: str
    applies_when: Condition | None
    data: Condition | None
    requirements: tuple[Requirement, ...]
    document: Document


def parse_framework(document: Document) -> Framework:
    """The framework of one file; raises InputError with everything that is wrong in it."""
    reader = Reader(document)
    raw = reader.mapping(document.root, (), _FRAMEWORK, _FRAMEWORK_REQUIRED)
    rows = raw.get("requirements", [])
    if not isinstance(rows, list):
        reader.problem("wrong-type", "`requirements` takes a list", ("requirements",))
        rows = []
    url = reader.text(raw.get("url"), ("url",))
    framework = Framework(
        id=reader.text(raw.get("id"), ("id",)),
        title=reader.text(raw.get("title"), ("title",)),
        source=reader.text(raw.get("source"), ("source",)),
        law_as_of=reader.text(raw.get("law_as_of"), ("law_as_of",)),
        applies_when=_condition(reader, raw, (), "applies_when", ("model",)),
        data=_condition(reader, raw, (), "data", SCOPED),
        requirements=tuple(_row(reader, row, ("requirements", i), url) for i, row in enumerate(rows)),
        document=document,
    )
    _unique(reader, framework)
    reader.finish()
    return framework


def _row(reader: Reader, value: object, at: Path, url: str) -> Requirement:
    raw = reader.mapping(value, at, _ROW, _ROW_REQUIRED)
    row = Requirement(
        id=reader.text(raw.get("id"), (*at, "id")),
        title=reader.text(raw.get("title"), (*at, "title")),
        designation=reader.choice(raw.get("designation"), (*at, "designation"), _DESIGNATIONS, "standard"),
        category=reader.text(raw.get("category"), (*at, "category")),
        coverage=reader.choice(raw.get("coverage"), (*at, "coverage"), COVERAGE, "partial"),
        controls=reader.words(raw.get("controls"), (*at, "controls")),
        references=reader.words(raw.get("references"), (*at, "references")),
        applies_when=_condition(reader, raw, at, "applies_when", ("model",)),
        data=_condition(reader, raw, at, "data", SCOPED),
        only_if=reader.text(raw.get("only_if"), (*at, "only_if")),
        evidence=reader.text(raw.get("evidence"), (*at, "evidence")),
        cannot_show=reader.text(raw.get("cannot_show"), (*at, "cannot_show")),
        url=reader.text(raw.get("url"), (*at, "url"), url),
        note=reader.text(raw.get("note"), (*at, "note")),
        record=reader.choice(raw.get("record"), (*at, "record"), RECORDS, ""),
        at=at,
    )
    if row.coverage == "outside" and row.controls:
        help = "leave `controls` out, or say with another `coverage` what a design shows of the row"
        message = f"`{row.id}` is outside the model, so no control supports it"
        reader.problem("control-outside", message, (*at, "controls"), help)
    return row


def _condition(
    reader: Reader, raw: dict[str, object], at: Path, key: str, subjects: tuple[str, ...]
) -> Condition | None:
    return parse_condition(reader, raw[key], (*at, key), subjects) if key in raw else None


def _unique(reader: Reader, framework: Framework) -> None:
    seen: set[str] = set()
    for row in framework.requirements:
        if row.id in seen:
            reader.problem("duplicate-id", f"requirement `{row.id}` is listed twice", (*row.at, "id"))
        seen.add(row.id)
