"""Reads kinds, technologies and protocols from catalogs/kinds/*.yaml, at the start of every run.

The file of jurisdictions beside the folder is read with them; a catalog without one knows no country.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from threatmodel.errors import Diagnostic, InputError
from threatmodel.kinds.jurisdictions import NO_JURISDICTIONS, load_jurisdictions
from threatmodel.kinds.values import Kind, Kinds, Protocol, Technology
from threatmodel.source import Documents, read
from threatmodel.source.document import Path as At
from threatmodel.source.problems import Problems
from threatmodel.source.reading import (
    Field,
    Placed,
    Table,
    boolean,
    entries,
    many,
    port,
    read_each,
    read_mapping,
    required,
    table,
    text,
    word,
)

_SUBJECTS: Final = ("service", "store", "boundary", "host")
_MADE_OF: Final = frozenset(("service", "store", "host"))  # what a technology can be stated of
_TRUST: Final = ("untrusted", "third-party", "trusted")
_CERTAINTY: Final = word(("always", "possible", "never"))
_FLOW_KINDS: Final = ("business", "administration", "telemetry", "backup", "deployment")
_ID: Final = re.compile(r"[a-z0-9.][a-z0-9.+-]{0,63}")  # words are looked up in lower case


def load_kinds(folder: Path) -> Kinds:
    """Every file of the folder, merged; raises InputError with all problems, in the order of the files."""
    documents = Documents([])
    problems = Problems(documents)
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        message = f"no kinds catalog in `{folder.as_posix()}`"
        raise InputError((Diagnostic("unreadable-file", message),))
    for path in paths:
        try:
            documents.documents.append(read(path, f"{folder.parent.name}/{folder.name}/{path.name}"))
        except InputError as error:
            problems.unread(error.diagnostics)
    sections = _sections(problems)
    meanings = sections["traits"].items()
    traits = {name: text(problems, entry.raw, entry.at) or "" for name, entry in meanings}
    kinds, kind_names = _read(problems, sections, "kinds", _kind(traits))
    technologies, technology_names = _read(problems, sections, "technologies", _technology(kinds))
    protocols, protocol_names = _read(problems, sections, "protocols", _PROTOCOL)
    for id, kind in kinds.items():
        if kind["trust"] and "boundary" not in kind["for"]:
            at = (*sections["kinds"][id].at, "trust")
            problems.add("key-without-use", "only a kind of boundary has `trust`", at)
    for id, technology in technologies.items():
        if technology["kind"] and _MADE_OF.isdisjoint(kinds[technology["kind"]]["for"]):
            message = f"`{technology['kind']}` is a kind of boundary, and no boundary has a technology"
            problems.add("kind-subject", message, (*sections["technologies"][id].at, "kind"))
    problems.finish()
    beside = folder.parent / "jurisdictions.yaml"
    return Kinds(
        traits,
        {
            id: Kind(id, v["title"] or id, v["for"], frozenset(v["traits"]), v["trust"])
            for id, v in kinds.items()
        },
        {id: Technology(id, **{**v, "title": v["title"] or id}) for id, v in technologies.items()},
        {id: Protocol(id, **{**v, "title": v["title"] or id}) for id, v in protocols.items()},
        kind_names,
        technology_names,
        protocol_names,
        load_jurisdictions(beside) if beside.is_file() else NO_JURISDICTIONS,
    )


def _sections(problems: Problems) -> dict[str, dict[str, Placed]]:
    """The entries of all files by section and id; an id that is used twice stays the first."""
    sections: dict[str, dict[str, Placed]] = {section: {} for section in _FILE.fields}
    for file, document in enumerate(problems.source.documents):
        for section, named in read_mapping(problems, _FILE, document.root, (file,)).items():
            for name, raw in named.items():
                entry = Placed((file, section, name), raw)
                _check_name(problems, name, entry.at)
                first = sections[section].setdefault(name, entry)
                if first is not entry:
                    message = f"`{name}` stands twice among the {section}"
                    related = (("first here", problems.span(first.at)),)
                    problems.add("duplicate-id", message, entry.at, related=related)
    return sections


def _read(
    problems: Problems, sections: Mapping[str, Mapping[str, Placed]], section: str, fields: Table
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The values of every entry of a section by its id, and the ids by every name."""
    named = sections[section]
    names = {id: id for id in named}
    values = {}
    for id, found in read_each(problems, fields, named).items():
        entry = named[id]
        values[id] = {**found, "title": found["title"] or id}
        for alias in values[id].pop("aliases"):
            at = (*entry.at, "aliases")
            _check_name(problems, alias, at)
            if alias in names:
                owner = names[alias]
                related = ((f"`{owner}` is here", problems.span(named[owner].at)),)
                message = f"`{alias}` is already a name of `{owner}`"
                problems.add("duplicate-id", message, at, related=related)
            names.setdefault(alias, id)
    return values, names


def _check_name(problems: Problems, name: str, at: At) -> None:
    if not _ID.fullmatch(name):
        help = "use up to 64 of a-z, 0-9, `.`, `+` and `-`"
        problems.add("bad-id", f"`{name}` cannot be a name", at, help)


_FILE: Final = table(
    "kinds file",
    dict.fromkeys(
        ("traits", "kinds", "technologies", "protocols"),
        Field(entries),
    ),
)
_NAMED: Final = {"title": Field(text), "aliases": Field(many(text), absent=())}
_PROTOCOL: Final = table(
    "protocol",
    {
        **_NAMED,
        "ports": Field(many(port), absent=()),
        "encrypted": Field(_CERTAINTY, absent="possible"),
        "server_authenticated": Field(_CERTAINTY, absent="possible"),
        "client_authenticated": Field(_CERTAINTY, absent="possible"),
        "flow_kind": Field(word(_FLOW_KINDS)),
        "obsolete": Field(boolean, absent=False),
    },
)


def _kind(traits: Mapping[str, Any]) -> Table:
    return table(
        "kind",
        {
            **_NAMED,
            "for": required(many(word(_SUBJECTS), some=True), ()),
            "traits": Field(many(word(traits)), absent=()),
            "trust": Field(word(_TRUST)),
        },
    )


def _technology(kinds: Mapping[str, Any]) -> Table:
    return table(
        "technology",
        {
            **_NAMED,
            "kind": Field(word(kinds)),
            "managed": Field(boolean),
            "vendor": Field(text),
            "runs_code": Field(boolean, absent=False),
        },
    )
