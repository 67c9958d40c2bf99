"""`threatmodel baseline`: write down the gaps that are known, so that checks fail on newer ones only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.api.workspace import model_path
from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    config_option,
    decisions_option,
    model_argument,
    open_review,
    settings_of,
)
from threatmodel.cli.output import emit, say
from threatmodel.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from threatmodel.results import Assessment

NAME = "baseline.yaml"

_file_option = click.option(
    "-b",
    "--baseline",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file (default: the policy's, else baseline.yaml beside the model).",
)


@click.group(name="baseline")
def command() -> None:
    """Write down the gaps that are known; `check --baseline FILE` then fails on new and worsened ones only.

    A baseline is for a system that is not clean yet. It has no owner and no end: what is decided to stay
    belongs into a waiver.
    """


@command.command(name="create")
@model_argument
@_file_option
@catalog_option
@as_of_option
@decisions_option
@config_option
@click.option("--force", is_flag=True, help="Replace an existing file.")
def create(
    model: str | None,
    file: Path | None,
    as_of: str | None,
    decisions: Path | None,
    config: Path | None,
    force: bool,
) -> None:
    """Write a baseline of the gaps of MODEL that stand open now."""
    from threatmodel.policy.baseline import open_gaps

    target, assessment = _assessed(model, file, as_of, decisions, config)
    if target.exists() and not force:
        raise UsageError(f"`{target}` exists already", "use `threatmodel baseline update`, or --force")
    _write(target, open_gaps(assessment))
    say(f"now run `threatmodel check --baseline {target}`, or set `baseline` in .threatmodel.yaml")


@command.command(name="update")
@model_argument
@_file_option
@catalog_option
@as_of_option
@decisions_option
@config_option
def update(
    model: str | None, file: Path | None, as_of: str | None, decisions: Path | None, config: Path | None
) -> None:
    """Write the baseline anew: with the gaps that are new, without those that are gone."""
    from threatmodel.policy.baseline import open_gaps

    _change(_assessed(model, file, as_of, decisions, config), lambda a, _: open_gaps(a))


@command.command(name="prune")
@model_argument
@_file_option
@catalog_option
@as_of_option
@decisions_option
@config_option
def prune(
    model: str | None, file: Path | None, as_of: str | None, decisions: Path | None, config: Path | None
) -> None:
    """Take out of the baseline what no longer stands open, and add nothing."""
    from threatmodel.policy.baseline import pruned

    _change(_assessed(model, file, as_of, decisions, config), pruned)


def _assessed(
    model: str | None, file: Path | None, as_of: str | None, decisions: Path | None, config: Path | None
) -> tuple[Path, Assessment]:
    settings = settings_of(model, config)
    review = open_review(model, as_of, decisions, settings)
    beside = Path(NAME) if model == "-" else model_path(model).parent / NAME
    return file or settings.path("baseline") or beside, review.assess(frameworks=False)


def _change(
    found: tuple[Path, Assessment], made: Callable[[Assessment, Mapping[str, str]], dict[str, str]]
) -> None:
    from threatmodel.policy.baseline import parse_baseline
    from threatmodel.source import read

    target, assessment = found
    before = parse_baseline(read(target))
    after = made(assessment, before)
    _write(target, after)
    added, gone = len(after.keys() - before.keys()), len(before.keys() - after.keys())
    say(f"{added} added, {gone} taken out")


def _write(target: Path, severities: Mapping[str, str]) -> None:
    from threatmodel.policy.baseline import baseline_text

    emit(baseline_text(severities), target, "baseline")
    say(f"wrote {target}: {len(severities)} gap{'s' * (len(severities) != 1)}")
