"""Assessment results: an observation for every row, a finding and a risk for every row with a gap.

OSCAL knows satisfied and not satisfied only. A design never shows that a requirement is met, so no finding
says satisfied; what is not modelled is an observation without a finding.
"""

from __future__ import annotations

from urllib.parse import quote

from threatmodel.catalog import Framework, Requirement
from threatmodel.errors import UsageError
from threatmodel.export.dossier import Dossier
from threatmodel.export.oscal.catalog import statement_id
from threatmodel.export.oscal.components import component_uuid, described, elements_of
from threatmodel.export.oscal.parts import (
    Plain,
    catalog_resource,
    catalog_uuid,
    control_id,
    line,
    metadata,
    party_title,
    prop,
    stable,
    stamp,
    without_empty,
)
from threatmodel.model import Actor
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.reasons import reason_text
from threatmodel.results import STATUSES, Finding, RequirementResult


def assessment_results(dossier: Dossier) -> Plain:
    """The results of every framework as of the day of the assessment."""
    if not dossier.frameworks:
        raise UsageError("there is no framework to tell results of")
    name = dossier.assessment.name
    plan = stable("plan", name)
    return {
        "assessment-results": {
            "uuid": stable("assessment-results", name, dossier.assessment.as_of),
            "metadata": metadata(dossier, f"Design assessment of {name}") | _parties(dossier),
            "import-ap": {
                "href": f"#{plan}",
                "remarks": "No plan was written: every control of the catalog is asked of every subject.",
            },
            "results": [_result(dossier, framework) for framework in dossier.frameworks],
            "back-matter": {
                "resources": [
                    {
                        "uuid": plan,
                        "title": "Assessment of the design",
                        "description": "The model was read and evaluated; nothing in operation was examined.",
                        "rlinks": [{"href": quote(dossier.graph.model.documents[0].file)}],
                    },
                    *(catalog_resource(f) for f in dossier.frameworks),
                ]
            },
        }
    }


def _parties(dossier: Dossier) -> Plain:
    """The parties that rows are inherited from, as metadata of the document."""
    results = (result for f in dossier.frameworks for _, result in dossier.rows(f))
    found = sorted({r.inherited_from for r in results if r.inherited_from})
    parties = [
        {"uuid": _party_uuid(dossier, p), "type": "organization", "name": party_title(dossier, p)}
        for p in found
    ]
    return without_empty({"parties": parties})


def _party_uuid(dossier: Dossier, party: str) -> str:
    return stable("party", dossier.assessment.name, party)


def local_components(dossier: Dossier, within: str) -> list[Plain]:
    """Every service and store as a component of the system, for one part of a document."""
    return [
        {**described(dossier, value.id, within), "status": {"state": "other", "remarks": "as designed"}}
        for value in dossier.graph.values
        if not isinstance(value, Actor)
    ]


def risk_uuid(dossier: Dossier, finding: Finding, within: str) -> str:
    """The id of the risk of a gap in one part of a document."""
    return stable("risk", dossier.assessment.name, within, finding.key)


def risk(dossier: Dossier, finding: Finding, within: str) -> Plain:
    """A gap as a risk: open, or accepted by a waiver, with its end."""
    states = {"open": "open", "planned": "remediating", "waived": "deviation-approved"}
    place = f"{finding.span.file}:{finding.span.line}" if finding.span else ""
    return without_empty(
        {
            "uuid": risk_uuid(dossier, finding, within),
            "title": line(finding.title),
            "description": line(message_text(finding.message)),
            "statement": line(f"{reason_text(finding.because)}. {message_text(finding.fix)}"),
            "props": [
                prop("key", finding.key),
                prop("severity", finding.severity),
                *([prop("place", place)] if place else []),
                *([prop("waiver", finding.waiver)] if finding.waiver else []),
                *([prop("owner", finding.owner)] if finding.owner else []),
            ],
            "status": states[finding.disposition],
            "deadline": stamp(finding.due) if finding.due else None,
        }
    )


def _result(dossier: Dossier, framework: Framework) -> Plain:
    name, day = dossier.assessment.name, dossier.assessment.as_of
    rows = list(dossier.rows(framework))
    keys = {key for _, result in rows for key in result.gaps}
    gaps = [f for f in dossier.assessment.findings if f.key in keys]
    return without_empty(
        {
            "uuid": stable("result", name, framework.id, day),
            "title": line(f"{framework.title}: what the design shows"),
            "description": line(f"{framework.source}; law as of {framework.law_as_of}."),
            "start": stamp(day),
            "end": stamp(day),
            "props": [prop("catalog", framework.id)],
            "links": [{"href": f"#{catalog_uuid(framework)}", "rel": "reference"}],
            "local-definitions": without_empty({"components": local_components(dossier, framework.id)}),
            "reviewed-controls": {
                "control-selections": [
                    {"include-controls": [{"control-id": control_id(framework, row)} for row, _ in rows]}
                ]
            },
            "observations": [_observation(dossier, framework, row, result) for row, result in rows],
            "risks": [risk(dossier, f, framework.id) for f in gaps],
            "findings": [_finding(dossier, framework, row, result) for row, result in rows if result.gaps],
        }
    )


def _observation_uuid(dossier: Dossier, framework: Framework, row: Requirement) -> str:
    return stable("observation", dossier.assessment.name, framework.id, row.id)


def _observation(
    dossier: Dossier, framework: Framework, row: Requirement, result: RequirementResult
) -> Plain:
    gaps = [f for f in dossier.assessment.findings if f.key in result.gaps]
    elements = {e: None for f in gaps for e in elements_of(dossier.graph, f.subject_kind, f.subject)}
    places = {f"{f.span.file}:{f.span.line}": f for f in gaps if f.span}
    words = f"{row.id}: {result.status}, {STATUSES[result.status]}."
    if result.controls:
        words += f" {result.satisfied} satisfied, {len(result.gaps)} gaps, {result.unknown} unknown."
    remarks = "; ".join(filter(None, (result.note, result.decision and f"decision: {result.decision}")))
    provider = result.inherited_from
    return without_empty(
        {
            "uuid": _observation_uuid(dossier, framework, row),
            "title": line(f"{row.id} {row.title}"),
            "description": line(f"{words} A design cannot show: {row.cannot_show}"),
            "props": [
                prop("status", result.status),
                prop("control-id", control_id(framework, row)),
                *([prop("inherited-from", provider)] if provider else []),
            ],
            "methods": ["EXAMINE"],
            "types": ["finding" if result.gaps else "control-objective"],
            "subjects": [
                {"subject-uuid": component_uuid(dossier, e, framework.id), "type": "component"}
                for e in elements
            ]
            + ([{"subject-uuid": _party_uuid(dossier, provider), "type": "party"}] if provider else []),
            "relevant-evidence": [
                {"description": line(f"{place}: {finding.key}")} for place, finding in places.items()
            ],
            "collected": stamp(dossier.assessment.as_of),
            "remarks": line(remarks) if remarks else None,
        }
    )


def _finding(dossier: Dossier, framework: Framework, row: Requirement, result: RequirementResult) -> Plain:
    gaps = [f for f in dossier.assessment.findings if f.key in result.gaps]
    return without_empty(
        {
            "uuid": stable("finding", dossier.assessment.name, framework.id, row.id),
            "title": line(f"{row.id} {row.title}"),
            "description": line(f"Gaps in the design: {', '.join(result.gaps)}"),
            "target": {
                "type": "statement-id",
                "target-id": statement_id(framework, row),
                "status": {"state": "not-satisfied", "reason": "fail"},
            },
            "related-observations": [{"observation-uuid": _observation_uuid(dossier, framework, row)}],
            "related-risks": [{"risk-uuid": risk_uuid(dossier, f, framework.id)} for f in gaps],
        }
    )
