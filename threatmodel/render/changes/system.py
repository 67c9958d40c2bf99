"""What the system is made of, said to people: what came, went, moved, or has another name or key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from threatmodel.diff import AttributeChange, Changes, Move, ThingChange
from threatmodel.diff.changes import Values
from threatmodel.diff.narrowing import left_out, lowered
from threatmodel.model import Agreement
from threatmodel.model.words import TRUST
from threatmodel.render.changes import statements
from threatmodel.render.changes.data import gained
from threatmodel.render.changes.wording import SIGNS, Line, Sentence, and_more, few, noun
from threatmodel.render.diagram.labels import wrapped
from threatmodel.render.text.wording import names, quote

_FEW: Final = 3  # of more values a sentence says only that they change
_SHORT: Final = 40  # and of longer ones
_FIRST: Final = ("protocols", "trust", "party", "provider")  # the keys that count before others
_ELEMENTS: Final = ("service", "store", "actor")


def sentences(changes: Changes) -> Iterator[Sentence]:
    """Moves to less trusted ground, what came and went, new names, and keys."""
    for move in changes.moves:
        if move.trust_before and move.trust_after:
            down = TRUST.index(move.trust_before) - TRUST.index(move.trust_after)
            if down > 0:
                yield Sentence(75, f"{quote(move.id)} moves {_trust(move)}.")
    for how, weight in (("added", 13), ("removed", 11)):
        chosen = [t for t in changes.things if t.how == how]
        if chosen:
            yield Sentence(weight, _came_or_went(changes, how, chosen))
    if changes.renames:
        first = changes.renames[0]
        also = f"{and_more(changes.renames, 'name')} changed" if len(changes.renames) > 1 else ""
        yield Sentence(1, f"{quote(first.before)} is now called {quote(first.after)}{also}.")
    yield from _keys(changes)


def _came_or_went(changes: Changes, how: str, things: Sequence[ThingChange]) -> str:
    """Elements by their names, and how many of what else; what else there is where no element is."""
    named = [t for t in things if t.kind in _ELEMENTS] or things
    kinds = Counter(t.kind for t in things if t not in named)
    rest = " and ".join(f"{n} {noun(kind, n)}" for kind, n in kinds.items())
    one_kind = {t.kind for t in named} == {named[0].kind}
    what = f"{noun(named[0].kind, len(named)).capitalize()} " if one_kind else ""
    verb = "is" if len(named) == 1 else "are"
    gets = gained(changes, named[0].id) if how == "added" and len(named) == 1 else ""
    return f"{what}{few(t.id for t in named)} {verb} {how}{rest and f', with {rest}'}{gets}."


def _keys(changes: Changes) -> Iterator[Sentence]:
    """Keys that changed, the first of them with its values, and all other details by their number."""
    elsewhere = ("region",) if changes.regions else ()
    narrowed = {*left_out(changes), *lowered(changes)}
    keys = [a for a in changes.attributes if a.key not in elsewhere and a not in narrowed]
    grave = [a for a in keys if a.key in _FIRST]
    details = [_detail(a) for a in (*grave, *(a for a in keys if a not in grave))]
    details += statements.details(changes)
    details += [f"the place of {quote(m.id)} changes" for m in changes.moves]
    if details:
        yield Sentence(11 if grave else 7, f"{details[0]}{and_more(details, 'detail')}.")


def _detail(change: AttributeChange) -> str:
    """What became of a key, with its values where they are few."""
    what = f"{quote(change.key)} of {quote(change.id)}"
    before, after = value_texts(change.before) or (), value_texts(change.after) or ()
    many = max(len(before), len(after)) > _FEW or any(len(word) > _SHORT for word in (*before, *after))
    if many or not (before or after):
        return f"{what} changes"
    if not after:
        return f"{what} is no longer {few(before)}"
    return f"{what} is now {few(after)}" + (f", and was {few(before)}" if before else "")


def lines(changes: Changes) -> Iterator[Line]:
    """Every change of what the system is made of."""
    yield from (_move(move) for move in changes.moves)
    for how in ("added", "removed"):
        kinds: dict[str, list[ThingChange]] = {}
        for thing in changes.things:
            if thing.how == how:
                kinds.setdefault(thing.kind, []).append(thing)
        for kind, things in kinds.items():
            yield Line(SIGNS[how], f"{how}: {noun(kind, len(things))} {names(t.id for t in things)}")
    for rename in changes.renames:
        text = f"renamed: {noun(rename.kind)} {quote(rename.before)} is now {quote(rename.after)}"
        yield Line(
            SIGNS["renamed"], text, ("recognised by what it is connected with and what is said of it",)
        )
    yield from _attributes(changes.attributes)


def _move(move: Move) -> Line:
    known = move.trust_before and move.trust_after and move.trust_before != move.trust_after
    trust = f" ({_trust(move)})" if known else ""
    text = f"moved: {move.kind} {quote(move.id)} from {_ground(move.before)} to {_ground(move.after)}{trust}"
    return Line(SIGNS["moved"], text)


def _trust(move: Move) -> str:
    return f"from {move.trust_before} to {move.trust_after} ground"


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
    groups: dict[tuple[str, str, Values, Values], list[str]] = {}
    for c in changes:
        groups.setdefault((c.kind, c.key, c.before, c.after), []).append(c.id)
    for (kind, key, before, after), ids in groups.items():
        what = "the model" if kind == "model" else f"{noun(kind, len(ids))} {names(ids)}"
        yield Line(SIGNS["changed"], f"{quote(key)} of {what}: {values_text(before, after)}")


def values_text(before: Values, after: Values) -> str:
    """How the value of a key changed."""
    was, now = value_texts(before), value_texts(after)
    if was is not None and now is not None and max(len(was), len(now)) > 1:
        came, left = [w for w in now if w not in was], [w for w in was if w not in now]
        parts = [f"+ {names(came)}"] if came else []
        parts += [f"− {names(left)}"] if left else []
        return ", ".join(parts) or "in another order"
    return f"{_value(was)} → {_value(now)}"


def _value(texts: tuple[str, ...] | None) -> str:
    if texts is None:
        return "not said"
    return names(wrapped(text, 120, 1)[0] for text in texts) if texts else "none"


def value_texts(values: Values) -> tuple[str, ...] | None:
    """Each part of a value as it reads; None where nothing is said."""
    if values is None:
        return None
    texts = [_agreement(value) if isinstance(value, Agreement) else value for value in values]
    return tuple(sorted(texts) if any(isinstance(value, Agreement) for value in values) else texts)


def _agreement(agreement: Agreement) -> str:
    time = statements.time_text(agreement.date, agreement.until)
    party = agreement.counterpart and f"with {agreement.counterpart}"
    return " ".join(filter(None, (agreement.type, party, time, agreement.ref, agreement.assessment)))
