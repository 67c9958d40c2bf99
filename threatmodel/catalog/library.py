"""The catalogs a review uses: kinds, controls and frameworks, each loaded on first use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from threatmodel._version import __version__
from threatmodel.catalog import Catalog, Control, Framework, load_catalog, load_frameworks
from threatmodel.errors import UsageError, did_you_mean
from threatmodel.kinds import Kinds, load_kinds
from threatmodel.resources import resource_dir
from threatmodel.source import read_text

if TYPE_CHECKING:
    from threatmodel.catalog.overlay.editions import Edition


class Library:
    """The shipped (or a user's) catalogs: kinds, controls and frameworks, each loaded on first use.

    `folder` stands for the shipped one; the folders in `catalogs` are laid over it in their order, and `own`
    are files of single frameworks.
    """

    def __init__(
        self, folder: Path | None = None, own: tuple[Path, ...] = (), catalogs: tuple[Path, ...] = ()
    ) -> None:
        self.folder = folder or resource_dir("catalogs")
        self.own = own
        self.catalogs = catalogs

    @cached_property
    def kinds(self) -> Kinds:
        """Kinds, technologies and protocols."""
        return load_kinds(self.folder / "kinds")

    @cached_property
    def catalog(self) -> Catalog:
        """The controls."""
        return load_catalog(self.folder, self.catalogs)

    @cached_property
    def vocabulary(self) -> Mapping[str, str]:
        """The texts of kinds, technologies, protocols and countries, by the names of their files."""
        paths = sorted((self.folder / "kinds").glob("*.yaml"))
        paths += [path for path in [self.folder / "jurisdictions.yaml"] if path.is_file()]
        return {path.relative_to(self.folder.parent).as_posix(): read_text(path) for path in paths}

    @cached_property
    def frameworks(self) -> tuple[Framework, ...]:
        """The frameworks of the catalog, then those of the files in `own`."""
        return load_frameworks(self.folder, self.catalog, self.own)

    @cached_property
    def editions(self) -> tuple[Edition, ...]:
        """Which catalogs these are, each with the digest of what it holds; the first is the whole one."""
        from threatmodel.catalog.overlay.editions import SHIPPED, base_edition

        shipped = self.folder == resource_dir("catalogs")
        name, version = (SHIPPED, __version__) if shipped else (self.folder.absolute().name, "")
        return base_edition(self.folder, name, version), *self.catalog.added


def control_named(name: str, controls: Mapping[str, Control]) -> Control:
    """A control by its id; raises UsageError with the nearest one."""
    if name not in controls:
        raise UsageError(f"no control `{name}`", did_you_mean(name, controls))
    return controls[name]
