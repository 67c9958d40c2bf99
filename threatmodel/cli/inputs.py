"""The files that a run reads, kept by their roles: no output takes the place of one of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias

import click

from threatmodel.errors import UsageError

Role: TypeAlias = Literal[
    "model", "decisions file", "policy file", "baseline", "lock file", "catalog", "framework file", "diagram"
]

_INPUTS: Final = "threatmodel.inputs"
_YAML: Final = (".yaml", ".yml")


class Input(NamedTuple):
    """A file that a run reads or would read if it were there; a catalog may be a folder of them."""

    role: Role
    path: Path


def reads(role: Role, *paths: Path) -> None:
    """Keeps the names of files that this run reads, or would read if they were there."""
    if context := click.get_current_context(silent=True):
        context.meta.setdefault(_INPUTS, []).extend(Input(role, path) for path in paths)


def refuse_inputs(targets: Iterable[Path], replaces: Role | None = None) -> None:
    """Raises UsageError when an output is a file that this run reads in another role than `replaces`."""
    context = click.get_current_context(silent=True)
    inputs: list[Input] = context.meta.get(_INPUTS, []) if context else []
    for target in targets:
        for role, path in inputs:
            if role != replaces and _same(path, target):
                raise UsageError(
                    f"`{target}` is read here ({role}), and no output may replace it",
                    "name another file for the output",
                )


def _same(path: Path, target: Path) -> bool:
    here, there = Path(os.path.realpath(path)), Path(os.path.realpath(target))
    if here == there:
        return True
    if here.is_dir():
        return there.is_relative_to(here) and target.suffix in _YAML
    return here.exists() and there.exists() and here.samefile(there)
