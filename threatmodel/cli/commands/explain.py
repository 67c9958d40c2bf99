"""`threatmodel explain`: why a verdict is what it is, down to file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.options import (
    as_of_option,
    asked_by_name,
    catalog_option,
    decisions_option,
    framework_option,
    open_review,
)
from threatmodel.cli.output import emit
from threatmodel.errors import UsageError, did_you_mean
from threatmodel.results import Verdict, result_key, subject_parts
from threatmodel.results.explanation import ListedResult

if TYPE_CHECKING:
    from threatmodel.api import Review
    from threatmodel.catalog import Control
    from threatmodel.results import Assessment, FrameworkResult, RequirementResult


@click.command(name="explain")
@click.argument("what", metavar="KEY|CONTROL|ELEMENT|FRAMEWORK|REQUIREMENT")
@click.argument("model", required=False, metavar="[MODEL]")
@framework_option
@catalog_option
@as_of_option
@decisions_option
@click.option("--proof", type=click.Path(path_type=Path), help="File to write the proof of a verdict to.")
def command(
    what: str,
    model: str | None,
    names: tuple[str, ...],
    as_of: str | None,
    decisions: Path | None,
    proof: Path | None,
) -> None:
    """Explain a result key, a control, a subject, a framework or a requirement of MODEL.

    \b
    threatmodel explain encrypt-in-transit@web->db     one verdict and what it rests on
    threatmodel explain encrypt-in-transit             a control and all its verdicts
    threatmodel explain db                             everything asked of one subject
    threatmodel explain hipaa                          a framework: its rows by status, the worst first
    threatmodel explain "164.312(e)(1)"                a requirement and its results
    """
    from threatmodel.cli.path_options import show

    named = (*names, what) if what in asked_by_name() else names
    review = open_review(model, as_of, decisions, frameworks=named)
    if proof:
        emit(_proof(review, what), proof)
    show(lambda width, color: _explain(review, what, model or "", named, width, color), None)


def _explain(review: Review, what: str, model: str, named: tuple[str, ...], width: int, color: bool) -> str:
    controls = review.library.catalog.controls
    control, at, subject = what.partition("@")
    if at and control in controls:
        return _key(review, controls[control], subject, model, width, color)
    if what.startswith("threat:"):
        return _lines(_threat(review, what))
    if what in controls:
        return _control(review, controls[what], width, color)
    if review.results_of(what):
        return _subject(review, what, width, color)
    assessment = review.assess()
    if whole := [f for f in assessment.frameworks if f.id == what.lower()]:
        return _framework(review, whole[0], assessment, model, named, width, color)
    rows = [r for f in assessment.frameworks for r in f.rows if r.requirement == what]
    if rows:
        return "\n".join(_requirement(review, row, assessment, width, color) for row in rows)
    raise UsageError(f"nothing is called `{what}`", _near(review, what))


def _lines(found: Iterable[str]) -> str:
    from threatmodel.render.text.escape import terminal

    return "".join(f"{terminal(line)}\n" for line in found)


def _near(review: Review, what: str) -> str:
    """What may have been meant: the rows under a clause that is named as a whole, else the nearest name."""
    from threatmodel.render.text.wording import names

    rows = [r.id for f in review.library.frameworks for r in f.requirements]
    under = [id for id in rows if id.startswith(f"{what}(")]
    if under:
        return f"it has rows of its own: {names(under, 5)}"
    control, at, _ = what.partition("@")
    if at and (meant := did_you_mean(control, review.library.catalog.controls)):
        return meant
    subjects = [i for ids in review.graph.subjects.values() for i in ids]
    frameworks = [f.id for f in review.library.frameworks]
    known = [*review.library.catalog.controls, *subjects, *frameworks, *rows]
    return (
        did_you_mean(what, known)
        or "name a result, a control, a subject, a framework or a row of a framework"
    )


def _proof(review: Review, what: str) -> str:
    """The proof of one verdict; raises UsageError for whatever else could be explained."""
    control, _, subject = what.partition("@")
    kinds = [kind for c, kind in review.results_of(subject) if c.id == control]
    if not kinds:
        raise UsageError(f"`{what}` is no result: only a verdict has a proof", "name it `control@subject`")
    return review.proof((control, kind, subject_parts(subject)[1]) for kind in kinds)


def _key(review: Review, control: Control, subject: str, model: str, width: int, color: bool) -> str:
    from threatmodel.render.explanation import explanation_text

    if off := control.disabled:
        raise UsageError(f"`{control.id}` is disabled by the catalog `{off.catalog}`", off.reason)
    kinds = [kind for c, kind in review.results_of(subject) if c.id == control.id]
    if not kinds:
        ids = [i for kind in control.subjects for i in review.graph.subjects[kind]]
        raise UsageError(f"`{control.id}` is not asked of `{subject}`", did_you_mean(subject, ids))
    name, assessment = subject_parts(subject)[1], review.assess(frameworks=False)
    found = [review.explanation(control, kind, name, assessment) for kind in kinds]
    return "\n".join(explanation_text(e, model, width, color) for e in found)


def _control(review: Review, control: Control, width: int, color: bool) -> str:
    from threatmodel.render.explanation import results_text

    kinds = control.subjects if control.disabled is None else ()
    asked = [(control, kind, name, name) for kind in kinds for name in review.graph.subjects[kind]]
    return _lines(_about(control)) + results_text(_listed(review, asked), width, color)


def _about(control: Control) -> Iterator[str]:
    yield f"{control.id} ({control.layer}, {control.severity}): {control.title}"
    if control.rationale:
        yield f"  {' '.join(control.rationale.split())}"
    yield f"  references: {', '.join(control.references) or 'none'}"
    for change in control.changes:
        reason = f": {change.reason}" if change.reason else ""
        yield f"  by the catalog `{change.catalog}`: {change.what}{reason} ({change.span})"


def _subject(review: Review, subject: str, width: int, color: bool) -> str:
    from threatmodel.render.explanation import at_its_flows, results_text

    name = subject_parts(subject)[1]
    asked = [(control, kind, name, control.id) for control, kind in review.results_of(subject)]
    text = results_text(_listed(review, asked), width, color)
    near = (flow.id for flow in review.graph.flows if subject in (flow.source, flow.target))
    flows = {flow: _verdicts(review, flow) for flow in near}
    return (
        _lines([subject]) + (text or "  nothing is asked of it itself\n") + at_its_flows(flows, width, color)
    )


def _verdicts(review: Review, flow: str) -> Counter[Verdict]:
    index = review.graph.order["flow"][flow]
    asked = (control for control, kind in review.results_of(flow) if kind == "flow")
    return Counter(review.engine.decide(control, "flow").verdict(index) for control in asked)


def _listed(review: Review, asked: Iterable[tuple[Control, str, str, str]]) -> list[ListedResult]:
    """The results of some controls on subjects, each called by the last name."""
    assessment = review.assess(frameworks=False)
    findings = {f.key: f for f in (*assessment.findings, *assessment.bypasses)}
    results = []
    for control, kind, subject, name in asked:
        why = review.reason(control, kind, subject)
        found = findings.get(result_key(control.id, kind, subject))
        severity, disposition = (found.severity, found.disposition) if found else ("", None)
        results.append(ListedResult(name, why.verdict, severity, disposition, why.because))
    return results


def _requirement(
    review: Review, row: RequirementResult, assessment: Assessment, width: int, color: bool
) -> str:
    from threatmodel.export.dossier import Dossier
    from threatmodel.render.framework_rows import Standing, row_text

    framework = next(f for f in review.library.frameworks if f.id == row.framework)
    dossier = Dossier(review.graph, assessment, (framework,), review.library.catalog.controls)
    results = [
        Standing(r.key, r.verdict, r.span) for r in dossier.counted(framework) if r.control in row.controls
    ]
    return row_text(row, results, assessment.questions, width, color)


def _framework(
    review: Review,
    framework: FrameworkResult,
    assessment: Assessment,
    model: str,
    named: tuple[str, ...],
    width: int,
    color: bool,
) -> str:
    from threatmodel.render.framework_rows import framework_text

    files = {f.id: f.document.file for f in review.library.frameworks}
    name = next((n for n in named if framework.id == n or Path(n).as_posix() == files[framework.id]), "")
    return framework_text(framework, assessment.findings, model, name, width, color)


def _threat(review: Review, key: str) -> Iterator[str]:
    from threatmodel.render.text.messages import message_text

    threats = review.model.threats
    name = key.removeprefix("threat:")
    if name not in threats:
        raise UsageError(f"no threat `{name}`", did_you_mean(name, threats))
    threat, assessment = threats[name], review.assess(frameworks=False)
    found = next((f for f in assessment.findings if f.key == key), None)
    verdict = assessment.verdict(key)
    assert verdict is not None  # every threat of the model has a result
    words = (verdict.word, found.severity, found.disposition) if found else (verdict.word,)
    yield f"{key}: {' · '.join(words)}"
    yield f"{threat.title or name} ({review.model.span(threat.at)})"
    yield f"  against {', '.join(f'`{subject}`' for subject in threat.against)}"
    if found and found.waiver:
        yield f"  waived: {found.waiver}"
    for answer in threat.answered_by or ():
        told = assessment.verdict(answer)
        yield f"  answered by {answer}: {told.word if told is not None else 'no such result'}"
    if not threat.answered_by:
        yield "  nothing answers it" if threat.answered_by == () else "  nobody said what answers it"
    if found:
        yield f"  fix: {message_text(found.fix)}"
