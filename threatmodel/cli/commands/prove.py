"""`threatmodel prove`: the proof of every verdict of a model, as JSON."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.options import as_of_option, catalog_option, model_argument, open_review, output_option
from threatmodel.cli.output import emit


@click.command(name="prove")
@model_argument
@as_of_option
@catalog_option
@output_option
def command(model: str | None, as_of: str | None, output: Path | None) -> None:
    """Write the proof of every verdict of MODEL: what each rests on, with places and the exact values there.

    `threatmodel verify` checks it. For the proof of one verdict: `threatmodel explain KEY --proof FILE`.
    """
    review = open_review(model, as_of)
    emit(review.proof(), output)
