"""The condition language of controls and frameworks: parsed once into a tree that the engine evaluates.

A mapping is AND; `any`, `all` and `not` combine; a leaf is `fact: value` or `fact: {operator: value}`.
`claimed`, `satisfied` and `every_path_passes` read other controls; they may stand in `expect` only and never
under `not`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, TypeAlias

from threatmodel.errors import did_you_mean
from threatmodel.facts import FACTS, Fact, fact
from threatmodel.graph.paths import ORIGINS, UNTRUSTED
from threatmodel.logic import Domain
from threatmodel.source.document import Path
from threatmodel.source.problems import Problems
from threatmodel.source.reading import kept, many, optional, read_fields, required, table, word

OPERATORS = ("at_least", "at_most", "one_of", "none_of", "contains", "contains_any")
_FITTING = {
    "ordered": {"is", "at_least", "at_most", "one_of", "none_of"},
    "number": {"is", "at_least", "at_most"},
    "enum": {"is", "one_of", "none_of"},
    "boolean": {"is"},
    "set": {"contains", "contains_any"},
}
FLOW_KINDS = found.domain.words if (found := fact("flow", "flow.kind")) else ()
ON_PATHS = frozenset({"service", "store", "flow"})
"""The kinds of subject that paths lead to."""
_ROUTE = table(
    "path obligation",
    {
        "controls": required(kept),
        "flows": optional(many(word(FLOW_KINDS)), ()),
        "from": optional(word(ORIGINS), UNTRUSTED),
    },
)
Operand: TypeAlias = str | bool | int | frozenset[str]


class Leaf(NamedTuple):
    """One fact compared with one operand; `at` is its place in the control's file."""

    fact: str
    operator: str
    operand: Operand
    at: Path


class Claimed(NamedTuple):
    """True where the named control is satisfied here by statement or evidence, else false."""

    control: str
    at: Path


class Satisfied(NamedTuple):
    """The named control's three-valued outcome here, its `when` not asked."""

    control: str
    at: Path


class Route(NamedTuple):
    """Controls that paths are to pass, in this order; with `kinds` only paths over flows of these kinds.

    They begin on untrusted ground, or also where `origin` says.
    """

    controls: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    origin: str = UNTRUSTED


class EveryPath(NamedTuple):
    """True where every path passes the controls of a route."""

    route: Route
    at: Path


class All(NamedTuple):
    """True when every part is, false when one is false."""

    parts: tuple[Condition, ...]


class Any(NamedTuple):
    """True when one part is, false when every part is false."""

    parts: tuple[Condition, ...]


class Not(NamedTuple):
    """The opposite of its part; unknown stays unknown."""

    part: Condition


Condition: TypeAlias = Leaf | Claimed | Satisfied | EveryPath | All | Any | Not


def parse_condition(
    problems: Problems, value: object, at: Path, subjects: tuple[str, ...], *, expect: bool = False
) -> Condition:
    """The tree of `value` for controls of `subjects`; problems go to `problems`, an empty `All` stands in."""
    return _Parser(problems, subjects, expect).condition(value, at, negated=False, beside=False)


@lru_cache(maxsize=4096)
def leaves(condition: Condition | None) -> tuple[Leaf | Claimed | Satisfied | EveryPath, ...]:
    """Every leaf of a condition, from left to right."""
    match condition:
        case None:
            return ()
        case All(parts) | Any(parts):
            return tuple(leaf for part in parts for leaf in leaves(part))
        case Not(part):
            return leaves(part)
        case _:
            return (condition,)


class _Parser(NamedTuple):
    problems: Problems
    subjects: tuple[str, ...]
    expect: bool

    def condition(self, value: object, at: Path, *, negated: bool, beside: bool) -> Condition:
        if not isinstance(value, dict) or not value:
            self.problems.add("condition-form", "a condition is a mapping of facts", at)
            return All(())
        parts = tuple(self._entry(k, v, (*at, k), negated, beside) for k, v in value.items())
        return parts[0] if len(parts) == 1 else All(parts)

    def _entry(self, key: str, value: object, at: Path, negated: bool, beside: bool) -> Condition:
        match key:
            case "any" | "all":
                if not isinstance(value, list) or not value:
                    self.problems.add("condition-form", f"`{key}` takes a list of conditions", at)
                    return All(())
                inside = key == "any" and len(value) > 1
                parts = tuple(
                    self.condition(v, (*at, i), negated=negated, beside=inside) for i, v in enumerate(value)
                )
                return Any(parts) if key == "any" else All(parts)
            case "not":
                return Not(self.condition(value, at, negated=True, beside=False))
            case "claimed" | "satisfied":
                return self._reference(key, value, at, negated, beside)
            case "every_path_passes":
                return self._every_path(value, at, negated)
            case _:
                return self._leaf(key, value, at)

    def _reference(self, key: str, value: object, at: Path, negated: bool, beside: bool) -> Condition:
        if not isinstance(value, str):
            self.problems.add("condition-form", f"`{key}` takes a control id", at)
            return All(())
        if self._stands(key, at, negated) and key == "claimed" and not beside:
            self.problems.add("claimed-alone", "`claimed` needs another condition beside it in `any`", at)
        return Claimed(value, at) if key == "claimed" else Satisfied(value, at)

    def _every_path(self, value: object, at: Path, negated: bool) -> Condition:
        kinds: tuple[str, ...] = ()
        origin = UNTRUSTED
        if isinstance(value, dict):
            route = read_fields(self.problems, _ROUTE, value, at)
            kinds, origin, value = route["flows"], route["from"], route["controls"]
        named = [value] if isinstance(value, str) else value
        if not isinstance(named, list) or not named or not all(isinstance(name, str) for name in named):
            message = "`every_path_passes` takes a control id or a list of them"
            self.problems.add("condition-form", message, at)
            return All(())
        if len(set(named)) < len(named):
            self.problems.add("condition-form", "`every_path_passes` names a control twice", at)
        if not set(self.subjects) <= ON_PATHS:
            message = "`every_path_passes` fits controls of services, stores and flows only"
            self.problems.add("path-subject", message, at)
        self._stands("every_path_passes", at, negated)
        return EveryPath(Route(tuple(named), kinds, origin), at)

    def _stands(self, key: str, at: Path, negated: bool) -> bool:
        """Whether a reading of statements stands where it may."""
        if not self.expect:
            self.problems.add("statement-in-when", f"`{key}` may stand in `expect` only", at)
        elif negated:
            self.problems.add("statement-under-not", f"`{key}` may not stand under `not`", at)
        return self.expect and not negated

    def _leaf(self, name: str, value: object, at: Path) -> Condition:
        operator, operand = "is", value
        if isinstance(value, dict):
            if len(value) != 1:
                self.problems.add("condition-form", "exactly one operator is needed", at)
                return All(())
            operator, operand = next(iter(value.items()))
            if operator not in OPERATORS:
                help = did_you_mean(operator, OPERATORS)
                self.problems.add("unknown-operator", f"unknown operator `{operator}`", (*at, operator), help)
                return All(())
        found = [FACTS[s, name] for s in self.subjects if (s, name) in FACTS]
        if not self.subjects:
            return All(())  # whoever asks is wrong, and was told
        if len(found) < len(self.subjects):
            self._unknown_fact(name, at, bool(found))
            return All(())
        return self._checked(found[0], operator, operand, at)

    def _unknown_fact(self, name: str, at: Path, somewhere: bool) -> None:
        missing = [s for s in self.subjects if (s, name) not in FACTS]
        known = sorted({n for s, n in FACTS if s in missing})
        what = f"{', '.join(missing)} has no fact `{name}`" if somewhere else f"unknown fact `{name}`"
        self.problems.add("unknown-fact", what, at, did_you_mean(name, known))

    def _checked(self, found: Fact, operator: str, operand: object, at: Path) -> Condition:
        domain = found.domain
        if operator not in _FITTING[domain.kind]:
            help = f"use one of {', '.join(sorted(_FITTING[domain.kind]))}"
            self.problems.add(
                "operator-domain", f"`{operator}` does not fit the {domain.kind} `{found.name}`", at, help
            )
            return All(())
        many = operator in ("one_of", "none_of", "contains_any")
        items = operand if isinstance(operand, list) else [operand]
        if isinstance(operand, list) and not many:
            self.problems.add("condition-form", f"`{operator}` takes one value", at)
        for item in items:
            self._word(domain, item, found.name, at)
        if many:
            return Leaf(found.name, operator, frozenset(str(i) for i in items), at)
        return Leaf(found.name, operator, operand if isinstance(operand, (str, bool, int)) else "", at)

    def _word(self, domain: Domain, item: object, name: str, at: Path) -> None:
        if domain.kind == "boolean":
            fits = isinstance(item, bool)
        elif domain.kind == "number":
            fits = isinstance(item, int) and not isinstance(item, bool)
        else:
            fits = isinstance(item, str) and (not domain.words or item in domain.words)
        if not fits:
            help = did_you_mean(str(item), domain.words) or f"one of {', '.join(domain.words) or domain.kind}"
            self.problems.add("outside-domain", f"`{item}` is no value of `{name}`", at, help)
