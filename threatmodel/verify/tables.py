"""The tables of a proof: maker and checker fill them entry by entry, each with what it found by itself."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final, NamedTuple, TypeAlias

from threatmodel.catalog import Route
from threatmodel.catalog.library import Library
from threatmodel.facts.fact import Place, subject_at
from threatmodel.graph import Subject, SystemGraph
from threatmodel.model import Path
from threatmodel.source import Document
from threatmodel.verify.values import Truth, Written

Entry: TypeAlias = dict[str, Any]
Name: TypeAlias = tuple[str, ...]
"""What names an entry of a table."""

_ASKED: Final = ("control", "kind", "id")
NAMED_BY: Final[Mapping[str, Name]] = {
    "model": ("file",),
    "catalog": ("file",),
    "verdicts": _ASKED,
    "steps": _ASKED,
    "facts": ("fact", "kind", "id"),
    "evidence": _ASKED,
    "paths": ("controls", "flows", "from", "kind", "id"),
}
"""The tables, and the keys by which each entry is named."""


class AppliedStatement(NamedTuple):
    """A statement that counts for a subject: the place that makes it, its weight, and where it is written."""

    kind: str
    id: str
    counts: str
    at: Path


class Step(NamedTuple):
    """What a control comes to once it is needed: verdict, rule, and what `expect` is."""

    verdict: str
    rule: str
    expect: Truth


class PathClaim(NamedTuple):
    """Whether every path to a subject passes a route, and whether one leads there at all.

    Where not all of them do, or it is open, `start` and `hops` are one that does not: the element at which
    it begins, then each flow by its id, and whether a relay is walked back over it. `closed` are the
    elements that paths still reach where all of them do.
    """

    outcome: Truth
    reached: bool
    start: str = ""
    hops: tuple[tuple[str, bool], ...] = ()
    closed: tuple[str, ...] = ()


class Tables:
    """What is said of the subjects of one graph, with places and quotes; `names` are those of its files."""

    def __init__(self, graph: SystemGraph, names: Sequence[str]) -> None:
        self.entries: dict[str, dict[Name, Entry]] = {table: {} for table in NAMED_BY}
        self._graph = graph
        self._names = names

    def verdict(self, control: str, of: Subject, verdict: str, rule: str, when: Truth) -> None:
        """A verdict, the rule that decides, and what `when` is."""
        out = elements_of(self._graph, of) if rule == "1 out of scope" else ()
        texts = [self._quote((*self._graph.values[e].at, "out_of_scope")) for e in out]
        place = self._place(subject_at(self._graph, of))
        decided = {"verdict": verdict, "rule": rule, "when": when}
        self._add("verdicts", control, of, {**decided, **place, "texts": texts})

    def step(self, control: str, of: Subject, found: Step, applied: Iterable[AppliedStatement]) -> None:
        """What a control comes to once it is needed, and what counts for it."""
        self._add("steps", control, of, {**found._asdict(), "statements": self._statements(applied)})

    def evidence(self, control: str, of: Subject, shows: Truth, applied: Iterable[AppliedStatement]) -> None:
        """Whether something on a path shows a control, and what counts for it there."""
        self._add("evidence", control, of, {"shows": shows, "statements": self._statements(applied)})

    def fact(self, name: str, of: Subject, value: Written, places: Iterable[Place]) -> None:
        """The value of a fact, and the keys that make it."""
        paths = dict.fromkeys((*at, key) if key else at for at, key in places if at)
        self._add("facts", name, of, {"value": value, "from": [self._quote(at) for at in paths]})

    def path(self, route: Route, to: Subject, claim: PathClaim) -> None:
        """What is claimed of the paths to a subject."""
        name = " ".join(route.controls), " ".join(route.kinds), route.origin, to.kind, self._graph.id_of(to)
        flows, order = self._graph.flows, self._graph.order["flow"]
        hops = [{"flow": f, "back": back, **self._place(flows[order[f]].at)} for f, back in claim.hops]
        lists = {"controls": list(route.controls), "flows": list(route.kinds), "closed": list(claim.closed)}
        self._put("paths", name, {**claim._asdict(), **lists, "hops": hops})

    def files(self, library: Library) -> None:
        """The files of the model, and those of the catalog on which the entries rest."""
        asked = {name for table in ("verdicts", "steps", "evidence") for name, *_ in self.entries[table]}
        read = [library.catalog.controls[name].document for name in sorted(asked)]
        model = zip(self._names, (d.text for d in self._graph.model.documents), strict=True)
        catalog = (*library.vocabulary.items(), *((d.file, d.text) for d in read))
        for table, texts in (("model", model), ("catalog", catalog)):
            for name, text in texts:
                self._put(table, (name,), {"sha256": hashlib.sha256(text.encode()).hexdigest()})

    def _add(self, table: str, asked: str, of: Subject, found: Entry) -> None:
        self._put(table, (asked, of.kind, self._graph.id_of(of)), found)

    def _put(self, table: str, name: Name, found: Entry) -> None:
        self.entries[table][name] = {**dict(zip(NAMED_BY[table], name, strict=True)), **found}

    def _statements(self, found: Iterable[AppliedStatement]) -> list[Entry]:
        return [{"place": s.kind, "id": s.id, "counts": s.counts, "text": self._quote(s.at)} for s in found]

    def _place(self, at: Path) -> Entry:
        span = self._graph.model.span(at)
        return {"file": self._names[int(at[0])], "line": span.line, "column": span.column}

    def _quote(self, at: Path) -> Entry:
        """What the text says at a path: the place, the keys and the exact value, null where there is none."""
        file, *keys = at
        value = self._graph.model.documents[int(file)].at(tuple(keys))
        return {**self._place(at), "keys": keys, "value": value}


def entry_name(table: str, entry: Entry) -> Name:
    """What names an entry of a table."""
    values = (entry[key] for key in NAMED_BY[table])
    return tuple(" ".join(value) if isinstance(value, list) else value for value in values)


def file_names(documents: Sequence[Document]) -> list[str]:
    """The files of a model by their paths from the folder of the first one."""
    start = PurePath(documents[0].file).parent
    return [PurePath(os.path.relpath(document.file, start)).as_posix() for document in documents]


def elements_of(graph: SystemGraph, of: Subject) -> list[int]:
    """An element itself, a flow's two ends; of another subject none."""
    if of.kind == "flow":
        return [graph.flow_source[of.position], graph.flow_target[of.position]]
    return [graph.positions[of.kind][of.position]] if of.kind in graph.positions else []
