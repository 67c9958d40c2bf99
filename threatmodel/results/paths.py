"""Paths and layered defence as people and files read them: ids, controls and places instead of numbers."""

from __future__ import annotations

from typing import NamedTuple

from threatmodel.errors import Span


class ShownHop(NamedTuple):
    """One step of a path: who calls whom over which flow, and the controls that flow and target show.

    `handed` says that a relay hands data out, against the direction of the flow.
    """

    source: str
    target: str
    flow: str
    handed: bool
    controls: tuple[str, ...]
    span: Span


class WeakPath(NamedTuple):
    """A path from `source` to `target` and how many controls it certainly passes."""

    source: str
    target: str
    controls: int
    hops: tuple[ShownHop, ...]


class LayerDepth(NamedTuple):
    """The layers of the catalog that every path to an element passes, and those that it may pass besides.

    `single` is the one element or flow that shows all that the weakest path passes, empty where there is more
    than one or nothing.
    """

    element: str
    known: tuple[str, ...]
    perhaps: tuple[str, ...]
    weakest: WeakPath
    single: str

    @property
    def at_most(self) -> int:
        """How many layers there are if all that is open were in place."""
        return len(self.known) + len(self.perhaps)


class Protection(NamedTuple):
    """What is known of one aspect (confidentiality, integrity, origin) of a data asset on its way.

    `kept` of its `hops` certainly hold it; `unprotected` are the flows that certainly lack it, `unsaid` those
    of which nobody says it. Elements pass the asset on: those in `used_by` open it because they need it; to
    those in `broken_at` it is open though they do not say so; of those in `unsaid_at` nobody says whether it
    stays closed to them.
    """

    asset: str
    aspect: str
    hops: int
    kept: int
    unprotected: tuple[str, ...]
    unsaid: tuple[str, ...]
    used_by: tuple[str, ...]
    broken_at: tuple[str, ...]
    unsaid_at: tuple[str, ...]

    @property
    def end_to_end(self) -> bool | None:
        """Whether it holds between those who need the asset, None where that is not known."""
        if self.unprotected or self.broken_at:
            return False
        return None if self.unsaid or self.unsaid_at else True
