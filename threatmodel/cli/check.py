"""`threatmodel check`: the ranked gap list, as text for people or in a format for machines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.options import as_of_option, decisions_option, model_argument, open_review
from threatmodel.cli.output import colored, emit, tell
from threatmodel.cli.targets import FORMATS, Target, read_targets
from threatmodel.policy import fails

if TYPE_CHECKING:
    from threatmodel.api import Review
    from threatmodel.results import Assessment

SEVERITIES = ("low", "medium", "high", "critical", "never")


@click.command(name="check")
@model_argument
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Default: text.")
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
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="File to write, whole or not at all (default: stdout); FORMAT=FILE writes one more (repeatable).",
)
def command(
    model: str | None,
    form: str,
    fail_on: str,
    fail_on_unknown: bool,
    every: bool,
    as_of: str | None,
    decisions: Path | None,
    outputs: tuple[str, ...],
) -> None:
    """Check MODEL (default: threatmodel.yaml here; - is stdin) against the catalog.

    Gaps come first, worst first, each with its place, its reason and a fix; then the questions whose
    answers settle most. Unknown is never satisfied, and never a gap.

    One run writes many files: `--output sarif=gaps.sarif --output markdown=summary.md`.
    """
    targets = read_targets(form, outputs)
    review = open_review(model, as_of, decisions)
    assessment = review.assess(frameworks=any(t.form not in ("text", "csv", "gitlab") for t in targets))
    tell(assessment.warnings)
    texts = [(target, _text(target, review, assessment, every)) for target in targets]
    for target, text in texts:
        emit(text, target.path)
    if fails(assessment, fail_on, unknowns=fail_on_unknown):
        raise click.exceptions.Exit(1)


def _text(target: Target, review: Review, assessment: Assessment, every: bool) -> str:
    if target.form == "text":
        from threatmodel.render.terminal import check_text

        color = target.path is None and colored(sys.stdout.isatty())
        return check_text(assessment, _width(), color, every)
    from threatmodel.cli.targets import repository
    from threatmodel.export import Outcome, written

    here = Path.cwd()
    outcome = Outcome(
        assessment,
        review.library.catalog.controls,
        review.model.documents[0].file,
        here.as_posix(),
        repository(here).as_posix(),
        every=every,
    )
    return written(target.form, outcome)


def _width() -> int:
    import shutil

    return min(shutil.get_terminal_size((100, 24)).columns, 120)
