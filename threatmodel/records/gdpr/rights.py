"""The rights of data subjects: which copies of their data a declared procedure touches, and which not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from threatmodel.graph import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.model import Actor, Party, Scenario, Service, Store
from threatmodel.model.words import SPECIAL_CATEGORIES
from threatmodel.records.data import (
    data_items,
    declaration,
    duration,
    has_category,
    of_unknown_category,
    personal_of,
    retention,
)
from threatmodel.records.parties import party_item, party_name
from threatmodel.records.record import Cell, Entry, Item, Part, Record, Sheet, question, record
from threatmodel.records.roles import doubtful_roles, under_gdpr

RIGHTS: Final = {
    "access": "Access (Article 15)",
    "rectification": "Rectification (Article 16)",
    "erasure": "Erasure (Article 17)",
    "restriction": "Restriction (Article 18)",
    "portability": "Portability (Article 20)",
    "objection": "Objection (Article 21)",
    "withdrawal": "Withdrawal of consent (Article 7(3))",
}
_COLUMNS: Final = ("Copy", "What it is", "Data", "Kept for", "Operated by")
_COPY_NAMES: Final = {"log-store": "log", "backup-store": "backup", "cache": "cache", "search-index": "index"}
_KEEPING: Final = frozenset(
    {"database", "object-store", "cache", "backup-store", "log-store", "monitoring", "identity-provider"}
)
_NOTIFIED: Final = frozenset({"rectification", "erasure", "restriction"})
_BASES: Final = {
    "portability": frozenset({"consent", "contract"}),
    "objection": frozenset({"public-task", "legitimate-interests"}),
    "withdrawal": frozenset({"consent"}),
}
"""The rights that only some legal bases give: Articles 20(1)(a), 21(1) and 7(3)."""
_NOT_DUE: Final = {
    "portability": "not asked: neither consent nor contract is the basis",
    "objection": "not asked, save of direct marketing: the basis is another than Article 21(1) names",
    "withdrawal": "not asked: nothing rests on consent",
}


def rights_record(graph: SystemGraph) -> Record:
    """For each own controller every copy of personal data, with the scenarios that touch it, by right."""
    return record(
        "Rights of data subjects",
        "GDPR, Articles 15 to 21 and 7(3): where copies of personal data are, and which declared procedure "
        "touches them.",
        graph.as_of,
        doubtful_roles(graph),
        (part for party in under_gdpr(graph) for part in _parts(graph, party)),
    )


def _parts(graph: SystemGraph, party: Party) -> tuple[Part, Part]:
    """The procedures that are missing, then the copies."""
    copies = _copies(graph, personal_of(graph, party.id))
    sheet = Sheet(
        f"Copies of personal data of {party_name(graph, party.id)}",
        "A right reaches a copy when a scenario with that right has a step at it. Another controller "
        "answers for its own copy; it is told what was rectified, erased or restricted (Article 19).",
        (*_COLUMNS, *RIGHTS.values()),
        tuple(_entry(graph, element, kept) for element, kept in copies),
        "As declared, nothing keeps personal data.",
    )
    open_ = (*of_unknown_category(graph, party.id), *_unknown_holdings(graph))
    return Part((), _undeclared(graph, copies)), Part((sheet,), open_)


def _copies(graph: SystemGraph, personal: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
    """The elements that keep personal data: what they say they hold, else what they have on flows.

    A service that says nothing counts when its kind keeps data, or when another party operates it.
    """
    found = []
    for element, value in enumerate(graph.values):
        if isinstance(value, Actor):
            continue
        held = data_map(graph).held(element)
        ids = data_map(graph).element(element).ids if held.open and _keeps(graph, element) else held.ids
        kept = tuple(d for d in personal if d in ids)
        if kept:
            found.append((element, kept))
    return found


def _keeps(graph: SystemGraph, element: int) -> bool:
    """Whether an element that does not say what it holds may well hold what it is sent."""
    kind = graph.kind_of(element)
    traits = graph.kinds.kinds[kind].traits if kind else frozenset()
    silent_service = not (_KEEPING & traits) and graph.element_party[element] in graph.own
    return graph.subject_kind[element] == "store" or not silent_service


def _entry(graph: SystemGraph, element: int, kept: tuple[str, ...]) -> Entry:
    value = graph.values[element]
    assert isinstance(value, (Service, Store))
    span = graph.model.span(value.at)
    operator = graph.element_party[element]
    return Entry(
        Item(value.title or value.id, span),
        (
            (Item(_copy_name(graph, element), span),),
            data_items(graph, kept),
            _kept_for(graph, value, kept),
            (party_item(graph, operator, "gdpr"),) if operator else (),
            *(_touched(graph, element, right, kept) for right in RIGHTS),
        ),
    )


def _copy_name(graph: SystemGraph, element: int) -> str:
    """What kind of copy it is: a log, a backup, a cache, an index, else the title of its kind."""
    kind = graph.kind_of(element)
    if kind is None:
        return "store"
    found = graph.kinds.kinds[kind]
    words = (word for sort, word in _COPY_NAMES.items() if sort == kind or sort in found.traits)
    return next(words, found.title)


def _kept_for(graph: SystemGraph, value: Service | Store, kept: tuple[str, ...]) -> Cell:
    if value.retention:
        return (Item(duration(value.retention), graph.model.span(value.at)),)
    operator = graph.element_party[graph.index[value.id]]
    if operator and operator not in graph.own:
        return (question(f"how long does `{value.id}` keep what it is sent?", graph.model.span(value.at)),)
    return tuple(dict.fromkeys(item for name in kept for item in retention(graph, name)))


def _touched(graph: SystemGraph, element: int, right: str, kept: tuple[str, ...]) -> Cell:
    scenarios = _declaring(graph, right)
    name = graph.elements[element]
    items = [Item(s.title or s.id, graph.model.span(s.at)) for s in scenarios if name in _elements(graph, s)]
    if items:
        return tuple(items)
    if _answers_itself(graph, element):
        return (Item("to be told: not touched" if right in _NOTIFIED else "asked of that controller"),)
    if not _may_ask(graph, right, kept):
        return (Item(_NOT_DUE[right]),)
    return (Item("not touched" if scenarios else "no procedure declared"),)


def _answers_itself(graph: SystemGraph, element: int) -> bool:
    """Whether another party that is a controller itself operates an element."""
    operator = graph.element_party[element]
    other = operator is not None and operator not in graph.own
    return other and graph.model.parties[operator or ""].gdpr in ("controller", "joint-controller")


def _declaring(graph: SystemGraph, right: str) -> list[Scenario]:
    return [s for s in graph.model.scenarios.values() if right in (s.rights or ())]


def _elements(graph: SystemGraph, scenario: Scenario) -> set[str]:
    flows = {f.id: f for f in graph.flows}
    return {end for step in scenario.steps for end in (flows[step].source, flows[step].target)}


def _may_ask(graph: SystemGraph, right: str, kept: tuple[str, ...]) -> bool:
    """Whether a right may be asked of some data: a basis that nobody declared may be any."""
    bases = _BASES.get(right)
    return bases is None or any(_rests_on(graph, name, bases) for name in kept)


def _rests_on(graph: SystemGraph, name: str, bases: frozenset[str]) -> bool:
    purposes = declaration(graph, name, "purposes")
    found = [graph.model.purposes[p] for p in purposes.words]
    if purposes.silent or any(p.legal_basis is None or p.legal_basis in bases for p in found):
        return True
    special = has_category(graph, name, SPECIAL_CATEGORIES)
    return "consent" in bases and special and any(p.condition in (None, "explicit-consent") for p in found)


def _undeclared(graph: SystemGraph, copies: list[tuple[int, tuple[str, ...]]]) -> tuple[Item, ...]:
    return tuple(
        question(f"which scenario carries out the right of {words.split(' (')[0].lower()}?")
        for right, words in RIGHTS.items()
        if not _declaring(graph, right) and any(_may_ask(graph, right, kept) for _, kept in copies)
    )


def _unknown_holdings(graph: SystemGraph) -> list[Item]:
    return [
        question(f"what does `{value.id}` hold?", graph.model.span(value.at))
        for element, value in enumerate(graph.values)
        if not isinstance(value, Actor) and value.holds is None and _keeps(graph, element)
    ]
