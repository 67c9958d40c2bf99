"""Evaluation: conditions over facts, statements and inheritance, verdicts, their reasons and severities."""

from threatmodel.evaluate.assess import assess
from threatmodel.evaluate.engine import Decision, Engine
from threatmodel.evaluate.explain import Reason, fill, reason, subject_span

__all__ = ["Decision", "Engine", "Reason", "assess", "fill", "reason", "subject_span"]
