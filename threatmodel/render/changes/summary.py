"""Says what a change means in at most three sentences, built from the typed changes, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from threatmodel.diff.changes import (
    AttributeChange,
    Changes,
    DataChange,
    ReachChange,
    RegionChange,
    ThingChange,
    UnknownChange,
)
from threatmodel.diff.narrowing import left_out, lowered, unasked
from threatmodel.diff.results import WORSE
from threatmodel.diff.statements import BASELINE, arrived, moved
from threatmodel.model.words import SEVERITIES, TRUST
from threatmodel.render.changes.summary_words import NAMED, counted, listed, noun, severities

MOST: Final = 3
_SHORT: Final = 40  # longer values are not printed in a title
_FIRST: Final = ("protocols", "trust", "party", "provider")  # the keys that are told before others
_SECRET: Final = ("confidential", "restricted")
_GAP: Final = {"critical": 100, "high": 80, "medium": 64, "low": 30}
_LOST: Final = {"critical": 66, "high": 58, "medium": 46, "low": 28}
"""Weights of what was satisfied and is unknown, by severity."""


class _Sentence(NamedTuple):
    """A sentence and how much it matters."""

    weight: int
    text: str


def title(changes: Changes) -> tuple[str, ...]:
    """At most three sentences with user text in backticks; one that says so when nothing matters."""
    if changes.empty:
        if changes.beside:
            return ("Nothing in the model changes for security, but what judges it does.",)
        if changes.text_differs:
            return ("Nothing changes for security: only titles, descriptions, comments or order differ.",)
        return ("Nothing changes for security.",)
    ranked = sorted(_sentences(changes), key=lambda s: -s.weight)
    return tuple(s.text[0].upper() + s.text[1:] for s in ranked[:MOST])


def _sentences(changes: Changes) -> Iterator[_Sentence]:
    yield from _worse(changes)
    yield from _reach(changes)
    yield from _recipients(changes)
    yield from _data(changes)
    yield from _narrowed(changes)
    yield from _weaker(changes)
    yield from _questions(changes)
    yield from _better(changes)
    yield from _structure(changes)
    yield from _warnings(changes)


def _worse(changes: Changes) -> Iterator[_Sentence]:
    gaps = [gap for gap in changes.gaps if gap.how in WORSE and gap.after == "open"]
    yield from _decided(changes)
    if not gaps:
        return
    weight = _GAP[gaps[0].severity]
    for how, verb, verbs in (
        ("opened", "opens", "open"),
        ("re-opened", "stands open again", "stand open again"),
        ("worsened", "becomes worse", "become worse"),
    ):
        chosen = [gap for gap in gaps if gap.how == how]
        if chosen:
            severity = chosen[0].severity
            if len(chosen) == 1:
                was = f", which was {chosen[0].before}" if how == "re-opened" else ""
                text = f"One gap {verb}, {severity}: `{chosen[0].key}`{was}."
            else:
                text = (
                    f"{len(chosen)} gaps {verbs} ({severities(chosen)}): {listed([g.key for g in chosen])}."
                )
            yield _Sentence(min(weight, _GAP[severity]), text)


def _decided(changes: Changes) -> Iterator[_Sentence]:
    """Gaps that are new or worse, and waived or planned from the first day."""
    for state in ("waived", "planned"):
        for how, verb, verbs in (("opened", "opens", "open"), ("worsened", "becomes worse", "become worse")):
            chosen = [gap for gap in changes.gaps if gap.how == how and gap.after == state]
            if chosen:
                ends = f"already {state}: {listed([g.key for g in chosen])}"
                text = f"{len(chosen)} gaps {verbs} ({severities(chosen)}), {ends}."
                if len(chosen) == 1:
                    text = f"One gap {verb}, {chosen[0].severity}, {ends}."
                yield _Sentence(_GAP[chosen[0].severity] - 1, text)


def _reach(changes: Changes) -> Iterator[_Sentence]:
    stayed = [r for r in changes.reach if r.stayed]
    for how, high, low in (("new", 85, 60), ("nearer", 65, 40)):
        chosen = [r for r in stayed if r.how == how]
        if chosen:
            secret = any(r.level in _SECRET for r in chosen)
            yield _Sentence(high if secret else low, _reached(chosen))
    if lost := [r for r in stayed if r.how == "lost"]:
        text = f"Untrusted ground no longer reaches {listed([r.id for r in lost])}."
        yield _Sentence(15, text)


def _reached(chosen: Sequence[ReachChange]) -> str:
    first = chosen[0]
    before = "never" if first.how == "new" else str(first.before)
    more = f", and {counted(len(chosen) - 1, 'more element')} likewise" if len(chosen) > 1 else ""
    hops = counted(first.after, "hop")
    return f"{ground(first)} now reaches `{first.id}` in {hops} (before: {before}){more}."


def ground(change: ReachChange) -> str:
    """The untrusted ground that a way begins on, in words."""
    return "untrusted ground" if change.ground.startswith("(") else f"`{change.ground}`"


def _recipients(changes: Changes) -> Iterator[_Sentence]:
    transfers = {t.party: t for t in changes.transfers if t.how == "new"}
    for recipient in changes.recipients:
        if recipient.how == "new":
            transfer = transfers.pop(recipient.party, None)
            law = f" under the law of {', '.join(transfer.countries)}" if transfer else ""
            people = recipient.of_people
            others = [d for d in recipient.data if d not in people]
            what = f"personal data for the first time: {listed(people)}" if people else ""
            what += (
                "; and other data: " if people and others else "" if people else "data for the first time: "
            )
            text = f"`{recipient.party}`{law} gets {what}{listed(others)}."
            grave = recipient.personal or recipient.level in _SECRET
            yield _Sentence(82 if transfer else 72 if grave else 45, text)
    for party, transfer in transfers.items():
        text = (
            f"Personal data now go to `{party}` under the law of {', '.join(transfer.countries)}:"
            f" {listed(transfer.data)}."
        )
        yield _Sentence(81, text)
    if gone := [r.party for r in changes.recipients if r.how == "gone"]:
        yield _Sentence(14, f"{listed(gone)} {'get' if len(gone) > 1 else 'gets'} no data any more.")


def _data(changes: Changes) -> Iterator[_Sentence]:
    came = [d for d in changes.data if d.how == "new" and d.stayed]
    groups: dict[tuple[str, ...], list[DataChange]] = {}
    for change in came:
        groups.setdefault(change.data, []).append(change)
    if groups:
        data, places = max(groups.items(), key=lambda g: (_grave(g[1][0]), len(g[1])))
        others = ", and more data elsewhere" if len(groups) > 1 else ""
        verb = "now reach" if len(data) > 1 else "now reaches"
        text = f"{listed(data)}{_described(places[0])} {verb} {_places(places)}{others}."
        yield _Sentence(62 if _grave(places[0]) else 35, text)


def _places(places: Sequence[DataChange]) -> str:
    """Parties are named as such: their ids say little among elements."""
    elements, parties = ([p for p in places if (p.kind == "party") == is_party] for is_party in (False, True))
    words = [f"`{p.id}`" for p in elements] + [f"party `{p.id}`" for p in parties]
    shown = words if len(words) == NAMED + 1 else words[:NAMED]  # "and 1 more" is no shorter
    *first, last = (*shown, f"{len(words) - len(shown)} more") if len(words) > len(shown) else shown
    return f"{', '.join(first)} and {last}" if first else last


def _grave(change: DataChange | RegionChange) -> bool:
    return change.personal or change.level in _SECRET


def _described(change: DataChange | RegionChange) -> str:
    people = "in part personal" if len(change.of_people) < len(change.data) else "personal"
    words = [w for w in (change.level, people if change.personal else "") if w]
    return f" ({', '.join(words)})" if words else ""


def _narrowed(changes: Changes) -> Iterator[_Sentence]:
    """What asks less: elements out of scope and lower classifications, and what is not asked any more."""
    gaps, results = unasked(changes)
    counts = [counted(gaps, "gap")] if gaps else []
    counts += [counted(results, "unknown result")] if results else []
    are = "is" if gaps + results == 1 else "are"
    ends = f"{' and '.join(counts)} {are} no longer asked" if counts else ""
    out, lower = left_out(changes), lowered(changes)
    causes = []
    if out:
        verb = "is" if len(out) == 1 else "are"
        weight = 74 if gaps else 57 if results else 40
        causes.append((weight, f"{listed([c.id for c in out])} {verb} taken out of scope"))
    if lower:
        secret = any(word in _SECRET or word == "personal" for c in lower for word in c.before or ())
        more = f", and {counted(len(lower) - 1, 'more classification')} likewise" if len(lower) > 1 else ""
        causes.append((73 if secret else 50, f"{_lowered(lower[0])}{more}"))
    for weight, text in causes:
        yield _Sentence(weight, f"{text}: {ends}." if ends and len(causes) == 1 else f"{text}.")
    if ends and len(causes) != 1:
        yield _Sentence(19, f"{ends}.")


def _lowered(change: AttributeChange) -> str:
    before, after = change.before or (), change.after or ()
    if change.key == "categories":
        return f"`{change.id}` is no longer said to be {listed([w for w in before if w not in after])}"
    key = "" if change.key == "confidentiality" else f"`{change.key}` of "
    now = f"is now {listed(after)}, was {listed(before)}" if after else f"is no longer {listed(before)}"
    return f"{key}`{change.id}` {now}"


def _weaker(changes: Changes) -> Iterator[_Sentence]:
    for move in changes.moves:
        if move.trust_before and move.trust_after:
            down = TRUST.index(move.trust_before) - TRUST.index(move.trust_after)
            if down > 0:
                text = f"`{move.id}` moves from {move.trust_before} to {move.trust_after} ground."
                yield _Sentence(75, text)
    for region in changes.regions:
        if region.before:
            where = f"`{region.after}`" if region.after else "a place that nobody names"
            what = f"{listed(region.data)}{_described(region)}"
            moves = "moves" if len(region.data) == 1 else "move"
            weight = 71 if _grave(region) else 56
            yield _Sentence(weight, f"{what} {moves} from `{region.before}` to {where}.")
    if lowered := [d for d in changes.depths if d.how != "raised"]:
        first_one = lowered[0]
        lost = [layer for layer in first_one.before if layer not in first_one.after]
        others = len(lowered) - 1
        more = f" and {counted(others, 'more element')}" if others else ""
        loses, layers = "lose" if others else "loses", "a layer" if len(lost) == 1 else f"{len(lost)} layers"
        yield _Sentence(63, f"`{first_one.id}`{more} {loses} {layers} of defence: {', '.join(lost)}.")
    kept = moved(changes.statements)
    for how, verb in (("removed", "is no longer said of"), ("weakened", "is weaker at")):
        chosen = [s for s in changes.statements if s.how == how and s not in kept]
        if chosen:
            first = chosen[0]
            more = f", and {counted(len(chosen) - 1, 'more statement')} likewise" if len(chosen) > 1 else ""
            yield _Sentence(52, f"`{first.control}` {verb} {_place(first.id)}{more}.")


def _questions(changes: Changes) -> Iterator[_Sentence]:
    new = [u for u in changes.unknowns if u.how == "new"]
    if lost := [u for u in new if u.satisfied]:
        number = sum(u.satisfied for u in lost)
        what = "satisfied result becomes" if number == 1 else "satisfied results become"
        yield _Sentence(_LOST[_worst(lost)], f"{number} {what} unknown{_which(lost, number)}.")
    if fresh := [u for u in new if u.satisfied + u.gaps < len(u.keys)]:
        number = sum(len(u.keys) - u.satisfied - u.gaps for u in fresh)
        what = f"{counted(number, 'more result')} {'is' if number == 1 else 'are'} unknown"
        yield _Sentence(12, f"{what}{_which(fresh, number)}.")


def _which(questions: Sequence[UnknownChange], number: int) -> str:
    """The severity of the worst results, and one of these by its key."""
    severity = _worst(questions)
    key = next(u.keys[0] for u in questions if u.severity == severity)
    return f", {severity}: `{key}`" if number == 1 else f", the worst {severity}, such as `{key}`"


def _worst(questions: Sequence[UnknownChange]) -> str:
    return max((u.severity for u in questions), key=SEVERITIES.index)


def _better(changes: Changes) -> Iterator[_Sentence]:
    for how, verb, verbs, weight in (
        ("waived", "is waived", "are waived", 25),
        ("planned", "is planned", "are planned", 18),
        ("unanswered", "is now unknown", "are now unknown", 27),
        ("closed", "closes", "close", 20),
        ("eased", "is less severe", "are less severe", 16),
    ):
        chosen = [gap for gap in changes.gaps if gap.how == how]
        if len(chosen) == 1:
            yield _Sentence(weight, f"One gap {verb}, {chosen[0].severity}: `{chosen[0].key}`.")
        elif chosen:
            names = listed([gap.key for gap in chosen])
            yield _Sentence(weight, f"{len(chosen)} gaps {verbs} ({severities(chosen)}): {names}.")
    settled = sum(u.satisfied + u.gaps for u in changes.unknowns if u.how == "settled")
    if settled:
        yield _Sentence(
            13, f"{counted(settled, 'unknown result')} {'is' if settled == 1 else 'are'} settled."
        )


def _structure(changes: Changes) -> Iterator[_Sentence]:
    elements = ("service", "store", "actor")
    for how, verb, weight in (("added", "added", 13), ("removed", "removed", 11)):
        chosen = [t for t in changes.things if t.how == how]
        named = [t for t in chosen if t.kind in elements] or chosen
        if named:
            kinds = Counter(t.kind for t in chosen if t not in named)
            rest = " and ".join(f"{n} {noun(kind, n)}" for kind, n in kinds.items())
            text = f"{_things(named)} {'is' if len(named) == 1 else 'are'} {verb}{rest and f', with {rest}'}"
            yield _Sentence(weight, f"{text}{_gets(changes, named) if how == 'added' else ''}.")
    if changes.renames:
        first, others = changes.renames[0], len(changes.renames) - 1
        also = f", and {counted(others, 'more name')} changed" if others else ""
        yield _Sentence(1, f"`{first.before}` is now called `{first.after}`{also}.")
    if kept := moved(changes.statements):
        first_one = kept[0]
        more = f", and {counted(len(kept) - 1, 'more statement')} likewise" if len(kept) > 1 else ""
        places = " to ".join(_place(p) for p in (first_one.id, first_one.place))
        yield _Sentence(8, f"`{first_one.control}` moves from {places}{more}.")
    came = arrived(changes.statements)
    stronger = [s for s in changes.statements if s.how in ("strengthened", "added") and s not in came]
    if stronger:
        first_one = stronger[0]
        more = f", and {counted(len(stronger) - 1, 'more statement')}" if len(stronger) > 1 else ""
        yield _Sentence(8, f"`{first_one.control}` is said of {_place(first_one.id)}{more}.")
    told = ("region",) if changes.regions else ()
    narrowed = {*left_out(changes), *lowered(changes)}
    keys = [a for a in changes.attributes if a.key not in told and a not in narrowed]
    grave = [a for a in keys if a.key in _FIRST]
    details = [_detail(a) for a in (*grave, *(a for a in keys if a not in grave))]
    other = [s for s in changes.statements if s.how == "changed"]
    details += [f"`{s.control}` of {_place(s.id)} changes" for s in other]
    details += [f"the place of `{m.id}` changes" for m in changes.moves]
    if details:
        more = f", and {counted(len(details) - 1, 'more detail')}" if len(details) > 1 else ""
        yield _Sentence(11 if grave else 7, f"{details[0]}{more}.")
    if changes.requirements:
        yield _Sentence(6, f"{counted(len(changes.requirements), 'requirement')} moved.")


def _warnings(changes: Changes) -> Iterator[_Sentence]:
    for how, words, weight in (("new", "new warning", 17), ("gone", "no longer a warning", 5)):
        if chosen := [w for w in changes.warnings if w.how == how]:
            more = f", and {counted(len(chosen) - 1, 'more warning')}" if len(chosen) > 1 else ""
            yield _Sentence(weight, f"{words}: {chosen[0].message}{more}.")


def _place(name: str) -> str:
    """Where something is said."""
    return f"`{name}`" if name and name != BASELINE else BASELINE


def _detail(change: AttributeChange) -> str:
    """What became of a key, with its values where they are few."""
    what = f"`{change.key}` of `{change.id}`"
    before, after = change.before or (), change.after or ()
    many = max(len(before), len(after)) > NAMED or any(len(word) > _SHORT for word in (*before, *after))
    if many or not (before or after):
        return f"{what} changes"
    if not after:
        return f"{what} is no longer {listed(before)}"
    return f"{what} is now {listed(after)}" + (f", and was {listed(before)}" if before else "")


def _things(things: Sequence[ThingChange]) -> str:
    kinds = {t.kind for t in things}
    if len(kinds) > 1:
        return listed([t.id for t in things])
    kind = kinds.pop()
    return f"{noun(kind, len(things)).capitalize()} {listed([t.id for t in things])}"


def _gets(changes: Changes, things: Sequence[ThingChange]) -> str:
    """What data a single new element gets, "" when it gets none."""
    came = [d for d in changes.data if d.how == "new" and d.id == things[0].id and d.kind != "party"]
    if len(things) > 1 or not came:
        return ""
    return f"; it gets {listed(came[0].data)}{_described(came[0])}"
