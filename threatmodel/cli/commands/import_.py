"""`threatmodel import`: a model from a diagram in a foreign format, with a report of what was lost."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from threatmodel.cli.inputs import reads
from threatmodel.cli.options import output_option
from threatmodel.cli.output import emit, say
from threatmodel.importers import Imported


@click.group(name="import")
def command() -> None:
    """Write a model from a diagram in a foreign format, and on stderr what was kept and what was lost."""


@command.command(name="code2dfd")
@click.argument("file", metavar="FILE")
@click.option("--name", help="Which diagram, where the file holds several by name.")
@output_option
def code2dfd(file: str, name: str | None, output: Path | None) -> None:
    """Import a data flow diagram in the JSON of Code2DFD from FILE; `-` is stdin."""
    from threatmodel.api import Library
    from threatmodel.importers.code2dfd.convert import import_code2dfd

    text = _read(file)
    reads("diagram", Path(file))
    found = import_code2dfd(text, Library().kinds, "<stdin>" if file == "-" else file, name)
    emit(found.text, output)
    _tell(found)


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
