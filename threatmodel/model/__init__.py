"""The model: its language, its parts as frozen values, and reading it strictly from YAML."""

from threatmodel.model.decisions import load_decisions
from threatmodel.model.elements import (
    Actor,
    Agreement,
    Boundary,
    DataAsset,
    Element,
    Evidence,
    Flow,
    Host,
    Party,
    Purpose,
    RequirementDecision,
    Scenario,
    Service,
    Statement,
    Statements,
    Store,
    Threat,
    Type,
    Waiver,
)
from threatmodel.model.load import load_model, parse_model
from threatmodel.model.system import SECTIONS, Decisions, Model, stated
from threatmodel.source.document import Path

__all__ = [
    "SECTIONS",
    "Actor",
    "Agreement",
    "Boundary",
    "DataAsset",
    "Decisions",
    "Element",
    "Evidence",
    "Flow",
    "Host",
    "Model",
    "Party",
    "Path",
    "Purpose",
    "RequirementDecision",
    "Scenario",
    "Service",
    "Statement",
    "Statements",
    "Store",
    "Threat",
    "Type",
    "Waiver",
    "load_decisions",
    "load_model",
    "parse_model",
    "stated",
]
