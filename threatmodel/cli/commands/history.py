"""`threatmodel history`: gaps, unknowns and layers of defence of a model, commit by commit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.formats import chosen_format, format_of_file, format_option
from threatmodel.cli.options import (
    MODEL_NAMES,
    as_of_option,
    catalog_option,
    day,
    library_of,
    output_option,
    policy_start,
    reads_model,
    settings_of,
)
from threatmodel.cli.output import emit, say
from threatmodel.errors import InputError, quoted

if TYPE_CHECKING:
    from threatmodel.api import Library
    from threatmodel.render.history import Moment
    from threatmodel.source.revisions import Commit, Repository


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
    from threatmodel.export.history import History
    from threatmodel.source.revisions import Repository

    chosen = chosen_format("history", form or format_of_file("history", output) or "text", model)
    path = policy_start(model)
    reads_model(path)
    fixed = day(as_of) if as_of else None
    library = library_of(settings_of(model))
    repository = Repository(Path.cwd())
    inside = repository.inside(path)
    folder = inside.rpartition("/")[0] or "."
    commits = repository.commits(revision, folder, most)
    if not commits:
        say(f"no commit up to {quoted(revision)} touches {quoted(folder)}")
    moments = [_moment(repository, commit, inside, library, fixed) for commit in commits]
    emit(chosen.write(History(moments, inside)), output)


def _moment(
    repository: Repository, commit: Commit, inside: str, library: Library, fixed: str | None
) -> Moment:
    from threatmodel import api
    from threatmodel.render.history import Moment, counts

    files = repository.at(commit.id)
    names = (inside, *(inside.removesuffix(MODEL_NAMES[0]) + n for n in MODEL_NAMES[1:]))
    there = [n for n in names if files.is_file(repository.root / n)]
    if not there:
        return Moment(commit.id, commit.day, commit.subject, None, "no model")
    try:
        review = api.load(
            repository.root / there[0], library, fixed or commit.day, files=files, shown=there[0]
        )
    except InputError as error:
        number = sum(d.level == "error" for d in error.diagnostics)
        problem = f"not valid: {number} error{'s' * (number != 1)}"
        return Moment(commit.id, commit.day, commit.subject, None, problem)
    found = counts(review.assess(frameworks=False), review.defence().depths())
    return Moment(commit.id, commit.day, commit.subject, found)
