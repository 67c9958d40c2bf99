"""What the values of a model are read against: the kinds catalog, and the ids that may be named."""

from __future__ import annotations

from collections.abc import Collection

from threatmodel.kinds import Kinds
from threatmodel.source.problems import Problems
from threatmodel.source.reading import Table


class Scope:
    """The problems so far, the kinds catalog, and the ids that may be named.

    `ids` maps a section ("services", "data", ...) to the ids in it, `types` services and stores to theirs.
    `tables` are those of the sections that were read so far.
    """

    def __init__(self, problems: Problems, kinds: Kinds) -> None:
        self.problems = problems
        self.kinds = kinds
        self.ids: dict[str, Collection[str]] = {}
        self.types: dict[str, Collection[str]] = {}
        self.tables: dict[str, Table] = {}
