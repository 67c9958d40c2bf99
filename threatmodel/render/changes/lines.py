"""What a change says to people: its typed changes as sections of lines, the same for every notation.

Text of users stands in backticks, as in all messages; each notation escapes it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from threatmodel.diff import (
    AttributeChange,
    Changes,
    GapChange,
    Move,
    RequirementChange,
    StatementChange,
    ThingChange,
    UnknownChange,
    WarningChange,
)
from threatmodel.diff.changes import Words
from threatmodel.diff.narrowing import left_out, lowered, unasked
from threatmodel.diff.statements import arrived, moved
from threatmodel.render.changes.exposure import data_at, depths, reaches, recipients, regions
from threatmodel.render.changes.line import Line, names, way
from threatmodel.render.diagram.labels import wrapped
from threatmodel.render.text.wording import counted, quote

MOST_LINES: Final = 15
"""Lines of a section; what is left out is counted."""
_ROWS: Final = 4  # so many requirements that moved alike have a line each
_SYMBOLS: Final = {"critical": "■", "high": "▲", "medium": "◆", "low": "▽"}
_WORSE: Final = ("opened", "re-opened", "worsened")
_GAP_WORDS: Final = {
    "opened": "new",
    "re-opened": "open again",
    "worsened": "worse",
    "planned": "planned",
    "waived": "waived",
    "eased": "less severe",
    "unanswered": "now unknown",
    "unasked": "no longer asked",
    "closed": "closed",
}
_STATEMENT_SIGNS: Final = {"removed": "−", "weakened": "↓", "changed": "±", "strengthened": "↑", "added": "+"}
_KINDS: Final = {"data": "data asset", "service type": "type", "store type": "type"}
_PLURALS: Final = {"boundary": "boundaries", "party": "parties"}


class Section(NamedTuple):
    """Lines of one sort; `more` counts those that are left out."""

    title: str
    lines: tuple[Line, ...]
    more: int = 0


def sections(changes: Changes) -> tuple[Section, ...]:
    """Every section that has lines, what is worse first."""
    worse = [g for g in changes.gaps if g.how in _WORSE]
    eased = [g for g in changes.gaps if g.how == "closed" or (g.how == "eased" and not lowered(changes))]
    decided = [g for g in changes.gaps if g.how in ("waived", "planned")]
    nearer = [r for r in changes.reach if r.how in ("new", "nearer")]
    farther = [r for r in changes.reach if r.how in ("farther", "lost")]
    weaker = [s for s in changes.statements if s.how in ("removed", "weakened", "changed")]
    came = arrived(changes.statements)
    stronger = [s for s in changes.statements if s.how in ("strengthened", "added") and s not in came]
    gone = {(thing.kind, thing.id) for thing in changes.things if thing.how == "removed"}
    found = (
        _section("Gaps", [_gap(g, gone) for g in worse]),
        _section("Untrusted ground gets nearer", reaches(nearer)),
        _section("Layers of defence lost", depths(d for d in changes.depths if d.how != "raised")),
        _section(
            "Data and who gets them",
            [*recipients(changes, "new"), *regions(changes.regions), *data_at(changes.data, "new")],
        ),
        _section("What is said of controls", [_statement(s) for s in (*weaker, *stronger)]),
        _section("What the system is made of", _system(changes)),
        _section("Asked less than before", _asked_less(changes, gone)),
        _section("Now unknown", [_unknown(u) for u in changes.unknowns if u.how == "new"]),
        _section("Requirements", _requirements(changes)),
        _section("Warnings", _warnings(changes.warnings, "new")),
        _section("Gaps waived or planned", [_gap(g, gone) for g in decided]),
        _section(
            "Better than before",
            [
                *(_gap(g, gone) for g in eased),
                *reaches([r for r in farther if r.stayed]),
                *depths(d for d in changes.depths if d.how == "raised"),
                *recipients(changes, "gone"),
                *data_at(changes.data, "gone"),
                *(_unknown(u) for u in changes.unknowns if u.how == "settled" and u.satisfied),
                *_warnings(changes.warnings, "gone"),
            ],
        ),
    )
    return tuple(section for section in found if section.lines)


def _section(title: str, lines: Iterable[Line]) -> Section:
    every = tuple(lines)
    return Section(title, every[:MOST_LINES], max(0, len(every) - MOST_LINES))


def _asked_less(changes: Changes, gone: Collection[tuple[str, str]]) -> Iterator[Line]:
    """Gaps and unknown results that nobody asks for any more, after what asks less."""
    gaps = [g for g in changes.gaps if g.how == "unasked"]
    gaps += [g for g in changes.gaps if g.how == "eased" and lowered(changes)]
    unknowns = [u for u in changes.unknowns if u.how == "settled" and u.unasked]
    if not gaps and not unknowns:
        return
    for change in left_out(changes):
        yield Line("↓", f"{_KINDS.get(change.kind, change.kind)} {quote(change.id)} is taken out of scope")
    for change in lowered(changes):
        values = _value_change(change.before, change.after)
        yield Line("↓", f"{quote(change.key)} of data asset {quote(change.id)} is lowered: {values}")
    yield from (_gap(gap, gone) for gap in gaps)
    for unknown in unknowns:
        yield Line(
            "±", f"{_sentence(unknown.question)} No longer asked for {counted(unknown.unasked, 'result')}"
        )


def _gap(gap: GapChange, gone: Collection[tuple[str, str]]) -> Line:
    word = _GAP_WORDS[gap.how]
    if gap.how in ("worsened", "eased"):
        word += f", was {gap.severity_before}"
    if gap.how == "re-opened":
        word += f", was {gap.before}"
    if gap.how in ("opened", "worsened") and gap.after != "open":
        word += f", {gap.after}"
    if gap.how in ("closed", "unasked") and gap.before != "open":
        word += f", was {gap.before}"
    if gap.how == "closed" and (gap.finding.subject_kind, gap.finding.subject) in gone:
        word += f", with {quote(gap.finding.subject)} gone"
    at = f" at {gap.finding.span.file}:{gap.finding.span.line}" if gap.finding.span else ""
    below = [f"{quote(gap.key)}{at}"]
    if gap.how in _WORSE and gap.finding.path:
        below.append(f"by {way(gap.finding.path)}")
    if gap.how in _WORSE and gap.after == "open":
        below.append(f"fix: {gap.finding.fix}")
    if gap.after == "waived" and gap.finding.waiver:
        below.append(f"waived: {gap.finding.waiver}")
    if gap.how in ("closed", "unasked"):
        sign = "✓" if gap.how == "closed" else "±"
        return Line(sign, f"{gap.severity}, {word}: {quote(gap.key)}", (), gap.severity)
    return Line(
        _SYMBOLS[gap.severity], f"{gap.severity}, {word}: {gap.finding.message}", tuple(below), gap.severity
    )


def _warnings(changes: Iterable[WarningChange], how: str) -> Iterator[Line]:
    for change in changes:
        if change.how == how:
            at = f" at {change.span.file}:{change.span.line}" if change.span and how == "new" else ""
            sign, gone = ("!", "") if how == "new" else ("✓", "no longer: ")
            yield Line(sign, f"{gone}{change.message}{at}")


def _statement(change: StatementChange) -> Line:
    where = f"{_KINDS.get(change.kind, change.kind)} {quote(change.id)}" if change.id else "the baseline"
    before = quote(wrapped(change.before, 200, 1)[0]) if change.before else ""
    after = quote(wrapped(change.after, 200, 1)[0]) if change.after else ""
    if moved([change]):
        text = f"moved: {quote(change.control)} of {where} is said of {quote(change.place)} now: {before}"
        return Line("→", text, ("it is satisfied here as before",))
    match change.how:
        case "added":
            text = f"added: {quote(change.control)} of {where}: {after}"
        case "removed":
            text = f"removed: {quote(change.control)} of {where}, which was {before}"
        case _:
            text = f"{change.how}: {quote(change.control)} of {where}: {before} → {after}"
    return Line(_STATEMENT_SIGNS[change.how], text)


def _system(changes: Changes) -> Iterator[Line]:
    yield from (_move(move) for move in changes.moves)
    for how, sign in (("added", "+"), ("removed", "−")):
        kinds: dict[str, list[ThingChange]] = {}
        for thing in changes.things:
            if thing.how == how:
                kinds.setdefault(thing.kind, []).append(thing)
        for kind, things in kinds.items():
            yield Line(sign, f"{how}: {_plural(kind, len(things))} {names([t.id for t in things])}")
    for rename in changes.renames:
        kind = _KINDS.get(rename.kind, rename.kind)
        text = f"renamed: {kind} {quote(rename.before)} is now {quote(rename.after)}"
        yield Line("=", text, ("recognised by what it is connected with and what is said of it",))
    yield from _attributes(changes.attributes)


def _move(move: Move) -> Line:
    trust = ""
    if move.trust_before != move.trust_after and move.trust_before and move.trust_after:
        trust = f" (from {move.trust_before} to {move.trust_after} ground)"
    text = f"moved: {move.kind} {quote(move.id)} from {_ground(move.before)} to {_ground(move.after)}{trust}"
    return Line("→", text)


def _ground(name: str) -> str:
    match name:
        case "":
            return "the outermost level"
        case "(outside)":
            return "outside every boundary"
        case "(system)":
            return "the system's own ground"
        case _ if name.startswith("("):
            return f"the ground of {quote(name[1:-1])}"
        case _:
            return f"boundary {quote(name)}"


def _attributes(changes: Sequence[AttributeChange]) -> Iterator[Line]:
    """Equal changes of several things stand in one line."""
    groups: dict[tuple[str, str, Words, Words], list[str]] = {}
    for c in changes:
        groups.setdefault((c.kind, c.key, c.before, c.after), []).append(c.id)
    for (kind, key, before, after), ids in groups.items():
        what = "the model" if kind == "model" else f"{_plural(kind, len(ids))} {names(ids)}"
        yield Line("±", f"{quote(key)} of {what}: {_value_change(before, after)}")


def _value_change(before: Words, after: Words) -> str:
    if before is not None and after is not None and max(len(before), len(after)) > 1:
        came, left = [w for w in after if w not in before], [w for w in before if w not in after]
        parts = [f"+ {names(came)}"] if came else []
        parts += [f"− {names(left)}"] if left else []
        return ", ".join(parts) or "in another order"
    return f"{_value(before)} → {_value(after)}"


def _value(words: Words) -> str:
    if words is None:
        return "not said"
    return names([wrapped(w, 120, 1)[0] for w in words]) if words else "none"


def _unknown(change: UnknownChange) -> Line:
    if change.how == "settled":
        number = len(change.keys) - change.absent - change.unasked
        some = "" if change.satisfied == number else f"{change.satisfied} of them "
        shown = f", {some}now satisfied" if change.satisfied else ""
        shown += f", {change.gaps} of them now gaps" if change.gaps else ""
        text = f"{_sentence(change.question)} No longer open for {counted(number, 'result')}{shown}"
        return Line("±" if change.gaps else "✓", text)
    number = len(change.keys)
    some = "" if change.satisfied == number else f"{change.satisfied} of them "
    lost = f", {some}satisfied before" if change.satisfied else ""
    lost += f", {change.gaps} of them known as gaps before" if change.gaps else ""
    count, question = counted(number, "result"), change.question[0].upper() + change.question[1:]
    return Line("?", f"{question} ({change.severity}, {count}{lost})", (f"answer: {change.answer}",))


def _sentence(text: str) -> str:
    """A question with a capital, and an end where it has none: that of a possible bypass is a path."""
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith(('?', '.')) else '.'}"


def _requirements(changes: Changes) -> Iterator[Line]:
    """A line for each row; of many that moved alike, one for all of them."""
    asked_less = any(unasked(changes)) and (left_out(changes) or lowered(changes))
    signs = {False: "↓", None: "±", True: "±" if asked_less else "↑"}  # who is asked less is no better
    alike: dict[tuple[str, str, str], list[RequirementChange]] = {}
    for change in changes.requirements:
        alike.setdefault((change.framework, change.before, change.after), []).append(change)
    for (framework, before, after), rows in alike.items():
        if len(rows) > _ROWS:
            ids = names([row.requirement for row in rows])
            text = f"{framework.upper()} {counted(len(rows), 'requirement')}: {before} → {after}"
            yield Line(signs[rows[0].better], text, (ids,))
        else:
            for row in rows:
                what = f"{framework.upper()} {quote(row.requirement)} {row.title}"
                yield Line(signs[row.better], f"{what}: {before} → {after}")


def _plural(kind: str, number: int) -> str:
    noun = _KINDS.get(kind, kind)
    return noun if number == 1 else _PLURALS.get(noun, f"{noun}s")
