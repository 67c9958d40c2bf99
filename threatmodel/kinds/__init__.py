"""Kinds, technologies and protocols as loaded data: what each word of a model implies."""

from threatmodel.kinds.load import Kind, Kinds, Protocol, Technology, load_kinds

__all__ = ["Kind", "Kinds", "Protocol", "Technology", "load_kinds"]
