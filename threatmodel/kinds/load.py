"""Kinds, technologies and protocols as values, read strictly from catalogs/kinds/*.yaml."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

from threatmodel.errors import Diagnostic, InputError, did_you_mean
from threatmodel.source import Document, read

SECTIONS = ("traits", "kinds", "technologies", "protocols")
_SUBJECTS = ("service", "store", "boundary", "host")
_CERTAINTY = ("always", "possible", "never")
_KEYS = {
    "kinds": ("title", "for", "aliases", "traits", "trust"),
    "technologies": ("title", "kind", "aliases", "managed", "vendor"),
    "protocols": (
        "title",
        "aliases",
        "ports",
        "encrypted",
        "server_authenticated",
        "client_authenticated",
        "flow_kind",
        "obsolete",
    ),
}
_CHOICES: dict[str, tuple[object, ...]] = {
    "trust": ("untrusted", "third-party", "trusted"),
    "encrypted": _CERTAINTY,
    "server_authenticated": _CERTAINTY,
    "client_authenticated": _CERTAINTY,
    "flow_kind": ("business", "administration", "telemetry", "backup", "deployment"),
    "managed": (True, False),
    "obsolete": (True, False),
}


class Kind(NamedTuple):
    """What an element, host or boundary is: `subjects` says which of them may be one."""

    id: str
    title: str
    subjects: tuple[str, ...]
    traits: frozenset[str]
    trust: str | None


class Technology(NamedTuple):
    """A product: the kind that it is, and whether its vendor runs it (None: either)."""

    id: str
    title: str
    kind: str | None
    managed: bool | None
    vendor: str | None


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


def load_kinds(folder: Path) -> Kinds:
    """Every file of the folder, merged; raises InputError with all problems."""
    reader = _Reader()
    for path in sorted(folder.glob("*.yaml")):
        reader.add(read(path, f"catalogs/kinds/{path.name}"))
    traits = {name: str(meaning) for name, meaning in reader.entries("traits")}
    kinds = {n: _kind(n, e) for n, e in reader.entries("kinds") if isinstance(e, dict)}
    technologies = {n: _technology(n, e) for n, e in reader.entries("technologies") if isinstance(e, dict)}
    protocols = {n: _protocol(n, e) for n, e in reader.entries("protocols") if isinstance(e, dict)}
    reader.check(traits, kinds)
    loaded = Kinds(
        traits, kinds, technologies, protocols, *(reader.names(s) for s in ("kinds", "technologies", "protocols"))
    )
    reader.finish()
    return loaded


class _Reader:
    """The sections of all files, where each entry stands, and the problems so far."""

    def __init__(self) -> None:
        self.sections: dict[str, dict[str, tuple[object, Document]]] = {s: {} for s in SECTIONS}
        self.problems: list[Diagnostic] = []

    def add(self, document: Document) -> None:
        root = document.root if isinstance(document.root, dict) else {}
        for section, entries in root.items():
            if section not in SECTIONS or not isinstance(entries, dict):
                self._problem(document, (section,), "unknown-key", f"no section `{section}`", SECTIONS)
                continue
            for name, entry in entries.items():
                if name in self.sections[section]:
                    self._problem(document, (section, name), "duplicate-id", f"`{name}` is defined twice")
                self.sections[section][name] = entry, document

    def entries(self, section: str) -> list[tuple[str, object]]:
        return [(name, entry) for name, (entry, _) in self.sections[section].items()]

    def names(self, section: str) -> dict[str, str]:
        names = {name: name for name in self.sections[section]}
        for name, (entry, document) in self.sections[section].items():
            for alias in _many(entry, "aliases"):
                if alias in names:
                    message = f"alias `{alias}` is taken by `{names[alias]}`"
                    self._problem(document, (section, name, "aliases"), "duplicate-id", message)
                names[str(alias)] = name
        return names

    def check(self, traits: Collection[str], kinds: Collection[str]) -> None:
        for section, known in _KEYS.items():
            for name, (entry, document) in self.sections[section].items():
                if not isinstance(entry, dict):
                    self._problem(document, (section, name), "wrong-type", "a mapping is needed here")
                    continue
                for key, value in entry.items():
                    at = (section, name, key)
                    if key not in known:
                        self._problem(document, at, "unknown-key", f"unknown key `{key}`", known)
                    elif key in _CHOICES and value not in _CHOICES[key]:
                        self._problem(document, at, "unknown-word", f"`{value}` does not fit `{key}`")
                words = {"traits": traits, "for": _SUBJECTS, "kind": kinds}
                for key, allowed in words.items():
                    for word in _many(entry, key):
                        if word not in allowed:
                            at = (section, name, key)
                            self._problem(document, at, "unknown-word", f"unknown word `{word}`", allowed)

    def finish(self) -> None:
        if self.problems:
            raise InputError(tuple(self.problems))

    def _problem(
        self, document: Document, at: tuple[str, ...], code: str, message: str, known: Collection[str] = ()
    ) -> None:
        span = document.span(at)
        help = did_you_mean(at[-1], known) if known else ""
        self.problems.append(Diagnostic(code, message, span, help, document.excerpt(span.line)))


def _many(entry: object, key: str) -> list[object]:
    value = entry.get(key) if isinstance(entry, dict) else None
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(entry: dict[str, object], key: str) -> str | None:
    value = entry.get(key)
    return None if value is None else str(value)


def _kind(name: str, entry: dict[str, object]) -> Kind:
    subjects = tuple(str(s) for s in _many(entry, "for"))
    traits = frozenset(str(t) for t in _many(entry, "traits"))
    return Kind(name, _text(entry, "title") or name, subjects, traits, _text(entry, "trust"))


def _technology(name: str, entry: dict[str, object]) -> Technology:
    managed = entry.get("managed")
    return Technology(
        name,
        _text(entry, "title") or name,
        _text(entry, "kind"),
        managed if isinstance(managed, bool) else None,
        _text(entry, "vendor"),
    )


def _protocol(name: str, entry: dict[str, object]) -> Protocol:
    return Protocol(
        name,
        _text(entry, "title") or name,
        tuple(p for p in _many(entry, "ports") if isinstance(p, int)),
        _text(entry, "encrypted") or "possible",
        _text(entry, "server_authenticated") or "possible",
        _text(entry, "client_authenticated") or "possible",
        _text(entry, "flow_kind"),
        entry.get("obsolete") is True,
    )
