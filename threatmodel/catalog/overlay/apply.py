"""Lays the catalogs of a user over a catalog, each over what those before it left."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from threatmodel.catalog.controls import Control
from threatmodel.catalog.frameworks import Framework
from threatmodel.catalog.lint import cross_check
from threatmodel.catalog.overlay.editions import SHIPPED, Edition
from threatmodel.catalog.overlay.overrides import Overridden, apply_overrides
from threatmodel.catalog.overlay.own_catalog import OwnCatalog, read_own_catalog
from threatmodel.errors import Diagnostic, InputError, quoted


class AppliedCatalogs(NamedTuple):
    """Every control by its id, in order, and what the catalogs of the user brought."""

    controls: Mapping[str, Control]
    editions: tuple[Edition, ...]
    frameworks: tuple[Framework, ...]
    problems: tuple[Diagnostic, ...]


def apply_catalogs(base: Mapping[str, Control], folders: tuple[Path, ...]) -> AppliedCatalogs:
    """The controls of a catalog with those folders over it, in their order."""
    controls = dict(base)
    fresh: list[Control] = []
    editions: list[Edition] = []
    frameworks: list[Framework] = []
    problems: list[Diagnostic] = []
    for folder in dict.fromkeys(folders):
        added, wrong = read_own_catalog(folder)
        problems += wrong
        problems += _named_twice(added.edition, editions, folder)
        new = {c.id: c for c in added.controls if c.id not in controls}
        problems += _defined_twice(added, new, controls)
        controls |= new
        changed, wrong = _overridden(added, controls)
        problems += wrong
        controls = dict(changed.controls)
        fresh += new.values()
        frameworks += added.frameworks
        editions.append(added.edition._replace(controls=tuple(sorted(new)), changes=changed.changes))
    in_order = dict(sorted(controls.items()))
    problems += cross_check([controls[c.id] for c in fresh], in_order)
    return AppliedCatalogs(in_order, tuple(editions), tuple(frameworks), tuple(problems))


def _named_twice(edition: Edition, before: list[Edition], folder: Path) -> list[Diagnostic]:
    if edition.name not in (SHIPPED, *(e.name for e in before)):
        return []
    message = (
        f"the catalog in {quoted(folder.as_posix())} is called {quoted(edition.name)}, as another one is"
    )
    return [Diagnostic("duplicate-id", message, help="give it another `name` in its `catalog.yaml`")]


def _defined_twice(
    added: OwnCatalog, new: Mapping[str, Control], before: Mapping[str, Control]
) -> list[Diagnostic]:
    """An error for every control that exists already: what a catalog changes, it says as an override."""
    problems = []
    for control in added.controls:
        if new.get(control.id) is control:
            continue
        other = before.get(control.id) or new[control.id]
        message = f"control {quoted(control.id)} exists already"
        help = "to change it, override it in `overrides.yaml`; a control of your own needs another id"
        related = (("the other one", other.document.span(("id",))),)
        problems.append(control.document.diagnostic("duplicate-id", message, ("id",), help, related=related))
    return problems


def _overridden(
    added: OwnCatalog, controls: Mapping[str, Control]
) -> tuple[Overridden, tuple[Diagnostic, ...]]:
    if added.overrides is None:
        return Overridden(controls, ()), ()
    try:
        return apply_overrides(added.overrides, added.edition.name, controls), ()
    except InputError as error:
        return Overridden(controls, ()), error.diagnostics
