"""Where the bytes of a file come from: the disk, or whatever else gives files by their paths."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Protocol

from threatmodel.source.text import Limits, read_bytes


class Files(Protocol):
    """Files by their paths: enough to read a model with all that it includes."""

    def resolve(self, path: Path) -> Path:
        """The absolute path without links and `..`; raises OSError, ValueError or RuntimeError."""

    def exists(self, path: Path) -> bool:
        """Whether there is a file or a folder."""

    def is_file(self, path: Path) -> bool:
        """Whether there is a file."""

    def is_dir(self, path: Path) -> bool:
        """Whether there is a folder."""

    def read(self, path: Path, name: str, limits: Limits) -> bytes:
        """The bytes of a file, one more than allowed at most; raises InputError that says `name`."""


class Disk:
    """The files of this machine."""

    def resolve(self, path: Path) -> Path:
        """The absolute path without links and `..`."""
        return path.resolve()

    def exists(self, path: Path) -> bool:
        """Whether there is a file, a folder, or a link, even one that leads nowhere."""
        return os.path.lexists(path)

    def is_file(self, path: Path) -> bool:
        """Whether there is a file."""
        return path.is_file()

    def is_dir(self, path: Path) -> bool:
        """Whether there is a folder."""
        return path.is_dir()

    def read(self, path: Path, name: str, limits: Limits) -> bytes:
        """The bytes of a file, one more than allowed at most; raises InputError when it cannot be read."""
        return read_bytes(path, name, limits)

    def under(self, folder: Path) -> tuple[Path, ...] | None:
        """The files in a folder and below it, in order; links to folders are not followed."""
        return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


DISK: Final = Disk()
