"""The outcome as a Markdown summary: a step summary, or a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from threatmodel.export.outcome import Outcome, remark
from threatmodel.render.catalogs import weakened
from threatmodel.render.text.escape import code, markdown, marker, prose_markdown
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.questions import phrased
from threatmodel.render.text.ranking import SEVERITIES
from threatmodel.render.text.wording import counted
from threatmodel.results import Finding, Verdict

_MOST: Final = 65_000  # a comment on GitHub holds 65,536 characters
_GAPS: Final = 50
_QUESTIONS: Final = 10


def write(outcome: Outcome) -> str:
    """Counts, open gaps worst first, what is waived or planned, and the first questions.

    What does not fit into a comment is left out by whole lines, and counted. The hidden first line names
    the model, so that a workflow finds its comment again.
    """
    lines = list(_head(outcome))
    left_out = 0
    size = sum(len(line) + 1 for line in lines)
    for section in _sections(outcome):
        for line in section:
            row = line.startswith(("|", "1."))
            if row and (left_out or size + len(line) + 1 > _MOST):
                left_out += 1
            else:
                lines.append(line)
                size += len(line) + 1
    if left_out:
        lines += ["", f"{counted(left_out, 'more row')} did not fit: see the report."]
    return "\n".join(lines) + "\n"


def _head(outcome: Outcome) -> Iterator[str]:
    assessment = outcome.assessment
    yield marker("threatmodel", outcome.path(outcome.model))
    yield f"## Threat model: {markdown(assessment.name)}"
    yield ""
    states = [outcome.state(f) for f in assessment.findings]
    open_ = [f for f in assessment.findings if outcome.state(f) == "open"]
    counts = [f"{n} {s}" for s in SEVERITIES if (n := sum(f.severity == s for f in open_))]
    what = "new gap" if outcome.baseline is not None else "open gap"
    parts = [f"**{counted(len(open_), what)}**" + (f" ({', '.join(counts)})" if counts else "")]
    words = {"known": "in the baseline", "planned": "planned", "waived": "waived"}
    parts += [f"{states.count(state)} {word}" for state, word in words.items() if state in states]
    parts.append(f"{counted(len(assessment.questions), 'question')}")
    parts.append(f"{assessment.count(Verdict.SATISFIED)} satisfied")
    yield " · ".join(parts) + f" · as of {markdown(assessment.as_of)}"


def _sections(outcome: Outcome) -> Iterator[list[str]]:
    findings = outcome.assessment.findings
    open_ = [f for f in findings if outcome.state(f) == "open"]
    if open_:
        yield ["", "| severity | gap | fix | where |", "|---|---|---|---|"]
        yield [_row(outcome, f) for f in open_[:_GAPS]]
    if len(open_) > _GAPS:
        yield ["", f"and {counted(len(open_) - _GAPS, 'more gap')}"]
    if unknown := [f for f in outcome.assessment.bypasses if f.disposition == "unknown"]:
        yield ["", f"<details><summary>{_bypasses(len(unknown))}</summary>", ""]
        yield ["| severity | finding | fix | where |", "|---|---|---|---|"]
        yield [_row(outcome, f) for f in unknown[:_GAPS]]
        yield ["", "</details>"]
    if notes := tuple(weakened(outcome.assessment.catalogs)):
        yield ["", *(f"- {prose_markdown(note)}" for note in notes)]
    everything = (*findings, *outcome.assessment.bypasses)
    if decided := [f for f in everything if f.disposition in ("waived", "planned")]:
        yield ["", "<details><summary>Waived and planned</summary>", "", "| gap | decision |", "|---|---|"]
        yield [f"| {code(f.key)} | {markdown(remark(f))} |" for f in decided[:_GAPS]]
        yield ["", "</details>"]
    if questions := phrased(outcome.assessment.questions)[:_QUESTIONS]:
        yield ["", "<details><summary>Questions that settle most</summary>", ""]
        yield [f"1. {prose_markdown(q.text)} Answer: {prose_markdown(q.answer)}" for q in questions]
        yield ["", "</details>"]


def _bypasses(number: int) -> str:
    return f"{number} possible bypass{'es' * (number > 1)}, unknown rather than gaps"


def _row(outcome: Outcome, f: Finding) -> str:
    path, line, _ = outcome.place(f)
    gap = f"{prose_markdown(message_text(f.message))}<br>{code(f.key)}"
    return f"| {f.severity} | {gap} | {prose_markdown(message_text(f.fix))} | {code(f'{path}:{line}')} |"
