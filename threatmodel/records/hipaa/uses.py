"""For which uses under HIPAA some data are somewhere: asked of each datum, and never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from threatmodel.graph import SystemGraph
from threatmodel.model import Purpose, Store
from threatmodel.records.data import declaration, named
from threatmodel.records.disclosure_paths import DisclosurePath
from threatmodel.records.parties import party_at
from threatmodel.records.record import Cell, Item, question

HOSTING: Final = "hosting"
ASSOCIATES: Final = frozenset({"business-associate", "subcontractor"})


class Use(NamedTuple):
    """One use of one datum; an empty `word` stands for a use of which nobody says what it is."""

    datum: str
    word: str
    item: Item


def uses(graph: SystemGraph, element: str, data: Sequence[str]) -> tuple[Use, ...]:
    """The uses of some data at an element: of each datum what it allows and the element works for.

    An element that does not say what it works for may do all that the datum allows. Where the two have
    nothing in common, or the datum does not say what it allows, the use is not known.
    """
    return tuple(use for datum in data for use in _at(graph, element, datum))


def uses_on(graph: SystemGraph, path: DisclosurePath) -> tuple[Use, ...]:
    """The uses of the data on a way: hosting, where a party only keeps them for us (160.103)."""
    if not hosts(graph, path):
        return uses(graph, path.place, path.data)
    item = Item("hosting for us", party_at(graph, path.party))
    return tuple(Use(datum, HOSTING, item) for datum in path.data)


def hosts(graph: SystemGraph, path: DisclosurePath) -> bool:
    """Whether a party provides the machines, or keeps a store as a business associate, and does no more."""
    if path.provides:
        return True
    value = graph.values[graph.index[path.place]]
    roles = ASSOCIATES.intersection(graph.model.parties[path.party].hipaa or ())
    return isinstance(value, Store) and value.purposes is None and bool(roles)


def words(found: Sequence[Use]) -> dict[str, tuple[str, ...]]:
    """The words of some uses, each with the data that it is the use of."""
    return {word: tuple(u.datum for u in found if u.word == word) for word in {u.word: 0 for u in found}}


def uses_cell(graph: SystemGraph, found: Sequence[Use]) -> Cell:
    """The uses as a cell: what is the use of some of the data only names them."""
    items = (
        u.item._replace(text=u.item.text + (data_of_use(graph, found, u.word) if u.word else ""))
        for u in found
    )
    return tuple(dict.fromkeys(items))


def data_of_use(graph: SystemGraph, found: Sequence[Use], word: str) -> str:
    """The data of a use in words; nothing where it is the use of all of them."""
    data = words(found)[word]
    return "" if set(data) == {u.datum for u in found} else f": {', '.join(named(graph, d) for d in data)}"


def _at(graph: SystemGraph, element: str, datum: str) -> Iterator[Use]:
    value = graph.values[graph.index[element]]
    allowed = declaration(graph, datum, "purposes")
    for asset in allowed.silent:
        yield Use(datum, "", question(f"for what may `{asset.id}` be used?", graph.model.span(asset.at)))
    meant = [p for p in allowed.words if value.purposes is None or p in value.purposes]
    for name in meant:
        yield _use(graph, datum, graph.model.purposes[name])
    if not meant and not allowed.silent:
        key = "purposes" if graph.model.declares(value.at, "purposes") else None
        ask = f"for what does `{element}` get `{datum}`, as it works for nothing that this may be used for?"
        yield Use(datum, "", question(ask, graph.model.span(value.at, key)))


def _use(graph: SystemGraph, datum: str, purpose: Purpose) -> Use:
    if purpose.hipaa_use:
        span = graph.model.span(purpose.at, "hipaa_use")
        return Use(datum, purpose.hipaa_use, Item(purpose.hipaa_use, span))
    ask = question(f"which use under HIPAA is `{purpose.id}`?", graph.model.span(purpose.at))
    return Use(datum, "", ask)
