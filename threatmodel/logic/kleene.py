"""Three-valued and, or, not over what is known: `True`, `False`, or `None` where it is open."""

from __future__ import annotations

from collections.abc import Iterable


def any_of(truths: Iterable[bool | None]) -> bool | None:
    """Whether one of these holds: open while none certainly does and one may."""
    found = set(truths)
    return True if True in found else None if None in found else False


def all_of(truths: Iterable[bool | None]) -> bool | None:
    """Whether all of these hold: open while none certainly fails and one may."""
    found = set(truths)
    return False if False in found else None if None in found else True


def between(certain: bool, possible: bool) -> bool | None:
    """What two bounds leave: true where it certainly holds, false where it cannot, else open."""
    return True if certain else None if possible else False
