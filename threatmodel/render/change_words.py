"""What a change says to people: its typed changes as sections of lines, the same for every notation.

Text of users stands in backticks, as in all messages; each notation escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from threatmodel.diff import (
    AttributeChange,
    Changes,
    DataChange,
    DepthChange,
    GapChange,
    Move,
    ReachChange,
    StatementChange,
    ThingChange,
    UnknownChange,
    WayRound,
)
from threatmodel.diff.changes import Words
from threatmodel.render.ranking import counted
from threatmodel.render.words import wrapped

MOST_LINES: Final = 15
"""Lines of a section; what is left out is counted."""
_NAMES: Final = 8
_SYMBOLS: Final = {"critical": "■", "high": "▲", "medium": "◆", "low": "▽"}
_WORSE: Final = ("opened", "re-opened", "worsened")
_GAP_WORDS: Final = {
    "opened": "new",
    "re-opened": "open again",
    "worsened": "worse",
    "planned": "planned",
    "waived": "waived",
    "eased": "less severe",
    "closed": "closed",
}
_STATEMENT_SIGNS: Final = {"removed": "−", "weakened": "↓", "changed": "±", "strengthened": "↑", "added": "+"}
_KINDS: Final = {"data": "data asset", "service type": "type", "store type": "type"}
_PLURALS: Final = {"boundary": "boundaries", "party": "parties"}


class Line(NamedTuple):
    """One change: a sign, what it is, and what belongs below it; `severity` is "" where it has none."""

    sign: str
    text: str
    below: tuple[str, ...] = ()
    severity: str = ""


class Section(NamedTuple):
    """Lines of one sort; `more` counts those that are left out."""

    title: str
    lines: tuple[Line, ...]
    more: int = 0


def sections(changes: Changes) -> tuple[Section, ...]:
    """Every section that has lines, what is worse first."""
    worse = [g for g in changes.gaps if g.how in _WORSE]
    eased = [g for g in changes.gaps if g.how not in _WORSE]
    nearer = [r for r in changes.reach if r.how in ("new", "nearer")]
    farther = [r for r in changes.reach if r.how in ("farther", "lost")]
    weaker = [s for s in changes.statements if s.how in ("removed", "weakened", "changed")]
    stronger = [s for s in changes.statements if s.how in ("strengthened", "added")]
    found = (
        _section("Gaps", [_gap(g) for g in worse]),
        _section("Untrusted ground gets nearer", _reaches(nearer)),
        _section("Fewer layers of defence", _depths(d for d in changes.depths if d.how == "lowered")),
        _section("Data and who gets them", [*_recipients(changes, "new"), *_data(changes.data, "new")]),
        _section("What is said of controls", [_statement(s) for s in (*weaker, *stronger)]),
        _section("What the system is made of", _system(changes)),
        _section("Now unknown", [_unknown(u) for u in changes.unknowns if u.how == "new"]),
        _section("Requirements", _requirements(changes)),
        _section(
            "Better than before",
            [
                *(_gap(g) for g in eased),
                *_reaches(farther),
                *_depths(d for d in changes.depths if d.how == "raised"),
                *_recipients(changes, "gone"),
                *_data(changes.data, "gone"),
                *(_unknown(u) for u in changes.unknowns if u.how == "settled" and u.gaps < len(u.keys)),
            ],
        ),
    )
    return tuple(section for section in found if section.lines)


def quote(text: str) -> str:
    """User text in backticks, one line, none inside it."""
    return f"`{' '.join(text.split()).replace('`', chr(39))}`"


def _section(title: str, lines: Iterable[Line]) -> Section:
    every = tuple(lines)
    return Section(title, every[:MOST_LINES], max(0, len(every) - MOST_LINES))


def _gap(gap: GapChange) -> Line:
    word = _GAP_WORDS[gap.how]
    if gap.how in ("worsened", "eased"):
        word += f", was {gap.severity_before}"
    if gap.how == "opened" and gap.after != "open":
        word += f", {gap.after}"
    if gap.how == "closed" and gap.before != "open":
        word += f", was {gap.before}"
    at = f" at {gap.finding.span.file}:{gap.finding.span.line}" if gap.finding.span else ""
    below = [f"{quote(gap.key)}{at}"]
    if gap.how in _WORSE and gap.finding.path:
        below.append(f"by {_way(gap.finding.path)}")
    if gap.how in _WORSE and gap.after == "open":
        below.append(f"fix: {gap.finding.fix}")
    if gap.after == "waived" and gap.finding.waiver:
        below.append(f"waived: {gap.finding.waiver}")
    if gap.how == "closed":
        return Line("✓", f"{gap.severity}, {word}: {quote(gap.key)}", (), gap.severity)
    return Line(
        _SYMBOLS[gap.severity], f"{gap.severity}, {word}: {gap.finding.message}", tuple(below), gap.severity
    )


def _reaches(changes: Sequence[ReachChange]) -> Iterator[Line]:
    for change in changes:
        ground = "untrusted ground" if change.ground.startswith("(") else quote(change.ground)
        name = quote(change.id) + (f" ({change.level} data)" if change.level else "")
        before = _hops(change.before) if change.stayed or change.before else "not there"
        after = _hops(change.after) if change.stayed or change.after else "not there"
        path = _way(change.path)
        if change.how == "lost":
            gone = "no longer reaches" if change.stayed else "reached"
            until = "" if change.stayed else ", which is gone"
            yield Line("✓", f"{ground} {gone} {name}{until} (before: {before})", (f"it was {path}",))
        else:
            sign = "↑" if change.how == "farther" else "⇥"
            new = " (new)" if not change.stayed else ""
            text = f"{ground} now reaches {name}{new} in {after} (before: {before})"
            yield Line(sign, text, () if change.how == "farther" else (f"by {path}",))


def _hops(number: int) -> str:
    return counted(number, "hop") if number else "never"


def _recipients(changes: Changes, how: str) -> Iterator[Line]:
    new = how == "new"
    for transfer in changes.transfers:
        if (transfer.how == "new") == new:
            verb = "now go" if new else "no longer go"
            law = ", ".join(transfer.countries)
            what = _names(transfer.data)
            text = f"personal data {verb} to {quote(transfer.party)} under the law of {law}: {what}"
            yield Line("⇢" if new else "✓", text)
    for recipient in changes.recipients:
        if (recipient.how == "new") == new:
            verb = "gets data for the first time" if new else "gets no data any more"
            what = _described(recipient.level, recipient.personal)
            text = f"{quote(recipient.party)} {verb}: {_names(recipient.data)}{what}"
            yield Line("⇢" if new else "✓", text)


def _data(changes: Sequence[DataChange], how: str) -> Iterator[Line]:
    groups: dict[tuple[str, ...], list[DataChange]] = {}
    for change in changes:
        if change.how == how and (change.stayed or how == "new"):
            groups.setdefault((*change.data, "" if change.stayed else "new"), []).append(change)
    for found in groups.values():
        data, places = found[0].data, _places(found)
        what = _names(data) + _described(found[0].level, found[0].personal)
        if how == "gone":
            yield Line("✓", f"{what} no longer at {places}")
        elif found[0].stayed:
            yield Line("⇢", f"{what} now at {places}")
        else:
            yield Line("⇢", f"{what} at {places}, which {'is' if len(found) == 1 else 'are'} new")


def _places(changes: Sequence[DataChange]) -> str:
    words = [f"party {quote(c.id)}" if c.kind == "party" else quote(c.id) for c in changes]
    more = len(words) - _NAMES
    return ", ".join(words[:_NAMES]) + (f" and {more} more" if more > 0 else "")


def _described(level: str, personal: bool) -> str:
    words = [w for w in (level, "personal" if personal else "") if w]
    return f" ({', '.join(words)})" if words else ""


def _statement(change: StatementChange) -> Line:
    where = f"{_KINDS.get(change.kind, change.kind)} {quote(change.id)}" if change.id else "the baseline"
    before = quote(wrapped(change.before, 200, 1)[0]) if change.before else ""
    after = quote(wrapped(change.after, 200, 1)[0]) if change.after else ""
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
            yield Line(sign, f"{how}: {_plural(kind, len(things))} {_names([t.id for t in things])}")
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
        what = "the model" if kind == "model" else f"{_plural(kind, len(ids))} {_names(ids)}"
        yield Line("±", f"{quote(key)} of {what}: {_value_change(before, after)}")


def _value_change(before: Words, after: Words) -> str:
    if before is not None and after is not None and max(len(before), len(after)) > 1:
        came, left = [w for w in after if w not in before], [w for w in before if w not in after]
        parts = [f"+ {_names(came)}"] if came else []
        parts += [f"− {_names(left)}"] if left else []
        return ", ".join(parts) or "in another order"
    return f"{_value(before)} → {_value(after)}"


def _value(words: Words) -> str:
    if words is None:
        return "not said"
    return _names([wrapped(w, 120, 1)[0] for w in words]) if words else "none"


def _depths(changes: Iterable[DepthChange]) -> Iterator[Line]:
    """One line for all elements that lost, or won, the same layers."""
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[DepthChange]] = {}
    for change in changes:
        lost = tuple(layer for layer in change.before if layer not in change.after)
        won = tuple(layer for layer in change.after if layer not in change.before)
        alike.setdefault((lost, won), []).append(change)
    for (lost, won), members in alike.items():
        first = members[0]
        words = [f"without {', '.join(lost)}"] if lost else []
        words += [f"now {', '.join(won)}"] if won else []
        number = f"{counted(len(first.after), 'layer')} of defence on every path"
        more = len(members) - 1
        likewise = f", and {counted(more, 'more element')} likewise" if more else ""
        sign = "↓" if first.how == "lowered" else "↑"
        below = list(_ways_round(first.ways))
        below += [f"likewise {_names([m.id for m in members[1:]])}"] if more else []
        text = f"{quote(first.id)} has {number} (before: {len(first.before)}): {'; '.join(words)}{likewise}"
        yield Line(sign, text, tuple(below))


def _ways_round(ways: Iterable[WayRound]) -> Iterator[str]:
    """A line for each path, with every layer that it goes round."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for way in ways:
        alike.setdefault(way.path, []).append(way.layer)
    yield from (f"without {', '.join(layers)}: {_way(path)}" for path, layers in alike.items() if path)


def _way(path: Sequence[str]) -> str:
    return " → ".join(quote(name) for name in path)


def _unknown(change: UnknownChange) -> Line:
    count = counted(len(change.keys), "result")
    question = change.question[0].upper() + change.question[1:]
    all_of_them = change.satisfied == len(change.keys)
    some = "" if all_of_them else f"{change.satisfied} of them "
    if change.how == "settled":
        shown = f", {some}now satisfied" if change.satisfied else ""
        shown += f", {change.gaps} of them now gaps" if change.gaps else ""
        return Line("✓", f"{question} No longer open for {count}{shown}")
    lost = f", {some}satisfied before" if change.satisfied else ""
    return Line("?", f"{question} ({change.severity}, {count}{lost})", (f"answer: {change.answer}",))


def _requirements(changes: Changes) -> Iterator[Line]:
    signs = {False: "↓", None: "±", True: "↑"}
    for change in changes.requirements:
        text = (
            f"{change.framework.upper()} {quote(change.requirement)} {change.title}:"
            f" {change.before} → {change.after}"
        )
        yield Line(signs[change.better], text)


def _plural(kind: str, number: int) -> str:
    noun = _KINDS.get(kind, kind)
    return noun if number == 1 else _PLURALS.get(noun, f"{noun}s")


def _names(names: Sequence[str]) -> str:
    more = len(names) - _NAMES
    return ", ".join(quote(n) for n in names[:_NAMES]) + (f" and {more} more" if more > 0 else "")
