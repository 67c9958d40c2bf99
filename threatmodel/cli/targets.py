"""Where a check writes, and in which formats: `--format`, and `--output FILE` or `FORMAT=FILE`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from threatmodel.errors import UsageError
from threatmodel.export.registry import Format


class Target(NamedTuple):
    """One text to write: its format and its file, None for stdout."""

    format: Format
    path: Path | None


def read_targets(form: str, outputs: Sequence[str], named: Callable[[str], Format]) -> tuple[Target, ...]:
    """What to write: `form` to the plain `FILE` or to stdout (also `-`), and each `FORMAT=FILE` besides.

    `named` gives a format by its name. A `/` before the `=` makes a file of a word: `./a=b`.
    """
    main: Path | None = None
    plain = False
    more: list[Target] = []
    for text in outputs:
        word, equals, path = text.partition("=")
        if equals and "/" not in word and os.sep not in word:
            more.append(Target(_format(text, word, named), _file(path)))
        elif plain:
            raise UsageError("`--output` names two files without a format", "write `--output FORMAT=FILE`")
        else:
            main, plain = _file(text), True
    targets = (Target(named(form), main), *more)
    if any(target.path is None for target in more):
        raise UsageError(
            "two formats go to stdout", "name the one for stdout by `--format`, without `--output`"
        )
    paths = [t.path for t in targets if t.path]
    if twice := next((p for p in paths if paths.count(p) > 1), None):
        raise UsageError(f"`--output` names `{twice}` twice")
    return targets


def repository(folder: Path) -> Path:
    """The root of the Git repository that holds a folder, from which platforms name files; else itself."""
    return next((f for f in (folder, *folder.parents) if (f / ".git").exists()), folder)


def in_repository(file: Path) -> str:
    """A file's path from the root of the repository around this folder."""
    here = Path.cwd()
    return Path(os.path.relpath(here / file, repository(here))).as_posix()


def _format(text: str, word: str, named: Callable[[str], Format]) -> Format:
    if not word:
        raise UsageError("`--output` names no format before `=`", "write `--output FORMAT=FILE`")
    try:
        return named(word)
    except UsageError as error:
        help = f"{error.help}; " if error.help else ""
        raise UsageError(str(error), f"{help}a file of that name is written `./{text}`") from None


def _file(text: str) -> Path | None:
    if not text:
        raise UsageError("`--output` names no file")
    if text == "-":
        return None
    return Path(text)
