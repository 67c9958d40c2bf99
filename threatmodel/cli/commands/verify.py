"""`threatmodel verify`: checks a proof against a model, without the engine that made it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from threatmodel.api.workspace import model_path
from threatmodel.cli.options import catalog_option, model_argument, settings_of
from threatmodel.cli.output import colored


@click.command(name="verify")
@click.argument("proof", type=click.Path(path_type=Path))
@model_argument
@catalog_option
@click.pass_context
def command(ctx: click.Context, proof: Path, model: str | None) -> None:
    """Check PROOF against MODEL: decide every verdict again, and compare all that the proof says.

    \b
    Exit status: 0 the proof holds, 1 it is rejected, 2 the file is no proof or the model is invalid.
    """
    from threatmodel.model import load_model
    from threatmodel.render.proof import checked_text
    from threatmodel.source import read_text
    from threatmodel.verify import check, read_proof

    given = read_proof(read_text(proof), proof.as_posix())
    library = settings_of(model).library()
    found = check(given, load_model(model_path(model), library.kinds), library)
    click.echo(checked_text(given, found, colored(sys.stdout.isatty())), nl=False)
    ctx.exit(1 if found.differences else 0)
