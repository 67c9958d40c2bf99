"""Policy: waivers and planned work change a finding's disposition, the gate decides the exit status."""

from threatmodel.policy.gate import fails
from threatmodel.policy.waivers import apply_decisions

__all__ = ["apply_decisions", "fails"]
