"""`threatmodel check`: the ranked gap list, as text for people or in a format for machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.inputs import refuse_inputs
from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    config_option,
    decisions_option,
    model_argument,
    open_review,
    refuse_severity,
    settings_of,
)
from threatmodel.cli.output import emit, say, say_why, screen, tell
from threatmodel.cli.targets import Target, in_repository, read_targets, repository
from threatmodel.errors import InputError

if TYPE_CHECKING:
    from threatmodel.api import Review
    from threatmodel.export.outcome import Outcome
    from threatmodel.policy.baseline import Comparison
    from threatmodel.results import Assessment

SEVERITIES = ("low", "medium", "high", "critical", "never")

_NAMED = 5


@click.command(name="check")
@model_argument
@format_option("assessment")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    help="Exit with 1 when an open gap is at least this severe (default: the policy's, else high).",
)
@click.option(
    "--fail-on-unknown",
    is_flag=True,
    help="Let open questions at the severity of --fail-on fail too (another: the policy's).",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found; bad input still fails.")
@click.option("--all", "every", is_flag=True, help="Show every question; in JSON every result and threat.")
@catalog_option
@click.option("--no-hygiene", is_flag=True, help="Leave out the notes on the model itself.")
@as_of_option
@decisions_option
@config_option
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Gaps that are known: only new and worsened ones fail (default: the policy's).",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="File to write, whole or not at all (default: stdout); FORMAT=FILE writes one more (repeatable); "
    "a file with = in its name is written ./a=b.",
)
def command(
    model: str | None,
    form: str,
    fail_on: str | None,
    fail_on_unknown: bool,
    exit_zero: bool,
    every: bool,
    no_hygiene: bool,
    as_of: str | None,
    decisions: Path | None,
    config: Path | None,
    baseline: Path | None,
    outputs: tuple[str, ...],
) -> None:
    """Check MODEL (default: threatmodel.yaml here; - is stdin) against the catalog.

    Gaps come first, worst first, each with its place, its reason and a fix; then the questions whose
    answers settle most. Unknown is never satisfied, and never a gap.

    One run writes many files: `--output sarif=gaps.sarif --output markdown=summary.md`.
    """
    from threatmodel.api.gate import check, read_baseline

    refuse_severity(model, fail_on_unknown)
    targets = read_targets(form, outputs, lambda name: chosen_format("assessment", name, model, config))
    forms = {target.format.name for target in targets}
    given = {"fail-on": fail_on, "baseline": str(baseline) if baseline else None}
    settings = settings_of(model, config, given)
    try:
        review = open_review(model, as_of, decisions, settings, locked=True)
    except InputError as error:
        _annotate(error, targets)
        raise
    file = settings.path("baseline")
    known = read_baseline(file) if file else None
    gate = settings.gate(unknowns=fail_on_unknown)
    rows = not forms <= {"text", "csv", "gitlab"}
    found = check(review, gate, known, policy=settings.policy, frameworks=rows)
    assessment = found.assessment
    if not no_hygiene and forms & {"text", "json", "sarif"}:
        assessment = assessment._replace(notes=review.notes(settings.hushed()))
    if every and "json" in forms:
        derived = review.threats()
        assessment = assessment._replace(threats=tuple(derived.results(derived.columns)))
    tell(found.warnings)
    if found.baseline:
        _say_known(found.baseline, file)
    outcome = _outcome(review, assessment, found.baseline, every)
    texts = [(t, t.format.write(outcome._replace(screen=screen(t.path)))) for t in targets]
    refuse_inputs(target.path for target in targets if target.path)
    for target, text in texts:
        emit(text, target.path)
    if found.status and not exit_zero:
        if (targets[0].format.name, targets[0].path) != ("text", None):
            say_why(found.refusals)
        raise click.exceptions.Exit(found.status)


def _annotate(error: InputError, targets: tuple[Target, ...]) -> None:
    """Shows what is wrong with the input beside its lines, where commands of GitHub are asked for."""
    from threatmodel.export.github import invalid

    for target in targets:
        if target.format.name == "github":
            emit(invalid(error.diagnostics, lambda file: in_repository(Path(file))), target.path)


def _say_known(compared: Comparison, file: Path | None) -> None:
    """A word on stderr about what a baseline knows and what is gone."""
    from threatmodel.render.text.wording import listed

    if compared.known:
        say(f"{len(compared.known)} known in the baseline `{file}`, not shown as gaps")
    if compared.gone:
        say(f"no longer a gap: {listed(compared.gone, _NAMED)}")
        say("help: `threatmodel baseline prune` takes them out of the baseline")


def _outcome(review: Review, assessment: Assessment, compared: Comparison | None, every: bool) -> Outcome:
    from threatmodel.export.outcome import Outcome

    here = Path.cwd()
    return Outcome(
        assessment,
        review.library.catalog.controls,
        review.model.documents[0].file,
        here.as_posix(),
        repository(here).as_posix(),
        compared.states if compared else None,
        every,
    )
