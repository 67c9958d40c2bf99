"""What the words of a model mean, as values: kinds, technologies and protocols after loading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from threatmodel.kinds.jurisdictions import NO_JURISDICTIONS, Jurisdictions


class Kind(NamedTuple):
    """What an element, host or boundary is: `subjects` says which of them may be one."""

    id: str
    title: str
    subjects: tuple[str, ...]
    traits: frozenset[str]
    trust: str | None


class Technology(NamedTuple):
    """A product: the kind that it is, whether its vendor runs it (None: either), and whether code of
    its users runs on it."""

    id: str
    title: str
    kind: str | None
    managed: bool | None
    vendor: str | None
    runs_code: bool = False


class Protocol(NamedTuple):
    """A protocol: what its specification makes certain (`always`, `possible`, `never`)."""

    id: str
    title: str
    ports: tuple[int, ...]
    encrypted: str
    server_authenticated: str
    client_authenticated: str
    flow_kind: str | None
    obsolete: bool


class Kinds(NamedTuple):
    """Everything by id; the `_names` map every id and alias to the id."""

    traits: Mapping[str, str]
    kinds: Mapping[str, Kind]
    technologies: Mapping[str, Technology]
    protocols: Mapping[str, Protocol]
    kind_names: Mapping[str, str]
    technology_names: Mapping[str, str]
    protocol_names: Mapping[str, str]
    jurisdictions: Jurisdictions = NO_JURISDICTIONS

    def kind_word(self, kind: str | None, technology: str | None) -> str | None:
        """A declared kind, else what the technology implies."""
        return kind or (self.technologies[technology].kind if technology else None)

    def implies(self, kind: str | None, technology: str | None, trait: str) -> bool:
        """Whether a declared kind, else that of the technology, has a trait."""
        word = self.kind_word(kind, technology)
        return bool(word and trait in self.kinds[word].traits)
