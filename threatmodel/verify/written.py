"""A trace as a proof writes it: one table for each kind of thing that verdicts rest on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from threatmodel.source import Document
from threatmodel.verify.proof import Entry, Name, keyed
from threatmodel.verify.rules import Asked, Trace, out_of_scope
from threatmodel.verify.said import Said
from threatmodel.verify.text import Path, Text, file_names, place, quote
from threatmodel.verify.ways import Route, Way


def tables(text: Text, trace: Trace, catalog: Iterable[Document]) -> dict[str, dict[Name, Entry]]:
    """The tables of a proof; `catalog` are the files of it that were read, and facts have no places yet."""
    documents = text.documents
    named = zip(file_names(documents), documents, strict=True)
    found = {
        "model": [{"file": name, "sha256": digest(document)} for name, document in named],
        "catalog": [{"file": document.file, "sha256": digest(document)} for document in catalog],
        "verdicts": [_verdict(text, trace, asked) for asked in trace.verdicts],
        "steps": [
            {
                **_asked("control", asked),
                "verdict": step.verdict,
                "rule": step.rule,
                "expect": step.expect,
                "said": [_said(documents, said) for said in step.said],
            }
            for asked, step in trace.steps.items()
        ],
        "facts": [
            {**_asked("fact", asked), "value": value, "from": []} for asked, (value, _) in trace.facts.items()
        ],
        "evidence": [
            {
                **_asked("control", asked),
                "shows": shows,
                "said": [_said(documents, place) for place in said],
            }
            for asked, (shows, said) in trace.shown.items()
        ],
        "paths": [_way(text, *asked, way) for asked, way in trace.ways.items()],
    }
    return {name: keyed(name, entries) for name, entries in found.items()}


def digest(document: Document) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(document.text.encode()).hexdigest()


def _verdict(text: Text, trace: Trace, asked: Asked) -> Entry:
    decided = trace.verdicts[asked]
    subject = text.entities[asked[1:]]
    why = out_of_scope(text, subject) if decided.rule == "1 out of scope" else ()
    return {
        **_asked("control", asked),
        **decided._asdict(),
        **place(text.documents, subject.at),
        "texts": _quoted(text.documents, why),
    }


def _way(text: Text, route: Route, kind: str, name: str, way: Way) -> Entry:
    hops = []
    for hop in way.hops:
        flow = text.entities["flow", hop.removeprefix("<")]
        hops.append({"flow": flow.id, "back": hop != flow.id, **place(text.documents, flow.at)})
    return {
        "controls": list(route.controls),
        "flows": list(route.kinds),
        "from": route.origin,
        "kind": kind,
        "id": name,
        "reached": way.reached,
        "outcome": way.outcome,
        "start": way.start,
        "hops": hops,
        "closed": list(way.closed),
    }


def _asked(what: str, asked: Asked) -> Entry:
    return dict(zip((what, "kind", "id"), asked, strict=True))


def _said(documents: Sequence[Document], said: Said) -> Entry:
    kind, name = said.place
    return {"place": kind, "id": name, "counts": said.weight, "text": quote(documents, said.at)}


def _quoted(documents: Sequence[Document], paths: Iterable[Path]) -> list[Entry]:
    return [quote(documents, path) for path in paths]
