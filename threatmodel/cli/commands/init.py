"""`threatmodel init`: a commented model to start from."""

from __future__ import annotations

from pathlib import Path

import click

from threatmodel.cli.output import emit, say
from threatmodel.errors import UsageError
from threatmodel.resources import resource_dir


@click.command(name="init")
@click.argument("path", type=click.Path(path_type=Path), default=Path("threatmodel.yaml"))
@click.option("--force", is_flag=True, help="Replace an existing file.")
def command(path: Path, force: bool) -> None:
    """Write a commented model to PATH (default: threatmodel.yaml) to start from."""
    if path.exists() and not force:
        raise UsageError(f"`{path}` exists already", "choose another name, or replace it with --force")
    emit((resource_dir("templates") / "init" / "threatmodel.yaml").read_text(encoding="utf-8"), path)
    say(f"wrote {path}; now run `threatmodel check {path}`")
