"""Lines on who gets where: what untrusted ground reaches, layers of defence, and where data are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from threatmodel.diff import Changes, DataChange, DepthChange, ReachChange, RegionChange, WayRound
from threatmodel.render.changes.line import MOST_NAMES, Line, described, names, way
from threatmodel.render.text.wording import counted, quote

_ALIKE: Final = 4  # so many elements that are reached alike have a line each


def reaches(changes: Sequence[ReachChange]) -> Iterator[Line]:
    """What untrusted ground reaches newly, sooner, later or no more; one line where many are alike."""
    alike: dict[tuple[str, str, int, int, bool], list[ReachChange]] = {}
    for change in changes:
        key = change.how, change.ground, change.before, change.after, change.stayed
        alike.setdefault(key, []).append(change)
    for members in alike.values():
        shown = members if len(members) <= _ALIKE else members[:1]
        for change in shown:
            yield _reach(change, [m.id for m in members[1:]] if len(shown) < len(members) else [])


def _reach(change: ReachChange, likewise: Sequence[str]) -> Line:
    ground = "untrusted ground" if change.ground.startswith("(") else quote(change.ground)
    name = quote(change.id) + (f" ({change.level} data)" if change.level else "")
    more = f", and {counted(len(likewise), 'more element')} likewise" if likewise else ""
    others = (f"likewise {names(likewise)}",) if likewise else ()
    if change.how == "lost":
        text = f"{ground} no longer reaches {name} (before: {_hops(change.before)}){more}"
        return Line("✓", text, (f"it was {way(change.path)}", *others))
    if not change.stayed:
        text = f"{ground} reaches {name}, which is new, in {_hops(change.after)}{more}"
    else:
        text = f"{ground} now reaches {name} in {_hops(change.after)} (before: {_hops(change.before)}){more}"
    if change.how == "farther":
        return Line("↑", text, others)
    return Line("⇥", text, (f"by {way(change.path)}", *others))


def _hops(number: int) -> str:
    return counted(number, "hop") if number else "never"


def depths(changes: Iterable[DepthChange]) -> Iterator[Line]:
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
        sign = {"lowered": "↓", "changed": "±", "raised": "↑"}[first.how]
        below = list(_ways_round(first.ways))
        below += [f"likewise {names([m.id for m in members[1:]])}"] if more else []
        text = f"{quote(first.id)} has {number} (before: {len(first.before)}): {'; '.join(words)}{likewise}"
        yield Line(sign, text, tuple(below))


def _ways_round(ways: Iterable[WayRound]) -> Iterator[str]:
    """A line for each path, with every layer that it goes round."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for one in ways:
        alike.setdefault(one.path, []).append(one.layer)
    yield from (f"without {', '.join(layers)}: {way(path)}" for path, layers in alike.items() if path)


def recipients(changes: Changes, how: str) -> Iterator[Line]:
    """Transfers and parties that get data, or no longer do."""
    new = how == "new"
    for transfer in changes.transfers:
        if (transfer.how == "new") == new:
            verb = "now go" if new else "no longer go"
            law = ", ".join(transfer.countries)
            what = names(transfer.data)
            text = f"personal data {verb} to {quote(transfer.party)} under the law of {law}: {what}"
            yield Line("⇢" if new else "✓", text)
    for recipient in changes.recipients:
        if (recipient.how == "new") == new:
            verb = "gets data for the first time" if new else "gets no data any more"
            what = described(recipient.level, recipient.data, recipient.of_people)
            whole = len(recipient.of_people) in (0, len(recipient.data))
            some = "" if whole else f"; personal: {names(recipient.of_people)}"
            text = f"{quote(recipient.party)} {verb}: {names(recipient.data)}{what}{some}"
            yield Line("⇢" if new else "✓", text)


def regions(changes: Iterable[RegionChange]) -> Iterator[Line]:
    """Data that stand in another region than before."""
    for change in changes:
        if change.before:  # a region that was not said before is no move
            what = names(change.data) + described(change.level, change.data, change.of_people)
            after = quote(change.after) if change.after else "a place that nobody names"
            at = f"at {names(change.elements)}"
            yield Line("⇢", f"{what} now stand in {after} (before: {quote(change.before)})", (at,))


def data_at(changes: Sequence[DataChange], how: str) -> Iterator[Line]:
    """Data that came to elements and parties, or left."""
    groups: dict[tuple[str, ...], list[DataChange]] = {}
    for change in changes:
        if change.how == how and (change.stayed or how == "new"):
            groups.setdefault((*change.data, "" if change.stayed else "new"), []).append(change)
    for found in groups.values():
        data, places = found[0].data, _places(found)
        what = names(data) + described(found[0].level, found[0].data, found[0].of_people)
        if how == "gone":
            yield Line("✓", f"{what} no longer at {places}")
        elif found[0].stayed:
            yield Line("⇢", f"{what} now at {places}")
        else:
            yield Line("⇢", f"{what} at {places}, which {'is' if len(found) == 1 else 'are'} new")


def _places(changes: Sequence[DataChange]) -> str:
    words = [quote(c.id) for c in changes if c.kind != "party"]
    words += [f"party {quote(c.id)}" for c in changes if c.kind == "party"]
    more = len(words) - MOST_NAMES
    return ", ".join(words[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
