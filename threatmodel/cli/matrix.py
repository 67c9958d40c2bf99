"""`threatmodel matrix`: the control matrix of each framework."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.options import as_of_option, decisions_option, model_argument, open_review, output_option
from threatmodel.cli.output import emit
from threatmodel.errors import UsageError, did_you_mean


@click.command(name="matrix")
@model_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "csv", "html"]),
    default="text",
    help="Default: text.",
)
@click.option("--framework", "names", multiple=True, help="Only this framework (repeatable): gdpr, hipaa.")
@as_of_option
@decisions_option
@output_option
def command(
    model: str | None,
    form: str,
    names: tuple[str, ...],
    as_of: str | None,
    decisions: Path | None,
    output: Path | None,
) -> None:
    """Print the GDPR and HIPAA control matrices of MODEL.

    Each row carries its official number and says what the design shows, what it cannot show,
    and which gaps stand against it.
    """
    from threatmodel.render.matrix import matrix

    review = open_review(model, as_of, decisions)
    results = review.assess().frameworks
    known = [f.id for f in results]
    for name in names:
        if name not in known:
            raise UsageError(
                f"no framework `{name}`", did_you_mean(name, known) or f"there are: {', '.join(known)}"
            )
    chosen = tuple(f for f in results if not names or f.id in names)
    emit(matrix(chosen, form), output)
