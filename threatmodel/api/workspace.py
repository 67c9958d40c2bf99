"""Where a model, its policy, its decisions and its lock stand on the disk."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from threatmodel.errors import UsageError

if TYPE_CHECKING:
    from threatmodel.catalog.library import Library

MODEL_NAMES: Final = ("threatmodel.yaml", "threatmodel.yml")
DECISIONS: Final = "decisions.yaml"
LOCK: Final = "threatmodel.lock"
POLICY: Final = ".threatmodel.yaml"
PYPROJECT: Final = "pyproject.toml"
TABLE: Final = ("tool", "threatmodel")
"""The table of `pyproject.toml` that is a policy, too."""


def model_path(model: str | None) -> Path:
    """The path of a model: as named, or the one file of the usual name in a folder."""
    path = Path(model or ".")
    if not path.is_dir():
        return path
    for name in MODEL_NAMES:
        if (path / name).is_file():
            return path / name
    where = f"`{model}`" if model else "this folder"
    raise UsageError(
        f"there is no `{MODEL_NAMES[0]}` in {where}", "name a model file, or run `threatmodel init`"
    )


def folders_above(model: Path) -> tuple[Path, ...]:
    """The folder of a model and those above it up to the root of its repository; only its own without one."""
    folder = Path(os.path.abspath(model)).parent
    above = (folder, *folder.parents)
    root = next((f for f in above if (f / ".git").exists()), folder)
    return above[: above.index(root) + 1]


def nearest_policy(model: Path) -> Path | None:
    """The policy file nearest above a model, up to the root of its repository, or else beside it only."""
    for folder in folders_above(model):
        if os.path.lexists(folder / POLICY):  # a folder of that name stops the run when it is read
            return folder / POLICY
        if os.path.lexists(path := folder / PYPROJECT) and _speaks(path):
            return path
    return None


def nearest_lock(model: Path) -> Path | None:
    """The lock file nearest above a model, looked for as its policy is."""
    return next((p for folder in folders_above(model) if os.path.lexists(p := folder / LOCK)), None)


def check_catalogs(lock: Path | None, library: Library) -> None:
    """Raises InputError when there is a lock file and a catalog is not as it says."""
    if lock is None:
        return
    from threatmodel.policy.lock import check_lock, parse_lock
    from threatmodel.source import read

    check_lock(parse_lock(read(lock, os.path.relpath(lock))), library.editions)


def _speaks(path: Path) -> bool:
    """Whether a file may hold settings; one that cannot be read may, so that reading it stops the run."""
    try:
        return b"tool.threatmodel" in path.read_bytes()
    except OSError:
        return True
