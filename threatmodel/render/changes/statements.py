"""What is said of controls, and is said otherwise, told to people."""

from __future__ import annotations

from collections.abc import Iterator

from threatmodel.diff import Changes, StatementChange
from threatmodel.diff.statements import arrived, moved
from threatmodel.model import Statement
from threatmodel.render.changes.wording import SIGNS, Line, Sentence, and_more, likewise, noun
from threatmodel.render.diagram.labels import wrapped
from threatmodel.render.text.wording import quote

BASELINE = "the baseline"


def sentences(changes: Changes) -> Iterator[Sentence]:
    """Statements that are gone or weaker, that moved with the same effect, and that are new or stronger."""
    kept = moved(changes.statements)
    for how, verb in (("removed", "is no longer said of"), ("weakened", "is weaker at")):
        chosen = [s for s in changes.statements if s.how == how and s not in kept]
        if chosen:
            more = likewise(chosen, "statement")
            yield Sentence(52, f"{quote(chosen[0].control)} {verb} {_place(chosen[0].id)}{more}.")
    if kept:
        first = kept[0]
        places = f"from {_place(first.id)} to {_place(first.place or '')}"
        yield Sentence(8, f"{quote(first.control)} moves {places}{likewise(kept, 'statement')}.")
    came = arrived(changes.statements)
    stronger = [s for s in changes.statements if s.how in ("strengthened", "added") and s not in came]
    if stronger:
        first = stronger[0]
        more = and_more(stronger, "statement")
        yield Sentence(8, f"{quote(first.control)} is said of {_place(first.id)}{more}.")


def details(changes: Changes) -> Iterator[str]:
    """Statements that are neither weaker nor stronger."""
    for change in changes.statements:
        if change.how == "changed":
            yield f"{quote(change.control)} of {_place(change.id)} changes"


def lines(changes: Changes) -> Iterator[Line]:
    """Every statement, those that are gone or weaker first."""
    came = arrived(changes.statements)
    for hows in (("removed", "weakened", "changed"), ("strengthened", "added")):
        for change in changes.statements:
            if change.how in hows and change not in came:
                yield _line(change)


def _line(change: StatementChange) -> Line:
    where = f"{noun(change.kind)} {quote(change.id)}" if change.id else BASELINE
    before, after = (_quoted(statement) for statement in (change.before, change.after))
    what = f"{quote(change.control)} of {where}"
    if moved([change]):
        text = f"moved: {what} is said of {quote(place_text(change.place))} now: {before}"
        return Line(SIGNS["moved"], text, ("it is satisfied here as before",))
    match change.how:
        case "added":
            text = f"added: {what}: {after}"
        case "removed":
            text = f"removed: {what}, which was {before}"
        case _:
            text = f"{change.how}: {what}: {before} → {after}"
    return Line(SIGNS[change.how], text)


def _quoted(statement: Statement | None) -> str:
    text = statement_text(statement)
    return quote(wrapped(text, 200, 1)[0]) if text else ""


def _place(name: str) -> str:
    """Where something is said."""
    return quote(name) if name else BASELINE


def place_text(place: str | None) -> str:
    """The other place of a statement, "" where there is none."""
    return "" if place is None else place or BASELINE


def statement_text(statement: Statement | None) -> str:
    """A statement, as short as it says all; "" where nothing is said."""
    if statement is None:
        return ""
    parts: list[str] = [] if statement.status == "implemented" and not statement.bare else [statement.status]
    parts += [statement.mechanism] if statement.mechanism else []
    parts += [f"by {', '.join(statement.by)}"] if statement.by else []
    shown = (" ".join(filter(None, (e.link, time_text(e.date, e.until)))) for e in statement.evidence)
    parts += [f"evidence {evidence}" for evidence in sorted(shown)]
    parts += [f"because {statement.reason}"] if statement.reason else []
    parts += [f"owner {statement.owner}"] if statement.owner else []
    parts += [f"due {statement.due}"] if statement.due else []
    return ", ".join(parts)


def time_text(date: str | None, until: str | None) -> str:
    """From when until when something holds, "" when nobody says."""
    return " ".join(part for part in (date and f"of {date}", until and f"until {until}") if part)
