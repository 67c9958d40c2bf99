"""The form of a control, for `catalog lint`: how texts are written, how long it is, what examples show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from threatmodel.catalog.controls import Control
from threatmodel.errors import Diagnostic, Level, did_you_mean
from threatmodel.facts import FACTS
from threatmodel.model import Path

LONGEST: Final = 40
"""How many lines a control takes at most; examples, comments and empty lines do not count."""
_PLACEHOLDER: Final = re.compile(r"\{([^}]*)\}")
_MARK: Final = re.compile(r"#\s*(gap|satisfied|unknown|not-applicable)\s*$", re.MULTILINE)
_SENTENCE: Final = re.compile(r"[.?](?= [A-Z]|$)")
_FLOW: Final = ("source", "target", "boundaries")


class _Text(NamedTuple):
    """How a text is written: a pattern for the whole, what that means, and how many sentences it has."""

    key: str
    pattern: re.Pattern[str]
    rule: str
    sentences: int | None = None


_TEXTS: Final = (
    _Text("title", re.compile(r"[^\n]*[^.\s]"), "is one line without a full stop"),
    _Text("question", re.compile(r".*\?", re.DOTALL), "ends with a question mark"),
    _Text("fix", re.compile(r".*\.", re.DOTALL), "is one sentence that says how to mend it", 1),
    _Text("rationale", re.compile(r".*[.?]", re.DOTALL), "is two sentences that say why it matters", 2),
)


def form(control: Control) -> Iterator[Diagnostic]:
    """Errors and warnings about how a control is written; none says anything about what it asks."""
    yield from _texts(control)
    yield from _placeholders(control)
    yield from _length(control)
    yield from _examples(control)


def placeholders(control: Control) -> frozenset[str]:
    """The names in braces that the texts of a control may hold."""
    known = {"subject", "data"} | {n for s, n in FACTS if s in control.subjects}
    if len(control.subjects) == 1:
        known |= {control.subjects[0], *(_FLOW if control.subjects == ("flow",) else ())}
    return frozenset(known)


def unfilled(control: Control, text: str) -> tuple[str, ...]:
    """The placeholders in a text of a control that nothing fills."""
    known = placeholders(control) if "{" in text else ()
    return tuple(name for name in _PLACEHOLDER.findall(text) if name not in known)


def _texts(control: Control) -> Iterator[Diagnostic]:
    for text in _TEXTS:
        value: str = getattr(control, text.key).strip()
        sentences = len(_SENTENCE.findall(" ".join(value.split())))
        if not text.pattern.fullmatch(value) or sentences != (text.sentences or sentences):
            yield _problem(control, (text.key,), "text-form", f"`{text.key}` {text.rule}", "warning")
    if control.document.at(("references",)) is None:
        message = "`references` is missing, and no source says why it matters"
        help = "cite an entry of a pinned list, or write `references: []` if there is none"
        yield _problem(control, ("id",), "no-reference", message, "warning", help)


def _placeholders(control: Control) -> Iterator[Diagnostic]:
    for key in ("question", "gap", "fix", "redundant"):
        for name in unfilled(control, getattr(control, key)):
            message = f"nothing fills the placeholder `{{{name}}}`"
            help = did_you_mean(name, placeholders(control))
            yield _problem(control, (key,), "unknown-placeholder", message, help=help)


def _length(control: Control) -> Iterator[Diagnostic]:
    head = control.document.text.split("\nexamples:", 1)[0].splitlines()
    lines = sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in head)
    if lines > LONGEST:
        message = f"it takes {lines} lines without its examples, {LONGEST} at most are read"
        help = "ask for less in one control, or make two of it"
        yield _problem(control, ("id",), "long-control", message, "warning", help)


def _examples(control: Control) -> Iterator[Diagnostic]:
    marks = {mark for example in control.examples for mark in _MARK.findall(example)}
    for word in ("gap", "satisfied"):
        if word not in marks:
            yield _problem(control, ("examples",), "no-example", f"no example is marked `# {word}`")
    if not marks & {"unknown", "not-applicable"}:
        message = "no example is marked `# unknown` or `# not-applicable`"
        yield _problem(control, ("examples",), "no-example", message, "warning")


def _problem(
    control: Control, at: Path, code: str, message: str, level: Level = "error", help: str = ""
) -> Diagnostic:
    span = control.document.span(at)
    return Diagnostic(code, message, span, help, control.document.excerpt(span.line), level)
