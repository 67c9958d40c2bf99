"""`threatmodel catalog`: list, show, lint and test controls, write new ones, and lock what is used."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.api.workspace import LOCK, folders_above, nearest_policy
from threatmodel.cli.options import asked_by_name, catalog_option, policy_start, settings_of
from threatmodel.cli.output import emit, say, tell
from threatmodel.errors import UsageError

if TYPE_CHECKING:
    from threatmodel.api import Library
    from threatmodel.catalog import Control


@click.group(name="catalog")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="A whole catalog: kinds, controls and frameworks (default: the policy's, else the shipped one).",
)
@click.pass_context
def command(ctx: click.Context, folder: Path | None) -> None:
    """List, show, lint and test the controls, write new ones, and lock what is used."""
    if folder is not None and not folder.is_dir():
        raise UsageError(f"there is no folder `{folder}`")
    ctx.obj = folder


def _library(folder: Path | None, files: tuple[Path, ...] = ()) -> Library:
    """The catalogs that the group's option, `--catalog` and the policy file name."""
    from threatmodel.api import Library

    settings = settings_of(None)
    return Library(folder, files, settings.catalogs) if folder else settings.library(files)


@command.command(name="list")
@click.option("--layer", help="Only this layer.")
@click.option("--tag", help="Only controls with this tag, such as ai or kubernetes.")
@catalog_option
@click.pass_obj
def list_(folder: Path | None, layer: str | None, tag: str | None) -> None:
    """List every control by layer."""
    from threatmodel.catalog import LAYERS, TAGS
    from threatmodel.render.text.escape import terminal

    _known("layer", layer, LAYERS)
    _known("tag", tag, TAGS)
    controls = [c for c in _library(folder).catalog.controls.values() if tag is None or tag in c.tags]
    for name, meaning in LAYERS.items():
        found = [c for c in controls if c.layer == name]
        if found and layer in (None, name):
            click.echo(f"{name}: {meaning}")
            for c in found:
                tags = f" [{', '.join(c.tags)}]" if c.tags else ""
                off = f" (disabled by the catalog `{c.disabled.catalog}`)" if c.disabled else ""
                click.echo(terminal(f"  {c.id:28}{c.severity:10}{c.title}{tags}{off}"))


def _known(what: str, word: str | None, words: Mapping[str, str]) -> None:
    from threatmodel.errors import did_you_mean

    if word is not None and word not in words:
        raise UsageError(f"no {what} `{word}`", did_you_mean(word, words) or f"one of {', '.join(words)}")


@command.command(name="show")
@click.argument("control")
@catalog_option
@click.pass_obj
def show(folder: Path | None, control: str) -> None:
    """Show one CONTROL as its file has it, and as comments what your catalogs change in it."""
    from threatmodel.api import control_named
    from threatmodel.render.text.escape import terminal, visible

    found = control_named(control, _library(folder).catalog.controls)
    click.echo(visible(found.document.text), nl=not found.document.text.endswith("\n"))
    for change in found.changes:
        reason = f": {change.reason}" if change.reason else ""
        click.echo(terminal(f"# by the catalog `{change.catalog}`: {change.what}{reason} ({change.span})"))


@command.command(name="lint")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False), metavar="[FRAMEWORK]...")
@catalog_option
@click.pass_obj
def lint_(folder: Path | None, files: tuple[Path, ...]) -> None:
    """Check controls and frameworks, and those of your own FRAMEWORKs; exit with 1 on an error.

    Where you have catalogs of your own, only what they hold is told.
    """
    from threatmodel.api import Library
    from threatmodel.catalog import lint
    from threatmodel.catalog.overlay.own_catalog import read_own_catalog
    from threatmodel.catalog.references import lint_references, load_references
    from threatmodel.resources import resource_dir

    library = _library(folder, (*files, *asked_by_name().values()))
    controls = _own(library)
    found = lint(library.catalog.controls, library.frameworks, Library().frameworks, controls)
    pinned = load_references(resource_dir("catalogs"), library.folder, *library.catalogs)
    overrides = [o for path in library.catalogs if (o := read_own_catalog(path)[0].overrides)]
    found += tuple(lint_references(controls.values(), pinned, overrides))
    tell(found)
    errors = sum(d.level == "error" for d in found)
    counts = [_counted(len(controls), "control")]
    if changed := sum(len(file.entries) for file in overrides):
        counts.append(_counted(changed, "override"))
    others = len(found) - errors
    counts += [
        _counted(errors, "error"),
        "1 warning or note" if others == 1 else f"{others} warnings and notes",
    ]
    say(", ".join(counts))
    if errors:
        raise click.exceptions.Exit(1)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _own(library: Library) -> Mapping[str, Control]:
    """The controls that catalogs of the user add, or all of them where there is none."""
    controls = library.catalog.controls
    if not library.catalogs:
        return controls
    return {name: controls[name] for edition in library.catalog.added for name in edition.controls}


@command.command(name="test")
@click.argument("names", nargs=-1, metavar="[CONTROL]...")
@catalog_option
@click.pass_obj
def test(folder: Path | None, names: tuple[str, ...]) -> None:
    """Run the examples of every control (or of those named); exit with 1 when one fails.

    Where you have catalogs of your own, those of their controls.
    """
    from threatmodel.api import control_named
    from threatmodel.api.examples import run_examples

    library = _library(folder)
    chosen = [control_named(n, library.catalog.controls) for n in names] or list(_own(library).values())
    marks = failures = 0
    for control in chosen:
        outcome = run_examples(control, library)
        marks += outcome.marks
        failures += len(outcome.failures)
        tell(outcome.failures)
    counts = ((len(chosen), "control"), (marks, "marked line"), (failures, "failure"))
    say(", ".join(_counted(number, noun) for number, noun in counts))
    if failures:
        raise click.exceptions.Exit(1)


@command.command(name="new")
@click.argument("name", metavar="ID")
@click.option(
    "--layer", metavar="LAYER", default="governance", show_default=True, help="The layer that it belongs to."
)
@click.option(
    "--subject", metavar="SUBJECT", default="service", show_default=True, help="What it is asked of."
)
@click.option(
    "--dir",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    help="The catalog to write to (default: the first one of the policy file, else `catalog`).",
)
@click.pass_obj
def new(folder: Path | None, name: str, layer: str, subject: str, target: Path | None) -> None:
    """Write a first version of the control ID, with comments, to a catalog of your own; replace nothing.

    It passes `catalog lint` and `catalog test` as it is written.
    """
    from threatmodel.api import Library
    from threatmodel.catalog import LAYERS, SUBJECTS
    from threatmodel.catalog.scaffold import control_text, fit_for_a_file

    _known("layer", layer, LAYERS)
    _known("subject", subject, dict.fromkeys(SUBJECTS, ""))
    if not fit_for_a_file(name):
        help = "use small letters, digits and single hyphens, such as `review-access`"
        raise UsageError(f"`{name}` is no id for a control", help)
    root = target or _first_named() or Path("catalog")
    path = root / "controls" / layer / f"{name}.yaml"
    if name in Library(folder).catalog.controls:
        help = "to change it, write an override; a control of your own needs another id"
        raise UsageError(f"there is a control `{name}` already", help)
    if found := next(root.glob(f"controls/*/{name}.yaml"), None):
        raise UsageError(f"`{found}` exists already")
    path.parent.mkdir(parents=True, exist_ok=True)
    emit(control_text(name, layer, subject), path, "catalog")
    say(f"wrote {path}")
    say(f"now run `threatmodel catalog test --catalog {root}`, and `catalog lint` likewise")


def _first_named() -> Path | None:
    """The first catalog that the policy file names: it need not be there yet."""
    from threatmodel.api.settings import load_settings

    policy = nearest_policy(policy_start(None))
    names = load_settings(policy).catalogs if policy else ()
    return Path(os.path.relpath(policy.parent / names[0])) if policy and names else None


@command.command(name="lock")
@catalog_option
@click.option("--check", is_flag=True, help="Write nothing; exit with 2 when a catalog differs.")
@click.pass_obj
def lock(folder: Path | None, check: bool) -> None:
    """Write down name, version and digest of each catalog in threatmodel.lock; `check` and `diff` hold to it.

    The file that is there is written anew; else it is made beside the policy file or in the root of the
    repository.
    """
    from threatmodel.cli.options import stop_unless_locked
    from threatmodel.policy.lock import lock_text

    library = _library(folder)
    here = policy_start(None)
    target = next(_lock_files(here))
    if check:
        if not os.path.lexists(target):
            raise UsageError(f"there is no `{LOCK}`", "write one with `threatmodel catalog lock`")
        stop_unless_locked(here, library)
        return
    emit(lock_text(library.editions), target, "lock file")
    say(f"wrote {target}: {_counted(len(library.editions), 'catalog')}")


def _lock_files(model: Path) -> Iterator[Path]:
    """Where the lock file is, or else is to be made, the best place first."""
    folders = folders_above(model)
    yield from (Path(os.path.relpath(f / LOCK)) for f in folders if os.path.lexists(f / LOCK))
    policy = nearest_policy(model)
    yield Path(os.path.relpath((policy.parent if policy else folders[-1]) / LOCK))
