"""`threatmodel explain`: why a verdict is what it is, down to file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from threatmodel.cli.options import as_of_option, catalog_option, decisions_option, open_review
from threatmodel.cli.output import emit
from threatmodel.errors import UsageError, did_you_mean
from threatmodel.results import subject_parts

if TYPE_CHECKING:
    from threatmodel.api import Review
    from threatmodel.catalog import Control
    from threatmodel.results import Premise, RequirementResult


@click.command(name="explain")
@click.argument("what", metavar="KEY|CONTROL|ELEMENT|REQUIREMENT")
@click.argument("model", required=False, metavar="[MODEL]")
@catalog_option
@as_of_option
@decisions_option
@click.option("--proof", type=click.Path(path_type=Path), help="File to write the proof of a verdict to.")
def command(
    what: str, model: str | None, as_of: str | None, decisions: Path | None, proof: Path | None
) -> None:
    """Explain a result key, a control, a subject or a requirement of MODEL.

    \b
    threatmodel explain encrypt-in-transit@web->db     one verdict and what it rests on
    threatmodel explain encrypt-in-transit             a control and all its verdicts
    threatmodel explain db                             everything asked of one subject
    threatmodel explain "164.312(e)(1)"                a requirement and its results
    """
    from threatmodel.render.escape import terminal

    review = open_review(model, as_of, decisions)
    if proof:
        emit(_proof(review, what), proof)
    emit("".join(f"{terminal(line)}\n" for line in _explain(review, what)), None)


def _explain(review: Review, what: str) -> Iterator[str]:
    controls = review.library.catalog.controls
    control, at, subject = what.partition("@")
    if at and control in controls:
        return _key(review, controls[control], subject)
    if what.startswith("threat:"):
        return _threat(review, what)
    if what in controls:
        return _control(review, controls[what])
    if review.results_of(what):
        return _subject(review, what)
    rows = [r for f in review.assess().frameworks for r in f.rows if r.requirement == what]
    if rows:
        return (line for row in rows for line in _requirement(review, row))
    raise UsageError(f"nothing is called `{what}`", _near(review, what))


def _near(review: Review, what: str) -> str:
    """What may have been meant: the rows under a clause that is named as a whole, else the nearest name."""
    rows = [r.id for f in review.library.frameworks for r in f.requirements]
    under = [id for id in rows if id.startswith(f"{what}(")]
    if under:
        more = f" and {len(under) - 5} more" if len(under) > 5 else ""
        return f"it has rows of its own: {', '.join(f'`{id}`' for id in under[:5])}{more}"
    subjects = [i for ids in review.graph.subjects.values() for i in ids]
    known = [*review.library.catalog.controls, *subjects, *rows]
    return did_you_mean(what, known) or "name a result, a control, a subject or a row of a framework"


def _proof(review: Review, what: str) -> str:
    """The proof of one verdict; raises UsageError for whatever else could be explained."""
    control, _, subject = what.partition("@")
    kinds = [kind for c, kind in review.results_of(subject) if c.id == control]
    if not kinds:
        raise UsageError(f"`{what}` is no result: only a verdict has a proof", "name it `control@subject`")
    return review.proof((control, kind, subject_parts(subject)[1]) for kind in kinds)


def _key(review: Review, control: Control, subject: str) -> Iterator[str]:
    if off := control.disabled:
        raise UsageError(f"`{control.id}` is disabled by the catalog `{off.catalog}`", off.reason)
    found = [kind for c, kind in review.results_of(subject) if c.id == control.id]
    if not found:
        ids = [i for kind in control.subjects for i in review.graph.subjects[kind]]
        raise UsageError(f"`{control.id}` is not asked of `{subject}`", did_you_mean(subject, ids))
    name = subject_parts(subject)[1]
    for kind in found:
        why = review.reason(control, kind, name)
        yield f"{control.id}@{subject}: {why.verdict.word}"
        yield f"  {control.title}"
        yield f"  because {why.because}"
        yield from _premises(why.premises)
        if why.overrode:
            yield "  overrides"
            yield from _premises(why.overrode)
        if why.verdict.word == "gap":
            index = review.graph.subjects[kind].index(name)
            yield f"  fix: {review.fill(control.fix, kind, index)}"


def _premises(premises: tuple[Premise, ...]) -> Iterator[str]:
    for premise in premises:
        yield f"    - {premise.text}" + (f"  ({premise.span})" if premise.span else "")


def _control(review: Review, control: Control) -> Iterator[str]:
    yield f"{control.id} ({control.layer}, {control.severity}): {control.title}"
    if control.rationale:
        yield f"  {' '.join(control.rationale.split())}"
    yield f"  references: {', '.join(control.references) or 'none'}"
    for change in control.changes:
        reason = f": {change.reason}" if change.reason else ""
        yield f"  by the catalog `{change.catalog}`: {change.what}{reason} ({change.span})"
    for kind in control.subjects:
        for name in review.graph.subjects[kind] if control.disabled is None else ():
            why = review.reason(control, kind, name)
            if why.verdict.word != "not-applicable":
                yield f"  {why.verdict.word:10} {name}: {why.because}"


def _subject(review: Review, subject: str) -> Iterator[str]:
    yield subject
    name = subject_parts(subject)[1]
    for control, kind in review.results_of(subject):
        why = review.reason(control, kind, name)
        if why.verdict.word != "not-applicable":
            yield f"  {why.verdict.word:10} {control.id}: {why.because}"


def _requirement(review: Review, row: RequirementResult) -> Iterator[str]:
    yield f"{row.framework} {row.requirement}: {row.status}"
    yield f"  {row.title} ({row.designation}; coverage: {row.coverage})"
    if row.note:
        yield f"  {row.note}"
    if row.decision:
        yield f"  decision: {row.decision}"
    yield f"  controls: {', '.join(row.controls) or 'none'}"
    yield f"  {row.satisfied} satisfied, {len(row.gaps)} gaps, {row.unknown} unknown"
    for key in row.gaps:
        yield f"    gap {key}"
    yield f"  a design shows: {row.evidence or 'nothing'}"
    yield f"  it cannot show: {row.cannot_show}"
    yield f"  {row.url}"


def _threat(review: Review, key: str) -> Iterator[str]:
    threats = review.model.threats
    name = key.removeprefix("threat:")
    if name not in threats:
        raise UsageError(f"no threat `{name}`", did_you_mean(name, threats))
    assessment = review.assess(frameworks=False)
    yield f"{key}: {threats[name].title or name}"
    for answer in threats[name].answered_by or ():
        verdict = assessment.verdict(answer)
        yield f"  {verdict.word if verdict is not None else 'no such result'}: {answer}"
    if not threats[name].answered_by:
        yield "  nothing answers it" if threats[name].answered_by == () else "  nobody said what answers it"
