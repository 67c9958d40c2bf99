"""What becomes of gaps, said to people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from threatmodel.diff import Changes, GapChange
from threatmodel.diff.results import WORSE
from threatmodel.model.words import SEVERITIES
from threatmodel.render.changes.wording import Line, Sentence, few, path_text
from threatmodel.render.text.messages import message_text
from threatmodel.render.text.wording import quote

_WEIGHTS: Final = {"critical": 100, "high": 80, "medium": 64, "low": 30}
_SYMBOLS: Final = {"critical": "■", "high": "▲", "medium": "◆", "low": "▽"}
_WORDS: Final = {
    "opened": ("new", "opens", "open"),
    "re-opened": ("open again", "stands open again", "stand open again"),
    "worsened": ("worse", "becomes worse", "become worse"),
    "planned": ("planned", "is planned", "are planned"),
    "waived": ("waived", "is waived", "are waived"),
    "eased": ("less severe", "is less severe", "are less severe"),
    "unanswered": ("now unknown", "is now unknown", "are now unknown"),
    "unasked": ("no longer asked", "is no longer asked", "are no longer asked"),
    "closed": ("closed", "closes", "close"),
}
"""What became of a gap: beside it, and as the verb of one and of many."""
_BETTER: Final = {"waived": 25, "planned": 18, "unanswered": 27, "closed": 20, "eased": 16}


def sentences(changes: Changes) -> Iterator[Sentence]:
    """What is worse, decided from its first day, and then what is better."""
    for state in ("waived", "planned"):
        for how in ("opened", "worsened"):
            chosen = [gap for gap in changes.gaps if gap.how == how and gap.after == state]
            if chosen:
                ends = f", already {state}: {few(g.key for g in chosen)}"
                yield Sentence(_WEIGHTS[chosen[0].severity] - 1, f"{_number(how, chosen)}{ends}.")
    open_ = [gap for gap in changes.gaps if gap.how in WORSE and gap.after == "open"]
    for how in ("opened", "re-opened", "worsened"):
        chosen = [gap for gap in open_ if gap.how == how]
        if chosen:
            was = f", which was {chosen[0].before}" if how == "re-opened" and len(chosen) == 1 else ""
            weight = min(_WEIGHTS[open_[0].severity], _WEIGHTS[chosen[0].severity])
            yield Sentence(weight, f"{_number(how, chosen)}: {few(g.key for g in chosen)}{was}.")
    for how, weight in _BETTER.items():
        chosen = [gap for gap in changes.gaps if gap.how == how]
        if chosen:
            yield Sentence(weight, f"{_number(how, chosen)}: {few(g.key for g in chosen)}.")


def _number(how: str, gaps: Sequence[GapChange]) -> str:
    """How many gaps, what became of them, and their severities, the worst first."""
    _, one, many = _WORDS[how]
    if len(gaps) == 1:
        return f"One gap {one}, {gaps[0].severity}"
    counts = Counter(gap.severity for gap in gaps)
    severities = ", ".join(f"{counts[s]} {s}" for s in reversed(SEVERITIES) if counts[s])
    return f"{len(gaps)} gaps {many} ({severities})"


def line(gap: GapChange, gone: Collection[tuple[str, str]]) -> Line:
    """One gap, with its place, and how to close it where it is worse; `gone` are the subjects that went."""
    text = f"{gap.severity}, {_what(gap, gone)}: "
    if gap.how in ("closed", "unasked"):
        return Line("✓" if gap.how == "closed" else "±", text + quote(gap.key), (), gap.severity)
    return Line(
        _SYMBOLS[gap.severity], text + message_text(gap.finding.message), tuple(_below(gap)), gap.severity
    )


def _what(gap: GapChange, gone: Collection[tuple[str, str]]) -> str:
    word = _WORDS[gap.how][0]
    if gap.how in ("worsened", "eased"):
        word += f", was {gap.severity_before}"
    if gap.how == "re-opened":
        word += f", was {gap.before}"
    if gap.how in ("opened", "worsened") and gap.after != "open":
        word += f", {gap.after}"
    if gap.how in ("closed", "unasked") and gap.before != "open":
        word += f", was {gap.before}"
    if gap.how == "closed" and (gap.finding.subject_kind, gap.finding.subject) in gone:
        word += f", with {quote(gap.finding.subject)} gone"
    return word


def _below(gap: GapChange) -> Iterator[str]:
    span = gap.finding.span
    yield quote(gap.key) + (f" at {span.file}:{span.line}" if span else "")
    if gap.how in WORSE and gap.finding.path:
        yield f"by {path_text(gap.finding.path)}"
    if gap.how in WORSE and gap.after == "open":
        yield f"fix: {message_text(gap.finding.fix)}"
    if gap.after == "waived" and gap.finding.waiver:
        yield f"waived: {gap.finding.waiver}"
