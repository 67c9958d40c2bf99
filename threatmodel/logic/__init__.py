"""Three-valued ground: what is known of a value, comparisons of it, and bitsets of subjects."""

from threatmodel.logic.values import UNKNOWN, Choice, Column, Domain, Known, Members, Range, Value, truth

__all__ = ["UNKNOWN", "Choice", "Column", "Domain", "Known", "Members", "Range", "Value", "truth"]
