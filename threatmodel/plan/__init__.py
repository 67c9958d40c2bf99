"""Planning: which statements, once they are true, close gaps at the least cost; it changes nothing."""

from threatmodel.plan.costs import Costs
from threatmodel.plan.planner import plan
from threatmodel.plan.wording import path_of_change, place_of_change

__all__ = ["Costs", "path_of_change", "place_of_change", "plan"]
