"""The importers: for each foreign format its name, what it is, and where its reader stands.

An importer is one line here and one function, which gets a foreign text and gives a model as YAML with a
report. Its command, the reference and the tests of the contract follow. Readers are imported when they read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, Protocol

from threatmodel.errors import ThreatModelError, UsageError
from threatmodel.importers.foreign import Foreign, refusal
from threatmodel.importers.outcome import Imported
from threatmodel.plugins import IMPORTERS, named_object, offered


class Reader(Protocol):
    """What stands behind an importer: raises InputError at its place for a text that it cannot read."""

    def __call__(self, foreign: Foreign, /) -> Imported:
        """The model of a text, and what was kept, approximated and dropped."""


class Importer(NamedTuple):
    """A foreign format: what it is, its reader (`module:function`), and whether a file may hold several.

    `plugin` names the distribution of one that is not ours.
    """

    name: str
    about: str
    reader: str
    several: bool = False
    plugin: str = ""

    def read(self, foreign: Foreign) -> Imported:
        """The model of a text, with the report; raises InputError for what its reader did not expect."""
        try:
            reader: Reader = named_object(self.reader)
            found = reader(foreign)
        except ThreatModelError:
            raise
        except Exception as error:  # foreign text may hold anything, and a reader expects only so much
            maker = f" by {self.plugin}" if self.plugin else ""
            raise refusal(foreign.file, f"this cannot be read as {self.about}{maker}") from error
        if not isinstance(found, Imported):
            raise UsageError(f"the plug-in `{self.name}` gave no model", f"it comes from {self.plugin}")
        return found


ALL_IMPORTERS: Final = (
    Importer(
        "code2dfd",
        "a data flow diagram in the JSON of Code2DFD",
        "threatmodel.importers.code2dfd.convert:import_code2dfd",
        several=True,
    ),
)
"""Every importer of ours."""


def importers(plugins: Iterable[str] = ()) -> dict[str, Importer]:
    """Our importers and those of the named plug-ins by their names; raises UsageError."""
    known = {importer.name: importer for importer in ALL_IMPORTERS}
    for found, plugin in offered(IMPORTERS, plugins, Importer):
        if found.name in known:
            message = f"the plug-in `{found.name}` has the name of an importer of ours"
            raise UsageError(message, f"it comes from {plugin}")
        known[found.name] = found._replace(plugin=plugin)
    return known
