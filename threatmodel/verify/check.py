"""Checks a proof: decides again from the model, then compares all that the proof says with what comes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from threatmodel.catalog.library import Library
from threatmodel.graph import build_graph
from threatmodel.model import Model
from threatmodel.verify.evaluator import Evaluator
from threatmodel.verify.proof import Proof
from threatmodel.verify.tables import Name, Tables, file_names

_Keys: TypeAlias = tuple[str | int, ...]


class Difference(NamedTuple):
    """Where a proof differs: the entry of a table, the keys in it, and the two values there as JSON.

    `proof` is None where the entry is missing, and `text` where no verdict rests on it.
    """

    table: str
    name: Name
    keys: _Keys
    proof: str | None
    text: str | None


class Checked(NamedTuple):
    """What comes of a check, and how much was read again: no differences where the proof holds."""

    differences: tuple[Difference, ...]
    statements: int
    facts: int


def check(proof: Proof, model: Model, library: Library) -> Checked:
    """What comes of checking a proof against a model and the catalog; its first file may be a copy."""
    graph = build_graph(model, library.kinds, proof.as_of)
    controls = library.catalog.controls
    tables = Tables(graph, _names(proof, model))
    evaluator = Evaluator(graph, controls, tables)
    for control, kind, name in proof.tables["verdicts"]:
        known = controls.get(control)
        if known and not known.disabled and kind in known.subjects and name in graph.order[kind]:
            evaluator.verdict(control, graph.subject(kind, name))
    tables.files(library)
    found = tables.entries
    differences = [d for table in found for d in _compare(table, proof, tables)]
    return Checked(
        tuple(sorted(differences, key=lambda d: d.proof is None or d.text is None)),
        sum(len(entry["statements"]) for name in ("steps", "evidence") for entry in found[name].values()),
        len(found["facts"]),
    )


def _names(proof: Proof, model: Model) -> list[str]:
    """What the proof calls the files of the model; the first one may be a copy under another name."""
    _, *others = names = file_names(model.documents)
    called = next((entry["file"] for entry in proof.tables["model"].values()), names[0])
    return names if called in others else [called, *others]


def _compare(table: str, proof: Proof, tables: Tables) -> Iterator[Difference]:
    given, found = proof.tables[table], tables.entries[table]
    for name in dict.fromkeys((*given, *found)):
        if name not in found:
            yield Difference(table, name, (), _json(given[name]), None)
        elif name not in given:
            yield Difference(table, name, (), None, _json(found[name]))
        else:
            for keys, mine, other in _walk((), given[name], found[name]):
                yield Difference(table, name, keys, mine, other)


def _walk(keys: _Keys, proof: Any, text: Any) -> Iterator[tuple[_Keys, str, str]]:
    match proof, text:
        case dict(), dict() if proof.keys() == text.keys():
            for key in proof:
                yield from _walk((*keys, key), proof[key], text[key])
        case list(), list() if len(proof) == len(text):
            for i, (mine, other) in enumerate(zip(proof, text, strict=True), 1):
                yield from _walk((*keys, i), mine, other)
        case _ if _json(proof) != _json(text):
            yield keys, _json(proof), _json(text)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
