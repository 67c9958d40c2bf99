"""Compares two assessments: gaps, unknown results by question, and the statuses of requirements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from threatmodel.diff.changes import GapChange, GapHow, RequirementChange, State, UnknownChange, WarningChange
from threatmodel.diff.rename import Names
from threatmodel.diff.rename_features import SPACES
from threatmodel.diff.verdicts import Verdicts
from threatmodel.errors import Diagnostic
from threatmodel.model.words import SEVERITIES, gravity
from threatmodel.results import (
    PREFIXED,
    Assessment,
    FactIs,
    Finding,
    Note,
    NoteArgument,
    Place,
    Question,
    ResultColumn,
    ResultKey,
    Verdict,
    result_key,
)

_HOWS: Final[tuple[GapHow, ...]] = (
    "opened",
    "re-opened",
    "worsened",
    "planned",
    "waived",
    "eased",
    "unanswered",
    "unasked",
    "closed",
)
WORSE: Final = frozenset({"opened", "re-opened", "worsened"})
"""What a change does to a gap when it makes it worse."""
_STATUSES: Final = ("gap", "not-modelled", "partial-evidence", "alternative", "inherited", "design-evidence")
"""From bad to good; the others have no order."""
_STILL_GAPS: Final = {"risk-accepted": "gap"}  # to accept a gap makes nothing better
_UNKNOWN: Final = int(Verdict.UNKNOWN)
_NOTHING: Final = b"\xff"  # at position -1: the verdict of a subject that was not there
_OPEN: Final = bytes(verdict == _UNKNOWN for verdict in range(256))
"""Translates verdicts into whether they are unknown."""


class _Moved(NamedTuple):
    """A result whose verdict changed; None where there is no such result."""

    key_before: str
    key_after: str
    before: Verdict | None
    after: Verdict | None


class _Places(NamedTuple):
    """For each later subject its earlier position, -1 for a new one; and the earlier ones that are gone."""

    earlier: list[int]
    gone: list[int]


def gap_changes(old: Assessment, new: Assessment, names: Names) -> tuple[GapChange, ...]:
    """Every gap that is not as it was: what became worse first, by severity, then by key."""
    before = {names.finding(f): f for f in old.findings}
    after = {f.key: f for f in new.findings}
    now = Verdicts(new)
    changes = (_gap(key, before.get(key), after.get(key), now, names) for key in before.keys() | after.keys())
    return tuple(sorted((c for c in changes if c), key=_gap_order))


def _gap_order(change: GapChange) -> tuple[bool, int, int, str]:
    better = change.how not in WORSE
    return better, -SEVERITIES.index(change.severity), _HOWS.index(change.how), change.key


def _gap(
    key: str, before: Finding | None, after: Finding | None, now: Verdicts, names: Names
) -> GapChange | None:
    states = _state(before), _state(after)
    severities = (before.severity if before else "", after.severity if after else "")
    if before and not after:
        subject = names.of(before.subject_kind, before.subject)
        how: GapHow | None = _gone(now.of(before.control, before.subject_kind, subject))
    else:
        how = _gap_how(*states, *severities)
    finding = after or before
    if how is None or finding is None:
        return None
    return GapChange(how, key, finding.severity, *states, *severities, finding)


def _state(finding: Finding | None) -> State:
    return "" if finding is None else finding.disposition


def _gone(verdict: Verdict | None) -> GapHow:
    """What became of a gap that stands no more, by its verdict; None where its subject is gone."""
    match verdict:
        case Verdict.UNKNOWN:
            return "unanswered"
        case Verdict.NOT_APPLICABLE:
            return "unasked"
        case _:
            return "closed"


def _gap_how(was: State, now: State, before: str, after: str) -> GapHow | None:
    """What became of a gap that stands: no decision on it makes up for its being new or worse."""
    if not was:
        return "opened"
    if now == "open" != was:
        return "re-opened"
    if before != after and SEVERITIES.index(after) > SEVERITIES.index(before):
        return "worsened"
    if now != was and now in ("planned", "waived"):
        return now
    return "eased" if before != after else None


def unknown_changes(old: Assessment, new: Assessment, names: Names) -> tuple[UnknownChange, ...]:
    """What became unknown and what is so no longer, by question: what was satisfied and is lost first."""
    moved = list(_moved(old, new, names))
    new_ones = {m.key_after: m for m in moved if m.after is Verdict.UNKNOWN}
    settled = {m.key_before: m for m in moved if m.before is Verdict.UNKNOWN}
    found = [
        UnknownChange("new", asked, severity, keys, *_decided(m.before for m in members))
        for asked, severity, keys, members in _by_question(new, new_ones)
    ]
    found += [
        UnknownChange("settled", asked, severity, _later(members), *_decided(m.after for m in members))
        for asked, severity, _, members in _by_question(old, settled)
    ]
    return tuple(sorted(found, key=_unknown_order))


def _later(members: Iterable[_Moved]) -> tuple[str, ...]:
    """The keys of results by what their subjects are called now; by their old names those that are gone."""
    return tuple(m.key_after or m.key_before for m in members)


def _unknown_order(change: UnknownChange) -> tuple[bool, int, int, int]:
    return change.how == "settled", -change.satisfied, -gravity(change.severity), -len(change.keys)


def _decided(verdicts: Iterator[Verdict | None]) -> tuple[int, int, int, int]:
    """How many are satisfied, how many are gaps, how many are not there, and how many are not asked."""
    counts = Counter(verdicts)
    return counts[Verdict.SATISFIED], counts[Verdict.GAP], counts[None], counts[Verdict.NOT_APPLICABLE]


def _by_question(
    assessment: Assessment, moved: Mapping[str, _Moved]
) -> Iterator[tuple[Question | tuple[Finding, ...], str, tuple[str, ...], list[_Moved]]]:
    """What asks for any of these results, with its severity and those that it asks for."""
    for bypasses in _bypasses(assessment, moved):
        keys = tuple(f.key for f in bypasses)
        severity = max((f.severity for f in bypasses), key=SEVERITIES.index)
        shortest_first = tuple(sorted(bypasses, key=lambda f: (len(f.path), f.path)))
        yield shortest_first, severity, keys, [moved[key] for key in keys]
    for question in assessment.questions if moved else ():
        keys = tuple(key for key in question.settles if key in moved)
        if keys:
            yield question, question.severity, keys, [moved[key] for key in keys]


def _bypasses(assessment: Assessment, moved: Mapping[str, _Moved]) -> Iterable[list[Finding]]:
    """The possible bypasses of each control among these results."""
    by_control: dict[str, list[Finding]] = {}
    for f in assessment.bypasses:
        if f.key in moved:
            by_control.setdefault(f.control, []).append(f)
    return by_control.values()


def _moved(old: Assessment, new: Assessment, names: Names) -> Iterator[_Moved]:
    """Every result that is unknown on one side only."""
    after = {(c.control, c.subject_kind): c for c in new.columns}
    before = {(c.control, c.subject_kind): c for c in old.columns}
    places: dict[str, _Places] = {}
    for place in before.keys() | after.keys():
        was = before.get(place, ResultColumn(*place, (), b""))
        now = after.get(place, ResultColumn(*place, (), b""))
        if was == now:
            continue
        kind = place[1]
        if kind not in places:
            places[kind] = _places(was.ids, now.ids, kind, names)
        yield from _column(was, now, places[kind])


def _places(was: tuple[str, ...], now: tuple[str, ...], kind: str, names: Names) -> _Places:
    at = {name: i for i, name in enumerate(was)}
    if names.any and kind in (*SPACES, *PREFIXED, "flow"):
        at = {names.of(kind, name): i for name, i in at.items()}
    earlier = [at.get(name, -1) for name in now]
    return _Places(earlier, sorted(set(range(len(was))).difference(earlier)))


def _column(was: ResultColumn, now: ResultColumn, places: _Places) -> Iterator[_Moved]:
    aligned = bytes(map((was.verdicts + _NOTHING).__getitem__, places.earlier))
    if aligned.translate(_OPEN) != now.verdicts.translate(_OPEN):
        for i, (before, after) in enumerate(zip(aligned, now.verdicts, strict=True)):
            if (before == _UNKNOWN) != (after == _UNKNOWN):
                earlier = places.earlier[i]
                yield _Moved(
                    _key(was, earlier) if earlier >= 0 else "",
                    _key(now, i),
                    Verdict(before) if earlier >= 0 else None,
                    Verdict(after),
                )
    for i in places.gone:
        if was.verdicts[i] == _UNKNOWN:
            yield _Moved(_key(was, i), "", Verdict.UNKNOWN, None)


def _key(column: ResultColumn, position: int) -> str:
    return result_key(column.control, column.subject_kind, column.ids[position])


def warning_changes(old: Assessment, new: Assessment, names: Names) -> tuple[WarningChange, ...]:
    """Warnings of one side only, the new ones first; lines that moved and new names make no other warning."""
    was = {_identity(w): w for w in (_renamed(w, names) for w in old.warnings)}
    now = {_identity(w): w for w in new.warnings}
    found = [WarningChange("new", w) for key, w in now.items() if key not in was]
    return (*found, *(WarningChange("gone", w) for key, w in was.items() if key not in now))


def _identity(warning: Note | Diagnostic) -> tuple[object, ...]:
    """What a warning speaks of, wherever it stands."""
    return warning.code, warning.arguments if isinstance(warning, Note) else warning.message


def _renamed(warning: Note | Diagnostic, names: Names) -> Note | Diagnostic:
    """A warning with the later names of whatever it names; those on requirements name nothing in it."""
    if not names.any or isinstance(warning, Diagnostic):
        return warning
    return warning._replace(arguments=tuple(_later_argument(a, names) for a in warning.arguments))


def _later_argument(argument: NoteArgument, names: Names) -> NoteArgument:
    match argument:
        case ResultKey(key):
            control, at, subject = key.partition("@")
            return ResultKey(f"{control}{at}{_later_id(subject, names)}")
        case str():
            return argument
        case _:
            renamed: NoteArgument = _later_names(argument, names)
            return renamed


def _later_names(value: Any, names: Names) -> Any:
    """A place or a premise with the later names of all that it names; the value of a fact names nothing."""
    match value:
        case Place(kind, id):
            return Place(kind, names.of(kind, id))
        case str():
            return _later_id(value, names)
        case tuple() if not isinstance(value, FactIs):
            parts = [_later_names(part, names) for part in value]
            return value.__class__(*parts) if hasattr(value, "_fields") else tuple(parts)
        case _:
            return value


def _later_id(name: str, names: Names) -> str:
    """The later name of an id of whichever kind, of a flow by its ends."""
    later = {before: after for space in names.spaces.values() for before, after in space.items()}
    return later.get(name) or "".join(later.get(part, part) for part in re.split("(->|:)", name))


def requirement_changes(old: Assessment, new: Assessment) -> tuple[RequirementChange, ...]:
    """Every row whose status moved: for the worse first, then in the order of the frameworks."""
    before = {(f.id, row.requirement): row.status for f in old.frameworks for row in f.rows}
    found = []
    for framework in new.frameworks:
        for row in framework.rows:
            was = before.get((framework.id, row.requirement), row.status)
            if was != row.status:
                better = _better(was, row.status)
                found.append(
                    RequirementChange(framework.id, row.requirement, row.title, was, row.status, better)
                )
    order = {False: 0, None: 1, True: 2}
    return tuple(sorted(found, key=lambda c: order[c.better]))


def _better(was: str, now: str) -> bool | None:
    before, after = (_STILL_GAPS.get(status, status) for status in (was, now))
    if before != after and before in _STATUSES and after in _STATUSES:
        return _STATUSES.index(after) > _STATUSES.index(before)
    return None
