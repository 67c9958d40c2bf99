"""A catalog of a user: a folder that adds controls and frameworks to a catalog, and overrides controls of it.

Every YAML file in it counts, or is an error: a control in the wrong place would be missed by nobody.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple, TypeVar

from threatmodel.catalog.controls import Control, parse_control
from threatmodel.catalog.frameworks import Framework, parse_framework
from threatmodel.catalog.overlay.editions import Edition, digest
from threatmodel.catalog.overlay.overrides import Overrides, parse_overrides
from threatmodel.errors import Diagnostic, InputError, Span, did_you_mean, quoted
from threatmodel.source import Document, parse, read_text
from threatmodel.source.problems import Problems
from threatmodel.source.reading import optional, read_fields, required, table, text

FRONT: Final = "catalog.yaml"
OVERRIDES: Final = "overrides.yaml"
_PLACES: Final = (FRONT, OVERRIDES, "controls/*/*.yaml", "frameworks/*.yaml", "references/*.yaml")
_FRONT: Final = table("catalog", {"name": required(text, ""), "version": optional(text, "")})
_MOST: Final = 5000

Parsed = TypeVar("Parsed")


class OwnCatalog(NamedTuple):
    """What one catalog of a user holds, read but not yet applied."""

    edition: Edition
    controls: tuple[Control, ...]
    frameworks: tuple[Framework, ...]
    overrides: Overrides | None


class _Folder:
    """What a folder gave so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.problems: list[Diagnostic] = []

    def parsed(self, name: str, parse_one: Callable[[Document], Parsed]) -> Parsed | None:
        """What a file says; None when there is none, or after recording what is wrong in it."""
        if name not in self.texts:
            return None
        try:
            return parse_one(parse(self.texts[name], (self.folder / name).as_posix()))
        except InputError as error:
            self.problems += error.diagnostics
            return None

    def all(self, pattern: str, parse_one: Callable[[Document], Parsed]) -> tuple[Parsed, ...]:
        """What every file at a place says."""
        found = (self.parsed(n, parse_one) for n in sorted(self.texts) if _fits(n, pattern))
        return tuple(one for one in found if one is not None)


def read_own_catalog(folder: Path) -> tuple[OwnCatalog, tuple[Diagnostic, ...]]:
    """The catalog in a folder, and every problem in it: what is wrong is left out."""
    found = _Folder(folder)
    for name in _files(found):
        try:
            found.texts[name] = read_text(folder / name)
        except InputError as error:
            found.problems += error.diagnostics
    if not found.texts and not found.problems:
        message = f"there is no control, framework or override in {quoted(folder.as_posix())}"
        help = f"`threatmodel catalog new` writes a first control; else it holds {_or(_PLACES[1:4])}"
        found.problems.append(Diagnostic("empty-catalog", message, help=help))
    name, version = found.parsed(FRONT, _front) or ("", "")
    added = OwnCatalog(
        edition=Edition(name or _name(folder), version, digest(_judging(found.texts))),
        controls=found.all("controls/*/*.yaml", parse_control),
        frameworks=found.all("frameworks/*.yaml", parse_framework),
        overrides=found.parsed(OVERRIDES, parse_overrides),
    )
    return added, tuple(found.problems)


def _front(document: Document) -> tuple[str, str]:
    """Name and version of a catalog."""
    problems = Problems(document)
    raw = read_fields(problems, _FRONT, document.root)
    problems.finish()
    return raw["name"], raw["version"]


def _name(folder: Path) -> str:
    """What a catalog is called that does not say it: as its folder."""
    return Path(os.path.abspath(folder)).name


def _judging(texts: dict[str, str]) -> dict[str, bytes]:
    """The files that can change a verdict: the lists of references serve the lint alone."""
    return {name: text.encode() for name, text in texts.items() if not name.startswith("references/")}


def _files(found: _Folder) -> Iterator[str]:
    """The paths of a catalog's files in order; what stands where nothing reads it is a problem."""
    root = found.folder.resolve()
    paths = sorted(islice(_yaml_files(found.folder), _MOST + 1))
    if len(paths) > _MOST:
        message = f"{quoted(found.folder.as_posix())} is no catalog: it holds more than {_MOST} files"
        found.problems.append(Diagnostic("catalog-file", message))
        return
    for name in paths:
        shown = (found.folder / name).as_posix()
        if not (found.folder / name).resolve().is_relative_to(root):
            message = f"{quoted(name)} leads out of the catalog"
            found.problems.append(Diagnostic("catalog-file", message, _top(shown)))
        elif any(_fits(name, place) for place in _PLACES):
            yield name
        else:
            message = f"nothing reads {quoted(name)}: a catalog holds {_or(_PLACES)}"
            help = did_you_mean(name, (FRONT, OVERRIDES)) if "/" not in name else ""
            found.problems.append(Diagnostic("catalog-file", message, _top(shown), help))


def _yaml_files(folder: Path) -> Iterator[str]:
    """Everything that looks like YAML below a folder; hidden files and folders are left alone."""
    for here, folders, files in os.walk(folder, followlinks=False):
        links = [name for name in folders if (Path(here) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in links)
        for name in (*files, *links):
            if not name.startswith(".") and (name in links or name.endswith((".yaml", ".yml"))):
                yield PurePosixPath(Path(here).relative_to(folder).as_posix(), name).as_posix()


def _fits(name: str, pattern: str) -> bool:
    """Whether a path is at a place; a star is one part of it."""
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def _top(file: str) -> Span:
    return Span(file, 1, 1, 1, 2)


def _or(words: tuple[str, ...]) -> str:
    return f"{', '.join(f'`{word}`' for word in words[:-1])} or `{words[-1]}`"
