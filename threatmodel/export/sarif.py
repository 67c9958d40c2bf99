"""Gaps and possible bypasses as SARIF 2.1.0, for GitHub code scanning and every viewer that reads it."""

from __future__ import annotations

import json
from typing import Any, Final

from threatmodel._version import __version__
from threatmodel.catalog.overlay.editions import Edition
from threatmodel.errors import Diagnostic
from threatmodel.export.outcome import Outcome, fingerprint
from threatmodel.export.references import TAXONOMIES, Taxonomy, taxonomy
from threatmodel.export.sarif_rules import FOUND, rule, rule_id
from threatmodel.export.sarif_text import LEVELS, SCORES, plain, uri
from threatmodel.model.words import gravity
from threatmodel.render.text.escape import prose_markdown
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.notes import diagnostics
from threatmodel.render.text.reasons import premise_text, reason_text
from threatmodel.results import Finding, Premise

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MOST_TOLD: Final = 1_000  # warnings and notes
_MOST_RESULTS: Final = 25_000  # of a run, and
_MOST_RELATED: Final = 99  # of a result, with its own place a hundred: what GitHub takes and shows


def write(outcome: Outcome) -> str:
    """One run with a result for each gap, worst first, then for each possible bypass, which is open.

    Waived ones are suppressed, known ones unchanged.
    """
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(outcome)]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _run(outcome: Outcome) -> dict[str, Any]:
    findings = [
        *sorted(outcome.assessment.findings, key=lambda f: -gravity(f.severity)),
        *outcome.assessment.bypasses,
    ]
    unknown = {f.key for f in outcome.assessment.bypasses}
    shown = findings[:_MOST_RESULTS]
    worst: dict[str, Finding] = {}
    for finding in shown:
        worst.setdefault(rule_id(finding), finding)
    rules = {name: number for number, name in enumerate(sorted(worst))}
    references = sorted({r for name in rules for r in _references(outcome, name)})
    used = [t for t in TAXONOMIES if any(taxonomy(r) is t for r in references)]
    invocation: dict[str, Any] = {"executionSuccessful": True}
    if len(findings) > len(shown):
        text = f"{len(findings) - len(shown)} more findings, less severe, are left out."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    about = diagnostics((*outcome.assessment.warnings, *outcome.assessment.notes))
    catalogs = outcome.assessment.catalogs
    codes = {code: number for number, code in enumerate(dict.fromkeys(d.code for d in about))}
    if about:
        told = [_notification(outcome, d, codes[d.code]) for d in about[:_MOST_TOLD]]
        invocation["toolConfigurationNotifications"] = told
    return {
        "tool": {
            "driver": {
                "name": "threatmodel",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [rule(outcome, name, worst[name], used) for name in rules],
                "supportedTaxonomies": [{"name": t.name, "index": i} for i, t in enumerate(used)],
                **({"notifications": [{"id": code} for code in codes]} if codes else {}),
            },
            **({"extensions": list(map(_extension, catalogs))} if catalogs else {}),
        },
        "automationDetails": {"id": f"threatmodel/{outcome.path(outcome.model)}/"},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "taxonomies": [_taxonomy(t, references) for t in used],
        "results": [_result(outcome, f, rules[rule_id(f)], f.key in unknown) for f in shown],
    }


def _extension(edition: Edition) -> dict[str, Any]:
    """A catalog as it was used: with another one the same model may have other results."""
    version = {"version": edition.version} if edition.version else {}
    return {"name": f"catalog {edition.name}", **version, "properties": {"digest": edition.digest}}


def _notification(outcome: Outcome, about: Diagnostic, number: int) -> dict[str, Any]:
    """A warning or a note about the model and its decisions: no result, so that it opens no alert."""
    text = f"{about.message}; {about.help}" if about.help else about.message
    told: dict[str, Any] = {
        "descriptor": {"id": about.code, "index": number},
        "level": "note" if about.level == "note" else "warning",
        "message": {"text": plain(_ended(text))},
    }
    if about.span:
        place = _physical(outcome.path(about.span.file), about.span.line, about.span.column)
        told["locations"] = [{"physicalLocation": place}]
    return told


def _ended(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}." if text else text


def _references(outcome: Outcome, name: str) -> tuple[str, ...]:
    return outcome.controls[name].references if name != FOUND else ()


def _taxonomy(found: Taxonomy, references: list[str]) -> dict[str, Any]:
    return {
        "name": found.name,
        "organization": found.organization,
        "shortDescription": {"text": f"{found.title}."},
        "informationUri": found.url.split("{")[0],
        "isComprehensive": False,
        "taxa": [{"id": r} for r in references if taxonomy(r) is found],
    }


def _result(outcome: Outcome, f: Finding, number: int, unknown: bool) -> dict[str, Any]:
    path, line, column = outcome.place(f)
    result: dict[str, Any] = {
        "ruleId": rule_id(f),
        "ruleIndex": number,
        **({"kind": "open", "level": "none"} if unknown else {"level": LEVELS[f.severity]}),
        "message": {
            "text": plain(f"{message_text(f.message)} Fix: {message_text(f.fix)}"),
            "markdown": _markdown(f),
        },
        "locations": [
            {
                "physicalLocation": _physical(path, line, column),
                "logicalLocations": [{"fullyQualifiedName": f.subject, "kind": f.subject_kind}],
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint(f)}:1"},
        "properties": {
            "key": f.key,
            "severity": f.severity,
            "severityFrom": list(f.severity_from),
            "security-severity": SCORES[f.severity],
            "disposition": outcome.state(f),
            "layer": f.layer,
            "threats": list(f.threats),
            "because": reason_text(f.because),
            "fix": message_text(f.fix),
        },
    }
    if related := [_related(outcome, p, i) for i, p in enumerate(_placed(f), start=1)]:
        result["relatedLocations"] = related
    if f.disposition == "waived":
        result["suppressions"] = [
            {"kind": "external", "status": "accepted", "justification": plain(f.waiver or "")}
        ]
    if outcome.baseline is not None and not unknown:
        states = {"new": "new", "worsened": "updated", "known": "unchanged"}
        result["baselineState"] = states[outcome.baseline.get(f.key, "known")]
    return result


def _markdown(f: Finding) -> str:
    because = "\n".join(f"- {prose_markdown(premise_text(p))}" for p in f.premises)
    paragraphs = (
        prose_markdown(message_text(f.message)),
        f"**Why:** {prose_markdown(reason_text(f.because))}",
        because,
        f"**Fix:** {prose_markdown(message_text(f.fix))}",
    )
    return "\n\n".join(p for p in paragraphs if p)


def _placed(f: Finding) -> list[Premise]:
    return [p for p in dict.fromkeys((*f.premises, *f.overrode)) if p.span][:_MOST_RELATED]


def _related(outcome: Outcome, premise: Premise, number: int) -> dict[str, Any]:
    assert premise.span is not None
    place = _physical(outcome.path(premise.span.file), premise.span.line, premise.span.column)
    return {"id": number, "physicalLocation": place, "message": {"text": plain(premise_text(premise))}}


def _physical(path: str, line: int, column: int) -> dict[str, Any]:
    # one line, always: a place of many lines would cover the pull request
    region = {"startLine": line, "startColumn": column, "endLine": line, "endColumn": column + 1}
    return {"artifactLocation": {"uri": uri(path)}, "region": region}
