"""`threatmodel check`: the ranked gap list, as text for people or JSON for machines."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from threatmodel.cli.options import as_of_option, decisions_option, model_argument, open_review, output_option
from threatmodel.cli.output import colored, emit, tell
from threatmodel.policy import fails

SEVERITIES = ("low", "medium", "high", "critical", "never")


@click.command(name="check")
@model_argument
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Default: text.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="high",
    show_default=True,
    help="Exit with 1 when an open gap is at least this severe.",
)
@click.option("--fail-on-unknown", is_flag=True, help="Let open questions at that severity fail too.")
@click.option("--all", "every", is_flag=True, help="Show every question, and in JSON every result.")
@as_of_option
@decisions_option
@output_option
def command(
    model: str | None,
    form: str,
    fail_on: str,
    fail_on_unknown: bool,
    every: bool,
    as_of: str | None,
    decisions: Path | None,
    output: Path | None,
) -> None:
    """Check MODEL (default: threatmodel.yaml here; - is stdin) against the catalog.

    Gaps come first, worst first, each with its place, its reason and a fix; then the questions whose
    answers settle most. Unknown is never satisfied, and never a gap.
    """
    review = open_review(model, as_of, decisions)
    assessment = review.assess(frameworks=form == "json")
    tell(assessment.warnings)
    if form == "json":
        from threatmodel.results.write import to_json

        emit(to_json(assessment, every=every), output)
    else:
        from threatmodel.render.terminal import check_text

        color = output is None and colored(sys.stdout.isatty())
        emit(check_text(assessment, _width(), color, every), output)
    if fails(assessment, fail_on, unknowns=fail_on_unknown):
        raise click.exceptions.Exit(1)


def _width() -> int:
    import shutil

    return min(shutil.get_terminal_size((100, 24)).columns, 120)
