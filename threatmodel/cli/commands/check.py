"""`threatmodel check`: the ranked gap list, as text for people or in a format for machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.failure import reasons_of_check, say_why
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
from threatmodel.cli.output import emit, say, screen, tell
from threatmodel.cli.targets import Target, in_repository, read_targets, repository
from threatmodel.errors import InputError

if TYPE_CHECKING:
    from threatmodel.api import Review
    from threatmodel.errors import Diagnostic
    from threatmodel.export.outcome import Outcome
    from threatmodel.policy import Gate, Settings
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
    from threatmodel.policy import failing

    refuse_severity(model, fail_on_unknown)
    targets = read_targets(form, outputs, lambda name: chosen_format("assessment", name, model, config))
    forms = {target.format.name for target in targets}
    given = {"fail-on": fail_on, "baseline": str(baseline) if baseline else None}
    settings = settings_of(model, config, given)
    gate = settings.gate(unknowns=fail_on_unknown)
    try:
        review = open_review(model, as_of, decisions, settings, locked=True)
    except InputError as error:
        _annotate(error, targets)
        raise
    rows = bool(gate.frameworks) or not forms <= {"text", "csv", "gitlab"}
    rows = rows or bool(review.decisions and review.decisions.requirements)  # which of them count for nothing
    assessment = review.assess(frameworks=rows)
    if not no_hygiene and forms & {"text", "json", "sarif"}:
        assessment = assessment._replace(notes=review.notes(settings.hushed()))
    if every and "json" in forms:
        derived = review.threats()
        assessment = assessment._replace(threats=tuple(derived.results(derived.columns)))
    tell((*assessment.warnings, *_unknown_names(review, gate, settings.policy)))
    compared = _compared(assessment, settings.path("baseline"))
    outcome = _outcome(review, assessment, compared, every)
    texts = [(t, t.format.write(outcome._replace(screen=screen(t.path)))) for t in targets]
    refuse_inputs(target.path for target in targets if target.path)
    for target, text in texts:
        emit(text, target.path)
    known = compared.known if compared else frozenset[str]()
    found = failing(assessment, gate, review.graph, known)
    if not exit_zero and any(found):
        if (targets[0].format.name, targets[0].path) != ("text", None):
            say_why(reasons_of_check(found, gate))
        raise click.exceptions.Exit(1)


def _annotate(error: InputError, targets: tuple[Target, ...]) -> None:
    """Shows what is wrong with the input beside its lines, where commands of GitHub are asked for."""
    from threatmodel.export.github import invalid

    for target in targets:
        if target.format.name == "github":
            emit(invalid(error.diagnostics, lambda file: in_repository(Path(file))), target.path)


def _compared(assessment: Assessment, path: Path | None) -> Comparison | None:
    """The gaps beside those of the baseline, and a word on stderr about what is known and what is gone."""
    if path is None:
        return None
    from threatmodel.errors import UsageError
    from threatmodel.policy.baseline import compare, parse_baseline
    from threatmodel.source import read

    if not path.exists():
        raise UsageError(f"there is no baseline `{path}`", "`threatmodel baseline create` writes one")
    compared = compare(assessment, parse_baseline(read(path)))
    if compared.known:
        say(f"{len(compared.known)} known in the baseline `{path}`, not shown as gaps")
    if gone := compared.gone:
        more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
        say(f"no longer a gap: {', '.join(gone[:_NAMED])}{more}")
        say("help: `threatmodel baseline prune` takes them out of the baseline")
    return compared


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


def _unknown_names(review: Review, gate: Gate, policy: Settings | None) -> tuple[Diagnostic, ...]:
    """Thresholds of the policy for boundaries and frameworks that do not exist: they gate nothing."""
    from threatmodel.errors import Diagnostic, which

    if policy is None or policy.document is None:
        return ()
    frameworks = [f.id for f in review.library.frameworks] if gate.frameworks else []
    asked = (
        ("boundaries", "boundary", gate.boundaries, review.model.boundaries),
        ("frameworks", "framework", gate.frameworks, frameworks),
    )
    found = []
    for key, noun, names, known in asked:
        for name in names:
            if name not in known:
                span = policy.document.span((key, name))
                help, excerpt = which(name, tuple(known)), policy.document.excerpt(span.line)
                message = f"there is no {noun} `{name}`, so this threshold gates nothing"
                found.append(Diagnostic("unknown-reference", message, span, help, excerpt, "warning"))
    return tuple(found)
