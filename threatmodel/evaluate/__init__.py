"""Evaluation: conditions over facts, statements and inheritance, verdicts, their reasons and severities."""

from threatmodel.evaluate.assess import assess
from threatmodel.evaluate.explain.reasons import Reason, fill, reason, subject_span
from threatmodel.evaluate.verdicts.verdicts import Decision, Engine

__all__ = ["Decision", "Engine", "Reason", "assess", "fill", "reason", "subject_span"]
