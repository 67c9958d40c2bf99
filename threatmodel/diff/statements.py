"""Compares what two versions say of controls: statements that came, went, grew weaker or stronger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from threatmodel.catalog import Control, mechanism_words, names_one
from threatmodel.diff.changes import StatementChange, StatementHow
from threatmodel.diff.rename import Names
from threatmodel.diff.verdicts import Verdicts
from threatmodel.model import Evidence, Model, Statement, stated
from threatmodel.results import Assessment, Verdict

BASELINE: Final = "the baseline"
"""What the place of a statement of the organisation is called, which has no id."""
_COVERING: Final = ("boundary", "host", "service type", "store type", "baseline")
_Asked: TypeAlias = Callable[[StatementChange], Verdict | None]
_ORDER: Final = ("absent", "weak", "planned", "partial", "alternative", "implemented")
_HOWS: Final[tuple[StatementHow, ...]] = ("removed", "weakened", "changed", "strengthened", "added")
_POSITIVE: Final = frozenset({"alternative", "implemented"})


def statement_changes(
    old: Model,
    new: Model,
    names: Names,
    before: Assessment,
    after: Assessment,
    controls: Mapping[str, Control],
) -> tuple[StatementChange, ...]:
    """Every statement that is not as it was: removed and weakened first, then by place and control.

    `controls` know which mechanisms are weak.
    """
    was, now = Verdicts(before), Verdicts(after)
    changes = _placed(
        list(_changes(old, new, names, controls)),
        lambda c: was.of(c.control, c.kind, names.earlier(c.kind, c.id)),
        lambda c: now.of(c.control, c.kind, c.id),
    )
    return tuple(sorted(changes, key=lambda c: (_HOWS.index(c.how), c.kind, c.id, c.control)))


def moved(changes: Iterable[StatementChange]) -> tuple[StatementChange, ...]:
    """Those removed from a subject that are said of another place, and lose nothing there by that.

    What is taken from a place that covers others, such as a boundary, may be lost to these.
    """
    return tuple(c for c in changes if c.how == "removed" and c.place and c.kind not in _COVERING)


def arrived(changes: Sequence[StatementChange]) -> frozenset[StatementChange]:
    """What is said where one of those that moved is said now."""
    places = {(c.control, c.place, c.id) for c in moved(changes)}
    return frozenset(
        c for c in changes if c.how == "added" and (c.control, c.id or BASELINE, c.place) in places
    )


def _placed(changes: Sequence[StatementChange], before: _Asked, after: _Asked) -> Iterator[StatementChange]:
    """The changes with the other place where the same is said; none where two could be it."""
    pairs: dict[tuple[str, str], list[StatementChange]] = {}
    for change in changes:
        if change.how in ("removed", "added"):
            pairs.setdefault((change.control, change.before or change.after), []).append(change)
    places: dict[StatementChange, str] = {}
    for found in pairs.values():
        if len(found) == 2 and found[0].how != found[1].how:
            one, other = found
            verdicts = {asked(change) for change in found for asked in (before, after)}
            if verdicts <= {None, Verdict.SATISFIED} and Verdict.SATISFIED in verdicts:
                places |= {one: other.id or BASELINE, other: one.id or BASELINE}
    yield from (change._replace(place=places.get(change, "")) for change in changes)


def _changes(
    old: Model, new: Model, names: Names, controls: Mapping[str, Control]
) -> Iterator[StatementChange]:
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
                standing = _standing(one, controls), _standing(new_one, controls)
                yield StatementChange(
                    _how(one, new_one, *standing), kind, name, control, _said(one), _said(new_one)
                )


def _later(statement: Statement, names: Names) -> Statement:
    """A statement in the names of the later version, lists in order."""
    by = statement.by and tuple(names.of("element", name) for name in statement.by)
    return statement._replace(by=by)


def _standing(statement: Statement, controls: Mapping[str, Control]) -> str:
    """The status of a statement, `weak` where it names what the control lists as weak, and nothing strong."""
    control = controls.get(statement.control)
    if control is None or statement.status not in _POSITIVE:
        return statement.status
    words = mechanism_words(statement.mechanism or "")
    weak = names_one(words, control.weak) and not names_one(words, control.strong)
    return "weak" if weak else statement.status


def _how(old: Statement, new: Statement, was: str, now: str) -> StatementHow:
    """Stronger or weaker where every part that has an order agrees, else changed."""
    directions = {d for d in _directions(old, new, was, now) if d}
    if directions == {1}:
        return "strengthened"
    return "weakened" if directions == {-1} else "changed"


def _directions(old: Statement, new: Statement, was: str, now: str) -> Iterator[int]:
    if was != now:
        if "not-applicable" in (was, now):
            yield (now in _POSITIVE) - (was in _POSITIVE)
        else:
            yield 1 if _ORDER.index(now) > _ORDER.index(was) else -1
        return
    yield bool(new.mechanism) - bool(old.mechanism)
    yield bool(new.by) - bool(old.by)
    earlier, later = set(old.evidence), set(new.evidence)
    yield (later > earlier) - (later < earlier)
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
