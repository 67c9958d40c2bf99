"""Reads one entry of a kinds file strictly, and collects the problems of all of them with their places."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from threatmodel.errors import Diagnostic, InputError, Span, did_you_mean
from threatmodel.source import Document


class Problems:
    """What was found wrong so far in the files of the folder."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def add(
        self,
        document: Document,
        at: tuple[str, ...],
        code: str,
        message: str,
        help: str = "",
        *related: tuple[str, Span],
    ) -> None:
        """Records an error at a path of a document."""
        span = document.span(at)
        self.found.append(
            Diagnostic(code, message, span, help, document.excerpt(span.line), "error", related)
        )

    def finish(self) -> None:
        """Raises everything that was found, in the order of files and lines."""
        if self.found:
            raise InputError(tuple(sorted(self.found, key=_order)))


class Entry:
    """A kind, technology or protocol as written: a method reads a key or records what is wrong."""

    __slots__ = ("document", "id", "problems", "section", "values")

    def __init__(
        self, problems: Problems, document: Document, section: str, id: str, values: Mapping[str, object]
    ) -> None:
        self.problems = problems
        self.document = document
        self.section = section
        self.id = id
        self.values = values

    def text(self, key: str) -> str | None:
        """A text that is not empty."""
        if key not in self.values:
            return None
        value = self.values[key]
        if isinstance(value, str) and value:
            return value
        self.problem("wrong-type", f"`{key}` must be a text", key, "put it in quotes")
        return None

    def flag(self, key: str) -> bool | None:
        """`true` or `false`."""
        if key not in self.values:
            return None
        value = self.values[key]
        if isinstance(value, bool):
            return value
        self.problem("wrong-type", f"`{key}` must be `true` or `false`", key)
        return None

    def word(self, key: str, known: Collection[str]) -> str | None:
        """One of the known words."""
        if key not in self.values:
            return None
        value = self.values[key]
        if isinstance(value, str):
            return value if self._knows(key, value, known) else None
        self.problem("wrong-type", f"`{key}` must be a word", key)
        return None

    def words(self, key: str, known: Collection[str] | None) -> tuple[str, ...]:
        """One or many words, each of the known ones where these are given."""
        if key not in self.values:
            return ()
        found = []
        for value in self._many(key):
            if not isinstance(value, str):
                self.problem(
                    "wrong-type", f"`{key}` must be a word or a list of words", key, "put it in quotes"
                )
            elif known is None or self._knows(key, value, known):
                found.append(value)
        return tuple(found)

    def ports(self) -> tuple[int, ...]:
        """One or many ports."""
        if "ports" not in self.values:
            return ()
        found = []
        for value in self._many("ports"):
            if not isinstance(value, int) or isinstance(value, bool):
                self.problem("wrong-type", "`ports` must be a number or a list of numbers", "ports")
            elif not 0 < value < 65536:
                self.problem("out-of-range", f"`{value}` is no port: ports go from 1 to 65535", "ports")
            else:
                found.append(value)
        return tuple(found)

    def refuse_unknown(self, known: Collection[str]) -> None:
        """Records every key but the known ones."""
        for key in self.values:
            if key not in known:
                self.problem("unknown-key", f"unknown key `{key}`", key, did_you_mean(key, sorted(known)))

    def problem(
        self, code: str, message: str, key: str = "", help: str = "", *related: tuple[str, Span]
    ) -> None:
        """Records an error at a key of this entry, or at the entry."""
        at = (self.section, self.id, key) if key else (self.section, self.id)
        self.problems.add(self.document, at, code, message, help, *related)

    def _many(self, key: str) -> list[object]:
        value = self.values[key]
        return value if isinstance(value, list) else [value]

    def _knows(self, key: str, word: str, known: Collection[str]) -> bool:
        if word in known:
            return True
        help = did_you_mean(word, known) or (f"one of {', '.join(known)}" if len(known) < 10 else "")
        self.problem("unknown-word", f"unknown word `{word}` for `{key}`", key, help)
        return False


def _order(problem: Diagnostic) -> tuple[str, int, int]:
    span = problem.span
    return (span.file, span.line, span.column) if span else ("", 0, 0)
