"""Which edition of a catalog was used: its name, its version, and a digest of all that can change a verdict.

The digest is that of a list with a line `<sha256 of the file>  <path in the folder>` for each file, in the
order of the paths. It is taken of the text, with line feeds and without a byte order mark, so that it is the
same on every machine, in a checkout and in a wheel, wherever the folder stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from threatmodel.catalog.controls import Change
from threatmodel.source import read_text

SHIPPED: Final = "threatmodel"
"""The name of the catalog that comes with the program."""

_WHOLE: Final = ("controls/*/*.yaml", "frameworks/*.yaml", "kinds/*.yaml", "jurisdictions.yaml")


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
    """The edition of a whole catalog; references and peers only serve its lint, and do not count."""
    paths = [path for pattern in _WHOLE for path in folder.glob(pattern)]
    texts = {path.relative_to(folder).as_posix(): read_text(path) for path in paths}
    return Edition(name, version, digest(texts))


def digest(texts: Mapping[str, str]) -> str:
    """The digest of files by their paths in the folder."""
    lines = (f"{_hash(texts[path])}  {path}\n" for path in sorted(texts))
    return f"sha256:{sha256(''.join(lines).encode()).hexdigest()}"


def _hash(text: str) -> str:
    return sha256(text.replace("\r\n", "\n").replace("\r", "\n").encode()).hexdigest()
