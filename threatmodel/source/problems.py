"""Collects every problem of what is read, each with its place, so that people get all of them at once."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain
from typing import Final

from threatmodel.errors import Diagnostic, InputError, Level, Span, did_you_mean
from threatmodel.source.document import Path, Source, Value

MOST: Final = 200
_MOST_SUGGESTED: Final = 100


class Problems:
    """What paths point into, and what is wrong in it so far."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._diagnostics: list[Diagnostic] = []
        self._paths: list[Path] = []
        self._suggested = 0
        self._left_out = 0
        self._unread = False

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
        if len(self._diagnostics) >= MOST:
            self._left_out += 1
            return
        document, path = self.source.locate(at)
        problem = document.diagnostic(code, message, path, help, part=part, level=level, related=related)
        self._diagnostics.append(problem)
        self._paths.append(at)

    def refuse(self, code: str, message: str, at: Path, help: str = "") -> None:
        """Records a problem at the value that a path ends in."""
        self.add(code, message, at, help, part="value")

    def unread(self, problems: tuple[Diagnostic, ...], *related: tuple[str, Span]) -> None:
        """Records the problems of a file that cannot be read; while one is, nobody knows what it declares."""
        self._unread = True
        self._diagnostics += [d._replace(related=(*d.related, *related)) for d in problems]

    def span(self, at: Path, part: str = "key") -> Span:
        """The place of the key (or list item) a path ends in, or of its value."""
        document, path = self.source.locate(at)
        return document.span(path, part)

    def raw(self, at: Path) -> Value:
        """What is written at a path, None where nothing is."""
        document, path = self.source.locate(at)
        return document.at(path)

    def within(self, at: Path) -> bool:
        """Whether something at or below a path is wrong already, so that what follows from it is left out."""
        return any(path[: len(at)] == at for path in self._paths)

    def suggest(self, word: str, *known: Collection[str]) -> str:
        """The nearest known word as help, for the first problems only: comparing is slow."""
        if len(self._diagnostics) >= MOST or self._suggested >= _MOST_SUGGESTED:
            return ""
        self._suggested += 1
        return did_you_mean(word, chain.from_iterable(known))

    def finish(self) -> None:
        """Raises InputError with everything that is wrong."""
        if self._diagnostics:
            raise InputError(self.diagnostics())

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Every problem once: those of files that could not be read, then by the order of files and lines.

        While a file is unread, a reference that leads nowhere is left out: it may lead there.
        """
        ranks = {document.file: n for n, document in enumerate(self.source.documents)}
        kept = (d for d in self._diagnostics if not (self._unread and d.code == "unknown-reference"))
        ordered = sorted(dict.fromkeys(kept), key=lambda d: _place(d, ranks))
        if self._left_out:
            ordered.append(Diagnostic("more-problems", f"{self._left_out} more problems are not shown"))
        return tuple(ordered)


def _place(d: Diagnostic, ranks: dict[str, int]) -> tuple[int, int, int]:
    if d.span is None:
        return len(ranks), 0, 0
    rank = ranks.get(d.span.file)
    return (-1, 0, 0) if rank is None else (rank, d.span.line, d.span.column)
