"""The two versions of a model that are compared: files, folders, or revisions in git."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from threatmodel.api.workspace import MODEL_NAMES, model_path
from threatmodel.errors import InputError, UsageError, quoted
from threatmodel.source import DISK, LIMITS, Disk, parse
from threatmodel.source.revisions import Repository, Revision


class Source(NamedTuple):
    """Where one version is read from: what people call it, its file, and what gives the files.

    A revision from before the model was `absent` stands for a model with nothing in it. Where the model has
    moved since, or before, `moved_from` is its path on the other side, and `shown` is the one here.
    """

    label: str
    path: Path
    files: Disk | Revision
    shown: str | None
    absent: bool = False
    moved_from: str | None = None


def named_sources(base: str, head: str | None, model: Path | None) -> tuple[Source, Source]:
    """The versions that two names mean, or one as in `main..HEAD`; `model` is the file inside revisions.

    Raises UsageError where a name means nothing, or the later version has no model.
    """
    before, after = _named(base, head, model)
    if before.absent and not after.absent:
        before = _moved(before, after)
    elif after.absent and not before.absent:
        after = _moved(after, before)
    if after.absent:
        help = "name it with `--model`, or where it stands elsewhere both: `BASE:PATH HEAD:PATH`"
        raise _no_model(after.shown or "", after.label, help)
    return before, after


def _named(base: str, head: str | None, model: Path | None) -> tuple[Source, Source]:
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
    if Path(name).exists():
        return Source(f"`{name}`", model_path(name), DISK, None)
    if Path(name).suffix in (".yaml", ".yml") and ":" not in name:
        raise UsageError(f"cannot read `{name}`: no such file")
    return _revision(name, model)


def _revision(name: str, model: Path | None, parted_from: str | None = None) -> Source:
    """A model in a revision: `REV`, `REV:PATH` from the root of the repository, `REV:./PATH` from here.

    A revision may be older than the model, unless a path says that it has one.
    """
    revision, _, path = name.partition(":")
    repository = Repository(Path.cwd())
    files = repository.at(repository.merge_base(revision, parted_from) if parted_from else revision)
    full = repository.root / repository.inside(
        _path_named(path, repository.root) if path else model or Path()
    )
    if files.is_dir(full):
        full = next((full / n for n in MODEL_NAMES if files.is_file(full / n)), full / MODEL_NAMES[0])
    shown = full.relative_to(repository.root).as_posix()
    absent = not files.is_file(full)
    if absent and path:
        raise _no_model(shown, quoted(name))
    return Source(f"`{name}`", full, files, shown, absent)


def _moved(absent: Source, other: Source) -> Source:
    """The version at the only path at which its revision has the same model and the other side has none.

    The same model has the same name, in a file that is called alike or as usual.
    """
    if not isinstance(files := absent.files, Revision):
        return absent
    name, called = _model_name(other.files, other.path), {*MODEL_NAMES, other.path.name}
    elsewhere = [p for p in files.under(files.root) or () if p.name in called and not other.files.is_file(p)]
    found = [p for p in elsewhere if name and _model_name(files, p) == name]
    if len(found) != 1:
        return absent
    shown = found[0].relative_to(files.root).as_posix()
    return absent._replace(path=found[0], shown=shown, absent=False, moved_from=absent.shown)


def _model_name(files: Disk | Revision, path: Path) -> str:
    """What the model in a file is called, "" where nobody can read it."""
    try:
        root = parse(files.read(path, path.name, LIMITS), path.name).root
    except InputError:
        return ""
    return str(root.get("name") or "") if isinstance(root, dict) else ""


def _no_model(shown: str, where: str, help: str = "name it with `--model`") -> UsageError:
    return UsageError(f"there is no model {quoted(shown)} in {where}", help)


def _path_named(path: str, root: Path) -> Path:
    """The path after the colon of `REV:PATH`: from the root, as git takes it, or `./` from here."""
    return Path(path) if path.startswith(("./", "../")) else root / path


def _working_tree(base: str, model: Path | None) -> Source:
    """The file of the working tree that a revision's file is compared with."""
    _, _, path = base.partition(":")
    if not path:
        return Source("the working tree", model_path(str(model) if model else None), DISK, None)
    repository = Repository(Path.cwd())
    full = model_path(str(_path_named(path, repository.root)))
    return Source("the working tree", full, DISK, repository.inside(full))
