"""What became unknown and what is so no longer, said to people as the questions that ask for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from threatmodel.diff import Changes, UnknownChange
from threatmodel.model.words import SEVERITIES, gravity
from threatmodel.render.changes.wording import Line, Sentence, path_text
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.questions import phrased
from threatmodel.render.text.wording import counted, quote
from threatmodel.results import Question

_LOST: Final = {"critical": 66, "high": 58, "medium": 46, "low": 28}
"""Weights of what was satisfied and is unknown, by severity."""


def ordered(changes: Changes) -> tuple[UnknownChange, ...]:
    """What became unknown and what is so no longer, in the order of the changes; ties by text."""
    return tuple(sorted(changes.unknowns, key=_rank))


def _rank(change: UnknownChange) -> tuple[bool, int, int, int, str, str]:
    question, answer = question_text(change)
    text = (question, answer if isinstance(change.asked, Question) else "")
    return change.how == "settled", -change.satisfied, -gravity(change.severity), -len(change.keys), *text


def sentences(changes: Changes) -> Iterator[Sentence]:
    """What was satisfied and is lost, what is new and unknown, and how much is settled."""
    new = [u for u in ordered(changes) if u.how == "new"]
    if lost := [u for u in new if u.satisfied]:
        number = sum(u.satisfied for u in lost)
        what = "satisfied result becomes" if number == 1 else "satisfied results become"
        yield Sentence(_LOST[_worst(lost)], f"{number} {what} unknown{_which(lost, number)}.")
    if fresh := [u for u in new if u.satisfied + u.gaps < len(u.keys)]:
        number = sum(len(u.keys) - u.satisfied - u.gaps for u in fresh)
        yield Sentence(12, f"{_are(number, 'more result')} unknown{_which(fresh, number)}.")
    if settled := sum(u.satisfied + u.gaps for u in changes.unknowns if u.how == "settled"):
        yield Sentence(13, f"{_are(settled, 'unknown result')} settled.")


def _are(number: int, what: str) -> str:
    return f"{counted(number, what)} {'is' if number == 1 else 'are'}"


def _which(changes: Sequence[UnknownChange], number: int) -> str:
    """The severity of the worst results, and one of these by its key."""
    severity = _worst(changes)
    key = quote(next(u.keys[0] for u in changes if u.severity == severity))
    return f", {severity}: {key}" if number == 1 else f", the worst {severity}, such as {key}"


def _worst(changes: Sequence[UnknownChange]) -> str:
    return max((u.severity for u in changes), key=SEVERITIES.index)


def line(change: UnknownChange) -> Line:
    """One question, with how many results it asks for and what they were, or are now."""
    question, answer = question_text(change)
    if change.how == "settled":
        number = len(change.keys) - change.absent - change.unasked
        now = f", {_some(change, number)}now satisfied" if change.satisfied else ""
        now += f", {change.gaps} of them now gaps" if change.gaps else ""
        text = f"{_closed(question)} No longer open for {counted(number, 'result')}{now}"
        return Line("±" if change.gaps else "✓", text)
    number = len(change.keys)
    lost = f", {_some(change, number)}satisfied before" if change.satisfied else ""
    lost += f", {change.gaps} of them known as gaps before" if change.gaps else ""
    text = f"{question[0].upper()}{question[1:]} ({change.severity}, {counted(number, 'result')}{lost})"
    return Line("?", text, (f"answer: {answer}",))


def unasked_line(change: UnknownChange) -> Line:
    """One question that nobody asks any more."""
    question, _ = question_text(change)
    return Line("±", f"{_closed(question)} No longer asked for {counted(change.unasked, 'result')}")


def question_text(change: UnknownChange) -> tuple[str, str]:
    """What is asked, and where the answer is written; of possible bypasses the shortest path and the fix."""
    match change.asked:
        case Question() as question:
            (phrase,) = phrased((question,))
            return phrase.text, phrase.answer
        case bypasses:
            first, more = bypasses[0], len(bypasses) - 1
            others = f", and {more} more likewise" if more else ""
            message = message_text(first.message).removesuffix(".")
            return f"{message}{others}: {path_text(first.path)}", message_text(first.fix)


def _some(change: UnknownChange, number: int) -> str:
    return "" if change.satisfied == number else f"{change.satisfied} of them "


def _closed(text: str) -> str:
    """A question with a capital, and an end where it has none: that of a possible bypass is a path."""
    return f"{text[0].upper()}{text[1:]}{'' if text.endswith(('?', '.')) else '.'}"
