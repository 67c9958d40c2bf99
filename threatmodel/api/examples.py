"""Runs a control's examples: each marked line says which verdict the subject that begins there must have."""

from __future__ import annotations

import re
from typing import NamedTuple

from threatmodel.api import Library, Review, parse
from threatmodel.catalog import Control
from threatmodel.errors import Diagnostic, InputError
from threatmodel.evaluate import subject_span
from threatmodel.source import parse as parse_yaml

_MARK = re.compile(r"#\s*(gap|satisfied|unknown|not-applicable)\s*$")
_DAY = "2026-01-01"


class Outcome(NamedTuple):
    """How many marks were checked, and a diagnostic for each that does not hold."""

    marks: int
    failures: tuple[Diagnostic, ...]


def run_examples(control: Control, library: Library) -> Outcome:
    """Checks every example of a control."""
    marks = 0
    failures: list[Diagnostic] = []
    for n, text in enumerate(control.examples):
        name = f"{control.document.file} example {n + 1}"
        try:
            review = parse(parse_yaml(text, name), library, _DAY, fragment=True)
        except InputError as error:
            failures += error.diagnostics
            continue
        wanted = {i: m[1] for i, line in enumerate(text.splitlines(), 1) if (m := _MARK.search(line))}
        marks += len(wanted)
        failures += _failures(control, review, wanted, name)
    return Outcome(marks, tuple(failures))


def _failures(control: Control, review: Review, wanted: dict[int, str], name: str) -> list[Diagnostic]:
    found = _verdicts(control, review)
    failures = []
    for line, word in wanted.items():
        here = found.get(line, set())
        if here != {word}:
            got = ", ".join(sorted(here)) or "no subject of this control begins here"
            message = f"`{control.id}`: the line is marked `{word}`, the verdict is: {got}"
            document = review.model.documents[0]
            span = document.span(())._replace(file=name, line=line, column=1, end_line=line, end_column=2)
            failures.append(Diagnostic("example", message, span, excerpt=document.excerpt(line)))
    return failures


def _verdicts(control: Control, review: Review) -> dict[int, set[str]]:
    """The verdicts of the control by the line on which the subject begins."""
    found: dict[int, set[str]] = {}
    for kind in control.subjects:
        decision = review.engine.decide(control, kind)
        for i in range(decision.size):
            span = subject_span(review.engine, kind, i)
            if span:
                found.setdefault(span.line, set()).add(decision.verdict(i).word)
    return found
