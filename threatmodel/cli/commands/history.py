"""`threatmodel history`: gaps, unknowns and layers of defence of a model, commit by commit."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.formats import chosen_format, format_of_file, format_option
from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    day,
    output_option,
    policy_start,
    reads_model,
    settings_of,
)
from threatmodel.cli.output import emit, say
from threatmodel.errors import quoted


@click.command(name="history")
@click.argument("model", required=False, metavar="[MODEL]")
@click.option("--revision", default="HEAD", show_default=True, help="The revision to go back from.")
@click.option(
    "-n",
    "--most",
    type=click.IntRange(1, 1000),
    default=30,
    show_default=True,
    help="So many commits at most, the latest.",
)
@format_option("history", default=None, help="Default: from the name of --output, else text.")
@catalog_option
@as_of_option
@output_option
def command(
    model: str | None, revision: str, most: int, form: str | None, as_of: str | None, output: Path | None
) -> None:
    """Show how gaps, unknowns and layers of defence went over the commits that touch the folder of MODEL.

    Each commit is assessed with the catalog of today, as of its own day (or of --as-of). Nothing is
    checked out: files are read from git. A commit without a valid model leaves a hole.
    """
    from threatmodel.api.history import moments_of
    from threatmodel.export.history import History
    from threatmodel.source.revisions import Repository

    chosen = chosen_format("history", form or format_of_file("history", output) or "text", model)
    path = policy_start(model)
    reads_model(path)
    fixed = day(as_of) if as_of else None
    repository = Repository(Path.cwd())
    inside = repository.inside(path)
    moments = moments_of(repository, inside, settings_of(model).library(), revision, most, fixed)
    if not moments:
        say(f"no commit up to {quoted(revision)} touches {quoted(inside.rpartition('/')[0] or '.')}")
    emit(chosen.write(History(moments, inside)), output)
