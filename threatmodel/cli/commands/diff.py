"""`threatmodel diff`: what a change does to the security of the system, for a pull request."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.api.workspace import nearest_lock
from threatmodel.cli.commands.check import SEVERITIES
from threatmodel.cli.commands.report import drawn
from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.inputs import reads
from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    config_option,
    day,
    output_option,
    reads_model,
    refuse_severity,
    settings_of,
)
from threatmodel.cli.output import emit, say, say_why, screen
from threatmodel.cli.targets import in_repository
from threatmodel.errors import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from threatmodel.api.sources import Source

LEVELS = ("public", "internal", "confidential", "restricted", "never")


@click.command(name="diff")
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="[HEAD]", required=False)
@click.option(
    "--model",
    "model",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The model inside revisions (default: threatmodel.yaml here).",
)
@format_option("changes")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    help="Exit with 1 when the change opens or worsens a gap that severe (default: the policy's, or high).",
)
@click.option(
    "--fail-on-unknown",
    is_flag=True,
    help="Let results that become unknown fail at the severity of --fail-on (another: the policy's).",
)
@click.option(
    "--fail-on-reach",
    type=click.Choice(LEVELS),
    help="Exit with 1 when data that confidential newly stand where untrusted ground reaches: their element "
    "is reached for the first time, or they are new there (default: the policy's). A shorter way, or one "
    "past fewer controls, to what was reached before fails by its gaps, or with --fail-on-unknown.",
)
@config_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever the change does.")
@click.option(
    "--dot", "program", metavar="PROGRAM", envvar="THREATMODEL_DOT", help="The dot program to draw with."
)
@catalog_option
@as_of_option
@output_option
def command(
    base: str,
    head: str | None,
    model: Path | None,
    form: str,
    fail_on: str | None,
    fail_on_unknown: bool,
    fail_on_reach: str | None,
    config: Path | None,
    exit_zero: bool,
    program: str | None,
    as_of: str | None,
    output: Path | None,
) -> None:
    """Say what changes for security from BASE to HEAD.

    \b
    threatmodel diff old.yaml new.yaml          two files, or two folders
    threatmodel diff main..HEAD                 two revisions; ... starts where they parted
    threatmodel diff main                       a revision and the working tree
    threatmodel diff HEAD~3:shop/model.yaml     a file of a revision, and the same file here
    threatmodel diff main:old/m.yaml HEAD:new/m.yaml    two paths

    A name that is no file is a git revision. Titles, descriptions, comments and order change nothing.
    """
    from threatmodel.api.comparison import SourceError, compare_sources
    from threatmodel.api.sources import named_sources
    from threatmodel.export.comparison import Comparison

    refuse_severity(base, fail_on_unknown)
    refuse_severity(head, fail_on_unknown)
    sources, today = named_sources(base, head, model), day(as_of)
    for source in sources:
        if source.moved_from:
            was, now = quoted(source.moved_from), quoted(source.shown or "")
            say(f"the model {was} is {now} in {source.label}: these are compared")
    chosen = chosen_format("changes", form, str(sources[1].path), config)
    given = {"fail-on": fail_on, "fail-on-reach": fail_on_reach}
    settings = settings_of(str(sources[1].path), config, given)
    reads("lock file", *filter(None, [nearest_lock(sources[1].path)]))
    try:
        found = compare_sources(sources, settings, today, unknowns=fail_on_unknown, config=config)
    except SourceError as error:
        say(f"error: the model in {error.source.label} is not valid:")
        raise
    if sources[0].absent:
        say(f"{sources[0].label} has no model `{sources[0].shown}`: everything in it is new")
    for source, files in zip(sources, found.files, strict=True):
        _keep_inputs(source, files)
    name = sources[1].shown or in_repository(sources[1].path)
    draw = partial(drawn, program)
    emit(
        chosen.write(Comparison(found.changes, found.before, found.after, name, draw, screen(output))), output
    )
    if found.status and not exit_zero:
        if output is not None or form != "text":
            say_why(found.refusals)
        raise click.exceptions.Exit(found.status)


def _keep_inputs(source: Source, files: Iterable[str]) -> None:
    """The files of a version, under the names that they have in the working tree: no output replaces them."""
    full = Path(os.path.abspath(source.path))
    above = len(Path(source.shown).parts) if source.shown else 0
    base = full.parents[above - 1] if above else Path()
    reads_model(full)
    reads("model", *(base / file for file in files))
