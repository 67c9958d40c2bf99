"""`threatmodel catalog`: list, show, lint and test the controls."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from threatmodel.cli.output import say, tell
from threatmodel.errors import UsageError


@click.group(name="catalog")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="A catalog folder with kinds, controls and frameworks (default: the shipped one).",
)
@click.pass_context
def command(ctx: click.Context, folder: Path | None) -> None:
    """List, show, lint and test the controls."""
    from threatmodel.api import Library

    if folder is not None and not folder.is_dir():
        raise UsageError(f"there is no folder `{folder}`")
    ctx.obj = Library(folder)


@command.command(name="list")
@click.option("--layer", help="Only this layer.")
@click.option("--tag", help="Only controls with this tag, such as ai or kubernetes.")
@click.pass_context
def list_(ctx: click.Context, layer: str | None, tag: str | None) -> None:
    """List every control by layer."""
    from threatmodel.catalog import LAYERS, TAGS

    _known("layer", layer, LAYERS)
    _known("tag", tag, TAGS)
    controls = [c for c in ctx.obj.catalog.controls.values() if tag is None or tag in c.tags]
    for name, meaning in LAYERS.items():
        found = [c for c in controls if c.layer == name]
        if found and layer in (None, name):
            click.echo(f"{name}: {meaning}")
            for c in found:
                tags = f" [{', '.join(c.tags)}]" if c.tags else ""
                click.echo(f"  {c.id:28}{c.severity:10}{c.title}{tags}")


def _known(what: str, word: str | None, words: Mapping[str, str]) -> None:
    from threatmodel.errors import did_you_mean

    if word is not None and word not in words:
        raise UsageError(f"no {what} `{word}`", did_you_mean(word, words) or f"one of {', '.join(words)}")


@command.command(name="show")
@click.argument("control")
@click.pass_context
def show(ctx: click.Context, control: str) -> None:
    """Show one CONTROL as its file has it."""
    from threatmodel.api import control_named

    click.echo(control_named(control, ctx.obj.catalog.controls).document.text, nl=False)


@command.command(name="lint")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False), metavar="[FRAMEWORK]...")
@click.pass_context
def lint_(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Check every control and framework file, and those of your own FRAMEWORKs; exit with 1 on an error."""
    from threatmodel.api import Library
    from threatmodel.catalog import lint
    from threatmodel.catalog.references import lint_references, load_references
    from threatmodel.resources import resource_dir

    controls = ctx.obj.catalog.controls
    official = Library().frameworks
    frameworks = Library(ctx.obj.folder, files).frameworks if files else ctx.obj.frameworks
    pinned = load_references(resource_dir("catalogs"), ctx.obj.folder)
    found = (*lint(controls, frameworks, official), *lint_references(controls.values(), pinned))
    tell(found)
    errors = sum(d.level == "error" for d in found)
    say(f"{len(controls)} controls, {errors} errors, {len(found) - errors} warnings and notes")
    if errors:
        raise click.exceptions.Exit(1)


@command.command(name="test")
@click.argument("names", nargs=-1, metavar="[CONTROL]...")
@click.pass_context
def test(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Run the examples of every control (or of those named); exit with 1 when one fails."""
    from threatmodel.api import control_named
    from threatmodel.examples import run_examples

    controls = ctx.obj.catalog.controls
    chosen = [control_named(n, controls) for n in names] or list(controls.values())
    marks = failures = 0
    for control in chosen:
        outcome = run_examples(control, ctx.obj)
        marks += outcome.marks
        failures += len(outcome.failures)
        tell(outcome.failures)
    say(f"{len(chosen)} controls, {marks} marked lines, {failures} failures")
    if failures:
        raise click.exceptions.Exit(1)
