"""Gaps as a GitLab Code Quality report, which merge requests of every tier show."""

from __future__ import annotations

import json
from typing import Final

from threatmodel.export.outcome import Outcome, remark
from threatmodel.render.text.escape import one_line
from threatmodel.render.text.messages import message_text
from threatmodel.results import Finding

_SEVERITIES: Final = {"low": "minor", "medium": "major", "high": "critical", "critical": "blocker"}


def write(outcome: Outcome) -> str:
    """The report: GitLab compares it with that of the target branch by fingerprint.

    Gaps that are waived, planned or in the baseline are kept as `info`, and say so.
    """
    return json.dumps([_issue(outcome, f) for f in outcome.assessment.findings], indent=2) + "\n"


def _issue(outcome: Outcome, finding: Finding) -> dict[str, object]:
    path, line, _ = outcome.place(finding)
    state = outcome.state(finding)
    note = remark(finding) or ("in the baseline" if state == "known" else "")
    return {
        "description": one_line(
            f"{message_text(finding.message)} {message_text(finding.fix)}" + (f" ({note})" if note else "")
        ),
        "check_name": finding.control or "found-threat",
        "fingerprint": outcome.identity(finding),
        "severity": _SEVERITIES[finding.severity] if state == "open" else "info",
        "location": {"path": path, "lines": {"begin": line}},
    }
