"""Which edition of a catalog was used: its name, its version, and a digest of all that can change a verdict.

The digest is that of a list with a line `<sha256 of the file>  <path in the folder>` for each file, in the
order of the paths. It is taken of the text, with line feeds and without a byte order mark, so that it is the
same on every machine, in a checkout and in a wheel, wherever the folder stands.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from threatmodel.catalog.controls import Change
from threatmodel.source import DISK, LIMITS

SHIPPED: Final = "threatmodel"
"""The name of the catalog that comes with the program."""

_WHOLE: Final = (
    *("controls/*/*.yaml", "frameworks/*.yaml", "frameworks/*/*.yaml"),
    *("kinds/*.yaml", "jurisdictions.yaml"),
)


class Edition(NamedTuple):
    """A catalog as it was used; `version` is empty where it says none, `digest` is `sha256:` and 64 digits.

    `controls` and `changes` are what a catalog of a user adds to those before it, and overrides in them.
    """

    name: str
    version: str
    digest: str
    controls: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def short(self) -> str:
        """The first twelve digits: enough for people to tell editions apart."""
        return self.digest.removeprefix("sha256:")[:12]


def base_edition(folder: Path, name: str, version: str) -> Edition:
    """The edition of a whole catalog; references only serve its lint, and do not count."""
    paths = [path for pattern in _WHOLE for path in folder.glob(pattern)]
    files = {path.relative_to(folder).as_posix(): DISK.read(path, path.as_posix(), LIMITS) for path in paths}
    return Edition(name, version, digest(files))


def digest(files: Mapping[str, bytes]) -> str:
    """The digest of files by their paths in the folder."""
    lines = (f"{_hash(files[path])}  {path}\n" for path in sorted(files))
    return f"sha256:{sha256(''.join(lines).encode()).hexdigest()}"


def _hash(data: bytes) -> str:
    text = data.removeprefix(BOM_UTF8)
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return sha256(text).hexdigest()
