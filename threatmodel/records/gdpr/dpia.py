"""Screening under Article 35 of the GDPR: the triggers of an impact assessment that a model shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from threatmodel.graph import SystemGraph
from threatmodel.graph.data_map import data_map
from threatmodel.model import Party, Purpose
from threatmodel.model.words import SPECIAL_CATEGORIES
from threatmodel.records.data import (
    declaration,
    has_category,
    named,
    of_unknown_category,
    personal_of,
    without_purpose,
)
from threatmodel.records.parties import party_name
from threatmodel.records.record import Cell, Entry, Item, Part, Record, Sheet, question, record
from threatmodel.records.roles import doubtful_roles, roles_to_declare, under_gdpr

State = Literal["shown", "to examine", "not shown", "said not to be", "not known", "no model shows it"]
_AI: Final = frozenset({"ai-model", "ai-agent"})
_THINGS: Final = frozenset({"iot-device", "iot-gateway", "wearable", "vehicle"})
"""The Internet of Things, which WP 248 names as new technology; connected cars are of it."""


class TriggerResult(NamedTuple):
    """Whether a trigger is there, and what shows it."""

    state: State
    cell: Cell = ()


_COLUMNS: Final = ("Trigger", "State", "What shows it")
_MAYBE: Final = "to examine"
_DUTY: Final = (
    "works on this as a processor: to assess it is the controller's duty (Article 35(1)), in which a "
    "processor assists (Article 28(3)(f)). What follows is for the controller."
)
Trigger: TypeAlias = Callable[[SystemGraph, Purpose, tuple[str, ...]], TriggerResult]
_OUTSIDE: Final = TriggerResult("no model shows it")


def screening(graph: SystemGraph) -> Record:
    """For each purpose of an own party the triggers of Article 35(3) and the nine criteria of WP 248.

    Those of a processor are for the controllers that it works for (Article 28(3)(f)).
    """
    return record(
        "Screening for a data protection impact assessment",
        "GDPR, Article 35(3), and the nine criteria of the guidelines WP 248 rev.01. A trigger that is not "
        "shown may still be there: the controller decides, with the advice of its data protection officer.",
        graph.as_of,
        (*roles_to_declare(graph, "gdpr"), *doubtful_roles(graph)),
        (_part(graph, party) for party in under_gdpr(graph)),
    )


def _part(graph: SystemGraph, party: Party) -> Part:
    unclear = without_purpose(graph, personal_of(graph, party.id))
    return Part(tuple(_sheets(graph, party)), (*unclear, *of_unknown_category(graph, party.id)))


def _sheets(graph: SystemGraph, party: Party) -> Iterator[Sheet]:
    """One sheet for each purpose with data about people; a processor without any says whose duty it is."""
    name = party_name(graph, party.id)
    who, duty = (f"{name}, as a processor", f"{name} {_DUTY} ") if party.gdpr == "processor" else (name, "")
    personal = personal_of(graph, party.id)
    screened = 0
    for purpose in graph.model.purposes.values():
        used = tuple(d for d in personal if purpose.id in declaration(graph, d, "purposes").words)
        if used:
            screened += 1
            yield _sheet(graph, purpose, used, who, duty)
    if duty and not screened:
        yield Sheet(who, duty, _COLUMNS, (), "As declared, no purpose works on data about people.")


def _sheet(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...], who: str, duty: str) -> Sheet:
    articles = {name: trigger(graph, purpose, used) for name, trigger in _ARTICLES.items()}
    criteria = {name: trigger(graph, purpose, used) for name, trigger in _CRITERIA.items()}
    return Sheet(
        f"{purpose.title or purpose.id} ({who})",
        duty + _advice(articles, criteria),
        _COLUMNS,
        tuple(
            Entry(Item(name), ((Item(found.state),), found.cell))
            for name, found in (*articles.items(), *criteria.items())
        ),
        "Nothing.",
    )


def _advice(articles: Mapping[str, TriggerResult], criteria: Mapping[str, TriggerResult]) -> str:
    if _count(articles, "shown"):
        return "A case that Article 35(3) names is declared: an assessment comes before the processing."
    lead = "A case that Article 35(3) names may be there: examine it. " if _count(articles, _MAYBE) else ""
    shown, perhaps = _count(criteria, "shown"), _count(criteria, _MAYBE)
    words = f"{lead}{shown} of nine criteria {'is' if shown == 1 else 'are'} shown"
    words += f" and {perhaps} to examine" if perhaps else ""
    if shown + perhaps > 1:
        return f"{words}: from two on the guidelines ask for an assessment in most cases."
    return f"{words}; what is not known may change that."


def _count(found: Mapping[str, TriggerResult], state: State) -> int:
    return sum(f.state == state for f in found.values())


def _flag(key: str, ask: str) -> Trigger:
    def found(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> TriggerResult:
        value = getattr(purpose, key)
        if value is None:
            return TriggerResult(
                "not known", (question(f"`{purpose.id}`: {ask}", graph.model.span(purpose.at)),)
            )
        answer = Item(f"`{key}: {'true' if value else 'false'}`", graph.model.span(purpose.at, key))
        return TriggerResult("shown" if value else "said not to be", (answer,))

    return found


_NO_EFFECT: Final = "not said: whether its decisions have legal or similarly significant effects"
_NOT_EXTENSIVE: Final = f"{_NO_EFFECT}, and whether it evaluates people systematically and extensively"
_BASED_ON: Final = "not said: whether people decide on an automated evaluation, which is such a case too"
_automated = _flag("automated_decision", "does it decide about people automatically?")
_large = _flag("large_scale", "does it work on a large scale?")


def _extensive(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> TriggerResult:
    """Article 35(3)(a) asks for more than an automated decision, and not for a decision without people."""
    found = _automated(graph, purpose, used)
    if found.state == "shown":
        return TriggerResult(_MAYBE, (*found.cell, Item(_NOT_EXTENSIVE)))
    if found.state == "said not to be":
        return TriggerResult("not shown", (*found.cell, Item(_BASED_ON)))
    return found


def _significant(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> TriggerResult:
    """The second criterion: a declared automated decision, of which no model says the effect."""
    found = _automated(graph, purpose, used)
    return TriggerResult(_MAYBE, (*found.cell, Item(_NO_EFFECT))) if found.state == "shown" else found


def _of(*categories: str) -> Trigger:
    def found(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> TriggerResult:
        return _present([_data(graph, d) for d in used if has_category(graph, d, categories)])

    return found


def _present(items: Sequence[Item]) -> TriggerResult:
    once = {item.text: item for item in reversed(items)}
    return TriggerResult("shown", tuple(reversed(once.values()))) if items else TriggerResult("not shown")


def _data(graph: SystemGraph, name: str) -> Item:
    categories = declaration(graph, name, "categories").words
    return Item(f"{named(graph, name)}: {', '.join(categories)}", next(iter(categories.values()), None))


def _special_on_large_scale(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> TriggerResult:
    special = _of(*SPECIAL_CATEGORIES, "criminal")(graph, purpose, used)
    if special.state != "shown":
        return special
    large = _large(graph, purpose, used)
    return TriggerResult(large.state, (*large.cell, *special.cell) if large.state == "shown" else large.cell)


def _combined(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> TriggerResult:
    assets = [graph.model.data[d] for d in used]
    return _present(
        [
            Item(f"{named(graph, a.id)} combines {', '.join(a.derived_from or ())}", graph.model.span(a.at))
            for a in assets
            if a.transform == "combination"
        ]
    )


def _vulnerable(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> TriggerResult:
    """Children by the category, employees by their party, patients by health data used for health care."""
    items = [_data(graph, d) for d in used if has_category(graph, d, ("children",))]
    for name in used:
        for actor, span in declaration(graph, name, "subjects").words.items():
            if graph.model.actors[actor].party in graph.own:
                items.append(
                    Item(f"{graph.model.actors[actor].title or actor}: works for the controller", span)
                )
            elif purpose.condition == "health-care":
                items.append(Item(f"{graph.model.actors[actor].title or actor}: receives health care", span))
    return _present(items)


def _new_technology(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> TriggerResult:
    """AI, and things with a network, where some of the data are (Article 35(1): "using new technologies")."""
    items = []
    for element, value in enumerate(graph.values):
        if data_map(graph).element(element).ids.intersection(used):
            new = [kind for kind in _kinds(graph, element) if _is_new(graph, kind)]
            items += [Item(f"{value.title or value.id}: {kind}", graph.model.span(value.at)) for kind in new]
    return _present(items)


def _kinds(graph: SystemGraph, element: int) -> tuple[str, ...]:
    """The kinds of an element and of the host that it runs on, as far as they are said."""
    host = graph.element_host[element]
    machine = graph.model.hosts[graph.hosts[host]] if host >= 0 else None
    found = (
        graph.kind_of(element),
        graph.kinds.kind_word(machine.kind, machine.technology) if machine else None,
    )
    return tuple(kind for kind in found if kind)


def _is_new(graph: SystemGraph, kind: str) -> bool:
    return kind in _THINGS or not _AI.isdisjoint(graph.kinds.kinds[kind].traits)


def _outside(graph: SystemGraph, purpose: Purpose, used: tuple[str, ...]) -> TriggerResult:
    return _OUTSIDE


_ARTICLES: Final[dict[str, Trigger]] = {
    "Article 35(3)(a): extensive evaluation with automated decisions": _extensive,
    "Article 35(3)(b): special categories or criminal data on a large scale": _special_on_large_scale,
    "Article 35(3)(c): monitoring of a public area on a large scale": _outside,
}
_CRITERIA: Final[dict[str, Trigger]] = {
    "1. Evaluation or scoring": _of("behaviour"),
    "2. Automated decisions with legal or similar effect": _significant,
    "3. Systematic monitoring": _of("location", "behaviour"),
    "4. Sensitive data": _of(*SPECIAL_CATEGORIES, "criminal", "location", "financial", "payment-card"),
    "5. Large scale": _large,
    "6. Data sets matched or combined": _combined,
    "7. Vulnerable data subjects": _vulnerable,
    "8. New technology": _new_technology,
    "9. Keeps people from a right or a service": _outside,
}
