"""The outcome as JUnit XML, which every CI system can show: a suite per layer, a case per gap or control."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from threatmodel.catalog import LAYERS
from threatmodel.export.outcome import Outcome, remark
from threatmodel.render.text.escape import one_line, xml
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.reasons import premise_text, reason_text
from threatmodel.results import Finding, Verdict

_FOUND: Final = "found threats"


class _Case(NamedTuple):
    """One test case; an `outcome` of "" passed."""

    name: str
    file: str
    line: int
    outcome: str
    kind: str
    message: str
    text: str


def write(outcome: Outcome) -> str:
    """Gaps fail; waived, planned and known ones, possible bypasses and controls with unknowns are skipped.

    A control that has no gap is one case, not one for each subject, so that large models stay readable.
    """
    suites = {layer: cases for layer in (*LAYERS, _FOUND) if (cases := list(_cases(outcome, layer)))}
    everything = [case for cases in suites.values() for case in cases]
    name = xml(one_line(outcome.assessment.name))
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<testsuites name="{name}" {_counts(everything)}>']
    for layer, cases in suites.items():
        lines.append(f'  <testsuite name="{xml(layer)}" {_counts(cases)}>')
        lines += [line for case in cases for line in _case(layer, case)]
        lines.append("  </testsuite>")
    return "\n".join((*lines, "</testsuites>")) + "\n"


def _cases(outcome: Outcome, layer: str) -> Iterator[_Case]:
    assessment = outcome.assessment
    gaps = [f for f in assessment.findings if f.layer == layer]
    yield from (_gap(outcome, f) for f in gaps)
    yield from (_bypass(outcome, f) for f in assessment.bypasses if f.layer == layer)
    with_gap = {f.control for f in gaps}
    counts: dict[str, list[int]] = {}
    for column in assessment.columns:
        control = outcome.controls.get(column.control)
        if control and control.layer == layer and column.control not in with_gap:
            count = counts.setdefault(column.control, [0, 0])
            count[0] += column.verdicts.count(Verdict.SATISFIED)
            count[1] += column.verdicts.count(Verdict.UNKNOWN)
    for control_id, (satisfied, unknown) in counts.items():
        if satisfied or unknown:
            message = f"{unknown} unknown, {satisfied} satisfied" if unknown else ""
            yield _Case(control_id, "", 0, "skipped" if unknown else "", "", message, "")


def _gap(outcome: Outcome, f: Finding) -> _Case:
    path, line, _ = outcome.place(f)
    if outcome.state(f) != "open":
        message = remark(f) or "in the baseline"
        return _Case(f.key, path, line, "skipped", "", f"{message}: {message_text(f.message)}", "")
    text = [
        f"{path}:{line}",
        f"why: {reason_text(f.because)}",
        *(f"- {premise_text(p)}" for p in f.premises),
        f"fix: {message_text(f.fix)}",
    ]
    body = "\n".join(one_line(t) for t in text)
    return _Case(f.key, path, line, "failure", f.severity, message_text(f.message), body)


def _bypass(outcome: Outcome, f: Finding) -> _Case:
    path, line, _ = outcome.place(f)
    message = remark(f) or "unknown"
    return _Case(f.key, path, line, "skipped", "", f"{message}: {message_text(f.message)}", "")


def _counts(cases: list[_Case]) -> str:
    failures = sum(c.outcome == "failure" for c in cases)
    skipped = sum(c.outcome == "skipped" for c in cases)
    return f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}" time="0"'


def _case(layer: str, case: _Case) -> Iterator[str]:
    place = f' file="{xml(one_line(case.file))}" line="{case.line}"' if case.file else ""
    start = f'    <testcase classname="{xml(layer)}" name="{xml(one_line(case.name))}"{place} time="0"'
    if not case.outcome:
        yield f"{start}/>"
        return
    kind = f' type="{case.kind}"' if case.kind else ""
    body = f'<{case.outcome}{kind} message="{xml(one_line(case.message))}"'
    yield f"{start}>"
    yield f"      {body}>{xml(case.text)}</{case.outcome}>" if case.text else f"      {body}/>"
    yield "    </testcase>"
