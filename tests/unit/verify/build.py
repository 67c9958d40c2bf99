"""The smallest proofs, in place: a model of a few lines, controls of a few keys, what the checker says."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from tests.unit.evaluate.build import DAY
from threatmodel.api import Library, Review, parse
from threatmodel.catalog import Catalog, Control
from threatmodel.errors import InputError
from threatmodel.source import parse as parse_yaml
from threatmodel.verify import Checked, check, read_proof

SHIPPED = Library()


def rows(name: str) -> list[dict[str, Any]]:
    """A table of cases, from the file beside this one."""
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    found: Any = parse_yaml(text, name).root
    return list(found)


def reviewed(text: str, *controls: Control) -> Review:
    """The review of a fragment of a model by some controls alone."""
    library = Library()
    library.__dict__.update(
        kinds=SHIPPED.kinds, vocabulary=SHIPPED.vocabulary, catalog=Catalog({c.id: c for c in controls})
    )
    return parse(parse_yaml(text, "m.yaml"), library, DAY, fragment=True)


def proved(review: Review) -> dict[str, Any]:
    """The proof of every verdict, as plain data."""
    found: dict[str, Any] = json.loads(review.proof())
    return found


def checked(proof: dict[str, Any], review: Review) -> Checked:
    """What the checker says of a proof."""
    return check(read_proof(json.dumps(proof), "proof.json"), review.model, review.library)


def rejected(proof: dict[str, Any], review: Review) -> bool:
    """Whether a proof is refused as none, or rejected with what differs."""
    try:
        return bool(checked(proof, review).differences)
    except InputError:
        return True


def changed(proof: dict[str, Any], *at: str | int, to: Any) -> dict[str, Any]:
    """The proof with another value in one place."""
    other = copy.deepcopy(proof)
    holder: Any = other
    for step in at[:-1]:
        holder = holder[step]
    holder[at[-1]] = to
    return other
