"""Where a check writes, and in which formats: `--format`, and `--output FILE` or `FORMAT=FILE`."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from threatmodel.errors import UsageError, did_you_mean

FORMATS: Final = (
    "text", "json", "sarif", "junit", "gitlab", "github", "csv", "defectdojo", "markdown",
)  # fmt: skip
"""What a check can write; importing the writers only to name them would slow every check."""


class Target(NamedTuple):
    """One text to write: its format and its file, None for stdout."""

    form: str
    path: Path | None


def read_targets(form: str, outputs: Sequence[str]) -> tuple[Target, ...]:
    """What to write: `form` to the plain `FILE` or to stdout (also `-`), and each `FORMAT=FILE` besides."""
    main: Path | None = None
    plain = False
    named: list[Target] = []
    for text in outputs:
        word, equals, path = text.partition("=")
        if equals and re.fullmatch(r"[a-z]*", word):
            named.append(Target(_format(word), _file(path)))
        elif plain:
            raise UsageError("`--output` names two files without a format", "write `--output FORMAT=FILE`")
        else:
            main, plain = _file(text), True
    targets = (Target(form, main), *named)
    if any(target.path is None for target in named):
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


def _format(word: str) -> str:
    if not word:
        raise UsageError("`--output` names no format before `=`", "write `--output FORMAT=FILE`")
    if word not in FORMATS:
        help = did_you_mean(word, FORMATS) or f"there are: {', '.join(FORMATS)}"
        raise UsageError(f"no format `{word}`", help)
    return word


def _file(text: str) -> Path | None:
    if not text:
        raise UsageError("`--output` names no file")
    if text == "-":
        return None
    return Path(text)
