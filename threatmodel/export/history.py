"""The history of a model in its formats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from threatmodel.render import history
from threatmodel.render.history import Moment


class History(NamedTuple):
    """What a model came to commit by commit, and its path from the root of the repository."""

    moments: Sequence[Moment]
    model: str


def text(shown: History) -> str:
    """A table for people."""
    return history.history_text(shown.moments)


def markdown(shown: History) -> str:
    """A Markdown table."""
    return history.history_markdown(shown.moments)


def json(shown: History) -> str:
    """Every number, versioned."""
    return history.history_json(shown.moments)


def svg(shown: History) -> str:
    """A small chart."""
    return history.history_svg(shown.moments, shown.model)
