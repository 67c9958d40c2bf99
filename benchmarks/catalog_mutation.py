"""Mutates every control and runs its own examples: `python -m benchmarks.catalog_mutation [CONTROL]...`

A mutant is the control with one thing changed: a clause dropped, an operator flipped, a bound moved, a set
widened or narrowed by a word, a condition negated, `any` and `all` exchanged, the weak or the strong
mechanisms or one place of `covered_by` taken away. Examples kill a mutant when a marked line gets another
verdict or an example no longer loads. Left out as equivalent are mutants that no combination of known values
tells from the control. Prints each control, what survives, and totals; exits with 1 below the share that
`--least` asks for.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

import click

from threatmodel.api import Library
from threatmodel.api.examples import run_examples
from threatmodel.catalog import All, Any, Catalog, Condition, Control, CoveredBy, Leaf, Not
from threatmodel.catalog.satisfiability import LIMIT, combinations, try_out
from threatmodel.facts import fact
from threatmodel.logic import Domain

_OTHER_OPERATOR = {"at_least": "at_most", "at_most": "at_least", "one_of": "none_of", "none_of": "one_of"}


class Mutant(NamedTuple):
    """A control with one thing changed, and what that is."""

    kind: str
    change: str
    control: Control


class Score(NamedTuple):
    """What became of the mutants of one control."""

    control: str
    killed: int
    equivalent: int
    survivors: tuple[Mutant, ...]


def mutants(control: Control) -> Iterator[Mutant]:
    """Every mutant of a control, in the order of its file."""
    if control.when is not None:
        yield Mutant("drop", "when dropped", control._replace(when=None))
        for kind, change, mutated in _conditions(control.when, control.subjects[0]):
            yield Mutant(kind, f"when: {change}", control._replace(when=mutated))
    if control.expect is not None:
        yield Mutant("drop", "expect dropped", control._replace(expect=None))
        for kind, change, mutated in _conditions(control.expect, control.subjects[0]):
            yield Mutant(kind, f"expect: {change}", control._replace(expect=mutated))
    for place, fewer in _places(control.covered_by):
        yield Mutant("covered_by", f"covered_by without {place}", control._replace(covered_by=fewer))
    if control.weak:
        yield Mutant("mechanisms", "no weak mechanism", control._replace(weak=()))
    if control.alone:
        yield Mutant("mechanisms", "no word that is weak alone", control._replace(alone=frozenset()))
    if control.strong:
        yield Mutant("mechanisms", "no strong mechanism", control._replace(strong=()))


def score(control: Control, library: Library) -> Score:
    """Runs the examples of one control against each of its mutants."""
    killed = equivalent = 0
    survivors = []
    for mutant in mutants(control):
        if _killed(mutant.control, library):
            killed += 1
        elif _alike(control, mutant.control):
            equivalent += 1
        else:
            survivors.append(mutant)
    return Score(control.id, killed, equivalent, tuple(survivors))


@click.command(help=__doc__)
@click.argument("names", nargs=-1, metavar="[CONTROL]...")
@click.option("--least", default=95.0, help="Exit with 1 below this share of killed mutants, in per cent.")
def main(names: tuple[str, ...], least: float) -> None:
    """Scores the shipped controls, or those named."""
    library = Library()
    controls = library.catalog.controls
    scores = [score(controls[name], library) for name in names or controls]
    _print(scores)
    if _share(scores) < least:
        sys.exit(1)


def _print(scores: Sequence[Score]) -> None:
    for s in scores:
        total = s.killed + len(s.survivors)
        besides = f", {s.equivalent} equivalent" if s.equivalent else ""
        print(f"{s.control:28}{s.killed:4} of {total:3} killed{besides}")
        for mutant in s.survivors:
            print(f"    survives: {mutant.change}")
    kinds = Counter(m.kind for s in scores for m in s.survivors)
    killed, survived = sum(s.killed for s in scores), sum(len(s.survivors) for s in scores)
    same = sum(s.equivalent for s in scores)
    print(f"{len(scores)} controls, {killed + survived + same} mutants, {same} equivalent")
    print(f"{killed} of {killed + survived} killed: {_share(scores):.1f} per cent")
    if kinds:
        print("surviving: " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()))


def _share(scores: Sequence[Score]) -> float:
    killed, survived = sum(s.killed for s in scores), sum(len(s.survivors) for s in scores)
    return 100 * killed / (killed + survived) if killed + survived else 100.0


def _killed(mutant: Control, library: Library) -> bool:
    changed = Library(library.folder)
    changed.kinds = library.kinds
    changed.catalog = Catalog({**library.catalog.controls, mutant.id: mutant})
    return bool(run_examples(mutant, changed).failures)


def _alike(control: Control, mutant: Control) -> bool:
    """Whether only conditions differ, and no combination of known values tells them apart."""
    if control._replace(when=mutant.when, expect=mutant.expect) != mutant:
        return False
    if (control.expect is None) != (mutant.expect is None):
        return False
    when, expect = control.when or All(()), control.expect or All(())
    other, otherwise = mutant.when or All(()), mutant.expect or All(())
    apart = Any(
        (
            All((when, Not(other))),
            All((Not(when), other)),
            All((when, expect, Not(otherwise))),
            All((when, Not(expect), otherwise)),
        )
    )
    asked = control._replace(when=apart, expect=None)
    return combinations(asked) <= LIMIT and not try_out(asked).when_holds


def _places(covered: CoveredBy) -> Iterator[tuple[str, CoveredBy]]:
    """Where a control counts besides its subject, each place taken away in turn."""
    for end in covered.ends:
        yield f"ends: {end}", covered._replace(ends=tuple(e for e in covered.ends if e != end))
    for mode in covered.boundary:
        rest = tuple(m for m in covered.boundary if m != mode)
        yield f"boundary: {mode}", covered._replace(boundary=rest)
    if covered.host:
        yield "host", covered._replace(host=False)
    if covered.baseline:
        yield "baseline", covered._replace(baseline=False)
    if covered.upstream:
        yield "upstream", covered._replace(upstream=False)


_Change: TypeAlias = tuple[str, str, Condition]


def _conditions(condition: Condition, subject: str) -> Iterator[_Change]:
    """Every condition with one thing changed."""
    match condition:
        case All(parts) | Any(parts):
            same, other = (All, Any) if isinstance(condition, All) else (Any, All)
            word = "clause" if isinstance(condition, All) else "alternative"
            yield "exchange", f"{_shown(condition)} with `any` and `all` exchanged", other(parts)
            for i, part in enumerate(parts):
                rest = (*parts[:i], *parts[i + 1 :])
                yield "drop", f"{word} {_shown(part)} dropped", rest[0] if len(rest) == 1 else same(rest)
                for kind, change, mutated in _conditions(part, subject):
                    yield kind, change, same((*parts[:i], mutated, *parts[i + 1 :]))
        case Not(part):
            yield "negate", f"{_shown(condition)} without `not`", part
            for kind, change, mutated in _conditions(part, subject):
                yield kind, change, Not(mutated)
        case Leaf():
            yield from _leaves(condition, subject)
        case _:
            return


def _leaves(leaf: Leaf, subject: str) -> Iterator[_Change]:
    found = fact(subject, leaf.fact)
    assert found is not None, "the control was checked when it was parsed"
    yield "negate", f"{_shown(leaf)} negated", Not(leaf)
    for operator, operand in (*_operators(leaf), *_bounds(leaf, found.domain), *_sets(leaf, found.domain)):
        mutated = leaf._replace(operator=operator, operand=operand)
        yield _kind(leaf, mutated), f"{_shown(leaf)} became {_shown(mutated)}", mutated


def _kind(leaf: Leaf, mutated: Leaf) -> str:
    if isinstance(leaf.operand, frozenset) and leaf.operator == mutated.operator:
        return "set"
    return "operator" if leaf.operator != mutated.operator else "bound"


def _operators(leaf: Leaf) -> Iterator[tuple[str, str | bool | int | frozenset[str]]]:
    if leaf.operator in ("at_least", "at_most"):
        yield _OTHER_OPERATOR[leaf.operator], leaf.operand


def _bounds(leaf: Leaf, domain: Domain) -> Iterator[tuple[str, str | bool | int | frozenset[str]]]:
    """Ordered bounds one step away, and numbers one up and one down."""
    if domain.kind == "ordered" and leaf.operator in ("is", "at_least", "at_most"):
        at = domain.words.index(str(leaf.operand))
        yield from ((leaf.operator, domain.words[i]) for i in (at - 1, at + 1) if 0 <= i < len(domain.words))
        if leaf.operator == "is":
            yield "at_least", leaf.operand
            yield "at_most", leaf.operand
    if domain.kind == "number" and isinstance(leaf.operand, int):
        yield from ((leaf.operator, leaf.operand + step) for step in (-1, 1))


def _sets(leaf: Leaf, domain: Domain) -> Iterator[tuple[str, str | bool | int | frozenset[str]]]:
    """Sets without one of their words, and with one that they lack."""
    if not isinstance(leaf.operand, frozenset):
        return
    if len(leaf.operand) > 1:
        yield from ((leaf.operator, leaf.operand - {word}) for word in sorted(leaf.operand))
    yield from ((leaf.operator, leaf.operand | {w}) for w in domain.words if w not in leaf.operand)


def _shown(condition: Condition) -> str:
    match condition:
        case Leaf(name, operator, operand):
            words = ", ".join(sorted(operand)) if isinstance(operand, frozenset) else str(operand).lower()
            return f"`{name} {operator} {words}`"
        case All(parts):
            return f"all({', '.join(map(_shown, parts))})"
        case Any(parts):
            return f"any({', '.join(map(_shown, parts))})"
        case Not(part):
            return f"not {_shown(part)}"
        case _:
            return f"`{type(condition).__name__.lower()}`"


if __name__ == "__main__":
    main()
