"""A plan of fixes in its formats."""

from __future__ import annotations

from typing import NamedTuple

from threatmodel.export.screen import Screen
from threatmodel.render.fixes import fixes_json, fixes_text
from threatmodel.results.fixes import FixPlan


class Fixes(NamedTuple):
    """A plan, of whose changes only the first `top` are shown."""

    plan: FixPlan
    top: int | None = None
    screen: Screen = Screen()


def text(fixes: Fixes) -> str:
    """The changes for people, the best first."""
    return fixes_text(fixes.plan, fixes.top, *fixes.screen)


def json(fixes: Fixes) -> str:
    """The plan as JSON, versioned."""
    return fixes_json(fixes.plan, fixes.top)
