"""Kinds, technologies and protocols as loaded data: what each word of a model implies."""

from threatmodel.kinds.jurisdictions import Adequacy, Jurisdictions, load_jurisdictions
from threatmodel.kinds.load import load_kinds
from threatmodel.kinds.values import Kind, Kinds, Protocol, Technology

__all__ = [
    "Adequacy",
    "Jurisdictions",
    "Kind",
    "Kinds",
    "Protocol",
    "Technology",
    "load_jurisdictions",
    "load_kinds",
]
