"""The records of processing activities of Article 30 of the GDPR, from purposes, data and where data flow."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from threatmodel.graph import SystemGraph
from threatmodel.model import Party, Purpose
from threatmodel.model.words import SPECIAL_CATEGORIES
from threatmodel.records.data import (
    declaration,
    has_category,
    of_unknown_category,
    personal_of,
    without_purpose,
)
from threatmodel.records.disclosure_paths import DisclosurePath, disclosure_paths
from threatmodel.records.gdpr.activity import categories, kept, recipients, subjects, third_countries
from threatmodel.records.gdpr.joint_controllers import joint_controllers
from threatmodel.records.gdpr.measures import measures
from threatmodel.records.gdpr.processors import (
    on_whose_behalf,
    other_recipients,
    representative,
    sub_processors,
)
from threatmodel.records.gdpr.transfers import Transfer, open_flows, transfers_of
from threatmodel.records.parties import contact, party_at, party_name
from threatmodel.records.record import Cell, Entry, Item, Part, Record, Sheet, question, record
from threatmodel.records.roles import doubtful_roles, roles_to_declare, under_gdpr
from threatmodel.results import Assessment

_BASES: Final = {
    "consent": "consent (Article 6(1)(a))",
    "contract": "contract (Article 6(1)(b))",
    "legal-obligation": "legal obligation (Article 6(1)(c))",
    "vital-interests": "vital interests (Article 6(1)(d))",
    "public-task": "public task (Article 6(1)(e))",
    "legitimate-interests": "legitimate interests (Article 6(1)(f))",
}
_CONDITIONS: Final = {
    "explicit-consent": "explicit consent (Article 9(2)(a))",
    "employment": "employment and social protection law (Article 9(2)(b))",
    "vital-interests": "vital interests (Article 9(2)(c))",
    "not-for-profit": "not-for-profit body (Article 9(2)(d))",
    "made-public": "made public by the data subject (Article 9(2)(e))",
    "legal-claims": "legal claims (Article 9(2)(f))",
    "substantial-public-interest": "substantial public interest (Article 9(2)(g))",
    "health-care": "health care (Article 9(2)(h))",
    "public-health": "public health (Article 9(2)(i))",
    "research": "archiving, research and statistics (Article 9(2)(j))",
}
_WHO: Final = ("Controller", "Contact", "Data protection officer", "Representative", "Joint controllers")
_ACTIVITY: Final = (
    "Purpose",
    "Legal basis",
    "Condition for special categories",
    "Data subjects",
    "Personal data",
    "Recipients",
    "Third countries",
    "Retention",
    "Measures (Article 32)",
)
_PROCESSOR: Final = (
    "Processor",
    "Contact",
    "Data protection officer",
    "Representative",
    "On behalf of",
    "Sub-processors",
    "Other recipients",
    "Categories of processing",
    "Third countries",
    "Measures (Article 32)",
)


class _Out(NamedTuple):
    """Where the personal data of a party go: every way to another one, and those that are transfers."""

    paths: tuple[DisclosurePath, ...]
    transfers: tuple[Transfer, ...]


def processing_record(graph: SystemGraph, assessment: Assessment) -> Record:
    """The records of every own party: Article 30(1) of controllers, Article 30(2) of processors."""
    parts = (_part(graph, assessment, party) for party in under_gdpr(graph))
    return record(
        "Record of processing activities",
        "GDPR, Article 30: made from the declared purposes, data, parties and flows. What no model shows, "
        "such as paper files, has to be added.",
        graph.as_of,
        (*roles_to_declare(graph, "gdpr"), *doubtful_roles(graph)),
        (*parts, Part((), open_flows(graph))),
    )


def _part(graph: SystemGraph, assessment: Assessment, party: Party) -> Part:
    if party.gdpr == "processor":
        sheets: tuple[Sheet, ...] = (_on_behalf(graph, assessment, party),)
    else:
        sheets = (_who(graph, party), _activities(graph, assessment, party))
    return Part(sheets, of_unknown_category(graph, party.id))


def _who(graph: SystemGraph, party: Party) -> Sheet:
    cells = (
        *_answering(graph, party),
        joint_controllers(graph, party),
    )
    entry = Entry(Item(party_name(graph, party.id), party_at(graph, party.id)), cells)
    return Sheet(f"Controller: {party_name(graph, party.id)}", "Article 30(1)(a).", _WHO, (entry,), "Nobody.")


def _answering(graph: SystemGraph, party: Party) -> tuple[Cell, Cell, Cell]:
    """Whom one asks: the contact, the data protection officer and the representative of a party."""
    name = party_name(graph, party.id)
    return (
        contact(graph, party, "privacy", f"whom does one write to at {name} about privacy?"),
        contact(graph, party, "dpo", f"who is the data protection officer of {name}, if it has one?"),
        representative(graph, party) or (Item("none declared"),),
    )


def _activities(graph: SystemGraph, assessment: Assessment, party: Party) -> Sheet:
    personal = personal_of(graph, party.id)
    out = _Out(disclosure_paths(graph, party.id, personal), transfers_of(graph, party.id))
    entries = [
        _activity(graph, assessment, purpose, used, out)
        for purpose in graph.model.purposes.values()
        if (used := _used_for(graph, purpose.id, personal))
    ]
    loose = tuple(d for d in personal if declaration(graph, d, "purposes").silent)
    if loose:
        entries.append(_without_purpose(graph, assessment, loose, out))
    return Sheet(
        f"Processing activities of {party_name(graph, party.id)}",
        "Article 30(1)(b) to (g), one entry for each purpose.",
        _ACTIVITY,
        tuple(entries),
        "As declared, it processes no personal data here.",
    )


def _used_for(graph: SystemGraph, purpose: str, personal: Sequence[str]) -> tuple[str, ...]:
    return tuple(d for d in personal if purpose in declaration(graph, d, "purposes").words)


def _activity(
    graph: SystemGraph,
    assessment: Assessment,
    purpose: Purpose,
    used: tuple[str, ...],
    out: _Out,
) -> Entry:
    title = Item(purpose.title or purpose.id, graph.model.span(purpose.at))
    return Entry(
        title,
        (_basis(graph, purpose), _condition(graph, purpose, used), *_of(graph, assessment, used, out)),
    )


def _without_purpose(
    graph: SystemGraph,
    assessment: Assessment,
    used: tuple[str, ...],
    out: _Out,
) -> Entry:
    asks = without_purpose(graph, used)
    return Entry(Item("purpose not declared"), (asks, (), *_of(graph, assessment, used, out)))


def _of(
    graph: SystemGraph,
    assessment: Assessment,
    used: tuple[str, ...],
    out: _Out,
) -> tuple[Cell, ...]:
    """The cells that follow from the data: Article 30(1)(c) to (g)."""
    return (
        subjects(graph, used),
        categories(graph, used),
        recipients(graph, used, out.paths),
        third_countries(graph, used, out.transfers),
        kept(graph, used),
        measures(graph, assessment, used),
    )


def _basis(graph: SystemGraph, purpose: Purpose) -> Cell:
    if purpose.legal_basis:
        return (Item(_BASES[purpose.legal_basis], graph.model.span(purpose.at, "legal_basis")),)
    return (question(f"on which legal basis does `{purpose.id}` rest?", graph.model.span(purpose.at)),)


def _condition(graph: SystemGraph, purpose: Purpose, used: Collection[str]) -> Cell:
    if not any(has_category(graph, d, SPECIAL_CATEGORIES) for d in used):
        return (Item("not needed: no special categories are declared"),)
    if purpose.condition:
        return (Item(_CONDITIONS[purpose.condition], graph.model.span(purpose.at, "condition")),)
    text = f"which condition of Article 9(2) allows special categories for `{purpose.id}`?"
    return (question(text, graph.model.span(purpose.at)),)


def _on_behalf(graph: SystemGraph, assessment: Assessment, party: Party) -> Sheet:
    name = party_name(graph, party.id)
    personal = personal_of(graph, party.id)
    paths = disclosure_paths(graph, party.id, personal)
    purposes = tuple(
        Item(p.title or p.id, graph.model.span(p.at))
        for p in graph.model.purposes.values()
        if _used_for(graph, p.id, personal)
    )
    cells = (
        *_answering(graph, party),
        on_whose_behalf(graph, party),
        sub_processors(graph, party, paths),
        other_recipients(graph, party, paths),
        purposes or (question(f"which processing does {name} carry out?", party_at(graph, party.id)),),
        third_countries(graph, personal, transfers_of(graph, party.id)),
        measures(graph, assessment, personal),
    )
    entry = Entry(Item(name, party_at(graph, party.id)), cells)
    return Sheet(f"Processor: {name}", "Article 30(2).", _PROCESSOR, (entry,), "Nobody.")
