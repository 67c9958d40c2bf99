"""What the commands about paths, reach and lineage share: their form, and elements by name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from threatmodel.cli.output import colored, emit
from threatmodel.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from threatmodel.api import Review

Command = TypeVar("Command", bound=Callable[..., Any])


def form_option(command: Command) -> Command:
    """Text for people or JSON for machines."""
    forms = click.Choice(["text", "json"])
    return click.option("--format", "form", type=forms, default="text", help="Default: text.")(command)


def element_named(review: Review, name: str) -> int:
    """The number of an element; raises UsageError with the nearest one."""
    index = review.graph.index
    if name not in index:
        raise UsageError(f"no element `{name}`", did_you_mean(name, index))
    return index[name]


def data_named(review: Review, name: str) -> str:
    """A data asset of the model; raises UsageError with the nearest one."""
    if name not in review.model.data:
        raise UsageError(f"no data asset `{name}`", did_you_mean(name, review.model.data))
    return name


def show(text: Callable[[int, bool], str], output: Path | None) -> None:
    """Emits a text that is made for a width, with colour or without."""
    import shutil

    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    emit(text(width, output is None and colored(sys.stdout.isatty())), output)
