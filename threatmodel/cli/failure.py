"""Why a run ends with 1, told on stderr where no text for people says it on stdout."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from threatmodel.cli.output import say

if TYPE_CHECKING:
    from threatmodel.diff import Changes
    from threatmodel.policy import Gate
    from threatmodel.policy.gate import Failing

_NAMED: Final = 5


class Reason(NamedTuple):
    """What a gate does not let through: its noun for one and for many, the threshold, and what it is."""

    one: str
    many: str
    threshold: str
    names: tuple[str, ...]


def reasons_of_check(found: Failing, gate: Gate) -> Iterator[Reason]:
    """What lets a check fail: open gaps, and by their own threshold possible bypasses and questions."""
    gaps = tuple(f.key for f in found.findings if f.disposition == "open")
    bypasses = tuple(f.key for f in found.findings if f.disposition != "open")
    unknown = f"fail-on-unknown: {gate.unknown}"
    yield Reason("gap", "gaps", _for_gaps(gate), gaps)
    yield Reason("possible bypass", "possible bypasses", unknown, bypasses)
    yield Reason("question", "questions", unknown, tuple(q.answer for q in found.questions))


def reasons_of_diff(changes: Changes, gaps: Collection[str], gate: Gate, reach: str) -> Iterator[Reason]:
    """What lets a diff fail, each change judged alone; `gaps` are the keys that are not let through."""
    from threatmodel.diff import fails

    none = changes._replace(gaps=(), unknowns=(), reach=())
    worse = tuple(g.key for g in changes.gaps if fails(none._replace(gaps=(g,)), gaps))
    unknown = (u for u in changes.unknowns if fails(none._replace(unknowns=(u,)), (), gate.unknown))
    reached = (r.id for r in changes.reach if fails(none._replace(reach=(r,)), (), reach=reach))
    yield Reason("new or worse gap", "new or worse gaps", _for_gaps(gate), worse)
    keys = tuple(key for change in unknown for key in change.keys)
    yield Reason("new unknown result", "new unknown results", f"fail-on-unknown: {gate.unknown}", keys)
    yield Reason("newly reached element", "newly reached elements", f"fail-on-reach: {reach}", tuple(reached))


def say_why(reasons: Iterator[Reason]) -> None:
    """A line on stderr for each gate that failed, with what it does not let through."""
    from threatmodel.render.text.escape import terminal

    for reason in reasons:
        if count := len(reason.names):
            noun = reason.one if count == 1 else reason.many
            say(terminal(f"fails: {count} {noun} ({reason.threshold}): {_listed(reason.names)}"))


def _for_gaps(gate: Gate) -> str:
    more = [n for n in ("layers", "boundaries", "frameworks") if getattr(gate, n)]
    return f"fail-on: {gate.fail_on}" + (f", and by {', '.join(more)}" if more else "")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
