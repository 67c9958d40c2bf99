"""Collects every problem of a model's files with its place, so that all of them are told at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from threatmodel.errors import Diagnostic, InputError, Level, Span, did_you_mean
from threatmodel.model.elements import Path
from threatmodel.source import Document

MOST: Final = 200


class Problems:
    """The documents that paths point into, and what was found in them so far."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.found: list[Diagnostic] = []
        self.unshown = 0

    def span(self, at: Path, part: str = "key") -> Span:
        """The place of the key (or list item) a path ends in, or of its value."""
        file, *rest = at
        return self.documents[int(file)].span(tuple(rest), part)

    def add(
        self,
        code: str,
        message: str,
        at: Path,
        help: str = "",
        *,
        part: str = "key",
        related: tuple[tuple[str, Span], ...] = (),
        level: Level = "error",
    ) -> None:
        """Records a problem at the key, list item or (`part="value"`) value that a path ends in."""
        if len(self.found) >= MOST:
            self.unshown += 1
            return
        span = self.span(at, part)
        excerpt = self.documents[int(at[0])].excerpt(span.line)
        self.found.append(Diagnostic(code, message, span, help, excerpt, level, related))

    def suggest(self, word: str, known: Collection[str]) -> str:
        """The nearest known word as help; nothing once no further problem is shown."""
        return did_you_mean(word, known) if len(self.found) < MOST else ""

    def finish(self) -> None:
        """Raises everything that was found, in the order of the files."""
        if not self.found:
            return
        order = {document.file: n for n, document in enumerate(self.documents)}
        unique = dict.fromkeys(self.found)
        found = sorted(unique, key=lambda d: _place(d, order))
        if self.unshown:
            found.append(Diagnostic("more-problems", f"{self.unshown} more problems are not shown"))
        raise InputError(tuple(found))


def _place(d: Diagnostic, order: dict[str, int]) -> tuple[int, int, int]:
    if d.span is None:
        return len(order), 0, 0
    return order.get(d.span.file, len(order)), d.span.line, d.span.column
