"""Loads the catalog: every control file and framework file of a folder, or one InputError with all faults."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from threatmodel.catalog.controls import Control, parse_control
from threatmodel.catalog.frameworks import Framework, parse_framework
from threatmodel.catalog.honesty import honesty_check
from threatmodel.catalog.lint import cross_check, framework_check
from threatmodel.errors import Diagnostic, InputError
from threatmodel.source import Document, read

Parsed = TypeVar("Parsed")


class Catalog(NamedTuple):
    """Controls by id, in the order of their ids."""

    controls: Mapping[str, Control]


def load_catalog(folder: Path) -> Catalog:
    """Every control under `folder`/controls/<layer>/<id>.yaml; raises InputError."""
    controls, problems = _parse_all(sorted(folder.glob("controls/*/*.yaml")), folder, parse_control)
    by_id = {c.id: c for c in sorted(controls, key=lambda c: c.id)}
    problems += cross_check(controls, by_id)
    if problems:
        raise InputError(tuple(problems))
    return Catalog(by_id)


def load_frameworks(folder: Path, catalog: Catalog, own: tuple[Path, ...] = ()) -> tuple[Framework, ...]:
    """Every framework under `folder`/frameworks, in the order of their ids, then those of `own` files."""
    frameworks, problems = _parse_all(sorted(folder.glob("frameworks/*.yaml")), folder, parse_framework)
    more, further = _parse_own(own)
    frameworks += more
    problems += further
    problems += framework_check(frameworks, catalog.controls)
    official = tuple(frameworks[: len(frameworks) - len(more)])
    problems += (d for f in more for d in honesty_check(f, catalog.controls, official))
    if problems:
        raise InputError(tuple(problems))
    return tuple(frameworks)


def _parse_own(paths: tuple[Path, ...]) -> tuple[list[Framework], list[Diagnostic]]:
    """Frameworks of a user, each file once."""
    parsed: list[Framework] = []
    problems: list[Diagnostic] = []
    for path in dict.fromkeys(paths):
        try:
            parsed.append(parse_framework(read(path, path.as_posix())))
        except InputError as error:
            problems += error.diagnostics
    return parsed, problems


def _parse_all(
    paths: list[Path], folder: Path, parse: Callable[[Document], Parsed]
) -> tuple[list[Parsed], list[Diagnostic]]:
    parsed: list[Parsed] = []
    problems: list[Diagnostic] = []
    for path in paths:
        try:
            parsed.append(parse(read(path, path.relative_to(folder.parent).as_posix())))
        except InputError as error:
            problems += error.diagnostics
    return parsed, problems
