"""The catalog: controls and frameworks as data, read strictly and checked against the facts."""

from threatmodel.catalog.conditions import (
    All,
    Any,
    Claimed,
    Condition,
    EveryPath,
    Leaf,
    Not,
    Route,
    Satisfied,
    leaves,
)
from threatmodel.catalog.controls import (
    LAYERS,
    SUBJECTS,
    TAGS,
    Control,
    CoveredBy,
    is_weak,
    mechanism_words,
    names_one,
    parse_control,
    shown_on_paths,
)
from threatmodel.catalog.frameworks import Framework, Requirement, parse_framework
from threatmodel.catalog.lint import lint
from threatmodel.catalog.load import Catalog, load_catalog, load_frameworks
from threatmodel.model.words import SEVERITIES

__all__ = [
    "LAYERS",
    "SEVERITIES",
    "SUBJECTS",
    "TAGS",
    "All",
    "Any",
    "Catalog",
    "Claimed",
    "Condition",
    "Control",
    "CoveredBy",
    "EveryPath",
    "Framework",
    "Leaf",
    "Not",
    "Requirement",
    "Route",
    "Satisfied",
    "is_weak",
    "leaves",
    "lint",
    "load_catalog",
    "load_frameworks",
    "mechanism_words",
    "names_one",
    "parse_control",
    "parse_framework",
    "shown_on_paths",
]
