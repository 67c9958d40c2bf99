"""What untrusted ground reaches, and the layers of defence before it, said to people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from threatmodel.diff import Changes, DepthChange, Detour, ReachChange
from threatmodel.render.changes.wording import (
    SECRET,
    Line,
    Sentence,
    few,
    likewise,
    path_text,
)
from threatmodel.render.text.wording import counted, names, quote

_ALIKE: Final = 4  # so many elements that are reached alike have a line each


def reach_sentences(changes: Changes) -> Iterator[Sentence]:
    """What untrusted ground reaches newly, sooner or no more; what is new itself is no news here."""
    stayed = [r for r in changes.reach if r.stayed]
    for how, high, low in (("new", 85, 60), ("nearer", 65, 40)):
        chosen = [r for r in stayed if r.how == how]
        if chosen:
            secret = any(r.level in SECRET for r in chosen)
            before = str(chosen[0].before or "never")
            text = _now_reaches(chosen[0], quote(chosen[0].id), before, likewise(chosen, "element"))
            yield Sentence(high if secret else low, f"{text}.")
    if lost := [r for r in stayed if r.how == "lost"]:
        yield Sentence(15, f"Untrusted ground no longer reaches {few(r.id for r in lost)}.")


def reaches(changes: Sequence[ReachChange]) -> Iterator[Line]:
    """What untrusted ground reaches newly, sooner, later or no more; one line where many are alike."""
    alike: dict[tuple[str, str, int, int, bool], list[ReachChange]] = {}
    for change in changes:
        key = change.how, change.ground, change.before, change.after, change.stayed
        alike.setdefault(key, []).append(change)
    for members in alike.values():
        if len(members) > _ALIKE:
            yield _reach(members)
        else:
            yield from (_reach([change]) for change in members)


def _reach(members: Sequence[ReachChange]) -> Line:
    change = members[0]
    name = quote(change.id) + (f" ({change.level} data)" if change.level else "")
    more = likewise(members, "element")
    others = (f"likewise {names(m.id for m in members[1:])}",) if more else ()
    if change.how == "lost":
        text = f"{_ground(change)} no longer reaches {name} (before: {_hops(change.before)}){more}"
        return Line("✓", text, (f"it was {path_text(change.path)}", *others))
    if not change.stayed:
        text = f"{_ground(change)} reaches {name}, which is new, in {_hops(change.after)}{more}"
    else:
        text = _now_reaches(change, name, _hops(change.before), more)
    if change.how == "farther":
        return Line("↑", text, others)
    return Line("⇥", text, (f"by {path_text(change.path)}", *others))


def _now_reaches(change: ReachChange, name: str, before: str, more: str) -> str:
    return f"{_ground(change)} now reaches {name} in {_hops(change.after)} (before: {before}){more}"


def _ground(change: ReachChange) -> str:
    """The untrusted ground that a path begins on."""
    return "untrusted ground" if change.ground.startswith("(") else quote(change.ground)


def _hops(number: int) -> str:
    return counted(number, "hop") if number else "never"


def depth_sentences(changes: Changes) -> Iterator[Sentence]:
    """What loses layers of defence."""
    if lowered := [d for d in changes.depths if d.how != "raised"]:
        lost, _ = _layers(lowered[0])
        more = f" and {counted(len(lowered) - 1, 'more element')}" if len(lowered) > 1 else ""
        loses, layers = "lose" if more else "loses", "a layer" if len(lost) == 1 else f"{len(lost)} layers"
        text = f"{quote(lowered[0].id)}{more} {loses} {layers} of defence: {', '.join(lost)}."
        yield Sentence(63, text)


def depths(changes: Iterable[DepthChange]) -> Iterator[Line]:
    """One line for all elements that lost, or won, the same layers."""
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[DepthChange]] = {}
    for change in changes:
        alike.setdefault(_layers(change), []).append(change)
    for (lost, won), members in alike.items():
        first = members[0]
        words = [f"without {', '.join(lost)}"] if lost else []
        words += [f"now {', '.join(won)}"] if won else []
        number = f"{counted(len(first.after), 'layer')} of defence on every path"
        more = likewise(members, "element")
        sign = {"lowered": "↓", "changed": "±", "raised": "↑"}[first.how]
        below = list(_detours(first.detours))
        below += [f"likewise {names(m.id for m in members[1:])}"] if more else []
        text = f"{quote(first.id)} has {number} (before: {len(first.before)}): {'; '.join(words)}{more}"
        yield Line(sign, text, tuple(below))


def _layers(change: DepthChange) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The layers that an element lost and won."""
    lost = tuple(layer for layer in change.before if layer not in change.after)
    return lost, tuple(layer for layer in change.after if layer not in change.before)


def _detours(detours: Iterable[Detour]) -> Iterator[str]:
    """A line for each path, with every layer that it goes round."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for one in detours:
        alike.setdefault(one.path, []).append(one.layer)
    yield from (f"without {', '.join(layers)}: {path_text(path)}" for path, layers in alike.items() if path)
