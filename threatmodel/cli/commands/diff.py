"""`threatmodel diff`: what a change does to the security of the system, for a pull request."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from threatmodel.cli.commands.check import SEVERITIES
from threatmodel.cli.commands.report import drawn
from threatmodel.cli.failure import reasons_of_diff, say_why
from threatmodel.cli.formats import chosen_format, format_option
from threatmodel.cli.inputs import reads
from threatmodel.cli.options import (
    LOCK,
    MODEL_NAMES,
    as_of_option,
    catalog_option,
    config_option,
    day,
    library_of,
    model_path,
    output_option,
    reads_model,
    refuse_severity,
    settings_of,
    stop_unless_locked,
)
from threatmodel.cli.output import emit, say, screen
from threatmodel.cli.targets import in_repository
from threatmodel.errors import InputError, UsageError, quoted

if TYPE_CHECKING:
    from threatmodel.api import Library, Review
    from threatmodel.source import Disk
    from threatmodel.source.revisions import Revision

LEVELS = ("public", "internal", "confidential", "restricted", "never")


class Source(NamedTuple):
    """Where one version is read from: what people call it, its file, and what gives the files.

    A revision from before the model was `absent` stands for a model with nothing in it.
    """

    label: str
    path: Path
    files: Disk | Revision
    shown: str | None
    absent: bool = False

    @property
    def name(self) -> str:
        """The path of the model from the root of the repository."""
        return self.shown or in_repository(self.path)


@click.command(name="diff")
@click.argument("base", metavar="BASE")
@click.argument("head", metavar="[HEAD]", required=False)
@click.option(
    "--model",
    "model",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The model inside revisions (default: threatmodel.yaml here).",
)
@format_option("changes")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    help="Exit with 1 when the change opens or worsens a gap that severe (default: the policy's, or high).",
)
@click.option(
    "--fail-on-unknown",
    is_flag=True,
    help="Let results that become unknown fail at the severity of --fail-on (another: the policy's).",
)
@click.option(
    "--fail-on-reach",
    type=click.Choice(LEVELS),
    help="Exit with 1 when data that confidential newly stand where untrusted ground reaches: their element "
    "is reached for the first time, or they are new there (default: the policy's). A shorter way, or one "
    "past fewer controls, to what was reached before fails by its gaps, or with --fail-on-unknown.",
)
@config_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever the change does.")
@click.option(
    "--dot", "program", metavar="PROGRAM", envvar="THREATMODEL_DOT", help="The dot program to draw with."
)
@catalog_option
@as_of_option
@output_option
def command(
    base: str,
    head: str | None,
    model: Path | None,
    form: str,
    fail_on: str | None,
    fail_on_unknown: bool,
    fail_on_reach: str | None,
    config: Path | None,
    exit_zero: bool,
    program: str | None,
    as_of: str | None,
    output: Path | None,
) -> None:
    """Say what changes for security from BASE to HEAD.

    \b
    threatmodel diff old.yaml new.yaml          two files, or two folders
    threatmodel diff main..HEAD                 two revisions; ... starts where they parted
    threatmodel diff main                       a revision and the working tree
    threatmodel diff HEAD~3:shop/model.yaml     a file of a revision, and the same file here
    threatmodel diff main:old/m.yaml HEAD:new/m.yaml    two paths

    A name that is no file is a git revision. Titles, descriptions, comments and order change nothing.
    """
    from threatmodel import diff
    from threatmodel.cli.beside import Side, judges
    from threatmodel.diff.judges import beside_changes
    from threatmodel.export.comparison import Comparison
    from threatmodel.policy import failing
    from threatmodel.source import DISK

    refuse_severity(base, fail_on_unknown)
    refuse_severity(head, fail_on_unknown)
    sources, today = _met(*_sources(base, head, model)), day(as_of)
    if sources[1].absent:
        help = "name it with `--model`, or where it stands elsewhere both: `BASE:PATH HEAD:PATH`"
        raise _no_model(sources[1].shown or "", sources[1].label, help)
    later = sources[1].path
    chosen = chosen_format("changes", form, str(later), config)
    settings = settings_of(str(later), config, {"fail-on": fail_on, "fail-on-reach": fail_on_reach})
    gate = settings.gate(unknowns=fail_on_unknown)
    library = library_of(settings)
    stop_unless_locked(later, library)
    new = _review(sources[1], library, today)
    old = _review(sources[0], library, today, new.model.name)
    before, after = old.version(), new.version()
    own = settings.catalogs if settings.given("catalogs") else None
    was, now = (judges(Side(source.files, source.path), config, own) for source in sources)
    here = judges(Side(DISK, later), config, own)
    beside = beside_changes(was, now, here, LOCK, gated=not settings.given("fail-on"))
    changes = diff.compare(before, after)._replace(beside=beside)
    for source, review in zip(sources, (old, new), strict=True):
        _keep_inputs(source, review)
    shown = Comparison(changes, before, after, sources[1].name, partial(drawn, program), screen(output))
    emit(chosen.write(shown), output)
    gaps = {f.key for f in failing(after.assessment, gate, after.graph).findings}
    reach = settings.value("fail-on-reach")
    if not exit_zero and diff.fails(changes, gaps, gate.unknown, reach):
        if output is not None or form != "text":
            say_why(reasons_of_diff(changes, gaps, gate, reach))
        raise click.exceptions.Exit(1)


def _keep_inputs(source: Source, review: Review) -> None:
    """The files of a version, under the names that they have in the working tree: no output replaces them."""
    full = Path(os.path.abspath(source.path))
    above = len(Path(source.shown).parts) if source.shown else 0
    base = full.parents[above - 1] if above else Path()
    reads_model(full)
    reads("model", *(base / document.file for document in review.model.documents))


def _review(source: Source, library: Library, as_of: str, name: str = "") -> Review:
    from threatmodel import api

    if source.absent:
        from threatmodel.source import parse

        say(f"{source.label} has no model `{source.shown}`: everything in it is new")
        nothing = json.dumps({"threatmodel": 1, "name": name})
        return api.parse(parse(nothing, source.shown or ""), library, as_of)
    try:
        return api.load(source.path, library, as_of, files=source.files, shown=source.shown)
    except InputError:
        say(f"error: the model in {source.label} is not valid:")
        raise


def _sources(base: str, head: str | None, model: Path | None) -> tuple[Source, Source]:
    """The two versions that the arguments name."""
    if head is not None:
        return _source(base, model), _source(head, model)
    if ".." in base and ":" not in base and not Path(base).exists():
        first, dots, last = base.partition("..." if "..." in base else "..")
        if first.endswith("/") or last.startswith("/"):
            raise UsageError(f"there is no file `{base}`")
        start, end = first or "HEAD", last or "HEAD"
        return _revision(start, model, parted_from=end if dots == "..." else None), _revision(end, model)
    if Path(base).exists():
        raise UsageError(
            f"`{base}` is a file, and there is nothing to compare it with", "name the later one too"
        )
    return _source(base, model), _working_tree(base, model)


def _source(name: str, model: Path | None) -> Source:
    from threatmodel.source import DISK

    if Path(name).exists():
        return Source(f"`{name}`", model_path(name), DISK, None)
    if Path(name).suffix in (".yaml", ".yml") and ":" not in name:
        raise UsageError(f"cannot read `{name}`: no such file")
    return _revision(name, model)


def _revision(name: str, model: Path | None, parted_from: str | None = None) -> Source:
    """A model in a revision: `REV`, `REV:PATH` from the root of the repository, `REV:./PATH` from here.

    A revision may be older than the model, unless a path says that it has one.
    """
    from threatmodel.source.revisions import Repository

    revision, _, path = name.partition(":")
    repository = Repository(Path.cwd())
    files = repository.at(repository.merge_base(revision, parted_from) if parted_from else revision)
    full = repository.root / repository.inside(_named(path, repository.root) if path else model or Path())
    if files.is_dir(full):
        full = next((full / n for n in MODEL_NAMES if files.is_file(full / n)), full / MODEL_NAMES[0])
    shown = full.relative_to(repository.root).as_posix()
    absent = not files.is_file(full)
    if absent and path:
        raise _no_model(shown, quoted(name))
    return Source(f"`{name}`", full, files, shown, absent)


def _met(before: Source, after: Source) -> tuple[Source, Source]:
    """Both versions, that of a side without the model where it was moved to or from."""
    if before.absent and not after.absent:
        before = _moved(before, after)
    elif after.absent and not before.absent:
        after = _moved(after, before)
    return before, after


def _moved(absent: Source, other: Source) -> Source:
    """The version at the only path at which its revision has the same model and the other side has none.

    The same model has the same name, in a file that is called alike or as usual.
    """
    from threatmodel.source.revisions import Revision

    if not isinstance(files := absent.files, Revision):
        return absent
    name, called = _model_name(other.files, other.path), {*MODEL_NAMES, other.path.name}
    elsewhere = [p for p in files.under(files.root) or () if p.name in called and not other.files.is_file(p)]
    found = [p for p in elsewhere if name and _model_name(files, p) == name]
    if len(found) != 1:
        return absent
    shown = found[0].relative_to(files.root).as_posix()
    say(f"the model {quoted(absent.shown or '')} is {quoted(shown)} in {absent.label}: these are compared")
    return absent._replace(path=found[0], shown=shown, absent=False)


def _model_name(files: Disk | Revision, path: Path) -> str:
    """What the model in a file is called, "" where nobody can read it."""
    from threatmodel.source import LIMITS, parse

    try:
        root = parse(files.read(path, path.name, LIMITS), path.name).root
    except InputError:
        return ""
    return str(root.get("name") or "") if isinstance(root, dict) else ""


def _no_model(shown: str, where: str, help: str = "name it with `--model`") -> UsageError:
    return UsageError(f"there is no model {quoted(shown)} in {where}", help)


def _named(path: str, root: Path) -> Path:
    """The path after the colon of `REV:PATH`: from the root, as git takes it, or `./` from here."""
    return Path(path) if path.startswith(("./", "../")) else root / path


def _working_tree(base: str, model: Path | None) -> Source:
    """The file of the working tree that a revision's file is compared with."""
    from threatmodel.source import DISK
    from threatmodel.source.revisions import Repository

    _, _, path = base.partition(":")
    if not path:
        return Source("the working tree", model_path(str(model) if model else None), DISK, None)
    repository = Repository(Path.cwd())
    full = model_path(str(_named(path, repository.root)))
    return Source("the working tree", full, DISK, repository.inside(full))
