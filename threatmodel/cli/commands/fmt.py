"""`threatmodel fmt`: canonical order and style for model, included and decisions files, comments kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from threatmodel.api.workspace import model_path
from threatmodel.cli.output import emit, say


@click.command(name="fmt")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option(
    "--check", is_flag=True, help="Write nothing; name the files that would change, and exit with 1."
)
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
def command(files: tuple[str, ...], check: bool, diff: bool) -> None:
    """Lay FILES out in canonical order and style (default: the model here, what it includes, its decisions).

    Sections come in one order and everything in them stays in its own. An entity takes one line while it
    fits 120 columns, else one line for each key. Comments stay with what they stand at. A file that cannot
    be laid out so without changing what it says is refused and left alone. - reads stdin, writes stdout.
    """
    from threatmodel.edit.fmt import formatted
    from threatmodel.source import parse, read_text

    if files == ("-",):
        text = parse(sys.stdin.buffer.read(), "<stdin>").text
        emit(formatted(text, "<stdin>"), None)
        return
    paths = [path for name in files for path in _named(name)] if files else _whole(model_path(None))
    texts = {path: read_text(path) for path in dict.fromkeys(paths)}
    written = {path: formatted(text, path.as_posix()) for path, text in texts.items()}
    changed = [path for path, text in written.items() if text != texts[path]]
    for path in changed:
        if diff:
            emit(_difference(texts[path], written[path], path.as_posix()), None)
        elif not check:
            emit(written[path], path)
        say(f"{'would format' if check or diff else 'formatted'} {path}")
    if check and changed:
        raise click.exceptions.Exit(1)


def _named(name: str) -> list[Path]:
    path = Path(name)
    return _whole(model_path(name)) if path.is_dir() else [path]


def _whole(model: Path) -> list[Path]:
    """The files of a model, and the decisions beside it."""
    from threatmodel.model.files import gather

    problems = gather(model)
    problems.finish()
    decisions = model.parent / "decisions.yaml"
    found = [Path(document.file) for document in problems.source.documents]
    return [*found, decisions] if os.path.lexists(decisions) else found


def _difference(before: str, after: str, name: str) -> str:
    import difflib

    from threatmodel.render.text.escape import visible

    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), name, f"{name} (formatted)", lineterm=""
    )
    return "".join(f"{visible(line)}\n" for line in lines)
