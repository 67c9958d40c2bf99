"""Policy: waivers and planned work change a finding's disposition, the gate decides the exit status.

`policy.requirements` asks the engine, so it is imported by itself: settings are read without one.
"""

from threatmodel.policy.gate import Failing, Gate, boundaries_of, failing
from threatmodel.policy.settings import THRESHOLDS, Settings, parse_settings
from threatmodel.policy.waivers import apply_decisions

__all__ = [
    "THRESHOLDS",
    "Failing",
    "Gate",
    "Settings",
    "apply_decisions",
    "boundaries_of",
    "failing",
    "parse_settings",
]
