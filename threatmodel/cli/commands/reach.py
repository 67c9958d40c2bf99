"""`threatmodel reach`: what a compromised element gives away, or what gives it away."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.options import catalog_option, model_argument, open_review, output_option
from threatmodel.cli.output import emit, screen
from threatmodel.cli.path_options import element_named


@click.command(name="reach")
@click.argument("element", metavar="ELEMENT")
@model_argument
@click.option("--back", is_flag=True, help="Show what reaches ELEMENT instead.")
@format_option("reach")
@catalog_option
@output_option
def command(element: str, model: str | None, back: bool, form: str, output: Path | None) -> None:
    """Show the blast radius of ELEMENT in MODEL: what is within reach once it is compromised.

    Over calls, queues that hand data out, shared hosts and identities, delivered code, and safeguards that
    rest on it.
    """
    from threatmodel.export.paths import Reach
    from threatmodel.graph.blast_radius import spread

    chosen = chosen_format("reach", form, model)
    review = open_review(model, None)
    start = element_named(review, element)
    reached = spread(review.graph, start, back=back)
    emit(chosen.write(Reach(review.graph, start, reached, back, screen(output))), output)
