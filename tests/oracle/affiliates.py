"""From which of our companies personal data reach another one, as the oracle finds it: place after place."""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.data import DATA_FACTS, held, load
from tests.oracle.text import Entity, Text, many, moved, normal


def givers(text: Text, party: str) -> tuple[list[Entity], list[Entity]]:
    """The own companies whose personal data reach another own one, certainly and perhaps."""
    ours = [p for p in text.of("party") if p.id in text.own]
    if len(ours) < 2 or party not in text.own:
        return [], []
    others = [p for p in ours if p.id != party]
    sure = [p for p in others if party in _reached(text, p.id, False)]
    wanted = {party, ""}
    unnamed = wanted & _reached(text, "", True)
    perhaps = [p for p in others if p not in sure and (unnamed or wanted & _reached(text, p.id, True))]
    return sure, perhaps


def _reached(text: Text, giver: str, unsaid: bool) -> set[str]:
    """The parties that get at personal data of an own one; with `unsaid` also at what may be such data."""
    ours = [e for e in text.elements.values() if text.party(e) == giver]
    pending = [(asset, e.id) for e in ours for asset in _having(text, e)]
    if unsaid:
        pending += [("", e.id) for e in ours if load(text, e)[1]]
    found = set[tuple[str, str]]()
    while pending:
        place = pending.pop()
        if place not in found:
            found.add(place)
            pending += _onward(text, *place, unsaid)
    parties = set[str]()
    for asset, name in found:
        if _personal(text, asset) in ((True, None) if unsaid else (True,)):
            parties |= text.handlers(text.elements[name])
    return parties - {giver}


def _onward(text: Text, asset: str, name: str, unsaid: bool) -> Iterator[tuple[str, str]]:
    element = text.elements[name]
    if element.kind == "actor" and "party" not in element.said:
        return  # what people get they do not pass on for us
    for other in _having(text, element):
        sources = many(text.entities["data", other].own.get("derived_from")) or ()
        if not asset or asset in map(normal, sources):
            yield other, name
    for taker, assets in _given(text, element):
        if assets is None and unsaid:
            yield "", taker
        if asset in (assets or ()):
            yield asset, taker


def _having(text: Text, element: Entity) -> set[str]:
    """What an element keeps or gives."""
    return set(held(text, element)[0]).union(*(assets or () for _, assets in _given(text, element)))


def _given(text: Text, element: Entity) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    """To whom an element gives data, and which; None where its flow does not say."""
    for flow in text.flows_at[element.id]:
        if flow.source == element.id:
            yield flow.target, moved(flow, "sends")
        if flow.target == element.id:
            yield flow.source, moved(flow, "returns")


def _personal(text: Text, asset: str) -> bool | None:
    if not asset:
        return None
    categories = DATA_FACTS["data.categories"](text, text.entities["data", asset])
    if "personal" in categories["certain"]:
        return True
    return None if categories["possible"] is None or "personal" in categories["possible"] else False
