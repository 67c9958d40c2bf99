"""Gathers a model's files, the root and what it includes, and lists the entries of their sections."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final

from threatmodel.errors import InputError, display, nearest, quoted
from threatmodel.model.language import ENTITIES
from threatmodel.model.words import ours_for
from threatmodel.source import DISK, Document, Documents, Files, read
from threatmodel.source.document import Path as At
from threatmodel.source.problems import Problems

PROJECT_MARKS: Final = (".threatmodel.yaml", ".git")
MOST_FILES: Final = 1000
_MOST_KEYS: Final = 50
_KNOWN: Final = ENTITIES["root"].keys


def gather(path: Path, files: Files = DISK, name: str | None = None) -> Problems:
    """The documents of the model at `path`, the root first; unreadable ones are problems, not exceptions."""
    documents = Documents([read(path, name, files=files)])
    problems = Problems(documents)
    _Includes(documents, problems, project_root(path, files), files).follow(path)
    return problems


def project_root(path: Path, files: Files = DISK) -> Path:
    """The nearest folder above a file that marks a project, else the file's own."""
    own = files.resolve(path).parent
    for folder in (own, *own.parents):
        if any(files.exists(folder / mark) for mark in PROJECT_MARKS):
            return folder
    return own


def entries(problems: Problems, section: str) -> Iterator[tuple[At, str, Any]]:
    """Every entry of a section in all files: its path, its id as written, its raw value."""
    for at, found in written(problems, section):
        if not isinstance(found, dict):
            message = f"`{section}` takes a mapping, not {display(found)}"
            types = section == "types"
            help = (
                "write `services` or `stores` under it" if types else "write each as `its-id: {...}` under it"
            )
            problems.add("wrong-type", message, at, help, part="value")
            continue
        for name, raw in found.items():
            yield (*at, name), name, raw


def written(problems: Problems, section: str) -> Iterator[tuple[At, Any]]:
    """What each file says under a section, and under an unknown key that was meant for it.

    The key is told as a problem; its entries count, so that what names one of them is no second problem.
    """
    for file, document in enumerate(problems.source.documents):
        root = document.root if isinstance(document.root, dict) else {}
        named = [section] if section in root else []
        unknown = (key for key in islice(root, _MOST_KEYS) if key not in _KNOWN)
        named += [key for key in unknown if _meant(key) == section]
        for key in named:
            if root[key] is not None:
                yield (file, key), root[key]


@lru_cache(maxsize=256)
def _meant(key: str) -> str | None:
    """The section that an unknown key was meant for."""
    ours = ours_for(key)
    return ours if ours in _KNOWN else nearest(key, _KNOWN)


class _Includes:
    """Follows `include` breadth first; a file that is named twice is read once."""

    def __init__(self, documents: Documents, problems: Problems, root: Path, files: Files) -> None:
        self.documents = documents.documents
        self.problems = problems
        self.root = root
        self.files = files
        self.seen: set[Path] = set()

    def follow(self, first: Path) -> None:
        self.seen.add(self.files.resolve(first))
        paths = [first]
        for file, path in enumerate(paths):
            document = self.documents[file]
            for at, text in _included(file, document):
                if (found := self._resolve(path, text, at)) and self._read(found, document, text, at):
                    paths.append(found)

    def _resolve(self, path: Path, text: str, at: At) -> Path | None:
        try:
            found = self.files.resolve(path.parent / text)
            why = _why_no_file(self.files, found)
        except (OSError, ValueError, RuntimeError):  # too long, not allowed, a NUL, links in a circle
            self._unreadable(text, "no file can be found under this name", at)
            return None
        if not found.is_relative_to(self.root):
            help = "move it under the folder that holds `.threatmodel.yaml` or `.git`"
            message = f"{quoted(text)} is outside the project"
            self.problems.add("include-outside", message, at, help, part="value")
            return None
        if found in self.seen:
            return None
        self.seen.add(found)
        if len(self.seen) > MOST_FILES:
            self.problems.add("too-many-files", f"more than {MOST_FILES} files", at, part="value")
            return None
        if why:
            self._unreadable(text, why, at)
            return None
        return found

    def _unreadable(self, text: str, why: str, at: At) -> None:
        help = "the path is taken from the folder of this file"
        message = f"cannot read {quoted(text)}: {why}"
        document, path = self.problems.source.locate(at)
        found = document.diagnostic("unreadable-file", message, path, help, part="value")
        self.problems.unread((found,))

    def _read(self, found: Path, document: Document, text: str, at: At) -> bool:
        name = Path(os.path.normpath(Path(document.file).parent / text)).as_posix()
        try:
            self.documents.append(read(found, name, files=self.files))
        except InputError as error:
            self.problems.unread(error.diagnostics, ("included here", self.problems.span(at, "value")))
            return False
        return True


def _why_no_file(files: Files, path: Path) -> str:
    """What a path names instead of a file, empty for a file; a pipe or a device might never end."""
    if files.is_file(path):
        return ""
    return (
        "it is a folder" if files.is_dir(path) else "it is no file" if files.exists(path) else "no such file"
    )


def _included(file: int, document: Document) -> list[tuple[At, str]]:
    """The paths that a file includes; what is no text is told when the mapping is read."""
    value = document.root.get("include") if isinstance(document.root, dict) else None
    items = value if isinstance(value, list) else [] if value is None else [value]
    found = []
    for i, item in enumerate(items):
        at: At = (file, "include", i) if isinstance(value, list) else (file, "include")
        if isinstance(item, str) and item.strip():
            found.append((at, item.strip()))
    return found
