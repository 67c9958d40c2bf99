"""Gaps as workflow commands of GitHub Actions, which show beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from threatmodel.errors import Diagnostic
from threatmodel.export.outcome import Outcome
from threatmodel.model.words import gravity
from threatmodel.render.text.escape import one_line
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.wording import counted
from threatmodel.results import Finding

_KINDS: Final = {"critical": "error", "high": "error", "medium": "warning", "low": "notice"}
_MOST: Final = 10  # what GitHub shows of each kind in one step

_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(outcome: Outcome) -> str:
    """A command for each open gap that the baseline does not know, worst first, and what is left out."""
    findings = [f for f in outcome.assessment.findings if outcome.state(f) == "open"]
    return "".join(f"{line}\n" for line in _lines(outcome, findings))


def invalid(diagnostics: Iterable[Diagnostic], path: Callable[[str], str]) -> str:
    """A command for each problem of an input that could not be checked; `path` names files as GitHub does."""
    errors = [d for d in diagnostics if d.level == "error"]
    lines = [_problem(d, path) for d in errors[:_MOST]]
    if len(errors) > _MOST:
        lines.append(f"and {counted(len(errors) - _MOST, 'more error')}, not shown here")
    return "".join(f"{line}\n" for line in lines)


def _problem(found: Diagnostic, path: Callable[[str], str]) -> str:
    properties = {"title": f"threatmodel: {found.code}"}
    if span := found.span:
        place = {"file": path(span.file), "line": str(span.line), "col": str(span.column)}
        properties = {**place, **properties}
    return _workflow_command("error", properties, tuple(filter(None, (found.message, found.help))))


def _lines(outcome: Outcome, findings: list[Finding]) -> Iterator[str]:
    ranked = sorted(findings, key=lambda f: -gravity(f.severity))
    for kind in dict.fromkeys(_KINDS.values()):
        alike = [f for f in ranked if _KINDS[f.severity] == kind]
        for finding in alike[:_MOST]:
            yield _command(outcome, kind, finding)
        if len(alike) > _MOST:
            yield f"and {counted(len(alike) - _MOST, 'more gap')} of this kind, not shown here ({kind})"
    waiting = len(outcome.assessment.findings) - len(findings)
    yield f"{counted(len(findings), 'open gap')}" + (
        f"; {waiting} waived, planned or in the baseline" if waiting else ""
    )


def _command(outcome: Outcome, kind: str, finding: Finding) -> str:
    path, line, column = outcome.place(finding)
    title = f"{finding.severity}: {finding.title}"
    properties = {"file": path, "line": str(line), "col": str(column), "title": title}
    paragraphs = (
        message_text(finding.message),
        f"fix: {message_text(finding.fix)}",
        f"threatmodel explain '{finding.key}'",
    )
    return _workflow_command(kind, properties, paragraphs)


def _workflow_command(kind: str, properties: Mapping[str, str], paragraphs: tuple[str, ...]) -> str:
    shown = ",".join(f"{name}={one_line(text).translate(_PROPERTY)}" for name, text in properties.items())
    return f"::{kind} {shown}::" + "\n".join(one_line(p) for p in paragraphs).translate(_DATA)
