"""Gaps as one JSON object a line, for log pipelines: `threatmodel check --plugins ndjson --format ndjson`."""

from __future__ import annotations

import json

from threatmodel.export.outcome import Outcome, remark
from threatmodel.export.registry import Format
from threatmodel.render.text.messages import message_text

FORMAT = Format("assessment", "ndjson", "a gap a line, for log pipelines", "threatmodel_example.ndjson:write")


def write(outcome: Outcome) -> str:
    """A line for each gap, worst first, and a last line that counts them."""
    gaps = [
        {
            "key": f.key,
            "severity": f.severity,
            "state": outcome.state(f),
            "decision": remark(f),
            "message": message_text(f.message),
        }
        for f in outcome.assessment.findings
    ]
    lines = [json.dumps(line, sort_keys=True) for line in (*gaps, {"gaps": len(gaps)})]
    return "\n".join(lines) + "\n"
