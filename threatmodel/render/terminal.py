"""The daily screen of `check`: what is wrong, worst first, and what to ask next; and diagnostics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from threatmodel.render.catalogs import editions, weakened
from threatmodel.render.diagnostics import diagnostics_text
from threatmodel.render.notes import notes_lines
from threatmodel.render.text.escape import terminal
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.questions import Phrased, phrased
from threatmodel.render.text.ranking import Block, Tally, blocks, bypass_blocks, tally
from threatmodel.render.text.reasons import premise_text, reason_text
from threatmodel.render.text.terminal_text import HARD, Run, columns, fold, paint, prose, shell_word
from threatmodel.render.text.wording import counted
from threatmodel.results import Assessment, Disposition, Finding, Premise

__all__ = ["check_text", "diagnostics_text"]

SYMBOLS: Final = {"critical": "■", "high": "▲", "medium": "◆", "low": "▽"}

_PARTS: Final[tuple[tuple[str, Disposition], ...]] = (
    ("gaps", "open"),
    ("planned", "planned"),
    ("waived", "waived"),
)
_BYPASSES = "possible bypasses"
_BLOCKS = 15
_MEMBERS = 5
_QUESTIONS = 15
_ASSUMPTIONS = 5
_MARGIN = " " * 12
_INDENT = " " * 4


def check_text(assessment: Assessment, width: int, color: bool, every: bool, known: int | None = None) -> str:
    """The result of a check for people: counts, gaps worst first, questions, and one next step.

    With a baseline the gaps of the assessment are those that are new, and `known` counts the others. Without
    `every` the screen stays short: alike gaps stand together, and what is left out is counted.
    """
    width = max(width, 50)
    counts = tally(assessment)
    questions = phrased(assessment.questions)
    name = terminal(assessment.name) or "(no name)"
    lines = [
        f"{paint(name, 'bold', color)}  {paint(f'as of {terminal(assessment.as_of)}', 'dim', color)}",
        "",
    ]
    lines += _summary(counts, width, color, known)
    for title, disposition in _PARTS:
        found = blocks(assessment, disposition, by_reason=True)
        if every:
            found = tuple(Block((f,)) for b in found for f in b.findings)
        lines += _gaps(title, found, width, color, every)
        if disposition == "open":
            lines += _gaps(_BYPASSES, bypass_blocks(assessment), width, color, every)
    lines += _questions(questions, width, color, every)
    lines += _assumptions(assessment.assumptions, width, color, every)
    lines += notes_lines(assessment.notes, color, every)
    lines += _catalogs(assessment, width, color)
    lines += ["", *_next_step(assessment, questions, color)]
    return "\n".join(lines) + "\n"


def _summary(counts: Tally, width: int, color: bool, known: int | None) -> Iterator[str]:
    gap = "gap" if known is None else "new gap"
    runs = [Run(counted(counts.open, gap), "bold") if counts.open else Run(f"no {gap}", "good")]
    for i, (severity, number) in enumerate(counts.severities):
        runs += [Run(", " if i else ": "), Run(f"{number} {severity}", severity)]
    parts = [
        f"{known} in the baseline" if known else "",
        f"{counts.bypasses} possible bypass{'es' * (counts.bypasses > 1)}" if counts.bypasses else "",
        f"{counts.planned} planned" if counts.planned else "",
        f"{counts.waived} waived" if counts.waived else "",
        counted(counts.questions, "question") + (f" on {counts.unknown} unknown" if counts.unknown else ""),
        f"{counts.satisfied} satisfied"
        + (f", {counts.perimeter} of them by the perimeter only" if counts.perimeter else ""),
        f"{counts.not_applicable} not applicable",
        counted(counts.warnings, "warning") if counts.warnings else "",
    ]
    for part in parts:
        if part:
            runs += [Run(f"{HARD}· ", "dim"), Run(part.replace(" ", HARD))]
    return fold(runs, width, color)


def _heading(title: str, note: str, color: bool) -> list[str]:
    return ["", paint(title.upper(), "bold", color) + (f"  {paint(note, 'dim', color)}" if note else "")]


def _gaps(title: str, found: tuple[Block, ...], width: int, color: bool, every: bool) -> Iterator[str]:
    if not found:
        return
    note = "worst first" if title == "gaps" and len(found) > 1 else ""
    if title == _BYPASSES:
        note = "unknown, not gaps: a path may go round what another one passes"
    yield from _heading(title, note, color)
    shown = found if every else found[:_BLOCKS]
    for block in shown:
        yield ""
        yield from _block(block, width, color, every, known=title != _BYPASSES)
    rest = sum(len(block.findings) for block in found[len(shown) :])
    if rest:
        yield ""
        noun = "more gap" if title != _BYPASSES else "more path"
        yield paint(f"… and {counted(rest, noun)} (--all)", "dim", color)


def _block(block: Block, width: int, color: bool, every: bool, *, known: bool) -> Iterator[str]:
    gap, alone = block.first, len(block.findings) == 1
    label = f"{SYMBOLS[gap.severity] if known else '?'} {gap.severity}"
    first = paint(label, gap.severity, color) + " " * (len(_MARGIN) - columns(label))
    message = (
        message_text(gap.message)
        if alone
        else f"{len(block.findings)} {'gaps' if known else 'unknown'}: {gap.title}"
    )
    # the label holds colour codes, which take no columns: fold with the blank margin, then put it in front
    head, *tail = fold(prose(message, color), width, color, _MARGIN, _MARGIN)
    yield first + head[len(_MARGIN) :]
    yield from tail
    yield from _members(block, width, color, every)
    if gap.disposition == "waived":
        yield from _labelled("waived", gap.waiver or "", width, color)
    elif gap.disposition == "planned":
        yield from _labelled("plan", f"{gap.owner}, due {gap.due}", width, color)
    else:
        yield from _why(gap, width, color, every)
        fix = message_text(gap.fix)
        yield from _labelled("fix", fix if alone or block.fix else f"{fix} The others alike.", width, color)


def _members(block: Block, width: int, color: bool, every: bool) -> Iterator[str]:
    shown = block.findings if every else block.findings[:_MEMBERS]
    for finding in shown:
        runs = [Run(terminal(finding.key), "bold")]
        if finding.span:
            runs.append(Run(f" · {terminal(str(finding.span))}", "dim"))
        if finding.severity != block.first.severity:
            runs.append(Run(f" ({finding.severity})"))
        yield from fold(runs, width, color, _MARGIN, _MARGIN + "  ")
        if finding.path and len(block.findings) > 1:
            way = " -> ".join(f"`{name}`" for name in finding.path)
            yield from fold(prose(f"by {way}", color), width, color, _MARGIN + "  ", _MARGIN + "    ")
    if len(shown) < len(block.findings):
        yield _MARGIN + paint(f"… and {len(block.findings) - len(shown)} more (--all)", "dim", color)


def _why(gap: Finding, width: int, color: bool, every: bool) -> Iterator[str]:
    first, rest = gap.premises[:1], gap.premises[1:] if every else ()
    yield from _labelled(
        "why", " — ".join([reason_text(gap.because), *(_premise(p, gap) for p in first)]), width, color
    )
    for premise in rest:
        yield from _labelled("", _premise(premise, gap), width, color)
    for premise in gap.overrode if every else gap.overrode[:1]:
        yield from _labelled("over", _premise(premise, gap), width, color)


def _premise(premise: Premise, gap: Finding) -> str:
    text = premise_text(premise)
    if not premise.span:
        return text
    here = gap.span and premise.span.file == gap.span.file
    return f"{text} ({f'line {premise.span.line}' if here else premise.span})"


def _labelled(label: str, text: str, width: int, color: bool) -> Iterator[str]:
    indent = _MARGIN + " " * 5
    head, *tail = fold(prose(text, color), width, color, indent, indent)
    padding = " " * max(1, 5 - len(label))
    yield _MARGIN + paint(label, "dim", color) + padding + head[len(indent) :] if text else _MARGIN + label
    yield from tail


def _questions(questions: Sequence[Phrased], width: int, color: bool, every: bool) -> Iterator[str]:
    """The first questions, like ones together, each with its number among all: by rank, in every listing."""
    if not questions:
        return
    shown = questions if every else questions[:_QUESTIONS]
    yield from _heading("questions", "what matters and settles most first", color)
    members = Counter(question.group for question in shown)
    groups: dict[str, list[tuple[int, Phrased]]] = {}
    for number, question in enumerate(shown, 1):
        together = question.group if members[question.group] > 1 else ""
        groups.setdefault(together, []).append((number, question))
    for group, asked in groups.items():
        yield ""
        if group:
            yield from fold(prose(group, color, "bold"), width, color, _INDENT, _INDENT)
        for number, question in asked:
            yield from _question(number, question, group != "", width, color)
    if len(shown) < len(questions):
        rest = counted(len(questions) - len(shown), "more question")
        yield paint(f"{_INDENT}… and {rest} (--all)", "dim", color)


def _question(number: int, question: Phrased, together: bool, width: int, color: bool) -> Iterator[str]:
    style = "" if together else "bold"
    asks = question.asks if together else question.text
    yield from fold(prose(asks, color, style), width, color, f"{number:>2}. ", _INDENT)
    settles = counted(len(question.question.settles), "result")
    runs = [
        Run(question.question.severity, question.question.severity),
        Run(f" · settles {settles} · answer: ", "dim"),
    ]
    yield from fold([*runs, *prose(question.answer, color)], width, color, _INDENT, _INDENT)


def _assumptions(assumptions: tuple[str, ...], width: int, color: bool, every: bool) -> Iterator[str]:
    if not assumptions:
        return
    shown = assumptions if every else assumptions[:_ASSUMPTIONS]
    yield from _heading("assumed", "because nothing says otherwise", color)
    yield ""
    for text in shown:
        yield from fold(prose(text, color), width, color, "  - ", "    ")
    if len(shown) < len(assumptions):
        yield paint(f"  … and {len(assumptions) - len(shown)} more (--all)", "dim", color)


def _catalogs(assessment: Assessment, width: int, color: bool) -> Iterator[str]:
    """What catalogs of a user weaken, and the edition of each that was asked."""
    if notes := tuple(weakened(assessment.catalogs)):
        yield from _heading("weakened", "by catalogs of your own", color)
        yield ""
        for note in notes:
            yield from fold(prose(note, color), width, color, "  - ", "    ")
    if told := editions(assessment.catalogs):
        yield ""
        yield from fold([Run(terminal(told), "dim")], width, color)


def _next_step(assessment: Assessment, questions: Sequence[Phrased], color: bool) -> list[str]:
    """The one command that helps most now."""
    if found := (*assessment.findings, *assessment.bypasses):
        open_ = [f for f in found if f.disposition == "open"]
        command = f"threatmodel explain {shell_word((open_ or found)[0].key)}{_file(assessment)}"
        what = "why, down to file and line"
    elif questions:
        key = questions[0].question.settles[0]
        command = f"threatmodel explain {shell_word(key)}{_file(assessment)}"
        what = "what the first question is about"
    else:
        command, what = "threatmodel report", "the whole picture in one file"
    return [f"{paint('next:', 'bold', color)} {terminal(command)}", f"      {paint(what, 'dim', color)}"]


def _file(assessment: Assessment) -> str:
    """The model file as an argument, where the command would not find it by itself."""
    found = assessment.file in ("", "threatmodel.yaml", "threatmodel.yml", "<stdin>")
    return "" if found else f" {shell_word(assessment.file)}"
