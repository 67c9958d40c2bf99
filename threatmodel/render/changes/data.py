"""Where data come to stand and who gets them, said to people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from threatmodel.diff import Changes, DataChange, RecipientChange, RegionChange, TransferChange
from threatmodel.render.changes.wording import SECRET, Line, Sentence, described, few
from threatmodel.render.text.wording import listed, names, quote

_PLACES_IN_SENTENCE = 3
_PLACES_IN_LINE = 8


def sentences(changes: Changes) -> Iterator[Sentence]:
    """Parties that get data, or no longer do, data that came to what stayed, and regions."""
    yield from _recipients(changes)
    yield from _came(changes)
    for region in changes.regions:
        if region.before:
            moves = "moves" if len(region.data) == 1 else "move"
            route = f"from {quote(region.before)} to {_region(region)}"
            text = f"{few(region.data)}{_known(region)} {moves} {route}."
            yield Sentence(71 if _grave(region) else 56, text)


def _recipients(changes: Changes) -> Iterator[Sentence]:
    transfers = {t.party: t for t in changes.transfers if t.how == "new"}
    for recipient in changes.recipients:
        if recipient.how == "new":
            transfer = transfers.pop(recipient.party, None)
            law = f" {_law(transfer)}" if transfer else ""
            text = f"{quote(recipient.party)}{law} gets {_first_data(recipient)}."
            yield Sentence(82 if transfer else 72 if _grave(recipient) else 45, text)
    for party, transfer in transfers.items():
        text = f"Personal data now go to {quote(party)} {_law(transfer)}: {few(transfer.data)}."
        yield Sentence(81, text)
    if gone := [r.party for r in changes.recipients if r.how == "gone"]:
        yield Sentence(14, f"{few(gone)} {'get' if len(gone) > 1 else 'gets'} no data any more.")


def _first_data(recipient: RecipientChange) -> str:
    """The data that a party gets for the first time, those of people before others."""
    people = recipient.of_people
    others = [d for d in recipient.data if d not in people]
    if not people:
        return f"data for the first time: {few(others)}"
    more = f"; and other data: {few(others)}" if others else ""
    return f"personal data for the first time: {few(people)}{more}"


def _law(transfer: TransferChange) -> str:
    return f"under the law of {', '.join(transfer.countries)}"


def _came(changes: Changes) -> Iterator[Sentence]:
    """The gravest of the data that came to what stayed."""
    groups: dict[tuple[str, ...], list[DataChange]] = {}
    for change in changes.data:
        if change.how == "new" and change.stayed:
            groups.setdefault(change.data, []).append(change)
    if groups:
        data, places = max(groups.items(), key=lambda g: (_grave(g[1][0]), len(g[1])))
        others = ", and more data elsewhere" if len(groups) > 1 else ""
        verb = "now reach" if len(data) > 1 else "now reaches"
        text = f"{few(data)}{_known(places[0])} {verb} {_few_places(places)}{others}."
        yield Sentence(62 if _grave(places[0]) else 35, text)


def _few_places(changes: Sequence[DataChange]) -> str:
    words = _places(changes)
    # "and 1 more" is no shorter
    shown = words if len(words) == _PLACES_IN_SENTENCE + 1 else words[:_PLACES_IN_SENTENCE]
    *first, last = (*shown, f"{len(words) - len(shown)} more") if len(words) > len(shown) else shown
    return f"{', '.join(first)} and {last}" if first else last


def _places(changes: Iterable[DataChange]) -> list[str]:
    """Elements, then parties, which are named as such: their ids say little among elements."""
    ordered = sorted(changes, key=lambda c: c.kind == "party")
    return [f"party {quote(c.id)}" if c.kind == "party" else quote(c.id) for c in ordered]


def _grave(change: DataChange | RegionChange | RecipientChange) -> bool:
    return change.personal or change.level in SECRET


def _known(change: DataChange | RegionChange | RecipientChange) -> str:
    return described(change.level, change.data, change.of_people)


def gained(changes: Changes, element: str) -> str:
    """What data an element gets, "" when it gets none."""
    came = [d for d in changes.data if d.how == "new" and d.id == element and d.kind != "party"]
    return f"; it gets {few(came[0].data)}{_known(came[0])}" if came else ""


def recipients(changes: Changes, how: str) -> Iterator[Line]:
    """Transfers and parties that get data, or no longer do."""
    new = how == "new"
    sign = "⇢" if new else "✓"
    for transfer in changes.transfers:
        if (transfer.how == "new") == new:
            verb = "now go" if new else "no longer go"
            to = f"{quote(transfer.party)} {_law(transfer)}"
            yield Line(sign, f"personal data {verb} to {to}: {names(transfer.data)}")
    for recipient in changes.recipients:
        if (recipient.how == "new") == new:
            verb = "gets data for the first time" if new else "gets no data any more"
            whole = len(recipient.of_people) in (0, len(recipient.data))
            some = "" if whole else f"; personal: {names(recipient.of_people)}"
            what = f"{names(recipient.data)}{_known(recipient)}{some}"
            yield Line(sign, f"{quote(recipient.party)} {verb}: {what}")


def regions(changes: Iterable[RegionChange]) -> Iterator[Line]:
    """Data that stand in another region than before."""
    for change in changes:
        if change.before:  # a region that was not said before is no move
            what = f"{names(change.data)}{_known(change)}"
            text = f"{what} now stand in {_region(change)} (before: {quote(change.before)})"
            yield Line("⇢", text, (f"at {names(change.elements)}",))


def _region(change: RegionChange) -> str:
    return quote(change.after) if change.after else "a place that nobody names"


def data_at(changes: Sequence[DataChange], how: str) -> Iterator[Line]:
    """Data that came to elements and parties, or left."""
    groups: dict[tuple[str, ...], list[DataChange]] = {}
    for change in changes:
        if change.how == how and (change.stayed or how == "new"):
            groups.setdefault((*change.data, "" if change.stayed else "new"), []).append(change)
    for found in groups.values():
        what = f"{names(found[0].data)}{_known(found[0])}"
        places = listed(_places(found), _PLACES_IN_LINE)
        if how == "gone":
            yield Line("✓", f"{what} no longer at {places}")
        elif found[0].stayed:
            yield Line("⇢", f"{what} now at {places}")
        else:
            yield Line("⇢", f"{what} at {places}, which {'is' if len(found) == 1 else 'are'} new")
