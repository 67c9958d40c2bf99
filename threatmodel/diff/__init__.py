"""The diff: what a change does to the security of a system, as typed changes between two versions."""

from threatmodel.diff.changes import (
    AttributeChange,
    BesideChange,
    Changes,
    DataChange,
    DepthChange,
    GapChange,
    Move,
    ReachChange,
    RecipientChange,
    RegionChange,
    Rename,
    RequirementChange,
    StatementChange,
    ThingChange,
    TransferChange,
    UnknownChange,
    WarningChange,
    WayRound,
)
from threatmodel.diff.compare import Version, compare
from threatmodel.diff.gate import fails

__all__ = [
    "AttributeChange",
    "BesideChange",
    "Changes",
    "DataChange",
    "DepthChange",
    "GapChange",
    "Move",
    "ReachChange",
    "RecipientChange",
    "RegionChange",
    "Rename",
    "RequirementChange",
    "StatementChange",
    "ThingChange",
    "TransferChange",
    "UnknownChange",
    "Version",
    "WarningChange",
    "WayRound",
    "compare",
    "fails",
]
