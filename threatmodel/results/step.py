"""The steps of the semantics, as numbers: what decided a result."""

from __future__ import annotations

from enum import IntEnum


class Step(IntEnum):
    """What decided a result, in the order in which it is asked once the control is needed; see Semantics.

    The last three say why a control is not asked of a subject at all.
    """

    NOBODY = 0
    STATED = 1
    STATED_BY_TYPE = 2
    INHERITED = 3
    UPSTREAM = 4
    SHOWN = 5
    AROUND = 6
    CONTRARY = 7
    INHERITED_LACK = 8
    BASELINE = 9
    OPEN_PATH = 10
    OUT_OF_SCOPE = 11
    NOT_NEEDED = 12
    NO_PATH = 13
