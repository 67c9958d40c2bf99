"""Compares what two versions say of controls: statements that came, went, grew weaker or stronger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from threatmodel.catalog import Control, mechanism_words, names_one
from threatmodel.diff.changes import StatementChange, StatementHow
from threatmodel.diff.rename import Names
from threatmodel.diff.verdicts import Verdicts
from threatmodel.model import Model, Statement, stated
from threatmodel.results import Assessment, Verdict

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
    return tuple(c for c in changes if c.how == "removed" and c.place is not None and c.kind not in _COVERING)


def arrived(changes: Sequence[StatementChange]) -> frozenset[StatementChange]:
    """What is said where one of those that moved is said now."""
    places = {(c.control, c.place, c.id) for c in moved(changes)}
    return frozenset(c for c in changes if c.how == "added" and (c.control, c.id, c.place) in places)


def _placed(changes: Sequence[StatementChange], before: _Asked, after: _Asked) -> Iterator[StatementChange]:
    """The changes with the other place where the same is said; none where two could be it."""
    pairs: dict[tuple[str, Statement | None], list[StatementChange]] = {}
    for change in changes:
        if change.how in ("removed", "added"):
            pairs.setdefault((change.control, change.before or change.after), []).append(change)
    places: dict[StatementChange, str] = {}
    for found in pairs.values():
        if len(found) == 2 and found[0].how != found[1].how:
            one, other = found
            verdicts = {asked(change) for change in found for asked in (before, after)}
            if verdicts <= {None, Verdict.SATISFIED} and Verdict.SATISFIED in verdicts:
                places |= {one: other.id, other: one.id}
    yield from (change._replace(place=places.get(change)) for change in changes)


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
            one, other = _plain(was.get(control)), _plain(now.get(control))
            if one is None or other is None:
                how: StatementHow = "added" if one is None else "removed"
                yield StatementChange(how, kind, name, control, one, other)
            elif (one := _later(one, names)) != other:
                how = _how(one, other, _standing(one, controls), _standing(other, controls))
                yield StatementChange(how, kind, name, control, one, other)


def _plain(statement: Statement | None) -> Statement | None:
    """A statement without where it stands, lists in order: two that say the same are equal."""
    if statement is None:
        return None
    evidence = tuple(sorted(statement.evidence, key=str))
    return statement._replace(at=(), by=_in_order(statement.by), evidence=evidence)


def _later(statement: Statement, names: Names) -> Statement:
    """A statement in the names of the later version."""
    by = statement.by and tuple(names.of("element", name) for name in statement.by)
    return statement._replace(by=_in_order(by))


def _in_order(names: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return names and tuple(sorted(names))


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
