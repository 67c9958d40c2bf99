"""Sentences about subjects in words: the texts of the catalog with their placeholders filled."""

from __future__ import annotations

import re
from typing import Final, assert_never

from threatmodel.logic.description import describe
from threatmodel.results import (
    AnswerThreat,
    Argument,
    Crossing,
    DataNames,
    FactValue,
    Filled,
    MayBypass,
    Message,
    Name,
    Place,
    ThreatOpen,
)

_PLACEHOLDER: Final = re.compile(r"\{([a-z_.]+)\}")


def message_text(message: Message) -> str:
    """A message in words; text of users stands in backticks."""
    match message:
        case Filled():
            return filled_text(message)
        case MayBypass(place, controls):
            around = " and ".join(f"`{c}`" for c in controls)
            return f"a path to {place.kind} `{place.id}` may go round {around}."
        case ThreatOpen(title, answered):
            return f"{title}: {'an answer to it is a gap' if answered else 'nothing answers it'}."
        case AnswerThreat():
            return "Close the gaps of the results that answer it, or name others in `answered_by`."
        case _:
            assert_never(message)


def filled_text(filled: Filled) -> str:
    """A text of the catalog with its placeholders filled."""
    texts = {name: _argument(argument) for name, argument in filled.arguments}
    return _PLACEHOLDER.sub(lambda m: texts[m[1]], filled.template)


def _argument(argument: Argument) -> str:
    match argument:
        case Name(id):
            return f"`{id}`"
        case DataNames(ids, listed):
            if not ids:
                return "none of the declared data" if listed else "data that nobody listed"
            return ", ".join(f"`{d}`" for d in ids)
        case Crossing(source, target):
            start, end = _ground(source), _ground(target)
            return f"within {start}" if start == end else f"from {start} to {end}"
        case FactValue(value, domain):
            return describe(value, domain)
        case _:
            assert_never(argument)


def _ground(ground: Place) -> str:
    match ground.kind:
        case "boundary":
            return f"`{ground.id}`"
        case "party":
            return f"the ground of `{ground.id}`"
        case "system":
            return "this system"
        case _:
            return ground.kind
