"""Kinds, technologies and protocols as loaded data: what each word of a model implies."""

from threatmodel.kinds.load import load_kinds
from threatmodel.kinds.values import Kind, Kinds, Protocol, Technology

__all__ = ["Kind", "Kinds", "Protocol", "Technology", "load_kinds"]
