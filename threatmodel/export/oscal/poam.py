"""A plan of action and milestones: an item for every gap that stands against a row of a framework."""

from __future__ import annotations

from threatmodel.errors import UsageError
from threatmodel.export.dossier import Dossier
from threatmodel.export.oscal.parts import Plain, line, metadata, prop, stable, without_empty
from threatmodel.export.oscal.results import local_components, risk, risk_uuid
from threatmodel.render.text.messages import message_text
from threatmodel.results import Finding


def plan_of_action(dossier: Dossier) -> Plain:
    """The gaps of the frameworks, worst first, each with its risk; raises UsageError when there are none."""
    rows: dict[str, list[str]] = {}
    for framework in dossier.frameworks:
        for _, result in dossier.rows(framework):
            for key in result.gaps:
                rows.setdefault(key, []).append(f"{framework.id} {result.requirement}")
    gaps = [f for f in dossier.assessment.findings if f.key in rows]
    if not gaps:
        raise UsageError("no gap stands against a row: there is nothing to plan")
    name = dossier.assessment.name
    return {
        "plan-of-action-and-milestones": {
            "uuid": stable("poam", name, dossier.assessment.as_of),
            "metadata": metadata(dossier, f"Plan of action for {name}"),
            "system-id": {
                "identifier-type": "http://ietf.org/rfc/rfc4122",
                "id": stable("system", name),
            },
            "local-definitions": {"components": local_components(dossier, "plan")},
            "risks": [risk(dossier, f, "plan") for f in gaps],
            "poam-items": [_item(dossier, f, rows[f.key]) for f in gaps],
        }
    }


def _item(dossier: Dossier, finding: Finding, rows: list[str]) -> Plain:
    return without_empty(
        {
            "uuid": stable("poam-item", dossier.assessment.name, finding.key),
            "title": line(finding.title),
            "description": line(f"{message_text(finding.message)} {message_text(finding.fix)}"),
            "props": [prop("key", finding.key), *(prop("requirement", row) for row in rows)],
            "related-risks": [{"risk-uuid": risk_uuid(dossier, finding, "plan")}],
        }
    )
