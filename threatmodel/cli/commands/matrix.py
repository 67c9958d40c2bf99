"""`threatmodel matrix`: the control matrix of each framework."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from threatmodel.cli.formats import chosen_format, format_of_file, format_option
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


@click.command(name="matrix")
@model_argument
@format_option("matrix", default=None, help="Default: from the name of --output, else text.")
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
    from threatmodel.export.dossier import Dossier

    chosen = chosen_format("matrix", form or format_of_file("matrix", output) or "text", model)
    review = open_review(model, as_of, decisions, frameworks=names)
    frameworks = chosen_frameworks(review, names)
    found = review.assess()
    tell(found.warnings)
    if chosen.name == "xlsx" and output is None and sys.stdout.isatty():
        raise UsageError("a workbook is no text for a terminal", "write it to a file: -o matrix.xlsx")
    controls = review.library.catalog.controls
    emit(chosen.write(Dossier(review.graph, found, frameworks, controls, review.digest)), output)
