"""The cells of an Article 30 record that follow from the data: subjects, recipients, retention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from threatmodel.graph import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.model import Actor, Service, Store
from threatmodel.records.data import declaration, duration, is_personal, named, retention
from threatmodel.records.disclosure_paths import DisclosurePath
from threatmodel.records.gdpr.transfers import Transfer
from threatmodel.records.parties import party_item, party_name, role_asked
from threatmodel.records.record import Cell, Item, question


def subjects(graph: SystemGraph, used: Sequence[str]) -> Cell:
    """Whom the data are about (Article 30(1)(c))."""
    items: dict[str, Item] = {}
    for name in used:
        about = declaration(graph, name, "subjects")
        for actor, span in about.words.items():
            items.setdefault(actor, Item(graph.model.actors[actor].title or actor, span))
        for asset in (a for a in about.silent if is_personal(graph, a.id) is not False):
            ask = question(f"whom is `{asset.id}` about?", graph.model.span(asset.at))
            items.setdefault(f"? {asset.id}", ask)
    return tuple(items.values())


def categories(graph: SystemGraph, used: Sequence[str]) -> Cell:
    """The categories of the data (Article 30(1)(c))."""
    items = []
    for name in used:
        words = declaration(graph, name, "categories").words
        span = next(iter(words.values()), graph.model.span(graph.model.data[name].at))
        more = [w for w in words if w != "personal"]
        items.append(Item(f"{named(graph, name)}: {', '.join(more) or 'personal'}", span))
    return tuple(items)


def recipients(graph: SystemGraph, used: Sequence[str], paths: Sequence[DisclosurePath]) -> Cell:
    """Every party that the data reach, and everybody without one who gets data about somebody else."""
    items = []
    reached = {path.party for path in paths if set(used).intersection(path.data)}
    for party in (p for p in graph.model.parties.values() if p.id in reached):
        items.append(party_item(graph, party.id, "gdpr"))
        if party.gdpr is None and not party.own:
            items.append(role_asked(graph, party))
    items += _strangers(graph, used)
    return tuple(items) or (Item("none outside the organisation"),)


def _strangers(graph: SystemGraph, used: Sequence[str]) -> Iterator[Item]:
    for element, value in enumerate(graph.values):
        if not isinstance(value, Actor) or value.party is not None:
            continue
        having = data_map(graph).element(element).ids.intersection(used)
        if any(value.id not in declaration(graph, d, "subjects").words for d in having):
            about = {s for d in having for s in declaration(graph, d, "subjects").words}
            if value.id not in about:
                yield question(f"for whom does `{value.id}` work?", graph.model.span(value.at))


def third_countries(graph: SystemGraph, used: Sequence[str], out: Sequence[Transfer]) -> Cell:
    """For each country and recipient what a transfer of some data rests on."""
    items: dict[str, Item] = {}
    for transfer in out:
        if set(used).intersection(transfer.path.data):
            name = party_name(graph, transfer.path.party)
            countries = ", ".join(c.text for c in transfer.countries if not c.missing)
            if transfer.standing in ("mechanism named", "derogation claimed"):
                found = [
                    i if i.missing else i._replace(text=f"{countries}, {name}: {i.text}")
                    for i in transfer.mechanism
                ]
            elif countries:
                found = [Item(f"{countries}, {name}: {transfer.standing}", transfer.countries[0].span)]
                found += [i for i in transfer.mechanism if i.missing]
            else:
                found = list(transfer.countries)
            items |= {item.text: item for item in found}
    return tuple(items.values()) or (Item("none"),)


def kept(graph: SystemGraph, used: Sequence[str]) -> Cell:
    """How long the data are kept, as such and where a place says its own time (Article 30(1)(f))."""
    items = [item for name in used for item in retention(graph, name)]
    for element, value in enumerate(graph.values):
        own = value.retention if isinstance(value, (Service, Store)) else None
        if own and data_map(graph).held(element).ids.intersection(used):
            said_here = graph.model.declares(value.at, "retention")
            span = graph.model.span(value.at, "retention" if said_here else None)
            items.append(Item(f"in `{value.id}`: {duration(own)}", span))
    return tuple(dict.fromkeys(items))
