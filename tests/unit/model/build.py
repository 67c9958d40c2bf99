"""The smallest models, in place."""

from __future__ import annotations

from functools import cache

import pytest

from threatmodel.api import Library
from threatmodel.errors import Diagnostic, InputError
from threatmodel.kinds import Kinds
from threatmodel.model import Model, parse_model
from threatmodel.source import parse


@cache
def kinds() -> Kinds:
    return Library().kinds


def model(text: str) -> Model:
    """The model of a fragment: no version and no name are needed."""
    return parse_model(parse(text, "m.yaml"), kinds(), fragment=True)


def problems(text: str) -> tuple[Diagnostic, ...]:
    """What is wrong with a fragment."""
    with pytest.raises(InputError) as caught:
        model(text)
    return caught.value.diagnostics


def told(text: str) -> list[tuple[str, int, int]]:
    """Code, line and column of everything that is wrong with a fragment."""
    return [(d.code, d.span.line, d.span.column) for d in problems(text) if d.span]
