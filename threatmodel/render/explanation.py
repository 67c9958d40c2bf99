"""Explanations on one screen: why a result is what it is, why it was asked, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from threatmodel.render.text.escape import terminal
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.questions import Phrased, declaration_text, phrased
from threatmodel.render.text.reasons import meaning_of, place_text, premise_text, reason_text
from threatmodel.render.text.terminal_text import Run, fold, paint, prose, shell_word
from threatmodel.render.text.wording import counted
from threatmodel.results import Premise, Verdict
from threatmodel.results.explanation import Explanation, ListedResult

_STYLES: Final = {Verdict.SATISFIED: "good"}
_WHY: Final = {
    Verdict.GAP: "why it is a gap",
    Verdict.UNKNOWN: "why it is unknown",
    Verdict.SATISFIED: "why it is satisfied",
    Verdict.NOT_APPLICABLE: "why it is not asked",
}
_MARGIN: Final = " " * 13
_ORDER: Final = (Verdict.GAP, Verdict.UNKNOWN, Verdict.SATISFIED)
_TO_PLAN: Final = (
    "It stands as planned, and fails no check, once the statement has an `owner` and a `due` day."
)
_STEP: Final = "the control's own, moved one step at most by what is at stake and who gets at it"
_BYPASS: Final = (
    "If something on the path does show it, say so under its `controls`; else it is a way round, and what"
    " closes it is this:"
)
_SPARED: Final = "Nothing is asked: whether or not it is needed, all that it asks for is there."


def explanation_text(found: Explanation, model: str, width: int, color: bool) -> str:
    """One result: verdict, severity and disposition, then why, why it was asked, and what to do.

    `model` is the file as it was named, empty where the command finds it by itself.
    """
    lines = [*_head(found, width, color)]
    lines += _section(_WHY[found.verdict], reason_text(found.because), found.rests_on, width, color)
    if found.overrode:
        lines += _section("against it", "did not count", found.overrode, width, color)
    if found.needed:
        lines += _section("why it is asked", "", found.needed, width, color)
    if found.severity:
        inputs = "; ".join(found.severity_from)
        title = f"why {found.severity}" if found.verdict is Verdict.GAP else f"{found.severity} if missing"
        lines += [*_heading(title, _STEP, color), *fold(prose(inputs, color), width, color, "  ", "  ")]
    lines += _what_to_do(found, model, width, color)
    return "\n".join(lines) + "\n"


def results_text(results: Sequence[ListedResult], width: int, color: bool) -> str:
    """Results in a list: gaps first, then unknown, then satisfied; what does not apply is counted."""
    lines: list[str] = []
    for verdict in _ORDER:
        for found in (r for r in results if r.verdict is verdict):
            label = paint(f"{verdict.word:10}", _STYLES.get(verdict, "bold"), color)
            words = [found.severity, _disposed(found.disposition), terminal(reason_text(found.because))]
            runs = [Run(terminal(found.name), "bold")]
            runs += [Run(f" · {word}") for word in words if word]
            head, *tail = fold(runs, width, color, _MARGIN, _MARGIN)
            lines += [f"  {label} {head[len(_MARGIN) :]}", *tail]
    rest = Counter(r.verdict for r in results)[Verdict.NOT_APPLICABLE]
    if rest:
        lines.append(paint(f"  and {rest} not applicable", "dim", color))
    return "\n".join(lines) + "\n" if lines else ""


def at_its_flows(flows: Mapping[str, Mapping[Verdict, int]], width: int, color: bool) -> str:
    """What is asked of the flows at an element, counted for each; nothing where it has none."""
    lines: list[str] = []
    for flow, counts in flows.items():
        told = [f"{counts[verdict]} {verdict.word}" for verdict in _ORDER if counts.get(verdict)]
        runs = [Run(terminal(flow), "bold"), Run(f" · {', '.join(told) or 'nothing is asked of it'}")]
        lines += fold(runs, width, color, "  flow ", _MARGIN)
    return "\n".join(lines) + "\n" if lines else ""


def _head(found: Explanation, width: int, color: bool) -> Iterator[str]:
    words = [found.verdict.word, found.severity if found.verdict is Verdict.GAP else ""]
    words += [_disposed(found.disposition)]
    style = found.severity if found.verdict is Verdict.GAP else _STYLES.get(found.verdict, "bold")
    told = paint(" · ".join(word for word in words if word), style, color)
    yield f"{paint(terminal(found.key), 'bold', color)}: {told}"
    yield from fold(prose(found.title, color), width, color)
    if found.span:
        yield paint(terminal(str(found.span)), "dim", color)
    if found.decision:
        yield from fold(prose(f"{found.disposition}: {found.decision}", color), width, color)


def _disposed(disposition: str | None) -> str:
    return {None: "", "unknown": "possible bypass"}.get(disposition, disposition or "")


def _section(title: str, note: str, premises: Iterable[Premise], width: int, color: bool) -> Iterator[str]:
    yield from _heading(title, note, color)
    for premise in premises:
        runs = prose(premise_text(premise), color)
        if meaning := meaning_of(premise):
            runs.append(Run(f" ({terminal(meaning)})", "dim"))
        if premise.span:
            runs.append(Run(f" · {terminal(str(premise.span))}", "dim"))
        yield from fold(runs, width, color, "  - ", "    ")


def _what_to_do(found: Explanation, model: str, width: int, color: bool) -> Iterator[str]:
    if found.verdict is Verdict.UNKNOWN:
        yield from _heading("what to say", "", color)
        for number, question in enumerate(phrased(found.questions)):
            yield from _question(question, number > 0, width, color)
        for number, key in enumerate(found.keys):
            either = "or, if that tells it already," if found.questions or number else "say"
            yield from fold(prose(f"{either} {declaration_text(key)}", color), width, color, "  - ", "    ")
        if len(found.places) > 1 and not found.fix:
            places = ", ".join(map(place_text, found.places))
            text = f"it may be stated at each of these, and the nearest counts: {places}"
            yield from fold(prose(text, color), width, color, "  - ", "    ")
        if found.places and not found.fix:
            name = found.key.partition("@")[0]
            text = (
                f"write what does it, as in `{name}: its mechanism`, or `{name}: false` where it is missing"
            )
            yield from fold(prose(text, color), width, color, "  - ", "    ")
        if found.fix:
            yield from fold(prose(_BYPASS, color), width, color, "  ", "  ")
        elif not (found.questions or found.keys):
            yield from fold(prose(_SPARED, color), width, color, "  ", "  ")
    elif found.fix:
        yield from _heading("what to do", "", color)
    if found.fix:
        yield from fold(prose(message_text(found.fix), color), width, color, "  ", "  ")
    if found.planned and found.disposition == "open":
        yield from fold(prose(_TO_PLAN, color), width, color, "  ", "  ")
    if found.verdict is Verdict.GAP:
        named = f" {shell_word(model)}" if model else ""
        command = terminal(f"threatmodel fix{named} --key {shell_word(found.key)}")
        yield f"  {paint('next:', 'bold', color)} {command}"
        yield f"        {paint('the cheapest work that closes it', 'dim', color)}"


def _question(question: Phrased, more: bool, width: int, color: bool) -> Iterator[str]:
    yield from fold(prose(("or: " if more else "") + question.text, color), width, color, "  - ", "    ")
    settles = counted(len(question.question.settles), "result")
    runs = [Run("answer: ", "dim"), *prose(question.answer, color), Run(f" · settles {settles}", "dim")]
    yield from fold(runs, width, color, "    ", "    ")


def _heading(title: str, note: str, color: bool) -> Iterator[str]:
    yield ""
    yield paint(title.upper(), "bold", color) + (f"  {terminal(note)}" if note else "")
