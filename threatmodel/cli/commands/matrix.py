"""`threatmodel matrix`: the control matrix of each framework."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    chosen_frameworks,
    decisions_option,
    framework_option,
    model_argument,
    open_review,
    output_option,
)
from threatmodel.cli.output import emit, tell
from threatmodel.errors import UsageError

if TYPE_CHECKING:
    from threatmodel.api import Review
    from threatmodel.catalog import Framework
    from threatmodel.results import Assessment


_ENDINGS = {".md": "markdown", ".csv": "csv", ".html": "html", ".xlsx": "xlsx"}


@click.command(name="matrix")
@model_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "csv", "html", "xlsx"]),
    help="Default: from the name of --output, else text.",
)
@framework_option
@catalog_option
@as_of_option
@decisions_option
@output_option
def command(
    model: str | None,
    form: str | None,
    names: tuple[str, ...],
    as_of: str | None,
    decisions: Path | None,
    output: Path | None,
) -> None:
    """Print the GDPR and HIPAA control matrices of MODEL.

    Each row carries its official number and says what the design shows, what it cannot show,
    and which gaps stand against it.
    """
    form = form or _ENDINGS.get(output.suffix.lower() if output else "", "text")
    review = open_review(model, as_of, decisions, frameworks=names)
    chosen = chosen_frameworks(review, names)
    found = review.assess()
    tell(found.warnings)
    if form == "xlsx":
        _workbook(review, found, chosen, output)
        return
    from threatmodel.render.matrix import Stamp, matrix

    ids = {f.id for f in chosen}
    stamp = Stamp(found.name, found.as_of, review.digest, found.catalogs)
    emit(matrix([f for f in found.frameworks if f.id in ids], form, stamp), output)


def _workbook(review: Review, found: Assessment, chosen: tuple[Framework, ...], output: Path | None) -> None:
    from threatmodel.export.dossier import Dossier
    from threatmodel.export.workbook import workbook

    if output is None and sys.stdout.isatty():
        raise UsageError("a workbook is no text for a terminal", "write it to a file: -o matrix.xlsx")
    dossier = Dossier(review.graph, found, chosen, review.library.catalog.controls, review.digest)
    emit(workbook(dossier), output)
