"""Checks a proof: decides again from the texts, then compares all that the proof says with what comes out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from threatmodel.source import Document
from threatmodel.verify.proof import Entry, Name, Proof, about, way_of
from threatmodel.verify.rules import Rules, Trace
from threatmodel.verify.text import Entity, Text, file_names, many, quote
from threatmodel.verify.values import Value
from threatmodel.verify.ways import Route, Way
from threatmodel.verify.written import tables


class Catalog(NamedTuple):
    """The texts of a valid catalog: what explains words, kinds and countries, and each control by its id."""

    words: Sequence[Document]
    controls: Mapping[str, Document]

    def control(self, name: str) -> dict[str, Any]:
        """A control as plain data."""
        root: Any = self.controls[name].root
        return dict(root)

    def read(self, trace: Trace) -> list[Document]:
        """The files that verdicts rest on."""
        asked = (key for found in (trace.verdicts, trace.steps, trace.shown) for key, *_ in found)
        return [*self.words, *(self.controls[name] for name in sorted(set(asked)))]


_LISTED, _UNLISTED = "it is listed", "it is not listed"


class Difference(NamedTuple):
    """Where a proof differs: the entry and the key in it, what it says, and what the texts give."""

    at: str
    proof: str
    text: str


class Checked(NamedTuple):
    """What comes of a check: no differences where the proof holds.

    `derived` facts were derived from the text, `quoted` ones (by name, how many) taken from the proof.
    """

    differences: tuple[Difference, ...]
    verdicts: int
    statements: int
    derived: int
    quoted: Mapping[str, int]


def check(proof: Proof, documents: Sequence[Document], catalog: Catalog) -> Checked:
    """What comes of checking a proof against a valid model and catalog; its first file may be a copy."""
    proof = about(proof, file_names(documents)[0])
    text = Text(documents, catalog.words, proof.as_of)
    rules = Rules(text, catalog.control, _Given(proof))
    for control, kind, name in proof.tables["verdicts"]:
        if is_asked(text, catalog, control, kind, name):
            rules.verdict(control, text.entities[kind, name])
    found = tables(text, rules.trace, catalog.read(rules.trace))
    for key, fact in found["facts"].items():
        said = proof.tables["facts"].get(key, {"from": []})["from"]
        fact["from"] = [_again(documents, text) for text in said]
    derived = Counter(name for (name, _, _), (_, is_derived) in rules.trace.facts.items() if is_derived)
    differences = [d for table in found for d in _compare(table, proof.tables[table], found[table])]
    return Checked(
        tuple(sorted(differences, key=lambda d: d.proof in (_LISTED, _UNLISTED))),
        len(rules.trace.verdicts),
        sum(len(entry["said"]) for table in ("steps", "evidence") for entry in found[table].values()),
        derived.total(),
        Counter(name for name, _, _ in rules.trace.facts) - derived,
    )


def is_asked(text: Text, catalog: Catalog, control: str, kind: str, name: str) -> bool:
    """Whether there is a result of a control for a subject."""
    known = control in catalog.controls and (kind, name) in text.entities
    return known and kind in (many(catalog.control(control)["subject"]) or ())


class _Given:
    """What a proof brings, as the rules ask for it."""

    def __init__(self, proof: Proof) -> None:
        self._tables = proof.tables

    def fact(self, name: str, of: Entity) -> Value:
        """The value that the proof has, nothing known where it has none."""
        entry = self._tables["facts"].get((name, of.kind, of.id))
        return entry["value"] if entry else None

    def way(self, route: Route, to: Entity) -> Way:
        """The claim that the proof makes, none where it makes none."""
        key = " ".join(route.controls), " ".join(route.kinds), route.origin, to.kind, to.id
        entry = self._tables["paths"].get(key)
        return way_of(entry) if entry else Way(None, False)


def _again(documents: Sequence[Document], said: Entry) -> Entry:
    """What the text says where a proof says that it says something."""
    names = file_names(documents)
    if said["file"] not in names:
        return {**said, "file": None}
    return quote(documents, (names.index(said["file"]), *said["keys"]))


def _compare(table: str, proof: Mapping[Name, Entry], text: Mapping[Name, Entry]) -> Iterator[Difference]:
    for key in (*proof, *(key for key in text if key not in proof)):
        at = f"{table}: {_words(table, key)}"
        if key not in text:
            yield Difference(at, _LISTED, "no verdict rests on it")
        elif key not in proof:
            yield Difference(at, _UNLISTED, "a verdict rests on it")
        elif table == "paths" and proof[key]["hops"] and not text[key]["hops"]:
            yield from _witness(at, proof[key], text[key])
        else:
            yield from _walk(at, proof[key], text[key])


def _witness(at: str, proof: Entry, text: Entry) -> Iterator[Difference]:
    """A witness that is none differs as a whole: the texts do not say which one the proof should have."""
    bare = {**proof, "start": "", "hops": []}
    if bare != text:
        yield from _walk(at, bare, text)
    else:
        hops = [proof["start"], *(hop["flow"] for hop in proof["hops"])]
        yield Difference(f"{at}, witness", _shown(hops), "no such path, or it passes what it may not pass")


def _walk(at: str, proof: Any, text: Any) -> Iterator[Difference]:
    match proof, text:
        case dict(), dict() if proof.keys() == text.keys():
            for key in proof:
                yield from _walk(f"{at}, {key}", proof[key], text[key])
        case list(), list() if len(proof) == len(text):
            for i, (mine, other) in enumerate(zip(proof, text, strict=True), 1):
                yield from _walk(f"{at} {i}", mine, other)
        case _ if json.dumps(proof) != json.dumps(text):
            yield Difference(at, _shown(proof), _shown(text))


def _words(table: str, key: Name) -> str:
    match table, key:
        case (("model" | "catalog"), (name,)):
            return f"`{name}`"
        case "paths", (controls, flows, origin, kind, name):
            over = f" over {flows} flows" if flows else ""
            return f"`{controls}` on every path from {origin} to {kind} `{name}`{over}"
        case _:
            return f"`{key[0]}` of {key[1]} `{key[2]}`"


def _shown(value: Any) -> str:
    """A value on one line, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 100 else f"{text[:97]}..."
