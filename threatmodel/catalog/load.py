"""Loads the catalog: every control file and framework file of a folder, or one InputError with all faults.

Catalogs of a user are laid over it in their order, each over what those before it left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from threatmodel.catalog.claims import control_claims, framework_claims
from threatmodel.catalog.controls import Control, parse_control
from threatmodel.catalog.frameworks import Framework, parse_framework
from threatmodel.catalog.lint import cross_check, framework_check
from threatmodel.errors import Diagnostic, InputError
from threatmodel.source import Document, read

if TYPE_CHECKING:
    from threatmodel.catalog.overlay.editions import Edition

Parsed = TypeVar("Parsed")


class Catalog(NamedTuple):
    """Controls by id, in the order of their ids; `added` are the catalogs of a user that had a part in them.

    `frameworks` are all there are when one of those catalogs has some: they were checked with its controls.
    """

    controls: Mapping[str, Control]
    added: tuple[Edition, ...] = ()
    frameworks: tuple[Framework, ...] = ()


def load_catalog(folder: Path, added: tuple[Path, ...] = ()) -> Catalog:
    """Every control under `folder`/controls/<layer>/<id>.yaml, with the catalogs of a user laid over them.

    Raises InputError with everything that is wrong in any of them.
    """
    controls, problems = _parse_all(sorted(folder.glob("controls/*/*.yaml")), folder, parse_control)
    by_id = {c.id: c for c in sorted(controls, key=lambda c: c.id)}
    problems += cross_check(controls, by_id)
    catalog = Catalog(by_id)
    if added:
        catalog, further = _with_added(catalog, folder, added)
        problems += further
    if problems:
        raise InputError(tuple(problems))
    return catalog


def load_frameworks(folder: Path, catalog: Catalog, own: tuple[Path, ...] = ()) -> tuple[Framework, ...]:
    """Every framework under `folder`/frameworks, in the order of their ids, then those of `own` files."""
    known, problems = list(catalog.frameworks), list[Diagnostic]()
    if not known:
        known, problems = _parse_all(sorted(folder.glob("frameworks/*.yaml")), folder, parse_framework)
    more, further = _parse_own(own)
    found, wrong = _together(known, more, catalog.controls)
    problems += (*further, *wrong)
    if problems:
        raise InputError(tuple(problems))
    return found


def _with_added(catalog: Catalog, folder: Path, added: tuple[Path, ...]) -> tuple[Catalog, list[Diagnostic]]:
    """A catalog with those of a user over it; their frameworks are checked now, as all that they hold."""
    from threatmodel.catalog.overlay.apply import apply_catalogs

    applied = apply_catalogs(catalog.controls, added)
    problems = list(applied.problems)
    changed = (c for c in applied.controls.values() if catalog.controls.get(c.id) is not c)
    problems += (d for c in changed for d in control_claims(c))
    frameworks: tuple[Framework, ...] = ()
    if applied.frameworks:
        known, wrong = _parse_all(sorted(folder.glob("frameworks/*.yaml")), folder, parse_framework)
        frameworks, further = _together(known, list(applied.frameworks), applied.controls)
        problems += (*wrong, *further)
    return Catalog(applied.controls, applied.editions, frameworks), problems


def _together(
    known: list[Framework], more: list[Framework], controls: Mapping[str, Control]
) -> tuple[tuple[Framework, ...], list[Diagnostic]]:
    """Known frameworks and those of a user, which are held to them; and what is wrong."""
    problems = framework_check((*known, *more), controls)
    problems += (d for f in more for d in framework_claims(f, controls, known))
    return (*known, *more), problems


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
