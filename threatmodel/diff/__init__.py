"""The diff: what a change does to the security of a system, as typed changes between two versions."""

from threatmodel.diff.changes import (
    AttributeChange,
    Changes,
    DataChange,
    DepthChange,
    GapChange,
    Move,
    ReachChange,
    RecipientChange,
    Rename,
    RequirementChange,
    StatementChange,
    ThingChange,
    TransferChange,
    UnknownChange,
    WayRound,
)
from threatmodel.diff.compare import Version, compare
from threatmodel.diff.gate import fails
from threatmodel.diff.plain import to_plain
from threatmodel.diff.title import title

__all__ = [
    "AttributeChange",
    "Changes",
    "DataChange",
    "DepthChange",
    "GapChange",
    "Move",
    "ReachChange",
    "RecipientChange",
    "Rename",
    "RequirementChange",
    "StatementChange",
    "ThingChange",
    "TransferChange",
    "UnknownChange",
    "Version",
    "WayRound",
    "compare",
    "fails",
    "title",
    "to_plain",
]
