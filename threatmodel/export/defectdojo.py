"""Gaps as the generic findings of DefectDojo (import type "Generic Findings Import")."""

from __future__ import annotations

import json

from threatmodel.export.outcome import Outcome, remark
from threatmodel.export.references import weakness
from threatmodel.render.text.escape import code, one_line, prose_markdown
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.reasons import premise_text, reason_text
from threatmodel.results import Finding


def write(outcome: Outcome) -> str:
    """The findings, each with an id of the tool's own, so that a second import finds them again."""
    findings = [_finding(outcome, f) for f in outcome.assessment.findings]
    return json.dumps({"findings": findings}, indent=2) + "\n"


def _finding(outcome: Outcome, f: Finding) -> dict[str, object]:
    path, line, _ = outcome.place(f)
    plain: dict[str, object] = {
        "title": one_line(f"{f.title}: {f.subject}")[:511],
        "description": _description(f),
        "severity": f.severity.capitalize(),
        "mitigation": prose_markdown(message_text(f.fix)),
        "references": one_line(", ".join(f.references)),
        "date": outcome.assessment.as_of,
        "file_path": path,
        "line": line,
        "component_name": one_line(f.subject)[:500],
        "unique_id_from_tool": outcome.identity(f),
        "vuln_id_from_tool": f.control or "found-threat",
        "static_finding": True,
        "dynamic_finding": False,
        "active": f.disposition != "waived",
        "verified": False,
        "risk_accepted": f.disposition == "waived",
        "tags": [f.layer, *f.threats],
    }
    if (cwe := weakness(f.references)) is not None:
        plain["cwe"] = cwe
    return plain


def _description(f: Finding) -> str:
    lines = [prose_markdown(message_text(f.message)), "", f"Why: {prose_markdown(reason_text(f.because))}"]
    lines += [
        f"- {prose_markdown(premise_text(p))}" + (f" ({code(str(p.span))})" if p.span else "")
        for p in f.premises
    ]
    if note := remark(f):
        lines += ["", prose_markdown(note)]
    return "\n".join(lines)
