"""What the accounting of 164.528 says of a disclosure: listed, exempt by its use, or not known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from threatmodel.graph import SystemGraph
from threatmodel.model import Actor
from threatmodel.records.disclosure_paths import DisclosurePath
from threatmodel.records.hipaa.limited_data_sets import data_use_agreement, identifying
from threatmodel.records.hipaa.uses import ASSOCIATES, HOSTING, Use, data_of_use, words
from threatmodel.records.parties import party_at, party_name
from threatmodel.records.record import Cell, Item, question

_EXEMPT: Final = {
    "treatment": "no: treatment (164.528(a)(1)(i))",
    "payment": "no: payment (164.528(a)(1)(i))",
    "operations": "no: health care operations (164.528(a)(1)(i))",
    "authorization": "no: under an authorization (164.528(a)(1)(iv))",
}
_INDIVIDUAL: Final = "no: to the individual (164.528(a)(1)(ii))"
_TO_ANOTHER: Final = (
    "to decide: to another at the request of the individual (164.524(c)(3)(ii)), while 164.528(a)(1)(ii) "
    "exempts what goes to the individual"
)
_HOSTED: Final = "no: health care operations, kept for us by a business associate (164.528(a)(1)(i))"
_LIMITED: Final = "no: part of a limited data set (164.528(a)(1)(viii))"
_UNKNOWN: Final = "not known: no use is declared"

_SpecialUse: TypeAlias = Callable[[str, tuple[str, ...]], Cell]
"""What is said of a use that exempts from nothing by itself, for its data; nothing where it is listed."""


def accounted(graph: SystemGraph, owner: str, path: DisclosurePath, found: Sequence[Use]) -> Cell:
    """Use by use whether the accounting lists what goes to a party; what nobody knows is not exempt."""

    def special_use(word: str, data: tuple[str, ...]) -> Cell:
        if word == HOSTING:
            return _hosted(graph, path)
        if word == "limited-data-set":
            return _limited(graph, owner, path, data)
        return (Item(_TO_ANOTHER, party_at(graph, path.party)),) if word == "individual" else ()

    return _counts(graph, found, special_use)


def accounted_to(graph: SystemGraph, actor: Actor, found: Sequence[Use]) -> Cell:
    """The same for somebody without a party: the individual, or a stranger of whom the record asks."""
    span = graph.model.span(actor.at)

    def special_use(word: str, data: tuple[str, ...]) -> Cell:
        if word == "limited-data-set":
            ask = question(f"is there a data use agreement with `{actor.id}` (164.514(e)(4))?", span)
            return (ask, *identifying(graph, data))
        return (Item(_INDIVIDUAL, span),) if word == "individual" else ()

    return _counts(graph, found, special_use)


def _counts(graph: SystemGraph, found: Sequence[Use], special_use: _SpecialUse) -> Cell:
    listed: list[Item] = []
    for word, data in words(found).items():
        span = next(u.item.span for u in found if u.word == word)
        known = _EXEMPT.get(word) if word else _UNKNOWN
        cell = (Item(known, span),) if known else special_use(word, data) or (Item(f"yes: {word}", span),)
        listed += (
            i if i.missing else i._replace(text=i.text + data_of_use(graph, found, word)) for i in cell
        )
    return tuple(listed)


def _hosted(graph: SystemGraph, path: DisclosurePath) -> Cell:
    """Hosting is our own operations where a business associate does it (160.103, "maintains")."""
    at = party_at(graph, path.party, "hipaa")
    if ASSOCIATES.intersection(graph.model.parties[path.party].hipaa or ()):
        return (Item(_HOSTED, at),)
    name = party_name(graph, path.party)
    return (question(f"is {name} (`{path.party}`), which keeps PHI for us, a business associate?", at),)


def _limited(graph: SystemGraph, owner: str, path: DisclosurePath, data: tuple[str, ...]) -> Cell:
    """The exemption of a limited data set, or the questions that stand against it."""
    name = party_name(graph, path.party)
    at = party_at(graph, path.party, "agreements")
    bound = data_use_agreement(graph, owner, path.party, path.through)
    ask = question(
        f"is there a data use agreement with {name} (`{path.party}`) in force (164.514(e)(4))?", at
    )
    doubts = (*(() if bound else (ask,)), *identifying(graph, data))
    return doubts or (Item(_LIMITED, at),)
