"""Controls as rules of a SARIF run: what platforms show of a control beside its results."""

from __future__ import annotations

import re
from typing import Any, Final

from threatmodel.catalog import LAYERS, Control
from threatmodel.export.outcome import Outcome
from threatmodel.export.references import Taxonomy, link, taxonomy
from threatmodel.export.sarif_text import LEVELS, SCORES, plain
from threatmodel.render.text.escape import code, markdown, one_line, prose_markdown
from threatmodel.results import Finding

FOUND: Final = "found-threat"
"""The rule of threats that people found, which no control stands for."""

_MOST_TAGS: Final = 10  # what GitHub shows
_LONGEST: Final = 1024


def rule_id(finding: Finding) -> str:
    """The rule of a gap: its control."""
    return finding.control or FOUND


def rule(outcome: Outcome, name: str, worst: Finding, used: list[Taxonomy]) -> dict[str, Any]:
    """A rule, as severe as its worst result: platforms know one severity a rule."""
    control = outcome.controls.get(name)
    title = control.title if control else "A threat that people found is answered"
    about = control.rationale if control and control.rationale else title
    tags = ["security", worst.layer, *(control.threats if control else ())]
    cwe = [
        f"external/cwe/{r.lower()}" for r in (control.references if control else ()) if r.startswith("CWE-")
    ]
    plain_help, shown_help = _help(outcome, control)
    made: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": plain(f"{title}.")},
        "fullDescription": {"text": plain(_ended(about))[:_LONGEST]},
        "help": {"text": plain_help, "markdown": shown_help},
        "defaultConfiguration": {"level": LEVELS[worst.severity]},
        "properties": {
            "security-severity": SCORES[worst.severity],
            "precision": "high",
            "problem.severity": "warning" if LEVELS[worst.severity] == "warning" else "error",
            "tags": list(dict.fromkeys([*tags[:2], *cwe, *tags[2:]]))[:_MOST_TAGS],
        },
    }
    if "-" in name:  # a name that only repeats the id is refused by validators
        made["name"] = "".join(word.capitalize() for word in name.split("-"))
    if LEVELS[worst.severity] == "note":
        made["properties"]["problem.severity"] = "recommendation"
    if control and (relationships := _relationships(control, used)):
        made["relationships"] = relationships
    return made


def _relationships(control: Control, used: list[Taxonomy]) -> list[dict[str, Any]]:
    return [
        {
            "target": {"id": r, "toolComponent": {"name": found.name, "index": used.index(found)}},
            "kinds": ["relevant"],
        }
        for r in control.references
        if (found := taxonomy(r)) in used and found is not None
    ]


def _help(outcome: Outcome, control: Control | None) -> tuple[str, str]:
    """The help of a rule as text and as Markdown; placeholders of the catalog stand as words."""
    if control is None:
        fix = "Close the gaps of the results that answer the threat, or name others in `answered_by`."
        return plain(fix), prose_markdown(fix)
    fix = re.sub(r"\{([^{}]+)\}", r"`\1`", control.fix)
    rows = _requirements(outcome, control)
    parts = [
        f"**Layer:** {markdown(control.layer)}, {markdown(LAYERS[control.layer])}",
        prose_markdown(control.rationale),
        f"**Fix:** {prose_markdown(fix)}",
        f"**Counters:** {markdown(', '.join(control.threats))}" if control.threats else "",
        f"**Supports:** {markdown('; '.join(rows))}" if rows else "",
        f"**References:** {', '.join(_reference(r) for r in control.references)}"
        if control.references
        else "",
        f"Explain a result: {code('threatmodel explain KEY')}",
    ]
    text = f"{one_line(control.title)}. {one_line(control.rationale)} Fix: {one_line(fix)}"
    return plain(text), "\n\n".join(part for part in parts if part)


def _requirements(outcome: Outcome, control: Control) -> list[str]:
    """The rows that name the control, one text for each framework."""
    found = []
    for framework in outcome.assessment.frameworks:
        rows = [r.requirement for r in framework.rows if control.id in r.controls]
        if rows:
            found.append(f"{framework.id.upper()} {', '.join(rows)}")
    return found


def _reference(reference: str) -> str:
    target = link(reference)
    return f"[{markdown(reference)}]({target})" if target else markdown(reference)


def _ended(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
