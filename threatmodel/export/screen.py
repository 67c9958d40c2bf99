"""The screen that a text for people is made for."""

from __future__ import annotations

from typing import NamedTuple


class Screen(NamedTuple):
    """How many columns a text may have, and whether it is coloured."""

    width: int = 100
    color: bool = False
