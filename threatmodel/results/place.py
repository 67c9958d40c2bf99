"""A place that can state a control, as a value: words for it are made in `render`."""

from __future__ import annotations

from typing import Final, NamedTuple


class Place(NamedTuple):
    """What can state a control: its kind ("service", "service type", "boundary", "baseline", ...) and id."""

    kind: str
    id: str


BASELINE: Final = Place("baseline", "baseline")
