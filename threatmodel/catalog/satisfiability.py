"""Tries a control's conditions on all values that they can tell apart: what lint says of dead or empty ones.

Known values are enough: the connectives are monotone, so what no known value decides, no unknown one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import NamedTuple, TypeAlias, assert_never

from threatmodel.catalog.conditions import (
    All,
    Any,
    Claimed,
    Condition,
    EveryPath,
    Leaf,
    Not,
    Satisfied,
    leaves,
)
from threatmodel.catalog.controls import Control
from threatmodel.facts import Fact, fact
from threatmodel.logic import Domain, Known, truth
from threatmodel.model import Path

LIMIT = 20_000
"""Combinations that are tried at most; a larger condition is reported, not judged."""

Atom: TypeAlias = Leaf | Claimed | Satisfied | EveryPath
_OTHER = "(another word)"


class Trial(NamedTuple):
    """What the combinations show: whether `when` can hold, and what `expect` can be while it does.

    `decided` are the places of leaves of `expect` that always come out the same while `when` holds.
    """

    when_holds: bool
    expect_holds: bool
    expect_fails: bool
    decided: tuple[Path, ...]


def combinations(control: Control) -> int:
    """How many combinations of values a control's conditions tell apart; of very many, a lower bound."""
    atoms = [a for a in (*leaves(control.when), *leaves(control.expect)) if isinstance(a, Leaf)]
    asked = [(leaf, [a for a in atoms if a.fact == leaf.fact]) for leaf in atoms]
    sets = (len(_groups(same)) for leaf, same in asked if _fact(control, leaf).domain.kind == "set")
    widest = 2 ** max(sets, default=0)
    return widest if widest > LIMIT else prod(len(values) for values in _choices(control).values())


def try_out(control: Control) -> Trial:
    """The outcome over all combinations; call it for controls of at most `LIMIT` of them."""
    choices = _choices(control)
    atoms = list(dict.fromkeys(leaves(control.expect)))
    outcomes: set[bool] = set()
    seen: list[set[bool]] = [set() for _ in atoms]
    holds = False
    for values in product(*choices.values()):
        given = dict(zip(choices, values, strict=True))
        if not _holds(control.when, given, control):
            continue
        holds = True
        outcomes.add(_holds(control.expect, given, control))
        for atom, found in zip(atoms, seen, strict=True):
            found.add(_atom(atom, given, control))
    decided = tuple(a.at for a, found in zip(atoms, seen, strict=True) if len(found) == 1)
    return Trial(holds, True in outcomes, False in outcomes, decided)


def _choices(control: Control) -> Mapping[tuple[str, str], tuple[Known, ...]]:
    """For each fact, and for whatever else is referred to, the values that make a difference."""
    atoms = (*leaves(control.when), *leaves(control.expect))
    found: dict[tuple[str, str], tuple[Known, ...]] = {}
    for atom in atoms:
        if isinstance(atom, Leaf):
            same = [a for a in atoms if isinstance(a, Leaf) and a.fact == atom.fact]
            found.setdefault(("fact", atom.fact), _values(_fact(control, atom), same))
        else:
            found.setdefault(_reference(atom), (Known(True), Known(False)))
    return found


def _fact(control: Control, leaf: Leaf) -> Fact:
    found = fact(control.subjects[0], leaf.fact)
    assert found is not None, "the control was checked when it was parsed"
    return found


def _values(asked: Fact, read: Sequence[Leaf]) -> tuple[Known, ...]:
    """Values of a fact of which no two make the same leaves true; `None` where it may have no value."""
    none = () if asked.absent == "closed" and asked.domain.kind in ("ordered", "boolean") else (Known(None),)
    match asked.domain.kind:
        case "boolean":
            candidates: tuple[Known, ...] = (Known(True), Known(False))
        case "number":
            bounds = {leaf.operand for leaf in read if isinstance(leaf.operand, int)}
            candidates = (*none, *(Known(b + step) for b in sorted(bounds) for step in (-1, 0, 1)))
        case "set":
            candidates = tuple(_sets(read))
        case "enum" | "ordered":
            words = asked.domain.words or (*sorted(_mentioned(read)), _OTHER)
            candidates = (*none, *(Known(word) for word in words))
        case _:
            assert_never(asked.domain.kind)
    told: dict[tuple[bool | None, ...], Known] = {}
    for value in candidates:
        told.setdefault(tuple(truth(asked.domain, x.operator, x.operand, value) for x in read), value)
    return tuple(told.values())


def _mentioned(read: Sequence[Leaf]) -> set[str]:
    return {word for leaf in read for word in _words(leaf)}


def _words(leaf: Leaf) -> frozenset[str]:
    return leaf.operand if isinstance(leaf.operand, frozenset) else frozenset({str(leaf.operand)})


def _sets(read: Sequence[Leaf]) -> Iterator[Known]:
    """Sets of one word for each group, in all combinations."""
    words = _groups(read)
    for chosen in product((False, True), repeat=len(words)):
        yield Known(frozenset(w for w, takes in zip(words, chosen, strict=True) if takes))


def _groups(read: Sequence[Leaf]) -> list[str]:
    """One word for each group of words that the same leaves mention."""
    by_leaves: dict[tuple[bool, ...], str] = {}
    for word in sorted(_mentioned(read)):
        by_leaves.setdefault(tuple(word in _words(leaf) for leaf in read), word)
    return list(by_leaves.values())


def _holds(condition: Condition | None, given: Mapping[tuple[str, str], Known], control: Control) -> bool:
    match condition:
        case None:
            return True
        case All(parts):
            return all(_holds(p, given, control) for p in parts)
        case Any(parts):
            return any(_holds(p, given, control) for p in parts)
        case Not(part):
            return not _holds(part, given, control)
        case Leaf() | Claimed() | Satisfied() | EveryPath():
            return _atom(condition, given, control)
        case _:
            assert_never(condition)


def _atom(atom: Atom, given: Mapping[tuple[str, str], Known], control: Control) -> bool:
    if isinstance(atom, Leaf):
        domain: Domain = _fact(control, atom).domain
        return truth(domain, atom.operator, atom.operand, given["fact", atom.fact]) is True
    return given[_reference(atom)].value is True


def _reference(atom: Claimed | Satisfied | EveryPath) -> tuple[str, str]:
    return ("paths", str(atom.route)) if isinstance(atom, EveryPath) else ("control", atom.control)
