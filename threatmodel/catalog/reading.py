"""Reads one catalog file strictly: every problem is collected with its place, none is skipped."""

from __future__ import annotations

from collections.abc import Collection

from threatmodel.errors import Diagnostic, InputError, which
from threatmodel.model import Path
from threatmodel.source import Document


class Reader:
    """A document and the problems found in it so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Diagnostic] = []

    def problem(self, code: str, message: str, at: Path, help: str = "") -> None:
        """Records an error at a path of the document."""
        span = self.document.span(at)
        self.problems.append(Diagnostic(code, message, span, help, self.document.excerpt(span.line)))

    def mapping(
        self, value: object, at: Path, known: Collection[str], required: Collection[str]
    ) -> dict[str, object]:
        """`value` as a mapping with known keys only; an empty one stands in for anything else."""
        if not isinstance(value, dict):
            self.problem("wrong-type", "a mapping is needed here", at)
            return {}
        for key in value:
            if key not in known:
                self.problem("unknown-key", f"unknown key `{key}`", (*at, key), which(str(key), known))
        for key in required:
            if value.get(key) is None:
                self.problem("missing-key", f"`{key}` is missing", at)
        return value

    def text(self, value: object, at: Path, default: str = "") -> str:
        """`value` as text; absent gives `default`."""
        if value is None:
            return default
        if not isinstance(value, str):
            self.problem("wrong-type", "a text is needed here", at, "put it in quotes")
            return default
        return value.strip()

    def words(self, value: object, at: Path, known: Collection[str] | None = None) -> tuple[str, ...]:
        """`value` as one or many words, of `known` where given."""
        items = value if isinstance(value, list) else [] if value is None else [value]
        found: list[str] = []
        for item in items:
            if not isinstance(item, str):
                self.problem("wrong-type", "a word or a list of words is needed here", at, "put it in quotes")
            elif known is not None and item not in known:
                self.problem("unknown-word", f"unknown word `{item}`", at, which(item, known))
            else:
                found.append(item)
        return tuple(found)

    def choice(self, value: object, at: Path, known: Collection[str], default: str) -> str:
        """`value` as one word of `known`."""
        if isinstance(value, list):
            self.problem("wrong-type", "one word is needed here, and no list", at)
            return default
        found = self.words(value, at, known)
        return found[0] if found else default

    def finish(self) -> None:
        """Raises everything that was found."""
        if self.problems:
            raise InputError(tuple(self.problems))
