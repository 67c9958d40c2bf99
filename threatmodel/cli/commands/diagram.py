"""`threatmodel diagram`: the data flow diagram with boundaries, gaps and a legend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.formats import chosen_format, format_of_file, format_option
from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    decisions_option,
    model_argument,
    open_review,
    output_option,
)
from threatmodel.cli.output import emit
from threatmodel.errors import UsageError, did_you_mean
from threatmodel.export.registry import formats_of
from threatmodel.model.words import FLOW_KINDS

if TYPE_CHECKING:
    from threatmodel.api import Review
    from threatmodel.model import Scenario


@click.command(name="diagram")
@model_argument
@format_option("diagram", default=None, help="Default: from the name of --output, else svg.")
@click.option(
    "--dot", "program", metavar="PROGRAM", envvar="THREATMODEL_DOT", help="The dot program to draw with."
)
@click.option(
    "--hide",
    multiple=True,
    type=click.Choice(FLOW_KINDS),
    help="Leave out flows of this kind and count them in the caption (repeatable).",
)
@click.option("--scenario", "name", metavar="ID", help="Draw this scenario as a sequence: svg or mermaid.")
@catalog_option
@as_of_option
@decisions_option
@output_option
def command(
    model: str | None,
    form: str | None,
    program: str | None,
    hide: tuple[str, ...],
    name: str | None,
    as_of: str | None,
    decisions: Path | None,
    output: Path | None,
) -> None:
    """Draw MODEL: boundaries nested as declared, crossing flows and gaps marked.

    Pictures come from --dot, else from the bundled layout program, else from `dot` on the PATH;
    dot and mermaid are text and need none, and so does --scenario.
    """
    from threatmodel.export.diagrams import Diagram, Sequence
    from threatmodel.render.diagram.picture import picture

    wanted = form or _by_name(output)
    if name is None:
        chosen = chosen_format("diagram", wanted, model)
        review = open_review(model, as_of, decisions)
        shown = picture(review.graph, review.assess(frameworks=False), hide=frozenset(hide))
        emit(chosen.write(Diagram(shown, program)), output)
        return
    review = open_review(model, as_of, decisions)
    if hide:
        raise UsageError("a scenario is drawn with all its steps", "leave out --hide")
    if wanted in ("dot", "png"):
        raise UsageError(f"a scenario is not drawn as {wanted}", "use `--format svg` or `--format mermaid`")
    chosen = chosen_format("scenario", wanted, model)
    scenario = _scenario(review, name)
    emit(chosen.write(Sequence(review.graph, scenario, review.assess(frameworks=False))), output)


def _scenario(review: Review, name: str) -> Scenario:
    known = review.model.scenarios
    if name not in known:
        help = did_you_mean(name, known) or f"known scenarios: {', '.join(known) or 'none'}"
        raise UsageError(f"the model has no scenario `{name}`", help)
    return known[name]


def _by_name(output: Path | None) -> str:
    if output is None or not output.suffix:
        return "svg"
    if found := format_of_file("diagram", output):
        return found
    known = ", ".join(f"`{ending}`" for format in formats_of("diagram") for ending in format.endings)
    raise UsageError(f"no format goes by the name `{output.name}`", f"end it in {known}, or use --format")
