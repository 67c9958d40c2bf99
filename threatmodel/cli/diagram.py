"""`threatmodel diagram`: the data flow diagram with boundaries, gaps and a legend."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.options import as_of_option, decisions_option, model_argument, open_review, output_option
from threatmodel.cli.output import emit

FORMATS = ("svg", "png", "dot", "mermaid")


@click.command(name="diagram")
@model_argument
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Default: from the name of --output, else svg."
)
@click.option(
    "--dot", "program", metavar="PROGRAM", envvar="THREATMODEL_DOT", help="The dot program to draw with."
)
@as_of_option
@decisions_option
@output_option
def command(
    model: str | None,
    form: str | None,
    program: str | None,
    as_of: str | None,
    decisions: Path | None,
    output: Path | None,
) -> None:
    """Draw MODEL: boundaries nested as declared, crossing flows and gaps marked.

    Pictures come from --dot, else from the bundled layout program, else from `dot` on the PATH;
    dot and mermaid are text and need none.
    """
    from threatmodel.render.diagram import dot_text, mermaid_text

    review = open_review(model, as_of, decisions)
    assessment = review.assess(frameworks=False)
    chosen = form or _by_name(output)
    if chosen == "mermaid":
        emit(mermaid_text(review.graph, assessment), output)
        return
    dot = dot_text(review.graph, assessment)
    if chosen == "dot":
        emit(dot, output)
        return
    from threatmodel.render.drawing import draw

    emit(draw(dot, chosen, program, flows=len(review.graph.flows)), output)


def _by_name(output: Path | None) -> str:
    suffix = output.suffix.lstrip(".").lower() if output else ""
    return {"mmd": "mermaid", "gv": "dot"}.get(suffix, suffix if suffix in FORMATS else "svg")
