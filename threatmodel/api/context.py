"""Reads the context in which a version of a model is assessed: where it differs, a diff says so.

Both versions are assessed with the catalogs and the policy that stand here now. So no verdict moves because a
catalog did, and whoever reads the diff is told that one did, and which one counted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from threatmodel.api.workspace import LOCK, POLICY, PYPROJECT, TABLE
from threatmodel.diff.context import AssessmentContext
from threatmodel.errors import InputError

if TYPE_CHECKING:
    from threatmodel.policy.lock import Locked
    from threatmodel.source import Disk
    from threatmodel.source.revisions import Revision


def context_of(
    files: Disk | Revision, model: Path, config: Path | None = None, catalogs: tuple[Path, ...] | None = None
) -> AssessmentContext:
    """What judges the version of a model that `files` give.

    `config` and `catalogs` stand for the policy and the catalogs that the version names itself.
    Raises InputError when a lock file cannot be read.
    """
    above = tuple(_above(files, model))
    policy = _real(config) if config else _nearest(files, above)
    values = _values(files, policy) if policy else None
    plain = values or {}
    if catalogs is not None:
        folders = [_real(folder) for folder in catalogs]
    else:
        written = plain.get("catalogs")
        texts = written if isinstance(written, list) else [written] if written else []
        folders = [_real(policy.parent / str(text)) for text in texts] if policy else []
    baseline = _real(policy.parent / str(plain["baseline"])) if policy and plain.get("baseline") else None
    return AssessmentContext(
        policy.name if policy and values is not None else "",
        dict(_flat(plain)),
        {_name(files, folder): _digest(files, folder) for folder in folders},
        _locked(files, above),
        baseline.name if baseline else "",
        _known(files, baseline) if baseline else {},
    )


def _above(files: Disk | Revision, model: Path) -> Iterator[Path]:
    """The folder of a model and those above it up to the root of its repository; only its own without one."""
    folder = Path(os.path.realpath(Path(os.path.abspath(model)).parent))
    above = (folder, *folder.parents)
    root = next((f for f in above if files.exists(f / ".git")), folder)
    yield from above[: above.index(root) + 1]


def _nearest(files: Disk | Revision, above: tuple[Path, ...]) -> Path | None:
    """The policy file nearest above a model."""
    for folder in above:
        if files.is_file(folder / POLICY):
            return folder / POLICY
        if files.is_file(path := folder / PYPROJECT) and "tool.threatmodel" in _text(files, path):
            return path
    return None


def _values(files: Disk | Revision, policy: Path) -> dict[str, object] | None:
    """What a policy file says, plainly; None where there is none, its text where nobody can read it."""
    from threatmodel.source import parse
    from threatmodel.source.toml import parse_table

    if not files.is_file(policy):
        return None
    text = _text(files, policy)
    try:
        if policy.suffix == ".toml":
            table = parse_table(text, policy.name, TABLE)
            root = table.root if table else {}
        else:
            root = parse(text, policy.name).root
    except InputError as error:
        root = {} if [d.code for d in error.diagnostics] == ["empty-file"] else {"": text}
    return dict(root) if isinstance(root, dict) else {}


def _flat(values: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    """Every key with its value in words; one inside another is `outer.inner`."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            words = value if isinstance(value, list) else [value]
            yield f"{before}{key}", ", ".join(str(word) for word in words if word is not None)


def _locked(files: Disk | Revision, above: tuple[Path, ...]) -> Mapping[str, str] | None:
    """The editions of the lock file nearest above a model, by the names of their catalogs."""
    from threatmodel.policy.lock import parse_lock
    from threatmodel.source import LIMITS, parse

    for folder in above:
        if files.is_file(folder / LOCK):
            text = files.read(folder / LOCK, LOCK, LIMITS)
            return {one.name: _edition(one) for one in parse_lock(parse(text, LOCK)).catalogs}
    return None


def _edition(one: Locked) -> str:
    digest = one.digest.removeprefix("sha256:")[:12]
    return f"{one.version} ({digest})" if one.version else digest


def _name(files: Disk | Revision, folder: Path) -> str:
    """What a catalog is called: as it says itself, else as its folder."""
    from threatmodel.catalog.overlay.own_catalog import FRONT
    from threatmodel.source import parse

    if files.is_file(folder / FRONT):
        try:
            root = parse(_text(files, folder / FRONT), FRONT).root
        except InputError:
            return folder.name
        if isinstance(root, dict) and isinstance(root.get("name"), str):
            return str(root["name"])
    return folder.name


def _digest(files: Disk | Revision, folder: Path) -> str | None:
    """The beginning of a digest of the files in a folder, "" where there is none, None where none can be."""
    from threatmodel.catalog.overlay.editions import digest
    from threatmodel.source import LIMITS

    inside = files.under(folder)
    if inside is None:
        return None
    yaml = (p for p in inside if p.suffix in (".yaml", ".yml"))
    texts = {p.relative_to(folder).as_posix(): files.read(p, p.name, LIMITS) for p in yaml}
    return digest(texts).removeprefix("sha256:")[:12] if texts else ""


def _known(files: Disk | Revision, path: Path) -> Mapping[str, str]:
    """The severity of each gap in a baseline; nothing where there is none, or none that can be read."""
    from threatmodel.policy.baseline import parse_baseline
    from threatmodel.source import parse

    if not files.is_file(path):
        return {}
    try:
        return parse_baseline(parse(_text(files, path), path.name))
    except InputError:
        return {}


def _text(files: Disk | Revision, path: Path) -> str:
    from threatmodel.source import LIMITS

    return files.read(path, path.name, LIMITS).decode("utf-8", "replace").replace("\r\n", "\n")


def _real(path: Path) -> Path:
    """The path without links in its folders: revisions know files by these."""
    return Path(os.path.realpath(path.parent)) / path.name
