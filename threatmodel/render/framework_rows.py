"""Rows of frameworks on one screen: what stands against one, what would settle it, the worst of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from threatmodel.errors import Span
from threatmodel.render.matrix import APPLIES, DISCLAIMER, status_counts
from threatmodel.render.text.escape import terminal
from threatmodel.render.text.questions import phrased
from threatmodel.render.text.terminal_text import Run, fold, paint, prose, shell_word
from threatmodel.render.text.wording import counted
from threatmodel.results import STATUSES, Finding, FrameworkResult, Question, RequirementResult, Verdict

_MOST: Final = 10
_STATUS: Final = max(map(len, STATUSES))
_ORDER: Final = (Verdict.GAP, Verdict.UNKNOWN, Verdict.SATISFIED)
_STYLES: Final = {"gap": "high", "not-modelled": "medium"}


class Standing(NamedTuple):
    """One result that a row counts: its key, its verdict, and where its subject stands."""

    key: str
    verdict: Verdict
    span: Span


def row_text(
    row: RequirementResult,
    results: Sequence[Standing],
    questions: Sequence[Question],
    width: int,
    color: bool,
) -> str:
    """One row: status and why, who is responsible, the results that count, the questions that settle most."""
    style = _STYLES.get(row.status, "bold")
    status = paint(row.status, style, color)
    lines = [f"{paint(terminal(f'{row.framework} {row.requirement}'), 'bold', color)}: {status}"]
    lines += _folded(f"{row.title} ({row.designation}, {row.category})", width, color)
    lines += _folded(f"{row.status}: {STATUSES[row.status]}", width, color)
    for label, text in (
        ("why", row.note),
        ("decision", row.decision),
        ("responsible", ", ".join(row.responsibility)),
        ("a design shows", f"{row.evidence or 'nothing'} (coverage: {row.coverage})"),
        ("it cannot show", row.cannot_show),
        ("source", row.url),
    ):
        if text:
            lines += _labelled(label, text, width, color)
    lines += _results(row, results, width, color)
    lines += _ask(questions, {r.key for r in results if r.verdict is Verdict.UNKNOWN}, width, color)
    return "\n".join(lines) + "\n"


def framework_text(
    framework: FrameworkResult, findings: Sequence[Finding], model: str, named: str, width: int, color: bool
) -> str:
    """A framework: what it is, its rows by status, the worst of them, and the commands that tell more.

    `model` and `named` are the file of the model and the framework as the command line names them, empty
    where the commands find them by themselves.
    """
    lines = [f"{paint(terminal(framework.title), 'bold', color)} ({terminal(framework.id)})"]
    lines += _labelled("source", framework.source, width, color)
    lines += _labelled("law as of", framework.law_as_of, width, color)
    lines += _labelled("in this model", APPLIES[framework.applies], width, color)
    lines += ["", paint(counted(len(framework.rows), "row").upper(), "bold", color)]
    for status, rows in status_counts(framework):
        lines += _listed(f"{rows:>5} {status:<{_STATUS}}  ", STATUSES[status], width, color)
    worst = _worst(framework, findings)
    if worst:
        lines += ["", paint("WORST FIRST", "bold", color)]
    number = max((len(terminal(row.requirement)) for row in worst[:_MOST]), default=0)
    for row in worst[:_MOST]:
        name = terminal(row.requirement).ljust(number)
        text = f"{row.title} · {_counts(row)}" if row.controls else row.title
        lines += _listed(f"  {row.status:<12}  {name}  ", text, width, color)
    if len(worst) > _MOST:
        lines.append(paint(f"  and {len(worst) - _MOST} more with a gap or not modelled", "dim", color))
    file = f" {shell_word(model)}" if model else ""
    option = f" --framework {shell_word(named)}" if named else ""
    every = f"threatmodel matrix{file}{option or f' --framework {shell_word(framework.id)}'}"
    lines.append("")
    for row in (worst or framework.rows)[:1]:
        one = f"threatmodel explain {shell_word(row.requirement)}{file}{option}"
        lines += _command(one, "one row", color)
    lines += _command(every, "every row", color)
    lines += ["", *fold([Run(DISCLAIMER, "dim")], width, color)]
    return "\n".join(lines) + "\n"


def _worst(framework: FrameworkResult, findings: Iterable[Finding]) -> list[RequirementResult]:
    """Rows with gaps, those of the worst gaps first, then those not modelled, by how much is unknown."""
    place = {f.key: n for n, f in enumerate(findings)}
    rows = [row for row in framework.rows if row.status in ("gap", "not-modelled")]

    def rank(row: RequirementResult) -> tuple[bool, int, int]:
        worst = min((place.get(key, len(place)) for key in row.gaps), default=len(place))
        return row.status != "gap", worst, -row.unknown

    return sorted(rows, key=rank)


def _results(row: RequirementResult, results: Sequence[Standing], width: int, color: bool) -> Iterator[str]:
    if not row.controls:
        return
    yield ""
    text = f"{_counts(row)} by {', '.join(row.controls)}"
    yield from _runs(f"{paint('RESULTS', 'bold', color)}  ", [Run(terminal(text))], width, color)
    for verdict in _ORDER:
        found = [r for r in results if r.verdict is verdict]
        most = len(found) if verdict is Verdict.GAP else _MOST
        for result in found[:most]:
            runs = [Run(terminal(result.key)), Run(f" · {terminal(str(result.span))}", "dim")]
            yield from _runs(f"  {verdict.word:<11}", runs, width, color)
        if len(found) > most:
            yield paint(f"  and {len(found) - most} more {verdict.word}", "dim", color)


def _counts(row: RequirementResult) -> str:
    return f"{row.satisfied} satisfied, {counted(len(row.gaps), 'gap')}, {row.unknown} unknown"


def _ask(questions: Sequence[Question], unknown: set[str], width: int, color: bool) -> Iterator[str]:
    """The questions that settle most of what is unknown in a row."""
    found = [(len(unknown.intersection(q.question.settles)), q) for q in phrased(questions)]
    found = sorted((f for f in found if f[0]), key=lambda f: -f[0])[:3]
    if found:
        yield ""
        yield f"{paint('ASK FIRST', 'bold', color)}  what settles most of it"
    for settled, question in found:
        runs = [*prose(question.text, color), Run(f" · settles {settled} here", "dim")]
        yield from fold(runs, width, color, "  - ", "    ")
        answer = [Run("answer: ", "dim"), *prose(question.answer, color)]
        yield from fold(answer, width, color, "    ", "    ")


def _folded(text: str, width: int, color: bool) -> Iterator[str]:
    return fold(prose(text, color), width, color)


def _labelled(label: str, text: str, width: int, color: bool) -> Iterator[str]:
    return _listed(f"  {label:<16}", text, width, color)


def _listed(first: str, text: str, width: int, color: bool) -> Iterator[str]:
    return _runs(first, prose(text, color), width, color)


def _runs(first: str, runs: Iterable[Run], width: int, color: bool) -> Iterator[str]:
    return fold(runs, width, color, first, " " * len(first))


def _command(text: str, what: str, color: bool) -> Iterator[str]:
    yield f"  {paint('next:', 'bold', color)} {terminal(text)}"
    yield f"        {paint(what, 'dim', color)}"
