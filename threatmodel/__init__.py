"""Threat models and compliance evidence, kept as code.

    from pathlib import Path
    import threatmodel

    review = threatmodel.load(Path("threatmodel.yaml"), threatmodel.Library(), "2026-11-01")
    for finding in review.assess().findings:
        print(finding.severity, finding.key, threatmodel.message_text(finding.message))

The names below are the public API; they are imported when they are first used.
"""

from typing import TYPE_CHECKING, Any

from threatmodel._version import __version__ as __version__

if TYPE_CHECKING:
    from threatmodel.api import Check, Gate, Library, Review, check, compare, load, parse
    from threatmodel.diff import Changes
    from threatmodel.errors import Diagnostic, InputError, InternalError, Span, ThreatModelError, UsageError
    from threatmodel.export.assessment import to_json
    from threatmodel.graph import SystemGraph, to_networkx
    from threatmodel.model import Model
    from threatmodel.render.text.messages import message_text
    from threatmodel.render.text.questions import phrased
    from threatmodel.render.text.reasons import premise_text, reason_text
    from threatmodel.results import Assessment, Finding, Question, RequirementResult, Verdict

_HOMES = {
    "threatmodel.api": ("Check", "Gate", "Library", "Review", "check", "compare", "load", "parse"),
    "threatmodel.diff": ("Changes",),
    "threatmodel.errors": (
        "Diagnostic",
        "InputError",
        "InternalError",
        "Span",
        "ThreatModelError",
        "UsageError",
    ),
    "threatmodel.graph": ("SystemGraph", "to_networkx"),
    "threatmodel.model": ("Model",),
    "threatmodel.render.text.messages": ("message_text",),
    "threatmodel.render.text.questions": ("phrased",),
    "threatmodel.render.text.reasons": ("premise_text", "reason_text"),
    "threatmodel.results": ("Assessment", "Finding", "Question", "RequirementResult", "Verdict"),
    "threatmodel.export.assessment": ("to_json",),
}

__all__ = [
    "Assessment",
    "Changes",
    "Check",
    "Diagnostic",
    "Finding",
    "Gate",
    "InputError",
    "InternalError",
    "Library",
    "Model",
    "Question",
    "RequirementResult",
    "Review",
    "Span",
    "SystemGraph",
    "ThreatModelError",
    "UsageError",
    "Verdict",
    "check",
    "compare",
    "load",
    "message_text",
    "parse",
    "phrased",
    "premise_text",
    "reason_text",
    "to_json",
    "to_networkx",
]


def __getattr__(name: str) -> Any:
    """A public name from its module; `--help` must not pay for all of them."""
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module `threatmodel` has no attribute `{name}`")
