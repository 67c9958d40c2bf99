"""Reads kinds, technologies and protocols from catalogs/kinds/*.yaml, at the start of every run.

The file of jurisdictions beside the folder is read with them; a catalog without one knows no country.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from threatmodel.errors import Diagnostic, InputError, did_you_mean
from threatmodel.kinds.entry import Entry, Problems
from threatmodel.kinds.jurisdictions import NO_JURISDICTIONS, load_jurisdictions
from threatmodel.kinds.values import Kind, Kinds, Protocol, Technology
from threatmodel.source import Document, read

SECTIONS: Final = ("traits", "kinds", "technologies", "protocols")
_SUBJECTS: Final = ("service", "store", "boundary", "host")
_MADE_OF: Final = frozenset(("service", "store", "host"))  # what a technology can be stated of
_TRUST: Final = ("untrusted", "third-party", "trusted")
_CERTAINTY: Final = ("always", "possible", "never")
_FLOW_KINDS: Final = ("business", "administration", "telemetry", "backup", "deployment")
_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "kinds": frozenset(("title", "for", "aliases", "traits", "trust")),
    "technologies": frozenset(("title", "kind", "aliases", "managed", "vendor", "runs_code")),
    "protocols": frozenset(
        "title aliases ports encrypted server_authenticated client_authenticated flow_kind obsolete".split()
    ),
}
_ID: Final = re.compile(r"[a-z0-9.][a-z0-9.+-]{0,63}")  # words are looked up in lower case


def load_kinds(folder: Path) -> Kinds:
    """Every file of the folder, merged; raises InputError with all problems, in the order of the files."""
    reader = _Reader()
    for path in sorted(folder.glob("*.yaml")):
        reader.add(path, f"{folder.parent.name}/{folder.name}/{path.name}")
    if not reader.documents and not reader.problems.found:
        reader.problems.found.append(
            Diagnostic("unreadable-file", f"no kinds catalog in `{folder.as_posix()}`")
        )
    traits = {name: reader.meaning(name, place) for name, place in reader.sections["traits"].items()}
    kinds = {e.id: _kind(e, traits) for e in reader.entries("kinds")}
    technologies = {e.id: _technology(e, kinds) for e in reader.entries("technologies")}
    protocols = {e.id: _protocol(e) for e in reader.entries("protocols")}
    named = reader.names["kinds"], reader.names["technologies"], reader.names["protocols"]
    reader.problems.finish()
    beside = folder.parent / "jurisdictions.yaml"
    known = load_jurisdictions(beside) if beside.is_file() else NO_JURISDICTIONS
    return Kinds(traits, kinds, technologies, protocols, *named, known)


def _kind(entry: Entry, traits: Collection[str]) -> Kind:
    subjects = entry.words("for", _SUBJECTS)
    if entry.values.get("for", []) == []:
        entry.problem(
            "missing-key", "`for` is missing", help="say which of service, store, boundary, host it is"
        )
    trust = entry.word("trust", _TRUST)
    if trust and "boundary" not in subjects:
        entry.problem("key-without-use", "only a kind of boundary has `trust`", "trust")
    return Kind(
        entry.id, entry.text("title") or entry.id, subjects, frozenset(entry.words("traits", traits)), trust
    )


def _technology(entry: Entry, kinds: Mapping[str, Kind]) -> Technology:
    kind = entry.word("kind", kinds)
    if kind and _MADE_OF.isdisjoint(kinds[kind].subjects):
        entry.problem(
            "kind-subject", f"`{kind}` is a kind of boundary, and no boundary has a technology", "kind"
        )
    title = entry.text("title") or entry.id
    runs_code = entry.flag("runs_code") or False
    return Technology(entry.id, title, kind, entry.flag("managed"), entry.text("vendor"), runs_code)


def _protocol(entry: Entry) -> Protocol:
    return Protocol(
        entry.id,
        entry.text("title") or entry.id,
        entry.ports(),
        entry.word("encrypted", _CERTAINTY) or "possible",
        entry.word("server_authenticated", _CERTAINTY) or "possible",
        entry.word("client_authenticated", _CERTAINTY) or "possible",
        entry.word("flow_kind", _FLOW_KINDS),
        entry.flag("obsolete") or False,
    )


class _Place(NamedTuple):
    """What stands under a name of a section, and the file that it stands in."""

    value: object
    document: Document


class _Reader:
    """The sections of all files, the names in them, and the problems so far."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.sections: dict[str, dict[str, _Place]] = {section: {} for section in SECTIONS}
        self.names: dict[str, dict[str, str]] = {}
        self.problems = Problems()

    def add(self, path: Path, shown: str) -> None:
        """Takes in the sections of a file."""
        try:
            document = read(path, shown)
        except InputError as error:
            self.problems.found += error.diagnostics
            return
        self.documents.append(document)
        if not isinstance(document.root, dict):
            self.problems.add(document, (), "wrong-type", "a mapping of sections is needed here")
            return
        for section, entries in document.root.items():
            if section not in SECTIONS:
                message, help = f"unknown section `{section}`", did_you_mean(section, SECTIONS)
                self.problems.add(document, (section,), "unknown-key", message, help)
            elif not isinstance(entries, dict):
                self.problems.add(
                    document, (section,), "wrong-type", f"a mapping of {section} is needed here"
                )
            else:
                self._add_section(document, section, entries)

    def _add_section(self, document: Document, section: str, entries: dict[str, object]) -> None:
        known = self.sections[section]
        for name, value in entries.items():
            if not _ID.fullmatch(name):
                self.bad_id(document, (section, name), name)
            if name in known:
                related = ("first here", known[name].document.span((section, name)))
                message = f"`{name}` stands twice among the {section}"
                self.problems.add(document, (section, name), "duplicate-id", message, "", related)
            else:
                known[name] = _Place(value, document)

    def meaning(self, name: str, place: _Place) -> str:
        """What a trait means, as text."""
        if isinstance(place.value, str) and place.value:
            return place.value
        self.problems.add(
            place.document, ("traits", name), "wrong-type", f"a text that says what `{name}` means is needed"
        )
        return ""

    def entries(self, section: str) -> list[Entry]:
        """Every well-formed entry of a section; ids and aliases become names."""
        names = self.names[section] = {name: name for name in self.sections[section]}
        found = []
        for name, (value, document) in self.sections[section].items():
            values = {} if value is None else value
            if not isinstance(values, dict):
                self.problems.add(
                    document, (section, name), "wrong-type", f"the keys of `{name}` are needed here"
                )
                continue
            entry = Entry(self.problems, document, section, name, values)
            if not values.keys() <= _KEYS[section]:
                entry.refuse_unknown(_KEYS[section])
            if "aliases" in values:
                self._alias(entry, names)
            found.append(entry)
        return found

    def _alias(self, entry: Entry, names: dict[str, str]) -> None:
        for alias in entry.words("aliases", None):
            if not _ID.fullmatch(alias):
                self.bad_id(entry.document, (entry.section, entry.id, "aliases"), alias)
            elif alias in names:
                owner = names[alias]
                at = (entry.section, owner)
                related = (f"`{owner}` is here", self.sections[entry.section][owner].document.span(at))
                entry.problem(
                    "duplicate-id", f"`{alias}` is already a name of `{owner}`", "aliases", "", related
                )
            else:
                names[alias] = entry.id

    def bad_id(self, document: Document, at: tuple[str, ...], name: str) -> None:
        """Records that a name is not one."""
        help = "use up to 64 of a-z, 0-9, `.`, `+` and `-`"
        self.problems.add(document, at, "bad-id", f"`{name}` cannot be a name", help)
