"""`threatmodel reach`: what a compromised element gives away, or what gives it away."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.options import catalog_option, model_argument, open_review, output_option
from threatmodel.cli.output import emit
from threatmodel.cli.path_options import element_named, form_option, show


@click.command(name="reach")
@click.argument("element", metavar="ELEMENT")
@model_argument
@click.option("--back", is_flag=True, help="Show what reaches ELEMENT instead.")
@form_option
@catalog_option
@output_option
def command(element: str, model: str | None, back: bool, form: str, output: Path | None) -> None:
    """Show the blast radius of ELEMENT in MODEL: what is within reach once it is compromised.

    Over calls, queues that hand data out, shared hosts and identities, delivered code, and safeguards that
    rest on it.
    """
    from threatmodel.graph.blast_radius import spread
    from threatmodel.render.paths import reach_json, reach_text

    review = open_review(model, None)
    start = element_named(review, element)
    reached = spread(review.graph, start, back=back)
    if form == "json":
        emit(reach_json(review.graph, start, reached, back), output)
        return
    show(lambda width, color: reach_text(review.graph, start, reached, back, width, color), output)
