"""`threatmodel fix`: the cheapest work that closes gaps, as a list or written into the model as planned."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.api.workspace import model_path
from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    chosen_frameworks,
    config_option,
    decisions_option,
    framework_option,
    model_argument,
    open_review,
    output_option,
    settings_of,
)
from threatmodel.cli.output import emit, say, screen
from threatmodel.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from threatmodel.api import Effective, Review
    from threatmodel.api.fix_writing import Work
    from threatmodel.results import Assessment, Finding
    from threatmodel.results.fixes import FixChange

_SEVERITIES = ("low", "medium", "high", "critical")
_MOST = 1_000_000


@click.command(name="fix")
@model_argument
@click.option(
    "--key", "keys", multiple=True, metavar="KEY", help="Close this gap (repeatable; * is anything)."
)
@click.option(
    "--severity",
    type=click.Choice(_SEVERITIES),
    default="low",
    show_default=True,
    help="Close the open gaps that are at least this severe.",
)
@click.option("--layer", "layers", multiple=True, help="Only gaps of this layer (repeatable).")
@framework_option
@click.option("--budget", type=click.IntRange(1, _MOST), help="Close most, by severity, for so much.")
@click.option(
    "--top", type=click.IntRange(min=1), help="Show (and write) only so many changes, the best first."
)
@click.option(
    "--cost",
    "costs",
    multiple=True,
    metavar="NAME=NUMBER",
    help="What a control, the controls of a layer, or low, medium or high cost (repeatable).",
)
@click.option("--write", is_flag=True, help="Write the statements into the model.")
@click.option(
    "--as",
    "status",
    type=click.Choice(["planned", "implemented"]),
    default="planned",
    show_default=True,
    help="What --write says of the work.",
)
@click.option("--owner", help="With --write: who does the work.")
@click.option("--due", metavar="YYYY-MM-DD", help="With --write: until when it is done.")
@click.option(
    "--mechanism",
    "mechanisms",
    multiple=True,
    metavar="CONTROL=TEXT",
    help="With --write: how it is done; --as implemented asks for it (repeatable).",
)
@format_option("fixes")
@catalog_option
@as_of_option
@decisions_option
@config_option
@output_option
def command(
    model: str | None,
    keys: tuple[str, ...],
    severity: str,
    layers: tuple[str, ...],
    names: tuple[str, ...],
    budget: int | None,
    top: int | None,
    costs: tuple[str, ...],
    write: bool,
    status: str,
    owner: str | None,
    due: str | None,
    mechanisms: tuple[str, ...],
    form: str,
    as_of: str | None,
    decisions: Path | None,
    config: Path | None,
    output: Path | None,
) -> None:
    """Plan the cheapest work that closes gaps of MODEL: controls to put in place, each at the best place.

    One change is one control at one place: an element, a flow, their type, host or boundary, the baseline.
    Structure stays as it is drawn. What the set closes is what the engine says of the model with it.

    --write keeps comments and layout, and says `planned` unless told otherwise: no work is done by writing.
    """
    from threatmodel.export.fixes import Fixes

    settings = settings_of(model, config)
    chosen = chosen_format("fixes", form, model, config)
    review = open_review(model, as_of, decisions, settings, names)
    assessment = review.assess(frameworks=bool(names))
    gaps = _chosen(review, assessment, keys, severity, layers, names)
    plan = review.plan(gaps, _costs(settings, costs), budget)
    if write:
        from threatmodel.api.fix_writing import Work

        if model == "-":
            raise UsageError("a model on stdin cannot be written to", "name a model file")
        work = Work(status, owner, due, mechanisms)
        _write(review, model_path(model), assessment, plan.changes[:top], work, decisions)
        return
    if any((owner, due, mechanisms)):
        say("note: --owner, --due and --mechanism count with --write only")
    emit(chosen.write(Fixes(plan, top, screen(output))), output)


def _chosen(
    review: Review,
    assessment: Assessment,
    keys: tuple[str, ...],
    severity: str,
    layers: tuple[str, ...],
    names: tuple[str, ...],
) -> list[Finding]:
    """The gaps to close: with these keys, else open ones of the severity; of these layers and frameworks."""
    from threatmodel.catalog import LAYERS
    from threatmodel.model.words import gravity

    for layer in layers:
        if layer not in LAYERS:
            raise UsageError(
                f"no layer `{layer}`", did_you_mean(layer, LAYERS) or f"there are: {', '.join(LAYERS)}"
            )
    if keys:
        named = _matched(assessment, keys)
        found = [f for f in assessment.findings if f.key in named]
    else:
        least = gravity(severity)
        open_ = (f for f in assessment.findings if f.disposition == "open")
        found = [f for f in open_ if gravity(f.severity) >= least]
    if layers:
        found = [f for f in found if f.layer in layers]
    if names:
        wanted = {framework.id for framework in chosen_frameworks(review, names)}
        rows = (row for f in assessment.frameworks if f.id in wanted for row in f.rows)
        against = {key for row in rows for key in row.gaps}
        found = [f for f in found if f.key in against]
    return found


def _matched(assessment: Assessment, keys: tuple[str, ...]) -> set[str]:
    """The keys of gaps that the given keys or patterns name; raises UsageError where one names none."""
    found: set[str] = set()
    for key in keys:
        pattern = re.compile(".*".join(re.escape(part) for part in key.split("*")))
        here = {f.key for f in assessment.findings if pattern.fullmatch(f.key)}
        if not here:
            help = did_you_mean(key, [f.key for f in assessment.findings])
            raise UsageError(f"no gap has the key `{key}`", help or "`threatmodel check` prints the keys")
        found |= here
    return found


def _costs(settings: Effective, given: tuple[str, ...]) -> dict[str, int]:
    """Own numbers by name: those of the command line over those of the policy file."""
    costs = dict(settings.policy.costs) if settings.policy else {}
    for text in given:
        name, equals, number = text.partition("=")
        if not equals or not number.isascii() or not number.isdigit() or not 1 <= int(number) <= _MOST:
            raise UsageError(f"`{text}` is no cost", f"write NAME=NUMBER, a whole number from 1 to {_MOST}")
        costs[name] = int(number)
    return costs


def _write(
    review: Review,
    path: Path,
    before: Assessment,
    changes: Sequence[FixChange],
    work: Work,
    decisions: Path | None,
) -> None:
    """Writes the changes into the files of the model, and says on stderr what that comes to."""
    from threatmodel.api.fix_writing import StatementsError, names_text, written

    try:
        found = written(review, before, changes, work, path, decisions)
    except StatementsError:
        _say_planned(review, before, changes, work)
        say("error: with these statements the model would not be valid, so nothing is written:")
        raise
    _say_planned(review, before, changes, work)
    for change, lost in found.harmful:
        what = f"`{change.control}` {change.where}"
        say(f"left out: {what}, where a plan would hide what satisfies {names_text(lost)}")
    if found.after is None:
        say("nothing is to be written")
        return
    _replace(review, found.texts)
    count = len(found.changes)
    files = names_text([str(path) for path in found.texts])
    say(f"{count} statement{'s' * (count != 1)} written as {work.status} in {files}")
    now = {f.key: f.disposition for f in found.after.findings}
    if work.status == "planned":
        planned = [key for key in found.closed if now.get(key) == "planned"]
        say(f"{len(planned)} of {len(found.closed)} gaps stand as planned now")
        if rest := sorted(set(found.closed) - set(planned)):
            say(f"still open until the work is done: {names_text(rest)}")
    if new := sorted(now.keys() - {f.key for f in before.findings}):
        say(f"no longer unknown, but planned: {names_text(new)}")


def _say_planned(review: Review, before: Assessment, changes: Sequence[FixChange], work: Work) -> None:
    """A word on what somebody has planned already."""
    from threatmodel.api.fix_writing import is_planned, names_text

    open_ = {f.key for f in before.findings if f.disposition == "open"}
    for change in changes:
        if is_planned(review, change, work):
            say(f"left as it is: `{change.control}` {change.where} is planned already")
            if waiting := [key for key in change.closes if key in open_]:
                say(f"still open until that work is done: {names_text(waiting)}")


def _replace(review: Review, texts: Mapping[Path, str]) -> None:
    """Every file, or none: what was replaced before one fails gets its text back."""
    before = {Path(d.file): d.text for d in review.model.documents}
    done: list[Path] = []
    try:
        for path, text in texts.items():
            emit(text, path, "model")
            done.append(path)
    except UsageError:
        for path in done:
            emit(before[path], path, "model")
        raise
