"""Options that several commands share, and how they become values."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from threatmodel.api.workspace import (
    DECISIONS,
    MODEL_NAMES,
    POLICY,
    check_catalogs,
    model_path,
    nearest_lock,
    nearest_policy,
)
from threatmodel.cli.inputs import reads
from threatmodel.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from threatmodel.api import Effective, Library, Review
    from threatmodel.catalog import Framework

Command = TypeVar("Command", bound=Callable[..., Any])

_CATALOGS = "threatmodel.catalogs"


def model_argument(command: Command) -> Command:
    """The model file; `-` is stdin, nothing is `threatmodel.yaml` here."""
    return click.argument("model", required=False, metavar="[MODEL]")(command)


def as_of_option(command: Command) -> Command:
    """The day on which agreements, evidence and waivers are in force."""
    return click.option(
        "--as-of",
        metavar="YYYY-MM-DD",
        help="Day on which agreements, evidence and waivers count (default: today).",
    )(command)


def decisions_option(command: Command) -> Command:
    """The decisions file."""
    return click.option(
        "--decisions",
        type=click.Path(path_type=Path),
        help="Waivers and requirement decisions (default: decisions.yaml beside the model).",
    )(command)


def config_option(command: Command) -> Command:
    """The policy file."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        envvar="THREATMODEL_CONFIG",
        help="Policy file (default: the nearest .threatmodel.yaml or pyproject.toml).",
    )(command)


def catalog_option(command: Command) -> Command:
    """The catalogs to lay over the shipped one, kept for `settings_of`: all commands treat them alike."""
    return click.option(
        "--catalog",
        "catalogs",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="DIR",
        expose_value=False,
        callback=_keep_catalogs,
        help="Folder of controls, frameworks and overrides of your own (repeatable; default: the policy's).",
    )(command)


def _keep_catalogs(context: click.Context, _: click.Parameter, folders: tuple[Path, ...]) -> None:
    context.meta[_CATALOGS] = folders


def output_option(command: Command) -> Command:
    """The file to write."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        callback=_no_dash,
        help="File to write, whole or not at all (default: stdout).",
    )(command)


def _no_dash(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """A dash is stdout, as no file is."""
    return None if path == Path("-") else path


def framework_option(command: Command) -> Command:
    """The frameworks: ids of the catalog, or files of others."""
    return click.option(
        "--framework",
        "names",
        multiple=True,
        metavar="NAME|FILE",
        help="Only this framework (repeatable): gdpr, hipaa, nist-800-53, or the file of your own.",
    )(command)


def refuse_severity(word: str | None, fail_on_unknown: bool) -> None:
    """Raises UsageError when a severity stands where a file or revision should: it was meant for the flag."""
    from threatmodel.model.words import SEVERITIES

    if fail_on_unknown and word in SEVERITIES and not Path(word).exists():
        raise UsageError(
            f"`--fail-on-unknown` takes no severity, and `{word}` is no file: it uses that of `--fail-on`",
            f"for a severity of its own write `fail-on-unknown: {word}` into .threatmodel.yaml, "
            f"or set THREATMODEL_FAIL_ON_UNKNOWN={word}",
        )


def day(text: str | None) -> str:
    """The ISO date of --as-of, today without one."""
    from threatmodel.api.review import iso_day

    return iso_day(text) if text else date.today().isoformat()


def settings_of(
    model: str | None, config: Path | None = None, given: Mapping[str, str | None] | None = None
) -> Effective:
    """The settings that count for a model, with what `--catalog` and the options in `given` say."""
    from threatmodel.api.settings import settings_for

    context = click.get_current_context(silent=True)
    catalogs = context.meta.get(_CATALOGS, ()) if context else ()
    start = policy_start(model)
    found = settings_for(start, config, given or {}, catalogs, os.environ)
    reads("policy file", config or nearest_policy(start) or start.parent / POLICY)
    if baseline := found.path("baseline"):
        reads("baseline", baseline)
    reads("catalog", *found.catalogs, *filter(None, [found.path("catalog")]))
    return found


def open_review(
    model: str | None,
    as_of: str | None,
    decisions: Path | None = None,
    settings: Effective | None = None,
    frameworks: tuple[str, ...] = (),
    *,
    locked: bool = False,
) -> Review:
    """The review of the named model file, of stdin (`-`), or of `threatmodel.yaml` in this folder.

    Settings that are not given are those of the nearest policy file. Of `frameworks` those that name a file,
    or are asked for by name only, are loaded beside those that always count. With `locked` a catalog that is
    not as the lock file has it stops.
    """
    from threatmodel import api

    own = tuple(file for name in frameworks if (file := _framework_file(name)))
    reads("framework file", *own)
    library = (settings or settings_of(model)).library(own)
    if locked:
        stop_unless_locked(policy_start(model), library)
    if model == "-":
        from threatmodel.source import parse

        document = parse(sys.stdin.buffer.read(), "<stdin>")
        reads("decisions file", *filter(None, [decisions]))
        return api.parse(document, library, day(as_of), decisions)
    path = model_path(model)
    reads_model(path)
    review = api.load(path, library, day(as_of), decisions)
    reads("model", *(Path(document.file) for document in review.model.documents))
    reads("decisions file", *filter(None, [decisions]))
    return review


def reads_model(path: Path) -> None:
    """Keeps that a model is read, and the decisions beside it, which may be written at any time."""
    reads("model", path)
    reads("decisions file", path.parent / DECISIONS)


def stop_unless_locked(model: Path, library: Library) -> None:
    """Raises InputError when a lock file stands above a model and a catalog is not as it says."""
    if lock := nearest_lock(model):
        reads("lock file", lock)
        check_catalogs(lock, library)


def _framework_file(framework: str) -> Path | None:
    """The file of a framework that does not always count: a user's, or one that is asked for by name."""
    return Path(framework) if is_file_name(framework) else asked_by_name().get(framework)


def asked_by_name() -> dict[str, Path]:
    """The files of the shipped frameworks that count only where they are named, by id."""
    from threatmodel.resources import resource_dir

    return {path.stem: path for path in resource_dir("catalogs").glob("frameworks/by-name/*.yaml")}


def is_file_name(framework: str) -> bool:
    """Whether a framework is named by its file: ids have no slash and no such ending."""
    return "/" in framework or framework.endswith((".yaml", ".yml"))


def chosen_frameworks(review: Review, names: tuple[str, ...]) -> tuple[Framework, ...]:
    """The frameworks that are named, by id or file, all there are when none is; raises UsageError."""
    known = {f.id: f for f in review.library.frameworks}
    files = {f.document.file: f.id for f in known.values()}
    wanted = [files.get(Path(n).as_posix(), n) if is_file_name(n) else n for n in names]
    for name in wanted:
        if name not in known:
            every = sorted({*known, *asked_by_name()})
            help = did_you_mean(name, every) or f"there are: {', '.join(every)}"
            raise UsageError(f"no framework `{name}`", help)
    return tuple(f for id, f in known.items() if not names or id in wanted)


def policy_start(model: str | None) -> Path:
    """The file from whose folder on a policy file is looked for: a model, or one that could be here."""
    path = Path("." if model in (None, "-") else str(model))
    return path / MODEL_NAMES[0] if path.is_dir() else path
