"""What every importer gives: the text of a model, and what became of each thing in the source."""

from __future__ import annotations

from typing import Literal, NamedTuple

Outcome = Literal["kept", "approximated", "dropped"]


class Note(NamedTuple):
    """What became of something in the source, and its places there (`services[3]`), in its order."""

    outcome: Outcome
    text: str
    places: tuple[str, ...]


class Imported(NamedTuple):
    """A model as YAML text, and the report: what was kept, approximated and dropped."""

    text: str
    report: tuple[Note, ...]


class Notes:
    """Gathers notes while a source is read; the same text at several places is one note."""

    def __init__(self) -> None:
        self._places: dict[tuple[Outcome, str], list[str]] = {}

    def add(self, outcome: Outcome, text: str, place: str) -> None:
        """Records what became of the thing at one place."""
        self._places.setdefault((outcome, text), []).append(place)

    def report(self) -> tuple[Note, ...]:
        """What was kept first, then approximated, then dropped; else in the order of the source."""
        order = ("kept", "approximated", "dropped")
        found = [
            Note(outcome, text, tuple(dict.fromkeys(places)))
            for (outcome, text), places in self._places.items()
        ]
        return tuple(sorted(found, key=lambda note: order.index(note.outcome)))
