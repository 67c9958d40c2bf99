"""Facts: one typed truth about a subject each, derived from the graph; what every condition reads."""

from threatmodel.facts.fact import Fact
from threatmodel.facts.registry import ALL_FACTS, FACTS, fact

__all__ = ["ALL_FACTS", "FACTS", "Fact", "fact"]
