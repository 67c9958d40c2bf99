"""Files as they are on disk, some of them with another text: what a model would be if it were changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from threatmodel.source import DISK
from threatmodel.source.text import Limits


class Overlay:
    """The files of this machine, read with these texts in the place of what they hold."""

    def __init__(self, texts: Mapping[Path, str]) -> None:
        self._texts = {path.resolve(): text for path, text in texts.items()}

    def resolve(self, path: Path) -> Path:
        """The absolute path without links and `..`."""
        return DISK.resolve(path)

    def exists(self, path: Path) -> bool:
        """Whether there is a file or a folder."""
        return DISK.exists(path)

    def is_file(self, path: Path) -> bool:
        """Whether there is a file."""
        return DISK.is_file(path)

    def is_dir(self, path: Path) -> bool:
        """Whether there is a folder."""
        return DISK.is_dir(path)

    def read(self, path: Path, name: str, limits: Limits) -> bytes:
        """The bytes of the other text, else of the file; raises InputError when it cannot be read."""
        text = self._texts.get(path.resolve())
        return DISK.read(path, name, limits) if text is None else text.encode()
