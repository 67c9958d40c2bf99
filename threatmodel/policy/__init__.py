"""Policy: waivers and planned work change a finding's disposition, the gate decides the exit status."""

from threatmodel.policy.gate import Failing, Gate, boundaries_of, failing
from threatmodel.policy.requirements import idle_decisions
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
    "idle_decisions",
    "parse_settings",
]
