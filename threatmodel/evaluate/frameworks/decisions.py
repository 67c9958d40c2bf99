"""Requirement decisions: which are in force for a row, what they cover, and whether evidence backs them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from threatmodel.catalog import Framework, Leaf, Requirement, leaves
from threatmodel.graph import SystemGraph
from threatmodel.logic import bits
from threatmodel.model import Decisions, RequirementDecision

FOR_ADDRESSABLE = frozenset({"implemented", "alternative", "not-reasonable-and-appropriate"})
_BINDING = frozenset({"required", "standard", "mandatory"})
"""Designations of rows that bind whomever the law does, unless they say on what else that depends."""
_ROLES = frozenset({"own.gdpr", "own.hipaa"})
_FOUNDED = {"attested": "attested", "inherited": "declared as inherited"}
"""Decisions that count with evidence in force only, and as a sentence tells them."""
_NO_WAY_OUT = "a {} row binds whom the law binds: `not-applicable` counts for nothing here"
_OTHER_WORDS = (
    "`not-applicable` counts for nothing on an addressable specification: decide `alternative` or "
    "`not-reasonable-and-appropriate`"
)


class Decided(NamedTuple):
    """The decisions that count for a row, an exact number before a pattern; `void` says why others do not."""

    counting: tuple[RequirementDecision, ...] = ()
    void: tuple[str, ...] = ()

    def of(self, *words: str) -> tuple[RequirementDecision, ...]:
        """The decisions of one of these kinds."""
        return tuple(d for d in self.counting if d.decision in words)

    def whole(self, *words: str) -> RequirementDecision | None:
        """The first decision of one of these kinds that speaks of the whole model."""
        return next((d for d in self.of(*words) if d.scope is None), None)

    def attestation(self, as_of: str) -> RequirementDecision | None:
        """The first decision for the whole model that says the row is met and has evidence in force."""
        said = self.of("attested", "implemented")
        return next((d for d in said if d.scope is None and shown(d, as_of)), None)

    def inheritance(self, as_of: str) -> RequirementDecision | None:
        """The first decision for the whole model that a row is inherited, with evidence in force."""
        return next((d for d in self.of("inherited") if d.scope is None and shown(d, as_of)), None)

    def unfounded(self, as_of: str) -> tuple[str, ...]:
        """Why those that need evidence in force, and speak of the whole model, settle nothing."""
        return tuple(why for d in self.counting if (why := unfounded(d, as_of)))

    def without(self, idle: Mapping[RequirementDecision, str]) -> Decided:
        """The same without decisions that count for nothing, each with why."""
        if not idle:
            return self
        return Decided(tuple(d for d in self.counting if d not in idle), (*self.void, *idle.values()))

    def text(self) -> str:
        """The decisions in words: what, who, when and why."""
        return "; ".join(_text(d) for d in self.counting)


def decided(framework: Framework, row: Requirement, decisions: Decisions | None, as_of: str) -> Decided:
    """What was decided on a row, as of a day."""
    named = [
        d
        for d in (decisions.requirements if decisions else ())
        if d.framework == framework.id and names(d, row)
    ]
    named.sort(key=lambda d: d.requirement != row.id)
    why = {d: void(row, d, as_of) for d in named}
    return Decided(tuple(d for d in named if not why[d]), tuple(why[d] for d in named if why[d]))


def names(decision: RequirementDecision, row: Requirement) -> bool:
    """Whether a decision on the framework of a row speaks of it, by its number or a pattern."""
    return _pattern(decision.requirement).fullmatch(row.id) is not None


def covered(graph: SystemGraph, decisions: Iterable[RequirementDecision], kind: str) -> int:
    """The subjects that decisions speak of, as a bitset: everything, or what stands in their scope.

    A flow is in scope when one of its ends is, an element or host also when a boundary around it is.
    """
    found = 0
    for decision in decisions:
        if decision.scope is None:
            return (1 << len(graph.subjects[kind])) - 1
        found |= _scope(graph, frozenset(decision.scope), kind)
    return found


def _scope(graph: SystemGraph, names: frozenset[str], kind: str) -> int:
    size = len(graph.subjects[kind])
    grounds = _inside(graph, names)
    element = [
        name in names or grounds[ground]
        for name, ground in zip(graph.elements, graph.element_ground, strict=True)
    ]
    match kind:
        case "flow":
            ends = zip(graph.flow_source, graph.flow_target, strict=True)
            inside = [element[source] or element[target] for source, target in ends]
        case "service" | "store" | "actor":
            inside = [element[e] for e in graph.positions[kind]]
        case "boundary":
            inside = grounds[:size]
        case "host":
            inside = [grounds[ground] for ground in graph.host_ground]
        case _:
            inside = []
    return bits.from_indexes((i for i, said in enumerate(inside) if said), size)


def _inside(graph: SystemGraph, names: frozenset[str]) -> list[bool]:
    """For each ground whether it, or one around it, is named."""
    inside = [name in names for name in graph.grounds]
    for ground in graph.grounds_outermost_first:
        parent = graph.ground_parent[ground]
        inside[ground] = inside[ground] or (parent >= 0 and inside[parent])
    return inside


def void(row: Requirement, decision: RequirementDecision, as_of: str) -> str:
    """Why a decision counts for nothing on a row; nothing when it counts."""
    if decision.date > as_of:
        return f"the decision of {decision.date} is not in force yet"
    if decision.review and decision.review < as_of:
        return f"the decision of {decision.date} was to be reviewed by {decision.review} and counts no more"
    if decision.decision in FOR_ADDRESSABLE and row.designation != "addressable":
        return f"`{decision.decision}` is for addressable specifications only and counts for nothing here"
    if decision.decision == "not-applicable" and row.designation == "addressable":
        return _OTHER_WORDS
    if decision.decision == "not-applicable" and not _conditional(row):
        return _NO_WAY_OUT.format(row.designation)
    return ""


def _conditional(row: Requirement) -> bool:
    """Whether it depends on more than the roles of own parties that a row binds them."""
    if row.designation not in _BINDING or row.only_if:
        return True
    return any(isinstance(leaf, Leaf) and leaf.fact not in _ROLES for leaf in leaves(row.applies_when))


def unfounded(decision: RequirementDecision, as_of: str) -> str:
    """Why what was attested or is inherited settles nothing; nothing for all other decisions."""
    if decision.decision not in _FOUNDED:
        return ""
    what = f"what was {_FOUNDED[decision.decision]} on {decision.date}"
    if decision.scope is not None:
        return f"{what} for a scope counts for nothing"
    return "" if shown(decision, as_of) else f"{what} has no evidence in force and counts for nothing"


def shown(decision: RequirementDecision, as_of: str) -> bool:
    """Whether a decision has evidence that is in force on a day."""
    return any(e.in_force(as_of) for e in decision.evidence)


def _text(decision: RequirementDecision) -> str:
    whom = f" from {decision.provider}" if decision.provider else ""
    where = f" for {', '.join(decision.scope)}" if decision.scope is not None else ""
    what = f"{decision.decision}{whom}{where} ({decision.owner}, {decision.date}): {decision.reason}"
    instead = f"; instead: {decision.alternative}" if decision.alternative else ""
    return what + instead + (f"; evidence: {_links(decision)}" if decision.evidence else "")


def _links(decision: RequirementDecision) -> str:
    links = (e.link + (f" (until {e.until})" if e.until else "") for e in decision.evidence)
    return ", ".join(links)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in text.split("*")))
