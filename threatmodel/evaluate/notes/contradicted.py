"""Statements that the model's own facts contradict: they count, and their author is told so once."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.catalog import Control
from threatmodel.evaluate.explain.reasons import premises
from threatmodel.evaluate.verdicts.statements import SATISFYING, weighing
from threatmodel.evaluate.verdicts.verdicts import Engine
from threatmodel.logic import bits
from threatmodel.model import Path
from threatmodel.results import Note, Place


def contradicted(engine: Engine) -> tuple[Note, ...]:
    """A warning for each implemented or alternative statement of a subject whose facts show the contrary."""
    found: dict[tuple[str, Path], Note] = {}
    for control in engine.asked.values():
        for kind in control.subjects:
            for path, note in _of(engine, control, kind):
                found.setdefault((control.id, path), note)
    return tuple(found.values())


def _of(engine: Engine, control: Control, kind: str) -> Iterator[tuple[Path, Note]]:
    d = engine.decide(control, kind)
    against = weighing(d.own, SATISFYING, d.size) & d.expect[1]
    model = engine.graph.model
    for i in bits.indexes(against & ~d.not_applicable, d.size):
        said = d.own[i]
        at = said.statement.at
        subject = Place(kind, engine.graph.subjects[kind][i])
        shown = premises(engine, control.expect, kind, i)
        arguments = control.id, said.weight, subject, tuple(premise.basis for premise in shown)
        span = model.span(at)
        excerpt = model.documents[int(at[0])].excerpt(span.line)
        yield at, Note("contradicted-statement", arguments, span, excerpt, related=shown)
