"""`threatmodel import`: a model from a diagram in a foreign format, with a report of what was lost."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from threatmodel.cli.formats import plugins_named, plugins_option
from threatmodel.cli.inputs import reads
from threatmodel.cli.options import output_option
from threatmodel.cli.output import emit, say
from threatmodel.errors import UsageError, nearest_or_all
from threatmodel.importers import Imported
from threatmodel.importers.foreign import Foreign
from threatmodel.importers.registry import Importer, importers


class _Importers(click.Group):
    """A command for each importer: ours, and those of the plug-ins that are named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(importers(plugins_named(None)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        known = importers()
        if cmd_name not in known:
            known = importers(plugins_named(None))
        return _command(known[cmd_name]) if cmd_name in known else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise UsageError(f"no importer `{args[0]}`", nearest_or_all(args[0], self.list_commands(ctx)))
        return super().resolve_command(ctx, args)


@click.group(name="import", cls=_Importers)
@plugins_option
def command() -> None:
    """Write a model from a diagram in a foreign format, and on stderr what was kept and what was lost."""


def _command(importer: Importer) -> click.Command:
    def run(file: str, output: Path | None, name: str | None = None) -> None:
        from threatmodel.api import Library

        text = _read(file)
        reads("diagram", Path(file))
        shown = "<stdin>" if file == "-" else file
        found = importer.read(Foreign(text, Library().kinds, shown, name))
        emit(found.text, output)
        _tell(found)

    options = output_option(run)
    if importer.several:
        options = click.option("--name", help="Which diagram, where the file holds several by name.")(options)
    made = click.command(name=importer.name, help=f"Import {importer.about} from FILE; `-` is stdin.")
    return made(click.argument("file", metavar="FILE")(options))


def _read(file: str) -> str:
    """The text of a file or of stdin, under the limits of every input."""
    from threatmodel.source.text import LIMITS, decode, read_bytes

    if file == "-":
        return decode(sys.stdin.buffer.read(), "<stdin>", LIMITS)
    return decode(read_bytes(Path(file), file, LIMITS), file, LIMITS)


def _tell(found: Imported) -> None:
    from threatmodel.render.text.escape import terminal
    from threatmodel.render.text.wording import listed

    for note in found.report:
        places = [p for p in note.places if p]
        if note.outcome == "kept":
            say(f"kept: {note.text}: {len(places)}")
            continue
        where = f": {listed(places, 3)}" if places else ""
        say(terminal(f"{note.outcome}: {note.text}{where}"))
