"""Planning: which statements, once they are true, close gaps at the least cost; it changes nothing."""

from threatmodel.plan.costs import Costs
from threatmodel.plan.planner import plan

__all__ = ["Costs", "plan"]
