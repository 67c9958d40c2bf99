"""The diff: what a change does to the security of a system, as typed changes between two versions."""

from threatmodel.diff.changes import (
    AttributeChange,
    Changes,
    ContextChange,
    DataChange,
    DepthChange,
    Detour,
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
)
from threatmodel.diff.compare import Version, compare
from threatmodel.diff.gate import FailingChanges, failing_changes

__all__ = [
    "AttributeChange",
    "Changes",
    "ContextChange",
    "DataChange",
    "DepthChange",
    "Detour",
    "FailingChanges",
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
    "compare",
    "failing_changes",
]
