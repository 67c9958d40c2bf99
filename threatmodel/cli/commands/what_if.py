"""`threatmodel what-if`: what a change would do to security, told as `diff` does; no file is touched."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.commands.report import drawn
from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.options import (
    as_of_option,
    catalog_option,
    day,
    decisions_option,
    model_argument,
    model_path,
    open_review,
    output_option,
)
from threatmodel.cli.output import emit, say, screen
from threatmodel.cli.targets import in_repository
from threatmodel.errors import InputError, UsageError

if TYPE_CHECKING:
    from threatmodel.api import Review


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
    from threatmodel.export.comparison import Comparison

    if not sets and not unsets:
        raise UsageError("nothing is to be changed", "add --set PATH=VALUE or --unset PATH")
    chosen = chosen_format("changes", form, model)
    review = open_review(model, as_of, decisions)
    changed = _changed(review, model, sets, unsets, day(as_of), decisions)
    before, after = review.version(), changed.version()
    changes, name = diff.compare(before, after), in_repository(Path(review.model.documents[0].file))
    shown = Comparison(changes, before, after, name, partial(drawn, None), screen(output))
    emit(chosen.write(shown), output)


def _changed(
    review: Review,
    model: str | None,
    sets: tuple[str, ...],
    unsets: tuple[str, ...],
    as_of: str,
    decisions: Path | None,
) -> Review:
    """The review of the model as it would be; raises InputError where that would not be valid."""
    from threatmodel import api
    from threatmodel.edit.assign import with_value, without_value
    from threatmodel.edit.naming import Site, assignment, site_named
    from threatmodel.edit.overlay import Overlay
    from threatmodel.source import parse

    documents = review.model.documents
    texts = {file: document.text for file, document in enumerate(documents)}

    def site(name: str) -> Site:
        found = site_named(review.model, name)
        if len(found.flows) > 1:
            say(f"note: {' and '.join(f'`{f}`' for f in found.flows)} are one entry, and all of them change")
        return found

    for text in sets:
        name, value = assignment(text)
        file, steps, _ = site(name)
        texts[file] = with_value(texts[file], documents[file].file, steps, value)
    for name in unsets:
        file, steps, _ = site(name)
        texts[file] = without_value(texts[file], documents[file].file, steps)
    try:
        if model == "-":
            return api.parse(parse(texts[0], documents[0].file), review.library, as_of, decisions)
        overlay = Overlay({Path(documents[file].file): text for file, text in texts.items()})
        return api.load(model_path(model), review.library, as_of, decisions, files=overlay)
    except InputError:
        say("error: with this change the model is not valid:")
        raise
