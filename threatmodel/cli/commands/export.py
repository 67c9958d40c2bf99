"""`threatmodel export`: documents for the tools that auditors and compliance teams have."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.formats import chosen_format, format_argument
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
from threatmodel.cli.output import emit
from threatmodel.export.registry import formats_of

_LISTED = "\n".join(f"{format.name:26}  {format.about}" for format in formats_of("compliance"))
_HELP = f"Write MODEL as a document for another tool.\n\n\b\n{_LISTED}"


@click.command(name="export", help=_HELP)
@format_argument("compliance")
@model_argument
@framework_option
@catalog_option
@as_of_option
@decisions_option
@output_option
def command(
    form: str,
    model: str | None,
    names: tuple[str, ...],
    as_of: str | None,
    decisions: Path | None,
    output: Path | None,
) -> None:
    """Write MODEL as a document for another tool."""
    from threatmodel.export.dossier import Dossier

    chosen = chosen_format("compliance", form, model)
    review = open_review(model, as_of, decisions, frameworks=names)
    frameworks = chosen_frameworks(review, names)
    controls = review.library.catalog.controls
    emit(chosen.write(Dossier(review.graph, review.assess(), frameworks, controls, review.digest)), output)
