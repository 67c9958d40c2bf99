"""Compares two versions of a model, and judges the change as a build does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from threatmodel.api.review import Review, load, parse
from threatmodel.api.workspace import LOCK, check_catalogs, nearest_lock
from threatmodel.catalog.library import Library
from threatmodel.errors import InputError
from threatmodel.source import DISK, uncollected

if TYPE_CHECKING:
    from threatmodel.api.gate import Refusal
    from threatmodel.api.settings import Effective
    from threatmodel.api.sources import Source
    from threatmodel.diff import Changes, FailingChanges, Version
    from threatmodel.policy import Gate


class SourceError(InputError):
    """A version of a model that is not valid; `source` is where it was read from."""

    def __init__(self, source: Source, error: InputError) -> None:
        super().__init__(error.diagnostics)
        self.source = source


class Difference(NamedTuple):
    """Two compared versions, the files that they were read from, and what the gate does not let through.

    `reach` is the confidentiality from which on data count that untrusted ground newly reaches.
    """

    before: Version
    after: Version
    changes: Changes
    gate: Gate
    reach: str
    failing: FailingChanges
    files: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def status(self) -> int:
        """The exit status: 1 where the change brings anything that fails, else 0."""
        return int(any(self.failing))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """What lets the change fail."""
        from threatmodel.api.gate import refused_changes

        found = refused_changes(self.failing, self.gate, self.reach)
        return tuple(refusal for refusal in found if refusal.names)


def compare(before: Review, after: Review) -> Changes:
    """What a change does to the security of a system, from one version to the other."""
    from threatmodel import diff

    with uncollected():
        return diff.compare(*(review.version() for review in (before, after)))


def compare_sources(
    sources: tuple[Source, Source],
    settings: Effective,
    as_of: str,
    *,
    unknowns: bool = False,
    config: Path | None = None,
) -> Difference:
    """Two versions, both assessed with the catalogs and judged by the policy of the settings, and the change.

    With `unknowns` results that become unknown fail at the severity of gaps. `config` is the policy file
    where one was named for this run. Raises SourceError for a version that is not valid, InputError for
    catalogs that are not as the lock file has them.
    """
    from threatmodel import diff
    from threatmodel.api.context import context_of
    from threatmodel.diff.context import context_changes
    from threatmodel.policy import failing

    library, later = settings.library(), sources[1].path
    check_catalogs(nearest_lock(later), library)
    new = _review(sources[1], library, as_of)
    old = _review(sources[0], library, as_of, new.model.name)
    before, after = old.version(), new.version()
    own = settings.catalogs if settings.given("catalogs") else None
    was, now = (context_of(source.files, source.path, config, own) for source in sources)
    here = context_of(DISK, later, config, own)
    differs = context_changes(was, now, here, LOCK, gated=not settings.given("fail-on"))
    changes = diff.compare(before, after)._replace(context=differs)
    gate, reach = settings.gate(unknowns=unknowns), settings.value("fail-on-reach")
    gaps = {f.key for f in failing(after.assessment, gate, after.graph).findings}
    found = diff.failing_changes(changes, gaps, gate.unknown, reach)
    files = (tuple(document.file for document in review.model.documents) for review in (old, new))
    return Difference(before, after, changes, gate, reach, found, (next(files), next(files)))


def _review(source: Source, library: Library, as_of: str, name: str = "") -> Review:
    if source.absent:
        from threatmodel.source import parse as parse_yaml

        nothing = json.dumps({"threatmodel": 1, "name": name})
        return parse(parse_yaml(nothing, source.shown or ""), library, as_of)
    try:
        return load(source.path, library, as_of, files=source.files, shown=source.shown)
    except InputError as error:
        raise SourceError(source, error) from None
