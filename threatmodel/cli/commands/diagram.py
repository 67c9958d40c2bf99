"""`threatmodel diagram`: the data flow diagram with boundaries, gaps and a legend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

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
from threatmodel.model.words import FLOW_KINDS

if TYPE_CHECKING:
    from threatmodel.api import Review
    from threatmodel.model import Scenario

FORMATS = ("svg", "png", "dot", "mermaid")
_ENDINGS = {"": "svg", **{form: form for form in FORMATS}, "gv": "dot", "mmd": "mermaid"}


@click.command(name="diagram")
@model_argument
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Default: from the name of --output, else svg."
)
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
    from threatmodel.render.diagram import dot, mermaid
    from threatmodel.render.diagram.picture import picture

    chosen = form or _by_name(output)
    review = open_review(model, as_of, decisions)
    if name is not None:
        if hide:
            raise UsageError("a scenario is drawn with all its steps", "leave out --hide")
        emit(_sequence(review, name, chosen), output)
        return
    shown = picture(review.graph, review.assess(frameworks=False), hide=frozenset(hide))
    if chosen in ("mermaid", "dot"):
        emit((mermaid if chosen == "mermaid" else dot).write(shown), output)
        return
    from threatmodel.render.diagram.drawing import draw

    emit(draw(dot.write(shown), chosen, program, flows=len(shown.edges)), output)


def _sequence(review: Review, name: str, form: str) -> str:
    from threatmodel.render.diagram.sequence import sequence_mermaid, sequence_svg

    if form not in ("svg", "mermaid"):
        raise UsageError(f"a scenario is not drawn as {form}", "use `--format svg` or `--format mermaid`")
    scenario, assessment = _scenario(review, name), review.assess(frameworks=False)
    write = sequence_svg if form == "svg" else sequence_mermaid
    return write(review.graph, scenario, assessment)


def _scenario(review: Review, name: str) -> Scenario:
    known = review.model.scenarios
    if name not in known:
        help = did_you_mean(name, known) or f"known scenarios: {', '.join(known) or 'none'}"
        raise UsageError(f"the model has no scenario `{name}`", help)
    return known[name]


def _by_name(output: Path | None) -> str:
    suffix = output.suffix.lstrip(".").lower() if output else ""
    if output and suffix not in _ENDINGS:
        known = ", ".join(f"`.{ending}`" for ending in _ENDINGS if ending)
        raise UsageError(f"no format goes by the name `{output.name}`", f"end it in {known}, or use --format")
    return _ENDINGS[suffix]
