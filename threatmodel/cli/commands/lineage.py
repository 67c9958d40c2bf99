"""`threatmodel lineage`: where a data asset and what is made of it come in, move and stay."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.options import catalog_option, model_argument, open_review, output_option
from threatmodel.cli.output import emit, screen
from threatmodel.cli.path_options import data_named


@click.command(name="lineage")
@click.argument("data", metavar="DATA")
@model_argument
@format_option("lineage")
@catalog_option
@output_option
def command(data: str, model: str | None, form: str, output: Path | None) -> None:
    """Show every element and flow of MODEL that DATA and what is derived from it touch.

    Data move with `sends` from source to target and with `returns` back, whoever opens the connection.
    For confidentiality, integrity and origin it says on which hops they hold, and at whom they end.
    """
    from threatmodel.export.paths import Lineage
    from threatmodel.graph.lineage import lineage, silent_flows

    chosen = chosen_format("lineage", form, model)
    review = open_review(model, None)
    trails, silent = lineage(review.graph, data_named(review, data)), silent_flows(review.graph)
    kept = {trail.asset: review.protection(trail.asset) for trail in trails}
    emit(chosen.write(Lineage(review.graph, trails, kept, silent, screen(output))), output)
