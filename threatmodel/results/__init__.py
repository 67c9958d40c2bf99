"""What an evaluation says: verdicts, findings, questions, requirement rows, and the whole assessment."""

from threatmodel.results.assessment import (
    PREFIXED,
    Assessment,
    ResultColumn,
    result_key,
    subject_key,
    subject_parts,
)
from threatmodel.results.explanation import Explanation, ListedResult
from threatmodel.results.finding import (
    Disposition,
    Finding,
    FrameworkResult,
    Premise,
    Question,
    RequirementResult,
)
from threatmodel.results.fixes import FixChange, FixPlan, LeftOpen
from threatmodel.results.paths import LayerDepth, Protection, ShownHop, WeakPath
from threatmodel.results.place import BASELINE, Place
from threatmodel.results.step import Step
from threatmodel.results.threats import (
    STATUS_MEANINGS,
    FoundThreat,
    ThreatColumn,
    ThreatGroup,
    ThreatResult,
    ThreatRow,
    ThreatStatus,
    ThreatTable,
)
from threatmodel.results.verdict import STATUSES, Verdict

__all__ = [
    "BASELINE",
    "PREFIXED",
    "STATUSES",
    "STATUS_MEANINGS",
    "Assessment",
    "Disposition",
    "Explanation",
    "Finding",
    "FixChange",
    "FixPlan",
    "FoundThreat",
    "FrameworkResult",
    "LayerDepth",
    "LeftOpen",
    "ListedResult",
    "Place",
    "Premise",
    "Protection",
    "Question",
    "RequirementResult",
    "ResultColumn",
    "ShownHop",
    "Step",
    "ThreatColumn",
    "ThreatGroup",
    "ThreatResult",
    "ThreatRow",
    "ThreatStatus",
    "ThreatTable",
    "Verdict",
    "WeakPath",
    "result_key",
    "subject_key",
    "subject_parts",
]
