"""A framework: a law or standard as rows in its own numbering, each naming the controls that support it."""

from __future__ import annotations

from typing import Any, NamedTuple

from threatmodel.catalog.conditions import Condition, parse_condition
from threatmodel.source import Document
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems
from threatmodel.source.reading import (
    Field,
    kept,
    listed,
    many,
    mapping,
    optional,
    read_fields,
    required,
    table,
    text,
    word,
)

COVERAGE = ("full", "partial", "context", "outside")
SCOPED = ("flow", "service", "store", "actor", "boundary", "host", "data", "party")
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
    problems = Problems(document)
    raw = read_fields(problems, _FRAMEWORK, document.root)
    url = raw.pop("url")
    _conditions(problems, raw, ())
    rows = enumerate(raw.pop("requirements"))
    requirements = tuple(_requirement(problems, row, ("requirements", i), url) for i, row in rows)
    seen: set[str] = set()
    for row in requirements:
        if row.id in seen:
            problems.add("duplicate-id", f"requirement `{row.id}` is listed twice", (*row.at, "id"))
        seen.add(row.id)
    problems.finish()
    return Framework(requirements=requirements, document=document, **raw)


def _requirement(problems: Problems, raw: dict[str, Any], at: Path, url: str) -> Requirement:
    _conditions(problems, raw, at)
    row = Requirement(at=at, **{**raw, "url": raw["url"] or url})
    if row.coverage == "outside" and row.controls:
        help = "leave `controls` out, or say with another `coverage` what a design shows of the row"
        message = f"`{row.id}` is outside the model, so no control supports it"
        problems.add("control-outside", message, (*at, "controls"), help)
    return row


def _conditions(problems: Problems, raw: dict[str, Any], at: Path) -> None:
    """Puts conditions in the place of what is written."""
    for key, subjects in (("applies_when", ("model",)), ("data", SCOPED)):
        if raw[key] is not None:
            raw[key] = parse_condition(problems, raw[key], (*at, key), subjects)


_REQUIREMENT = table(
    "requirement",
    {
        "id": required(text, ""),
        "title": required(text, ""),
        "designation": required(word(_DESIGNATIONS), ""),
        "category": required(text, ""),
        "coverage": required(word(COVERAGE), ""),
        "cannot_show": required(text, ""),
        "controls": optional(many(text), ()),
        "references": optional(many(text), ()),
        "applies_when": Field(kept),
        "data": Field(kept),
        "only_if": optional(text, ""),
        "evidence": optional(text, ""),
        "url": optional(text, ""),
        "note": optional(text, ""),
        "record": optional(word(RECORDS), ""),
    },
)
_FRAMEWORK = table(
    "framework",
    {
        "id": required(text, ""),
        "title": required(text, ""),
        "source": required(text, ""),
        "law_as_of": required(text, ""),
        "requirements": required(listed(mapping(_REQUIREMENT)), ()),
        "url": optional(text, ""),
        "applies_when": Field(kept),
        "data": Field(kept),
    },
)
