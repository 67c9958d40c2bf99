"""Collects every problem of a model's files with its place, so that all of them are told at once."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain
from typing import Final

from threatmodel.errors import Diagnostic, InputError, Level, Span, did_you_mean
from threatmodel.model.elements import Path
from threatmodel.source import Document, Value

MOST: Final = 200
_MOST_SUGGESTED: Final = 100


class Problems:
    """The documents that paths point into, and what was found in them so far."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.found: list[Diagnostic] = []
        self._paths: list[Path] = []
        self._suggested = 0
        self._unshown = 0
        self._unread = False

    def span(self, at: Path, part: str = "key") -> Span:
        """The place of the key (or list item) a path ends in, or of its value."""
        file, *rest = at
        return self.documents[int(file)].span(tuple(rest), part)

    def raw(self, at: Path) -> Value:
        """What is written at a path, None where nothing is."""
        file, *rest = at
        return self.documents[int(file)].at(tuple(rest))

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
            self._unshown += 1
            return
        span = self.span(at, part)
        excerpt = self.documents[int(at[0])].excerpt(span.line)
        self.found.append(Diagnostic(code, message, span, help, excerpt, level, related))
        self._paths.append(at)

    def include(self, problems: tuple[Diagnostic, ...], here: Span) -> None:
        """Records the problems of a file that could not be read, with the place that includes it."""
        self._unread = True
        self.found += [d._replace(related=(*d.related, ("included here", here))) for d in problems]

    def unread(self, message: str, at: Path, help: str) -> None:
        """Records that what a path includes cannot be found."""
        self._unread = True
        self.add("unreadable-file", message, at, help, part="value")

    def within(self, at: Path) -> bool:
        """Whether something at or below a path is wrong already, so that what follows from it is not told."""
        return any(path[: len(at)] == at for path in self._paths)

    def suggest(self, word: str, *known: Collection[str]) -> str:
        """The nearest known word as help, for the first problems only: comparing is slow."""
        if len(self.found) >= MOST or self._suggested >= _MOST_SUGGESTED:
            return ""
        self._suggested += 1
        return did_you_mean(word, chain.from_iterable(known))

    def finish(self) -> None:
        """Raises everything that was found."""
        if self.found:
            raise InputError(self.told())

    def told(self) -> tuple[Diagnostic, ...]:
        """Everything that was found, each once: of files that could not be read, then by the order of files.

        While a file is unread nobody knows what it declares, so no reference is told to lead nowhere.
        """
        order = {document.file: n for n, document in enumerate(self.documents)}
        told = (d for d in self.found if not (self._unread and d.code == "unknown-reference"))
        found = sorted(dict.fromkeys(told), key=lambda d: _place(d, order))
        if self._unshown:
            found.append(Diagnostic("more-problems", f"{self._unshown} more problems are not shown"))
        return tuple(found)


def _place(d: Diagnostic, order: dict[str, int]) -> tuple[int, int, int]:
    if d.span is None:
        return len(order), 0, 0
    return order.get(d.span.file, -1), d.span.line, d.span.column
