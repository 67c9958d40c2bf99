"""`threatmodel what-if`: what a change would do to security, told as `diff` does; no file is touched."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from threatmodel.api.workspace import model_path
from threatmodel.cli.commands.report import drawn
from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    decisions_option,
    model_argument,
    open_review,
    output_option,
)
from threatmodel.cli.output import emit, say, screen
from threatmodel.cli.targets import in_repository
from threatmodel.errors import InputError, UsageError


@click.command(name="what-if")
@model_argument
@click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help="Say this (repeatable).")
@click.option("--unset", "unsets", multiple=True, metavar="PATH", help="No longer say this (repeatable).")
@format_option("changes")
@catalog_option
@as_of_option
@decisions_option
@output_option
def command(
    model: str | None,
    sets: tuple[str, ...],
    unsets: tuple[str, ...],
    form: str,
    as_of: str | None,
    decisions: Path | None,
    output: Path | None,
) -> None:
    """Say what a change to MODEL would do to security, without touching the file.

    \b
    threatmodel what-if --set 'api.controls.mfa=passkey'
    threatmodel what-if --set 'flows["web->db"].protocol=https' --set db.boundary=data-zone
    threatmodel what-if --set 'mesh.controls.encrypt-in-transit={mechanism: mutual tls}'
    threatmodel what-if --unset data:order.retention --unset api.host

    PATH begins with an element, host, boundary or flow, `data:x`, `party:x`, `purpose:x`, `baseline` or
    `model`; keys follow, with points between. VALUE is written as in the file.
    """
    from threatmodel import diff
    from threatmodel.api.review import reread
    from threatmodel.api.what_if import assigned
    from threatmodel.export.comparison import Comparison

    if not sets and not unsets:
        raise UsageError("nothing is to be changed", "add --set PATH=VALUE or --unset PATH")
    chosen = chosen_format("changes", form, model)
    review = open_review(model, as_of, decisions)
    assignment = assigned(review, sets, unsets)
    for flows in assignment.shared:
        say(f"note: {' and '.join(f'`{f}`' for f in flows)} are one entry, and all of them change")
    try:
        changed = reread(review, assignment.texts, None if model == "-" else model_path(model), decisions)
    except InputError:
        say("error: with this change the model is not valid:")
        raise
    before, after = review.version(), changed.version()
    changes, name = diff.compare(before, after), in_repository(Path(review.model.documents[0].file))
    shown = Comparison(changes, before, after, name, partial(drawn, None), screen(output))
    emit(chosen.write(shown), output)
