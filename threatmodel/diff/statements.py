"""Compares what two versions say of controls: statements that came, went, grew weaker or stronger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from threatmodel.diff.changes import StatementChange, StatementHow
from threatmodel.diff.rename import Names
from threatmodel.model import Evidence, Model, Statement, stated

_ORDER: Final = ("absent", "planned", "partial", "alternative", "implemented")
_HOWS: Final[tuple[StatementHow, ...]] = ("removed", "weakened", "changed", "strengthened", "added")
_POSITIVE: Final = frozenset({"alternative", "implemented"})


def statement_changes(old: Model, new: Model, names: Names) -> tuple[StatementChange, ...]:
    """Every statement that is not as it was: removed and weakened first, then by place and control."""
    changes = _changes(old, new, names)
    return tuple(sorted(changes, key=lambda c: (_HOWS.index(c.how), c.kind, c.id, c.control)))


def _changes(old: Model, new: Model, names: Names) -> Iterator[StatementChange]:
    flows = {flow.id: names.flow(flow) for flow in old.flows} if names.any else {}
    before = {
        (kind, flows.get(name, name) if kind == "flow" else names.of(kind, name)): statements
        for kind, name, statements in stated(old)
    }
    after = {(kind, name): statements for kind, name, statements in stated(new)}
    for kind, name in sorted(before.keys() | after.keys()):
        was, now = before.get((kind, name), {}), after.get((kind, name), {})
        for control in sorted(was.keys() | now.keys()):
            old_one, new_one = was.get(control), now.get(control)
            if old_one is None or new_one is None:
                how: StatementHow = "added" if old_one is None else "removed"
                yield StatementChange(how, kind, name, control, _said(old_one), _said(new_one))
            elif (one := _later(old_one, names))[2:] != new_one[2:] and _said(one) != _said(new_one):
                yield StatementChange(_how(one, new_one), kind, name, control, _said(one), _said(new_one))


def _later(statement: Statement, names: Names) -> Statement:
    """A statement in the names of the later version, lists in order."""
    by = statement.by and tuple(names.of("element", name) for name in statement.by)
    return statement._replace(by=by)


def _how(old: Statement, new: Statement) -> StatementHow:
    """Stronger or weaker where every part that has an order agrees, else changed."""
    directions = {d for d in _directions(old, new) if d}
    if directions == {1}:
        return "strengthened"
    return "weakened" if directions == {-1} else "changed"


def _directions(old: Statement, new: Statement) -> Iterator[int]:
    if old.status != new.status:
        if "not-applicable" in (old.status, new.status):
            yield (new.status in _POSITIVE) - (old.status in _POSITIVE)
        else:
            yield 1 if _ORDER.index(new.status) > _ORDER.index(old.status) else -1
        return
    yield bool(new.mechanism) - bool(old.mechanism)
    yield bool(new.by) - bool(old.by)
    was, now = set(old.evidence), set(new.evidence)
    yield (now > was) - (now < was)
    if old.due and new.due:
        yield (new.due < old.due) - (new.due > old.due)


def _said(statement: Statement | None) -> str:
    """A statement in words, as short as it says all."""
    if statement is None:
        return ""
    parts: list[str] = [] if statement.status == "implemented" and not statement.bare else [statement.status]
    parts += [statement.mechanism] if statement.mechanism else []
    parts += [f"by {', '.join(sorted(statement.by))}"] if statement.by else []
    parts += [f"evidence {e}" for e in sorted(_evidence(e) for e in statement.evidence)]
    parts += [f"because {statement.reason}"] if statement.reason else []
    parts += [f"owner {statement.owner}"] if statement.owner else []
    parts += [f"due {statement.due}"] if statement.due else []
    return ", ".join(parts)


def _evidence(evidence: Evidence) -> str:
    return " ".join(part for part in (evidence.link, evidence_words(evidence.date, evidence.until)) if part)


def evidence_words(date: str | None, until: str | None) -> str:
    """From when until when something holds, "" when nobody says."""
    return " ".join(part for part in (date and f"of {date}", until and f"until {until}") if part)
