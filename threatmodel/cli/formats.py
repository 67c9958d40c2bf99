"""How a command offers the formats of what it writes: `--format`, `--plugins`, and the names of files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from threatmodel.cli.options import settings_of
from threatmodel.export.registry import Format, format_named, formats_of

Command = TypeVar("Command", bound=Callable[..., Any])

_PLUGINS: Final = "threatmodel.plugins"


def format_option(
    document: str, *, default: str | None = "text", help: str = "Default: text."
) -> Callable[[Command], Command]:
    """`--format` with the formats of a document, and `--plugins` for those of others."""
    names = [format.name for format in formats_of(document)]
    option = click.option(
        "--format",
        "form",
        metavar=f"[{'|'.join(names)}]",
        default=default,
        shell_complete=lambda _context, _parameter, word: [n for n in names if n.startswith(word)],
        help=help,
    )
    return lambda command: option(plugins_option(command))


def format_argument(document: str) -> Callable[[Command], Command]:
    """FORMAT as an argument, and `--plugins` for formats of others."""
    names = [format.name for format in formats_of(document)]
    argument = click.argument(
        "form",
        metavar="FORMAT",
        shell_complete=lambda _context, _parameter, word: [n for n in names if n.startswith(word)],
    )
    return lambda command: argument(plugins_option(command))


def plugins_option(command: Command) -> Command:
    """The plug-ins that may be used in this run, kept for `plugins_named`."""
    return click.option(
        "--plugins",
        multiple=True,
        metavar="NAME",
        is_eager=True,  # the help after it lists what they offer
        expose_value=False,
        callback=_keep,
        help="Use this plug-in that is installed (repeatable; default: the policy's, else none).",
    )(command)


def chosen_format(document: str, name: str, model: str | None, config: Path | None = None) -> Format:
    """The format of a document by its name; plug-ins are looked up only where it is none of ours."""
    ours = {format.name: format for format in formats_of(document)}
    return ours.get(name) or format_named(document, name, plugins_named(model, config))


def format_of_file(document: str, output: Path | None) -> str | None:
    """The format of ours that the name of a file ends in, None where it says none."""
    ending = output.suffix.lower() if output else ""
    return next((format.name for format in formats_of(document) if ending in format.endings), None)


def plugins_named(model: str | None, config: Path | None = None) -> tuple[str, ...]:
    """The plug-ins that the command line names, else the policy file of a model."""
    context = click.get_current_context(silent=True)
    given: tuple[str, ...] = context.meta.get(_PLUGINS, ()) if context else ()
    return given or settings_of(model, config).plugins


def _keep(context: click.Context, _: click.Parameter, names: tuple[str, ...]) -> None:
    if names:
        context.meta[_PLUGINS] = names
