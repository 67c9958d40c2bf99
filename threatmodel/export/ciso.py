"""A framework as CSV for the import of CISO Assistant: observations of the design, every result blank.

Its importer finds a row by `ref_id`, then by `urn`, and takes no blank cell over. Whether a requirement is
met is for the person who assesses it there, so no result and no score is written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from threatmodel.catalog import Framework, Requirement
from threatmodel.export.dossier import Dossier
from threatmodel.render.text.escape import csv_cell
from threatmodel.results import RequirementResult

_COLUMNS: Final = (
    "urn assessable ref_id name description compliance_result requirement_progress score observations"
).split()
_SAID: Final = frozenset(
    {
        "gap",
        "partial-evidence",
        "alternative",
        "inherited",
        "design-evidence",
        "risk-accepted",
        "not-applicable",
    }
)
_ARTICLE: Final = re.compile(r"Art\. ")


def write(dossier: Dossier) -> str:
    """The rows of the one framework, separated by semicolons; raises UsageError for several."""
    framework = dossier.only()
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(framework, row, result) for row, result in dossier.rows(framework))
    return text.getvalue()


def reference(framework: Framework, row: Requirement) -> str:
    """The number of a row as CISO Assistant writes it: `32.1.a` for an article, else as it is."""
    if framework.id != "gdpr":
        return row.id
    return _ARTICLE.sub("", row.id).replace("(", ".").replace(")", "")


def _row(framework: Framework, row: Requirement, result: RequirementResult) -> Iterator[str]:
    number = reference(framework, row)
    urn = f"urn:intuitem:risk:req_node:gdpr:{number}" if framework.id == "gdpr" else ""
    progress = "in_progress" if result.status in _SAID else "to_do"
    cells = (urn, "x", number, row.title, "", "", progress, "", "; ".join(_observations(result)))
    return map(csv_cell, cells)


def _observations(result: RequirementResult) -> Iterator[str]:
    """What the design shows of a row, in words."""
    yield f"threat model: {result.status}"
    if result.controls:
        yield f"{result.satisfied} satisfied, {len(result.gaps)} gaps, {result.unknown} unknown"
    yield from (f"gap {key}" for key in result.gaps)
    if result.note:
        yield result.note
    if result.decision:
        yield f"decision: {result.decision}"
    yield f"a design cannot show: {result.cannot_show}"
