"""What stands beside two versions of a model and judges them: where it differs, a diff says so.

Both versions are assessed with the catalogs and the policy that stand here now. So no verdict moves because a
catalog did, and whoever reads the diff is told that one did.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from threatmodel.cli.options import LOCK
from threatmodel.cli.settings import FILE, TABLE
from threatmodel.diff import BesideChange

if TYPE_CHECKING:
    from threatmodel.catalog.editions import Edition
    from threatmodel.policy.lock import Locked
    from threatmodel.revisions import Revision
    from threatmodel.source import Disk

Side: TypeAlias = "tuple[Disk | Revision, Path]"
"""Where a version is read from, and the file of its model."""


def beside_changes(
    before: Side, after: Side, own: Mapping[Path, Edition], policy: Path | None
) -> tuple[BesideChange, ...]:
    """The catalogs and the policy file that are not the same on both sides.

    `own` are the folders of catalogs that are laid over the shipped one. Raises InputError when a lock file
    cannot be read.
    """
    old, new = (_locked(*side) for side in (before, after))
    found = dict(_differing(old, new)) if old and new else {}
    for folder, edition in own.items():
        was, now = (_digest(side[0], folder) for side in (before, after))
        if was != now and None not in (was, now):
            found.setdefault(edition.name, (was or "", now or ""))
    changes = [BesideChange("catalog", name, *pair) for name, pair in sorted(found.items())]
    if policy and _said(before[0], policy) != _said(after[0], policy):
        changes.append(BesideChange("policy", policy.name, "", ""))
    return tuple(changes)


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    for name in old.keys() | new.keys():
        pair = old.get(name, ""), new.get(name, "")
        if pair[0] != pair[1]:
            yield name, pair


def _locked(files: Disk | Revision, model: Path) -> Mapping[str, str]:
    """The editions of the lock file nearest above a model, by the names of their catalogs."""
    from threatmodel.policy.lock import parse_lock
    from threatmodel.source import LIMITS, parse

    folder = Path(os.path.abspath(model)).parent
    above = (folder, *folder.parents)
    root = next((f for f in above if files.exists(f / ".git")), folder)
    for candidate in above[: above.index(root) + 1]:
        if files.is_file(candidate / LOCK):
            text = files.read(candidate / LOCK, LOCK, LIMITS)
            return {one.name: _edition(one) for one in parse_lock(parse(text, LOCK)).catalogs}
    return {}


def _edition(one: Locked) -> str:
    digest = one.digest.removeprefix("sha256:")[:12]
    return f"{one.version} ({digest})" if one.version else digest


def _digest(files: Disk | Revision, folder: Path) -> str | None:
    """The beginning of a digest of the files in a folder, "" where there is none, None where none can be."""
    from threatmodel.catalog.editions import digest
    from threatmodel.source import LIMITS

    here = Path(os.path.realpath(folder))
    inside = files.under(here)
    if inside is None:
        return None
    texts = {p.relative_to(here).as_posix(): files.read(p, p.name, LIMITS) for p in inside if _is_yaml(p)}
    return digest(texts).removeprefix("sha256:")[:12] if texts else ""


def _is_yaml(path: Path) -> bool:
    return path.suffix in (".yaml", ".yml")


def _said(files: Disk | Revision, policy: Path) -> object:
    """What a policy file says; of a project file its table only."""
    from threatmodel.source import LIMITS

    path = Path(os.path.realpath(policy.parent)) / policy.name
    if not files.is_file(path):
        return None
    text = files.read(path, path.name, LIMITS).decode("utf-8", "replace").replace("\r\n", "\n")
    if path.name == FILE:
        return text
    try:
        found: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return text
    for name in TABLE:
        found = found.get(name) if isinstance(found, dict) else None
    return found
