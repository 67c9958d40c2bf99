"""Proofs of generated models: made, checked against a text, and altered in one place."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from random import Random
from typing import Any, Final, TypeAlias

from threatmodel.api import Review
from threatmodel.errors import InputError
from threatmodel.model import parse_model
from threatmodel.source import Document
from threatmodel.verify import Checked, check, read_proof

Step: TypeAlias = tuple[str | int, ...]
"""Where something stands in a proof."""

_TRUTHS: Final = (True, False, None)


def proof_of(review: Review) -> dict[str, Any]:
    """The proof of every verdict of a model, as plain data."""
    found: dict[str, Any] = json.loads(review.proof())
    return found


def checked(proof: dict[str, Any], review: Review, document: Document | None = None) -> Checked:
    """What comes of checking a proof against a model, that of the review or that of another text."""
    model = parse_model(document, review.library.kinds) if document else review.model
    return check(read_proof(json.dumps(proof), "proof.json"), model, review.library)


def is_rejected(proof: dict[str, Any], review: Review, document: Document | None = None) -> bool:
    """Whether a proof is refused as no proof, or rejected with what differs."""
    try:
        return bool(checked(proof, review, document).differences)
    except InputError:
        return True


def premises(proof: dict[str, Any]) -> list[Step]:
    """Every value in a proof that can be altered."""
    return [
        at
        for table, entries in proof.items()
        if isinstance(entries, list)
        for i, entry in enumerate(entries)
        for at in _leaves(entry, (table, i))
    ]


def rows(proof: dict[str, Any]) -> list[Step]:
    """Every item of a list in a proof that can be taken out: entries, statements, places, hops, elements.

    Less verdicts, since a proof may speak of fewer.
    """
    found: list[Step] = []

    def walk(value: Any, at: Step) -> None:
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in inner:
            if isinstance(item, (dict, list)) and "value" not in at:
                listed = isinstance(item, list) and (*at, key) != ("verdicts",)
                found.extend((*at, key, i) for i in range(len(item)) if listed)
                walk(item, (*at, key))

    walk(proof, ())
    return found


def altered(proof: dict[str, Any], at: Step, chance: Random) -> dict[str, Any]:
    """The proof with another value in one place."""
    changed = copy.deepcopy(proof)
    holder = _holder(changed, at)
    value = holder[at[-1]]
    match value:
        case bool() | None:
            holder[at[-1]] = chance.choice([t for t in _TRUTHS if t is not value])
        case int():
            holder[at[-1]] = value + chance.choice((-1, 1))
        case str():
            holder[at[-1]] = value + chance.choice(("x", "->s1"))
        case _:
            holder[at[-1]] = ["x"]
    return changed


def without(proof: dict[str, Any], at: Step) -> dict[str, Any]:
    """The proof with one item taken out."""
    changed = copy.deepcopy(proof)
    del _holder(changed, at)[at[-1]]
    return changed


def _holder(proof: dict[str, Any], at: Step) -> Any:
    found: Any = proof
    for step in at[:-1]:
        found = found[step]
    return found


def _leaves(value: Any, at: Step) -> Iterator[Step]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if not isinstance(value, (dict, list)) or not value:
        yield at
    for key, item in inner:
        yield from _leaves(item, (*at, key))
