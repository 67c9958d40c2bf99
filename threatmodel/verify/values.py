"""Values of facts as a proof writes them, and comparisons of them in three values.

A value is `{"one_of": [...]}` with all that it may be (null: nothing), a set `{"certain": [...], "possible":
[...]}` whose `possible` is null where anything may be in it, or null where nothing is known.
"""

from __future__ import annotations

from typing import Any, TypeAlias, assert_never

from threatmodel.catalog import Leaf
from threatmodel.logic.values import Choice, Domain, Known, Members, Range, Unknown, Value

Written: TypeAlias = dict[str, list[Any] | None] | None
"""A value as a proof writes it."""
Truth: TypeAlias = bool | None


def written(value: Value, domain: Domain) -> Written:
    """A value of the facts as a proof writes it."""
    match value:
        case Known(frozenset() as words):
            return {"certain": sorted(words), "possible": sorted(words)}
        case Known(word):
            return {"one_of": [word]}
        case Range(low, high):
            return {"one_of": [None, *domain.words][low + 1 : high + 2]}
        case Choice(options):
            return {"one_of": sorted(options)}
        case Members(certain, possible):
            return {"certain": sorted(certain), "possible": None if possible is None else sorted(possible)}
        case Unknown():
            return None
        case _:
            assert_never(value)


def holds(leaf: Leaf, value: Written, domain: Domain) -> Truth:
    """A comparison: true or false where it is so for all that the value may be."""
    wanted = list(leaf.operand) if isinstance(leaf.operand, frozenset) else [leaf.operand]
    match value:
        case None:
            return None
        case {"certain": certain, "possible": possible}:
            if any(word in wanted for word in certain or ()):
                return True
            return None if possible is None or any(word in wanted for word in possible) else False
        case _:
            found = {_compare(leaf.operator, wanted, one, domain) for one in value["one_of"] or ()}
            return found.pop() if len(found) == 1 else None


def _compare(operator: str, wanted: list[Any], value: Any, domain: Domain) -> bool:
    if operator in ("is", "one_of", "none_of"):
        among = any(value == word and isinstance(value, bool) == isinstance(word, bool) for word in wanted)
        return among != (operator == "none_of")
    if value is None:
        return False
    here, bound = (domain.words.index(v) if domain.kind == "ordered" else int(v) for v in (value, wanted[0]))
    return here >= bound if operator == "at_least" else here <= bound
