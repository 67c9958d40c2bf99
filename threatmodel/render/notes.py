"""The notes on a model below the result of a check: short, apart from gaps, one block for each rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from threatmodel.errors import Diagnostic
from threatmodel.render.diagnostics import diagnostics_text
from threatmodel.render.text.notes import diagnostics
from threatmodel.render.text.terminal_text import paint
from threatmodel.results import Note

_MEMBERS = 3


def notes_lines(notes: Sequence[Note], color: bool, every: bool) -> Iterator[str]:
    """A heading and the notes; without `every` those of one rule stand together, and the rest is counted."""
    if not notes:
        return
    yield ""
    about = "never a verdict; --no-hygiene leaves them out"
    yield f"{paint('NOTES ON THE MODEL', 'bold', color)}  {paint(about, 'dim', color)}"
    groups: dict[str, list[Diagnostic]] = {}
    for note in diagnostics(notes):
        groups.setdefault(note.code, []).append(note)
    for group in groups.values():
        for shown in group if every else (_merged(group),):
            yield ""
            yield from diagnostics_text((shown,), color=color).splitlines()
        rest = len(group) - 1 - _MEMBERS
        if rest > 0 and not every:
            yield paint(f"  … and {rest} more (--all)", "dim", color)


def _merged(group: Sequence[Diagnostic]) -> Diagnostic:
    """Notes of one rule as the first of them, which names the next few."""
    first, *others = group
    if not others:
        return first
    related = tuple((note.message, note.span) for note in others[:_MEMBERS] if note.span)
    return first._replace(message=f"{first.message} ({len(group)} such notes)", related=related)
