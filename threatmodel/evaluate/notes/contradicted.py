"""Statements that the model's own facts contradict: they count, and their author is told so once."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.catalog import Control
from threatmodel.errors import Diagnostic
from threatmodel.evaluate.explain.reasons import premises
from threatmodel.evaluate.verdicts.engine import Engine
from threatmodel.evaluate.verdicts.statements import SATISFYING, weighing
from threatmodel.logic import bits
from threatmodel.model import Path


def contradicted(engine: Engine) -> tuple[Diagnostic, ...]:
    """A warning for each implemented or alternative statement of a subject whose facts show the contrary."""
    found: dict[tuple[str, Path], Diagnostic] = {}
    for control in engine.asked.values():
        for kind in control.subjects:
            for path, problem in _of(engine, control, kind):
                found.setdefault((control.id, path), problem)
    return tuple(found.values())


def _of(engine: Engine, control: Control, kind: str) -> Iterator[tuple[Path, Diagnostic]]:
    d = engine.decide(control, kind)
    against = weighing(d.own, SATISFYING, d.size) & d.expect[1]
    model = engine.graph.model
    for i in bits.indexes(against & ~d.not_applicable, d.size):
        said, shown = d.own[i], premises(engine, control.expect, kind, i)
        span = model.span(said.statement.at)
        message = (
            f"`{control.id}` is stated as {said.weight}, but for {kind} `{engine.graph.subjects[kind][i]}` "
            + " and ".join(p.text for p in shown)
        )
        yield (
            said.statement.at,
            Diagnostic(
                "contradicted-statement",
                message,
                span,
                "the statement counts; correct the one that is wrong",
                model.documents[int(said.statement.at[0])].excerpt(span.line),
                "warning",
                tuple((p.text, p.span) for p in shown if p.span),
            ),
        )
