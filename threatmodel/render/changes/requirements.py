"""Rows of frameworks with another status, said to people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from threatmodel.diff import Changes, RequirementChange
from threatmodel.diff.narrowing import left_out, lowered, unasked
from threatmodel.render.changes.wording import Line, Sentence
from threatmodel.render.text.wording import counted, names, quote

_ROWS: Final = 4  # so many requirements that moved alike have a line each


def sentences(changes: Changes) -> Iterator[Sentence]:
    """How many rows moved."""
    if changes.requirements:
        yield Sentence(6, f"{counted(len(changes.requirements), 'requirement')} moved.")


def lines(changes: Changes) -> Iterator[Line]:
    """A line for each row; of many that moved alike, one for all of them."""
    asked_less = any(unasked(changes)) and (left_out(changes) or lowered(changes))
    signs = {False: "↓", None: "±", True: "±" if asked_less else "↑"}  # who is asked less is no better
    alike: dict[tuple[str, str, str], list[RequirementChange]] = {}
    for change in changes.requirements:
        alike.setdefault((change.framework, change.before, change.after), []).append(change)
    for (framework, before, after), rows in alike.items():
        if len(rows) > _ROWS:
            ids = names(row.requirement for row in rows)
            text = f"{framework.upper()} {counted(len(rows), 'requirement')}: {before} → {after}"
            yield Line(signs[rows[0].better], text, (ids,))
        else:
            for row in rows:
                what = f"{framework.upper()} {quote(row.requirement)} {row.title}"
                yield Line(signs[row.better], f"{what}: {before} → {after}")
