"""Screening under Article 35 of the GDPR: the triggers of an impact assessment that a model shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from threatmodel.graph import SystemGraph
from threatmodel.graph.carried import data_map
from threatmodel.model import Purpose
from threatmodel.model.words import SPECIAL_CATEGORIES
from threatmodel.records.assets import has_category, named, personal_of, said
from threatmodel.records.controllers import doubted_roles, under_gdpr, unsaid_roles
from threatmodel.records.parties import party_name
from threatmodel.records.record import Cell, Entry, Item, Record, Sheet, asked, unsaid

State = Literal["shown", "not shown", "said not to be", "not known", "no model shows it"]
_AI: Final = frozenset({"ai-model", "ai-agent"})


class Found(NamedTuple):
    """Whether a trigger is there, and what shows it."""

    state: State
    cell: Cell = ()


Trigger: TypeAlias = Callable[[SystemGraph, Purpose, tuple[str, ...]], Found]
_OUTSIDE: Final = Found("no model shows it")


def screening(graph: SystemGraph) -> Record:
    """For each purpose of an own controller the triggers of Article 35(3) and the nine criteria of WP 248."""
    sheets: list[Sheet] = []
    questions: list[Item] = [*unsaid_roles(graph, "gdpr"), *doubted_roles(graph)]
    for party in under_gdpr(graph, "controller", "joint-controller"):
        personal = personal_of(graph, party.id)
        for purpose in graph.model.purposes.values():
            used = tuple(d for d in personal if purpose.id in said(graph, d, "purposes").words)
            if used:
                sheet = _sheet(graph, purpose, used, party_name(graph, party.id))
                sheets.append(sheet)
                questions += asked(*(cell for entry in sheet.entries for cell in entry.cells))
    return Record(
        "Screening for a data protection impact assessment",
        "GDPR, Article 35(3), and the nine criteria of the guidelines WP 248 rev.01. A trigger that is not "
        "shown may still be there: the controller decides, with the advice of its data protection officer.",
        graph.as_of,
        tuple(sheets),
        tuple(dict.fromkeys(questions)),
    )


def _sheet(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...], controller: str) -> Sheet:
    articles = {name: trigger(graph, purpose, used) for name, trigger in _ARTICLES.items()}
    criteria = {name: trigger(graph, purpose, used) for name, trigger in _CRITERIA.items()}
    return Sheet(
        f"{purpose.title or purpose.id} ({controller})",
        _advice(_count(articles), _count(criteria)),
        ("Trigger", "State", "What shows it"),
        tuple(
            Entry(Item(name), ((Item(found.state),), found.cell))
            for name, found in (*articles.items(), *criteria.items())
        ),
        "Nothing.",
    )


def _count(found: Mapping[str, Found]) -> int:
    return sum(f.state == "shown" for f in found.values())


def _advice(articles: int, criteria: int) -> str:
    if articles:
        return "A case that Article 35(3) names is declared: an assessment comes before the processing."
    shown = f"{criteria} of nine criteria {'is' if criteria == 1 else 'are'} shown"
    if criteria > 1:
        return f"{shown}: from two on the guidelines ask for an assessment in most cases."
    return f"{shown}; what is not known may change that."


def _flag(key: str, question: str) -> Trigger:
    def found(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> Found:
        value = getattr(purpose, key)
        if value is None:
            return Found("not known", (unsaid(f"`{purpose.id}`: {question}", graph.model.span(purpose.at)),))
        said_ = Item(f"`{key}: {'true' if value else 'false'}`", graph.model.span(purpose.at, key))
        return Found("shown" if value else "said not to be", (said_,))

    return found


_automated = _flag("automated_decision", "does it decide about people automatically?")
_large = _flag("large_scale", "does it work on a large scale?")


def _of(*categories: str) -> Trigger:
    def found(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> Found:
        return _shown([_data(graph, d) for d in used if has_category(graph, d, categories)])

    return found


def _shown(items: Sequence[Item]) -> Found:
    once = {item.text: item for item in reversed(items)}
    return Found("shown", tuple(reversed(once.values()))) if items else Found("not shown")


def _data(graph: SystemGraph, name: str) -> Item:
    categories = said(graph, name, "categories").words
    return Item(f"{named(graph, name)}: {', '.join(categories)}", next(iter(categories.values()), None))


def _special_on_large_scale(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> Found:
    special = _of(*SPECIAL_CATEGORIES, "criminal")(graph, purpose, used)
    if special.state != "shown":
        return special
    large = _large(graph, purpose, used)
    return Found(large.state, (*large.cell, *special.cell) if large.state == "shown" else large.cell)


def _combined(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> Found:
    assets = [graph.model.data[d] for d in used]
    return _shown(
        [
            Item(f"{named(graph, a.id)} combines {', '.join(a.derived_from or ())}", graph.model.span(a.at))
            for a in assets
            if a.transform == "combination"
        ]
    )


def _vulnerable(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> Found:
    """Children by the category, employees by their party, patients by health data used for health care."""
    items = [_data(graph, d) for d in used if has_category(graph, d, ("children",))]
    for name in used:
        for actor, span in said(graph, name, "subjects").words.items():
            if graph.model.actors[actor].party in graph.own:
                items.append(
                    Item(f"{graph.model.actors[actor].title or actor}: works for the controller", span)
                )
            elif purpose.condition == "health-care":
                items.append(Item(f"{graph.model.actors[actor].title or actor}: receives health care", span))
    return _shown(items)


def _new_technology(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> Found:
    items = []
    for element, value in enumerate(graph.values):
        kind = graph.kind_of(element)
        traits = graph.kinds.kinds[kind].traits if kind else frozenset()
        if _AI & traits and data_map(graph).element(element).ids.intersection(used):
            items.append(Item(f"{value.title or value.id}: {kind}", graph.model.span(value.at)))
    return _shown(items)


def _outside(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> Found:
    return _OUTSIDE


_ARTICLES: Final[dict[str, Trigger]] = {
    "Article 35(3)(a): extensive evaluation with automated decisions": _automated,
    "Article 35(3)(b): special categories or criminal data on a large scale": _special_on_large_scale,
    "Article 35(3)(c): monitoring of a public area on a large scale": _outside,
}
_CRITERIA: Final[dict[str, Trigger]] = {
    "1. Evaluation or scoring": _of("behaviour"),
    "2. Automated decisions with legal or similar effect": _automated,
    "3. Systematic monitoring": _of("location", "behaviour"),
    "4. Sensitive data": _of(*SPECIAL_CATEGORIES, "criminal", "location", "financial", "payment-card"),
    "5. Large scale": _large,
    "6. Data sets matched or combined": _combined,
    "7. Vulnerable data subjects": _vulnerable,
    "8. New technology": _new_technology,
    "9. Keeps people from a right or a service": _outside,
}
